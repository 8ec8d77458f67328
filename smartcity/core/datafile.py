"""Files that an operator edits or brings: read whole by a schema, or refused with every fault."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import marshmallow as ma
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.db import Base
from smartcity.core.texts import message

Row = TypeVar("Row", bound=Base)
_MOST_FAULTS = 20
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # eight times as fast where it was built


class BadFile(Exception):
    """A file that is refused whole; the message says which file, where in it, and what is wrong."""

    def __init__(self, file: Path, faults: Iterable[str]) -> None:
        found = list(faults)
        shown = [f"{file.name}: {fault}" for fault in found[:_MOST_FAULTS]]
        more = [f"{file.name}: … and {len(found) - _MOST_FAULTS} more"]
        super().__init__("\n".join(shown + more * (len(found) > _MOST_FAULTS)))


def read_yaml(file: Path, schema: type[ma.Schema]) -> Any:
    """The content of a YAML file, as the schema loads it; BadFile with every fault by key.

    Every scalar reaches the schema as the text that was written: a code keeps its zeros, and a
    name such as "No" is no truth value.
    """
    try:
        written = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506 – it makes only text
        return schema().load(written)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise BadFile(file, [" ".join(str(error).split())]) from None
    except ma.ValidationError as error:
        raise BadFile(file, faults_of(error.messages)) from None


def refuse(file: Path, faults: Iterable[str]) -> None:
    """Raise BadFile if there is any fault."""
    found = list(faults)
    if found:
        raise BadFile(file, found)


def repeated(keys: Iterable[str]) -> list[str]:
    """The keys that come more than once, as faults."""
    return [f"{key} is there {times} times" for key, times in Counter(keys).items() if times > 1]


def bring_up_to(session: Session, table: type[Row], rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Insert or change a table's rows, by `code`, to what a file says; gives the rows it lacks."""
    before = {vars(row)["code"]: row for row in session.scalars(select(table))}
    for values in rows:
        row = before.pop(values["code"], None)
        if row is None:
            session.add(table(**values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
    return list(before.values())


def faults_of(messages: Any, path: str = "") -> Iterator[str]:
    """What marshmallow found, in English: `wards[3].latitude: Must be a finite number.`"""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = f"[{key}]" if isinstance(key, int) else f".{key}"
            yield from faults_of(inner, path if key == "_schema" else path + step)
    else:
        for written in messages if isinstance(messages, list) else [messages]:
            yield f"{path.removeprefix('.')}: {message(str(written), 'en')}"
