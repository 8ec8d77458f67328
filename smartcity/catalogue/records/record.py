"""A record as it is kept: what RecordIn loads, with dates as text, so that JSON can hold it."""

from collections.abc import Mapping
from typing import Any

from smartcity.catalogue.records.schemas import RecordIn

Record = Mapping[str, Any]
_SCHEMA = RecordIn()


def read_record(raw: Mapping[str, Any]) -> Record:
    """The record that a file or an officer brought; marshmallow's ValidationError by field."""
    kept: Record = _SCHEMA.dump(_SCHEMA.load(raw))
    return kept
