"""The province's reminders and escalations: `deadlines.yaml`."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.fields import Schema
from smartcity.reports.categories import Limit, Unit, parse_limit
from smartcity.reports.category_files import LimitText
from smartcity.settings import Settings


class Audience(StrEnum):
    """Who hears of a step; the holder is whoever has to act in the report's state."""

    HOLDER = "holder"
    HOLDER_LEAD = "holder_lead"
    IOC_OPERATORS = "ioc_operators"
    IOC_LEAD = "ioc_lead"


@dataclass(frozen=True)
class Step:
    """A reminder with `left` percent of the limit to go, or an escalation `after` its end."""

    left: int
    after: Limit | None
    to: tuple[Audience, ...]

    @property
    def reminds(self) -> bool:
        """Whether the limit is still to come."""
        return self.left > 0


@dataclass(frozen=True)
class Policy:
    """The steps while a report waits for acceptance, and afterwards; each list in its order."""

    accept: tuple[Step, ...]
    resolve: tuple[Step, ...]
    longest_extension: Limit


class _Step(Schema):
    left = ma.fields.Integer(validate=validate.Range(0, 99))
    after = LimitText(max=10)
    to = ma.fields.List(
        ma.fields.Enum(Audience, by_value=True), required=True, validate=validate.Length(1)
    )

    @ma.validates_schema
    def _one_time(self, loaded: dict[str, Any], **_: Any) -> None:
        if ("left" in loaded) == ("after" in loaded):
            raise ma.ValidationError("deadlines.left_or_after")

    @ma.post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Step:
        after = loaded.get("after")
        return Step(loaded.get("left", 0), after and parse_limit(after), tuple(loaded["to"]))


class _File(Schema):
    accept = ma.fields.List(ma.fields.Nested(_Step), required=True)
    resolve = ma.fields.List(ma.fields.Nested(_Step), required=True)
    longest_extension = LimitText(max=10, required=True)


@per_app
def policy(settings: Settings) -> Policy:
    """The policy of today, read once an application."""
    return read_policy(settings.province_dir)


def read_policy(folder: Path) -> Policy:
    """The policy of a province's folder; BadFile names what is wrong in it."""
    file = folder / "deadlines.yaml"
    found = read_yaml(file, _File)
    for phase in ("accept", "resolve"):
        refuse(file, (f"{phase}: steps are not in their order" for _ in _disorder(found[phase])))
    longest = parse_limit(found["longest_extension"])
    return Policy(tuple(found["accept"]), tuple(found["resolve"]), longest)


def _disorder(steps: list[Step]) -> list[tuple[Step, Step]]:
    return [pair for pair in pairwise(steps) if not _place(pair[0]) < _place(pair[1])]


def _place(step: Step) -> tuple[int, int]:
    """Where a step stands in time: percents of the limit, then minutes after it, roughly."""
    minutes = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.WORKING_DAYS: 24 * 60}
    return -step.left, step.after.amount * minutes[step.after.unit] if step.after else 0
