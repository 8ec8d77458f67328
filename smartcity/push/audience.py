"""Whom an audience rule meets: as SQL over all devices, and for one device in Python.

Left out whatever the rule: devices in quarantine, those not seen for 30 days (FCM calls them stale:
firebase.google.com/docs/cloud-messaging/manage-tokens), those that switched the category off, and
those of citizens who have not agreed to be told what is not their own affair (Law 91/2025/QH15). An
app in which nobody signed in is nobody's; what is critical asks for no consent.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVarTuple

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.fields import Schema, Text
from smartcity.core.texts import LANGUAGES
from smartcity.identity import service as identity
from smartcity.push.categories import categories, topics
from smartcity.push.models import Device, DeviceChoice, Platform
from smartcity.push.versions import NEWEST, app_number

STALE = timedelta(days=30)
Columns = TypeVarTuple("Columns")
PURPOSE = "campaigns"  # of the consent, in the province's privacy.yaml
MOST_AREAS = 20  # that a count names


def _known(choices: Callable[[], Any], error: str) -> Callable[[str], None]:
    """A validator of names that the running application knows."""

    def check(name: str) -> None:
        if name not in choices():
            raise ma.ValidationError(error)

    return check


def _ward_codes() -> set[str]:
    return {ward.code for ward in areas.reference().wards}


class Ward(Text):
    """The code of a commune of today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=10, **{"metadata": {"example": "10507"}, **kwargs})
        self.validators.append(_known(_ward_codes, "push.unknown_ward"))


_Version = partial(Text, max=20, metadata={"example": "3.2.0"})
_Some = partial(ma.fields.List, validate=validate.Length(1, 200))


class AudienceRule(Schema):
    """Whom a campaign is meant for; every part that is given has to hold, in a list any."""

    areas = _Some(Ward())
    topics = _Some(ma.fields.String(validate=_known(topics, "push.unknown_topic")))
    platforms = _Some(ma.fields.String(validate=validate.OneOf(list(Platform))))
    app_from = _Version()
    app_to = _Version()  # itself included
    locales = _Some(ma.fields.String(validate=validate.OneOf(LANGUAGES)))
    seen_within_days = ma.fields.Integer(
        strict=True, validate=validate.Range(1, STALE.days), metadata={"example": 30}
    )

    @ma.validates("app_from", "app_to")
    def _readable(self, version: str, **_: Any) -> None:
        if not app_number(version):
            raise ma.ValidationError("push.bad_version")

    @ma.validates_schema(skip_on_field_errors=True)
    def _in_order(self, rule: dict[str, Any], **_: Any) -> None:
        if _lowest(rule) > _highest(rule):
            raise ma.ValidationError("push.versions_order", "app_to")


@dataclass(frozen=True)
class Counted:
    """How many devices a rule meets; areas by code, the fullest first, empty for those unknown."""

    total: int
    platforms: dict[str, int]
    locales: dict[str, int]
    areas: dict[str, int]


def matching(rule: Mapping[str, Any], category: str) -> Select[int, str, str]:
    """Number, ward (empty: not told) and platform of whom a rule meets, by ward, platform, number.

    Plain rows; of a million, stream them.
    """
    ward = func.coalesce(Device.ward, "")
    found = _met(select(Device.number, ward, Device.platform), rule, category)
    return found.order_by(ward, Device.platform, Device.number)


def counted(session: Session, rule: Mapping[str, Any], category: str) -> Counted:
    """How many devices `matching` would find."""
    by = func.coalesce(Device.ward, ""), Device.platform, Device.locale
    query = _met(select(*by, func.count()), rule, category).group_by(*by)
    found = session.execute(query).all()
    totals = [Counter[str](), Counter[str](), Counter[str]()]
    for *names, number in found:
        for total, name in zip(totals, names, strict=True):
            total[name] += number
    wards, platforms, locales = totals
    most = dict(wards.most_common(MOST_AREAS))
    return Counted(wards.total(), dict(platforms), dict(locales), most)


def meets(device: Device, rule: Mapping[str, Any], choices: Mapping[str, bool]) -> bool:
    """Whether a rule means a device, by what it chose (`choices.of`).

    Asks for the rule alone: not whether the device is stale, in quarantine, or has the category
    switched off (`choices.wants`).
    """
    are = {"areas": device.ward, "platforms": device.platform, "locales": device.locale}
    days = rule.get("seen_within_days")
    return (
        all(value in rule[part] for part, value in are.items() if part in rule)
        and ("topics" not in rule or any(choices.get(topic) for topic in rule["topics"]))
        and _lowest(rule) <= device.app_number <= _highest(rule)
        and (days is None or device.last_seen_at >= clock.now() - timedelta(days=days))
    )


def switched_off(category: str) -> ColumnElement[bool]:
    """That a device gets no messages of a category: its own choice, which a critical one passes."""
    if categories()[category].critical:
        return false()
    return _chose([category], wanted=False)


def _met(query: Select[*Columns], rule: Mapping[str, Any], category: str) -> Select[*Columns]:
    """Of a query of devices those that get a message."""
    query = query.where(*_conditions(rule, category))
    if categories()[category].critical:
        return query
    # A join: under OR, an EXISTS of a million citizens would be gone through for each device.
    willing = identity.consenting(PURPOSE).subquery()
    agreed = Device.citizen_id.is_(None) | willing.c.citizen_id.is_not(None)
    return query.outerjoin(willing, willing.c.citizen_id == Device.citizen_id).where(agreed)


def _conditions(rule: Mapping[str, Any], category: str) -> Iterator[ColumnElement[bool]]:
    """What `meets` asks and what always has to hold, as SQL."""
    columns = {"areas": Device.ward, "platforms": Device.platform, "locales": Device.locale}
    yield from (column.in_(rule[part]) for part, column in columns.items() if part in rule)
    if "topics" in rule:
        yield _chose(rule["topics"], wanted=True)
    if "app_from" in rule or "app_to" in rule:
        yield Device.app_number.between(_lowest(rule), _highest(rule))
    days = rule.get("seen_within_days", STALE.days)
    yield Device.last_seen_at >= clock.now() - timedelta(days=days)
    yield Device.quarantined_at.is_(None)
    yield ~switched_off(category)


def _chose(names: Sequence[str], *, wanted: bool) -> ColumnElement[bool]:
    """An EXISTS, which both databases join: NOT IN of many would be gone through for each."""
    chosen = DeviceChoice.name.in_(names), DeviceChoice.wanted.is_(wanted)
    return exists().where(DeviceChoice.device == Device.number, *chosen)


def _lowest(rule: Mapping[str, Any]) -> int:
    return app_number(rule["app_from"]) if "app_from" in rule else 0


def _highest(rule: Mapping[str, Any]) -> int:
    return app_number(rule["app_to"]) if "app_to" in rule else NEWEST
