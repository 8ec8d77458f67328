"""The province's `home.yaml`: numbers to call, what the app can switch off, what it is told first.

BadFile names what is wrong in it.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse, repeated
from smartcity.core.errors import Invalid
from smartcity.core.fields import Schema, Text
from smartcity.home import contacts
from smartcity.home.contact_schemas import ContactIn
from smartcity.home.dialling import dialled
from smartcity.home.models import Contact
from smartcity.home.platform_schemas import PlatformsIn
from smartcity.settings import Settings

FILE = "home.yaml"
_NUMBERS = uuid.UUID("6f1c1f0e-2f5b-4c57-9a55-7d0f3a1b2c4d")  # ids of the file's numbers, by them


@dataclass(frozen=True)
class Feature:
    """A part of the app that may be switched off."""

    id: str
    vi: str
    en: str


class _Feature(Schema):
    id = ma.fields.String(
        required=True, validate=validate.Regexp(r"^[a-z][a-z_]{1,39}\Z", error="field.invalid")
    )
    vi = Text(max=80, required=True)
    en = Text(max=80, required=True)


class _File(Schema):
    features = ma.fields.List(ma.fields.Nested(_Feature), required=True)
    app = ma.fields.Nested(PlatformsIn, required=True)
    contacts = ma.fields.List(ma.fields.Nested(ContactIn), required=True)


@per_app
def _file(settings: Settings) -> dict[str, Any]:
    return _read(settings.province_dir)


def features() -> Mapping[str, Feature]:
    """What the app can switch off, by id and in the file's order."""
    return {found["id"]: Feature(**found) for found in _file()["features"]}


def defaults() -> Mapping[str, Any]:
    """What the app is told before an officer says otherwise: nothing is off."""
    return {**_file()["app"], "maintenance": None, "features": {}}


def load_contacts(session: Session, folder: Path) -> None:
    """Add the numbers of a province's folder that are new; what officers changed stays so."""
    for asked in _read(folder)["contacts"]:
        ident = uuid.uuid5(_NUMBERS, asked["number"])
        if session.get(Contact, ident) is None:
            contacts.add(session, ident, asked)


def _read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(folder / FILE, _File)
    refuse(folder / FILE, _faults(found))
    return found


def _faults(found: Mapping[str, Any]) -> Iterator[str]:
    yield from repeated(feature["id"] for feature in found["features"])
    yield from repeated(contact["number"] for contact in found["contacts"])
    for contact in found["contacts"]:
        try:
            dialled(contact["number"], emergency=contact["kind"] == contacts.Kind.EMERGENCY)
        except Invalid:
            yield f"contacts: nobody can dial {contact['number']}"
