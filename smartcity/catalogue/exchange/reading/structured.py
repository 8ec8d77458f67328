"""JSON and YAML: procedures whole, one after the other."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from smartcity.catalogue.exchange.reading.drafts import Draft, Piece, Refused
from smartcity.catalogue.records.codes import canonical
from smartcity.core.tables.items import Item, json_items, yaml_items
from smartcity.core.texts import message


def json_pieces(file: Path) -> Iterator[Piece]:
    """The procedures of a list, or of `items`. Raises BadFile for what is no such thing."""
    return _pieces(json_items(file))


def yaml_pieces(file: Path) -> Iterator[Piece]:
    """The procedures of a list whose items begin at the line's start, as the seed's do."""
    return _pieces(yaml_items(file))


def _pieces(items: Iterable[Item]) -> Iterator[Piece]:
    for item in items:
        if item.fields is None:
            yield Refused(item.line, "", message(item.fault, "en"))
            continue
        written = str(item.fields.get("code", ""))
        yield Draft(item.line, canonical(written) or written, item.fields, whole=True)
