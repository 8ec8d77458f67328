"""A procedure as texts: written once when its record changes, joined and given out from then on."""

from datetime import datetime

from smartcity.catalogue.records.record import Record


def card(record: Record) -> str:
    """The list's item as JSON, by ServiceCardOut."""
    raise NotImplementedError


def whole(record: Record, version: int, changed_at: datetime) -> str:
    """The procedure as JSON, by ServiceOut."""
    raise NotImplementedError
