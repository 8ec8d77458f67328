"""A record's fields as lines that people read, for what changed between two versions."""

from collections.abc import Callable, Mapping
from typing import Any

from smartcity.catalogue.records.record import Record
from smartcity.catalogue.rules import rules
from smartcity.core.texts import LANGUAGES, text

_VI = LANGUAGES[0]  # records are in Vietnamese


def changed_lines(field: str, before: Record, after: Record) -> tuple[list[str], list[str]]:
    """The lines of a field that were there before alone, and those that are there now alone.

    All lines, where only their order is another.
    """
    was, now = lines(field, before), lines(field, after)
    gone = [line for line in was if line not in now]
    new = [line for line in now if line not in was]
    return (gone, new) if gone or new else (was, now)


def lines(field: str, record: Record) -> list[str]:
    """A field in Vietnamese: a line for each value, none where nothing is said."""
    value = record.get(field)
    if value is None or value == []:
        return []
    values = value if isinstance(value, list) else [value]
    return [_LINE.get(field, str)(each) for each in values]


def field_name(field: str) -> dict[str, str]:
    """What a field is called, by language."""
    return {lang: text(f"service.field.{field}", lang) for lang in LANGUAGES}


def channel_line(channel: Mapping[str, Any]) -> str:
    """A way to hand papers in: "Trực tuyến: 03 ngày làm việc; Miễn phí"."""
    told = "; ".join(filter(None, (channel["time_limit"], channel["fee"], channel["note"])))
    way = text(f"service.way.{channel['way']}", _VI)
    return f"{way}: {told}" if told else way


def document_line(document: Mapping[str, Any]) -> str:
    """A paper: "Tờ khai (Mẫu số 01; 1 bản chính)"."""
    copies = [
        text(f"service.{kind}", _VI, n=document[kind])
        for kind in ("originals", "copies")
        if document[kind]
    ]
    told = "; ".join(filter(None, (document["form"], *copies, document["case"])))
    return f"{document['name']} ({told})" if told else str(document["name"])


def _legal_line(basis: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (basis["number"], basis["extract"], basis["dated"])))


def _sort_line(kind: str) -> Callable[[str], str]:
    def line(value: str) -> str:
        sorts = getattr(rules(), kind)
        return str(sorts[value].vi) if value in sorts else value

    return line


def _choice_line(kind: str) -> Callable[[str], str]:
    return lambda value: text(f"service.{kind}.{value}", _VI)


def _link_line(link: Mapping[str, Any]) -> str:
    return " ".join((link["template"], *link["values"].values()))


def _source_line(source: Mapping[str, Any]) -> str:
    return f"{source['address']} ({source['checked_on']})"


_LINE: Mapping[str, Callable[[Any], str]] = {
    "levels": _choice_line("level"),
    "degree": _choice_line("degree"),
    "subjects": _sort_line("subjects"),
    "life_events": _sort_line("life_events"),
    "counter": _sort_line("counters"),
    "channels": channel_line,
    "documents": document_line,
    "legal_bases": _legal_line,
    "link": _link_line,
    "source": _source_line,
}
