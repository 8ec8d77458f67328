"""A procedure as the search over everything finds it."""

from collections.abc import Iterator

from smartcity.catalogue.models import Procedure
from smartcity.catalogue.records.record import Record
from smartcity.catalogue.rules import rules
from smartcity.search.service import Indexed

_ESSENTIAL = 2.0  # weight of the services that the state names essential


def indexed(procedure: Procedure) -> Indexed:
    """What the index holds of a procedure as it stands."""
    record = procedure.record
    return Indexed(
        kind="service",
        ref=procedure.code,
        title=record["name"],
        summary=f"{record['agency']} · {record['field']}",
        body="\n".join(_words(record)),
        link=f"/services/{procedure.code}",
        published_at=procedure.changed_at,
        weight=_ESSENTIAL if record["essential"] else 1.0,
    )


def _words(record: Record) -> Iterator[str]:
    yield record["code"]
    yield from record["keywords"]
    yield from record["results"]
    yield from (document["name"] for document in record["documents"])
    known = rules().life_events
    yield from (known[event].vi for event in record["life_events"] if event in known)
    yield record["name_en"] or ""
