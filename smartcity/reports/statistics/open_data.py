"""The open data set of reports: what the public may see of them, column by column.

Only reports that were published, and of their words and places only what publication made public.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, tuple_

from smartcity.core.clock import LOCAL
from smartcity.core.db import reading
from smartcity.core.errors import Invalid
from smartcity.core.texts import text
from smartcity.reports.models import Report
from smartcity.reports.publication.states import published
from smartcity.reports.statistics.figures import Figures, narrowed
from smartcity.reports.statistics.names import named
from smartcity.reports.statistics.period import between

LONGEST = timedelta(days=366)
MOST_ROWS = 50_000  # of a workbook, which is made before it is sent
_BATCH = 1_000
Cell = str | float | int | None
Batches = Iterable[Sequence[Sequence[Cell]]]


@dataclass(frozen=True)
class Column:
    """A column of a data set; `kind` is its type as in JSON Schema, or date-time."""

    dataset: str
    name: str
    kind: str

    def told(self) -> dict[str, str]:
        """Its entry in the dictionary."""
        about = {f"about_{lang}": text(self._key, lang) for lang in ("vi", "en")}
        return {"dataset": self.dataset, "name": self.name, "type": self.kind, **about}

    @property
    def _key(self) -> str:
        return f"opendata.{self.dataset}.{self.name}"


def _number(field: Field[Any]) -> str:
    return "integer" if field.type is int else "number"


_REPORTS = {
    "code": "string",
    "category": "string",
    "category_name": "string",
    "area": "string",
    "area_name": "string",
    "agency": "string",
    "agency_name": "string",
    "status": "string",
    "urgent": "boolean",
    "submitted_at": "date-time",
    "accepted_at": "date-time",
    "resolve_due_at": "date-time",
    "resolved_at": "date-time",
    "reopenings": "integer",
    "supporters": "integer",
    "description": "string",
    "address": "string",
    "latitude": "number",
    "longitude": "number",
}
_FIGURES = {
    **dict.fromkeys(("key", "name_vi", "name_en"), "string"),
    **{field.name: _number(field) for field in fields(Figures)},
    **dict.fromkeys(("on_time_share", "satisfied_share"), "number"),
}
_DICTIONARY = dict.fromkeys(("dataset", "name", "type", "about_vi", "about_en"), "string")
COLUMNS = {
    name: tuple(Column(name, column, kind) for column, kind in kinds.items())
    for name, kinds in {
        "reports": _REPORTS,
        "statistics": _FIGURES,
        "dictionary": _DICTIONARY,
    }.items()
}


def dictionary() -> list[dict[str, str]]:
    """What every column of the data sets means."""
    return [column.told() for column in (*COLUMNS["reports"], *COLUMNS["statistics"])]


def dictionary_rows() -> list[list[list[Cell]]]:
    """The same as cells."""
    return [[list(entry.values()) for entry in dictionary()]]


def sheets(asked: Mapping[str, Any]) -> dict[str, tuple[Sequence[Column], Batches]]:
    """The published reports and the dictionary as sheets of a workbook; Invalid as `batches`."""
    return {
        "reports": (COLUMNS["reports"], _bounded(batches(asked))),
        "dictionary": (COLUMNS["dictionary"], dictionary_rows()),
    }


def _bounded(found: Batches) -> Iterator[Sequence[Sequence[Cell]]]:
    """The batches of at most MOST_ROWS rows; Invalid when there are more."""
    rows = 0
    for batch in found:
        rows += len(batch)
        if rows > MOST_ROWS:
            raise Invalid(until="statistics.too_many")
        yield batch


def batches(asked: Mapping[str, Any]) -> Iterator[list[list[Cell]]]:
    """The published reports of a period, oldest first, as cells in the order of COLUMNS.

    Invalid before the first batch for a period over 366 days. Each batch is a short look at the
    database: memory and locks do not grow with the period.
    """
    period = between(asked.get("since"), asked.get("until"), LONGEST)
    return _batches(narrowed(_published(), period, asked))


def _published() -> Select[Report]:
    oldest_first = Report.submitted_at, Report.id
    return select(Report).where(published()).order_by(*oldest_first)


def _batches(query: Select[Report]) -> Iterator[list[list[Cell]]]:
    further = query.limit(_BATCH)
    while True:
        with reading() as session:
            found = session.scalars(further).all()
        if not found:
            return
        yield [_cells(report) for report in found]
        last = found[-1]
        after = tuple_(Report.submitted_at, Report.id) > (last.submitted_at, last.id)
        further = query.where(after).limit(_BATCH)


def _cells(report: Report) -> list[Cell]:
    told = {
        "code": report.code,
        "category": report.category,
        "category_name": named("category", report.category)["name_vi"],
        "area": report.area,
        "area_name": named("area", report.area)["name_vi"],
        "agency": report.agency,
        "agency_name": report.agency and named("agency", report.agency)["name_vi"],
        "status": report.status,
        "urgent": report.urgent,
        "submitted_at": local(report.submitted_at),
        "accepted_at": local(report.accepted_at),
        "resolve_due_at": local(report.resolve_due_at),
        "resolved_at": local(report.resolved_at),
        "reopenings": report.reopenings,
        "supporters": report.supporters,
        "description": report.public_description,
        "address": report.public_address,
        "latitude": report.public_latitude,
        "longitude": report.public_longitude,
    }
    return [told[column.name] for column in COLUMNS["reports"]]


def local(at: datetime | None) -> str | None:
    """An instant in Vietnamese time, ISO 8601 with +07:00."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds") if at else None
