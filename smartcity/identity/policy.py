"""The province's personal data policy: purposes, their basis and texts, and terms of retention.

From `privacy.yaml`, read once an application; BadFile names what is wrong in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.fields import Schema, Text
from smartcity.settings import Settings

CONSENT, PUBLIC_TASK = BASES = "consent", "public_task"


@dataclass(frozen=True)
class Purpose:
    """What data is used for; consents given before version `renewed_in` no longer count."""

    code: str
    basis: str
    sensitive: bool
    renewed_in: int
    title_vi: str
    title_en: str
    text_vi: str
    text_en: str


@dataclass(frozen=True)
class Kept:
    """A class of data and why it is kept; `days` is None where program or settings fix the term."""

    code: str
    days: int | None
    what_vi: str
    what_en: str
    from_vi: str
    from_en: str
    reason_vi: str
    reason_en: str


@dataclass(frozen=True)
class Policy:
    """One version of the policy, purposes and classes of data by code."""

    version: int
    effective: date
    title_vi: str
    title_en: str
    text_vi: str
    text_en: str
    purposes: dict[str, Purpose]
    retention: dict[str, Kept]

    def term(self, code: str) -> timedelta:
        """How long a class is kept whose term the province chooses.

        LookupError when it chose none: nothing is destroyed for want of a number.
        """
        days = self.retention[code].days
        if days is None:
            raise LookupError(f"privacy.yaml: retention of {code} has no days")
        return timedelta(days=days)


_Code = partial(Text, max=40, required=True)
_Words = partial(Text, max=2000, required=True)
_Version = partial(ma.fields.Integer, required=True, validate=validate.Range(1))


class _Purpose(Schema):
    code = _Code()
    basis = ma.fields.String(required=True, validate=validate.OneOf(BASES))
    sensitive = ma.fields.Boolean(required=True)
    renewed_in = _Version()
    title_vi = _Words()
    title_en = _Words()
    text_vi = _Words()
    text_en = _Words()

    @ma.post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Purpose:
        return Purpose(**loaded)


class _Kept(Schema):
    code = _Code()
    days = ma.fields.Integer(load_default=None, validate=validate.Range(1, 36_500))
    what_vi = _Words()
    what_en = _Words()
    from_vi = _Words()
    from_en = _Words()
    reason_vi = _Words()
    reason_en = _Words()

    @ma.post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Kept:
        return Kept(**loaded)


class _PolicyFile(Schema):
    version = _Version()
    effective = ma.fields.Date(required=True)
    title_vi = _Words()
    title_en = _Words()
    text_vi = _Words()
    text_en = _Words()
    purposes = ma.fields.List(ma.fields.Nested(_Purpose), required=True)
    retention = ma.fields.List(ma.fields.Nested(_Kept), required=True)


@per_app
def policy(settings: Settings) -> Policy:
    """The policy of today."""
    file = settings.province_dir / "privacy.yaml"
    found = read_yaml(file, _PolicyFile)
    refuse(file, repeated(purpose.code for purpose in found["purposes"]))
    refuse(file, repeated(kept.code for kept in found["retention"]))
    late = (p.code for p in found["purposes"] if p.renewed_in > found["version"])
    refuse(file, (f"{code}.renewed_in is a version to come" for code in late))
    purposes = {purpose.code: purpose for purpose in found.pop("purposes")}
    retention = {kept.code: kept for kept in found.pop("retention")}
    return Policy(**found, purposes=purposes, retention=retention)
