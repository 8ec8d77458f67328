"""What a job pays: in dong for a month, a day or an hour, and comparable by the month."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

AMOUNT = validate.Range(1_000, 1_000_000_000)  # dong: neither nothing nor a slip of the keys
A_MONTH = {"month": 1, "day": 26, "hour": 208}  # six days of eight hours a week


def refuse_unclear(record: Mapping[str, Any]) -> None:
    """ValidationError unless pay is stated by amount and unit, or agreed on and not stated."""
    stated = {name: record.get(name) for name in ("pay_least", "pay_most", "pay_unit")}
    if record["pay"] == "agreed":
        _refuse([name for name, value in stated.items() if value], "guide.job.pay_is_agreed")
        return
    _refuse([name for name in ("pay_least", "pay_unit") if not stated[name]], "field.required")
    if stated["pay_most"] and stated["pay_most"] < stated["pay_least"]:
        _refuse(["pay_most"], "guide.job.pay_most_below_least")


def least_a_month(record: InstrumentedAttribute[dict[str, Any]]) -> ColumnElement[float]:
    """The least that a job pays a month, as SQL over its record; NULL where it is agreed on."""
    months: ColumnElement[int] = case(A_MONTH, value=record["pay_unit"].as_string())
    least: ColumnElement[float] = record["pay_least"].as_float()
    return least * months


def _refuse(names: list[str], why: str) -> None:
    if names:
        raise ma.ValidationError({name: [why] for name in names})
