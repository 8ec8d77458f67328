"""JSON and YAML: records whole, one after the other, so that a long file takes little memory."""

import mmap
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from smartcity.core.tables.unreadable import Unreadable, with_reason

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_ITEM = re.compile(rb"^- ", re.MULTILINE)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|---\s*\n)*")
_LONGEST = 1024 * 1024  # bytes of one record
_LET_GO = 4 * 1024 * 1024
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Place = tuple[int, int]


@dataclass(frozen=True)
class Item:
    """A record of a file: the line where it begins, and its fields, or what is wrong with it.

    `fault` is a message of the text catalogue.
    """

    line: int
    fields: dict[str, Any] | None
    fault: str = ""


def json_items(file: Path) -> Iterator[Item]:
    """The objects of a file's first list of objects: of itself, of `items`, of `features`.

    Raises Unreadable for what is no such thing.
    """
    with _mapped(file) as content:
        yield from _items(content, _objects(file, content), orjson.loads)


def yaml_items(file: Path) -> Iterator[Item]:
    """The items of a list that begin at the line's start, as the seed's do; scalars are texts."""
    with _mapped(file) as content:
        yield from _items(content, _dashes(file, content), _one_of_yaml)


def _mapped(file: Path) -> mmap.mmap:
    try:
        with file.open("rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:
        raise Unreadable(file, "table.empty") from None


def _objects(file: Path, content: mmap.mmap) -> Iterator[Place]:
    """Where the items of the outermost list that has any stand."""
    depth, outer, start, closed, found_any = 0, 0, 0, False, False
    for found in _TOKEN.finditer(content):
        sign = found[0]
        if sign in (b"{", b"["):
            depth += 1
            if sign == b"[" and not outer:
                outer = depth
            elif outer and depth == outer + 1:
                start = found.start()
        elif sign in (b"}", b"]"):
            if outer and depth == outer + 1:
                found_any = True
                yield start, found.end()
            depth -= 1
            if outer and depth < outer:
                closed, outer = True, 0
                if found_any:
                    return
    if not closed or depth:
        raise Unreadable(file, "table.no_json_list")


def _dashes(file: Path, content: mmap.mmap) -> Iterator[Place]:
    starts = [found.start() for found in _ITEM.finditer(content)]
    head = _HEAD.match(content)
    if not starts or head is None or head.end() != starts[0]:
        raise Unreadable(file, "table.no_yaml_list")
    yield from zip(starts, [*starts[1:], len(content)], strict=True)


def _one_of_yaml(written: bytes) -> Any:
    (item,) = yaml.load(written, _LOADER)  # noqa: S506 – it makes only text
    return item


def _items(
    content: mmap.mmap, places: Iterable[Place], load: Callable[[bytes], Any]
) -> Iterator[Item]:
    line, seen = 1, 0
    for start, end in places:
        if start // _LET_GO != seen // _LET_GO:
            content.madvise(mmap.MADV_DONTNEED)  # what was read takes no room any more
        line += content[seen:start].count(b"\n")
        seen = start
        yield _item(line, content[start:end], load)


def _item(line: int, written: bytes, load: Callable[[bytes], Any]) -> Item:
    if len(written) > _LONGEST:
        return Item(line, None, "table.item_too_long")
    try:
        item = load(written)
    except (ValueError, yaml.YAMLError, RecursionError) as fault:
        return Item(line, None, with_reason("table.item_unreadable", fault))
    if not isinstance(item, dict):
        return Item(line, None, "table.item_no_fields")
    return Item(line, item)
