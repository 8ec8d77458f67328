"""JSON and YAML: records whole, one after the other, so that a long file takes little memory."""

import mmap
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import yaml

from smartcity.catalogue.exchange.reading.drafts import Draft, Piece, Refused
from smartcity.catalogue.records.codes import canonical
from smartcity.core.datafile import BadFile

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_ITEM = re.compile(rb"^- ", re.MULTILINE)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|---\s*\n)*")
_LONGEST = 1024 * 1024  # bytes of one procedure
_LET_GO = 4 * 1024 * 1024
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Place = tuple[int, int]


def json_pieces(file: Path) -> Iterator[Piece]:
    """The procedures of a list, or of `items`. Raises BadFile for what is no such thing."""
    with _mapped(file) as content:
        yield from _pieces(content, _objects(file, content), orjson.loads)


def yaml_pieces(file: Path) -> Iterator[Piece]:
    """The procedures of a list whose items begin at the line's start, as the seed's do."""
    with _mapped(file) as content:
        yield from _pieces(content, _items(file, content), _one_of_yaml)


def _mapped(file: Path) -> mmap.mmap:
    try:
        with file.open("rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:
        raise BadFile(file, ["it is empty"]) from None


def _objects(file: Path, content: mmap.mmap) -> Iterator[Place]:
    """Where the items of the outermost list stand."""
    depth, outer, start = 0, 0, 0
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
                yield start, found.end()
            depth -= 1
            if depth < outer:
                return
    raise BadFile(file, ["it is no list of procedures in JSON, or breaks off before its end"])


def _items(file: Path, content: mmap.mmap) -> Iterator[Place]:
    starts = [found.start() for found in _ITEM.finditer(content)]
    head = _HEAD.match(content)
    if not starts or head is None or head.end() != starts[0]:
        raise BadFile(file, ["it is no list of procedures that begin with “- ” each"])
    yield from zip(starts, [*starts[1:], len(content)], strict=True)


def _one_of_yaml(written: bytes) -> Any:
    (item,) = yaml.load(written, _LOADER)  # noqa: S506 – it makes only text
    return item


def _pieces(
    content: mmap.mmap, places: Iterable[Place], load: Callable[[bytes], Any]
) -> Iterator[Piece]:
    line, seen = 1, 0
    for start, end in places:
        if start // _LET_GO != seen // _LET_GO:
            content.madvise(mmap.MADV_DONTNEED)  # what was read takes no room any more
        line += content[seen:start].count(b"\n")
        seen = start
        yield _piece(line, content[start:end], load)


def _piece(line: int, written: bytes, load: Callable[[bytes], Any]) -> Piece:
    if len(written) > _LONGEST:
        return Refused(line, "", "is over 1 MB long")
    try:
        item = load(written)
    except (ValueError, yaml.YAMLError, RecursionError) as fault:
        return Refused(line, "", f"cannot be read: {' '.join(str(fault).split())[:200]}")
    if not isinstance(item, dict):
        return Refused(line, "", "is no procedure: it has no fields")
    written_code = str(item.get("code", ""))
    return Draft(line, canonical(written_code) or written_code, item, whole=True)
