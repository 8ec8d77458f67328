"""Numbers to call (đường dây nóng): emergencies, utilities, offices."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.home import entries
from smartcity.home.dialling import dialled
from smartcity.home.models import Contact
from smartcity.identity.permissions import SYSTEM, Principal
from smartcity.search import service as search

CHANGED = "contact"  # in the log of public changes, and in the index
_URGENT = 32.0  # a number for emergencies stands where an article five years newer would
_LONGEST = 500  # characters of `folded`
_NOT_SAID: dict[str, Any] = {
    **dict.fromkeys(("name_en", "text_vi", "text_en", "agency")),
    **{"areas": [], "rank": 0},
}


class Kind(StrEnum):
    """A number for emergencies, or another that citizens call."""

    EMERGENCY = "emergency"
    HOTLINE = "hotline"


def create(session: Session, who: Principal, asked: Mapping[str, Any]) -> Contact:
    """A number that is public from now on; Invalid for one that cannot be dialled."""
    values = {**_NOT_SAID, **asked, "folded": "", "withdrawn_at": None}
    values["number"] = _dialled(values)
    _check(values)
    contact = entries.begin(session, Contact, who, values)
    publish(session, contact)
    return contact


def add(session: Session, contact_id: uuid.UUID, asked: Mapping[str, Any]) -> None:
    """A number of the province's file, which no officer wrote."""
    made = {"version": 1, "made_by": SYSTEM.key, "made_at": clock.now(), "folded": ""}
    values = {**_NOT_SAID, **asked, "number": _dialled(asked)}
    contact = Contact(id=contact_id, withdrawn_at=None, **made, **values)
    session.add(contact)
    publish(session, contact)


def change(
    session: Session, who: Principal, contact_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Contact:
    """Write what was asked into a contact."""
    contact = entries.hold(session, Contact, contact_id, version)
    kind, number = asked.get("kind", contact.kind), asked.get("number", contact.number)
    _check(asked)
    entries.change(
        session, who, contact, {**asked, "number": _dialled({"kind": kind, "number": number})}
    )
    publish(session, contact)
    return contact


def withdraw(
    session: Session, who: Principal, contact_id: uuid.UUID, version: int, reason: str
) -> Contact:
    """Take a number away from the public."""
    contact = entries.hold(session, Contact, contact_id, version)
    entries.withdraw(session, who, contact, reason)
    changes.vanished(session, CHANGED, str(contact.id))
    search.remove(session, CHANGED, str(contact.id))
    return contact


def restore(session: Session, who: Principal, contact_id: uuid.UUID, version: int) -> Contact:
    """Give a withdrawn number back."""
    contact = entries.hold(session, Contact, contact_id, version)
    entries.restore(session, who, contact)
    publish(session, contact)
    return contact


def publish(session: Session, contact: Contact) -> None:
    """Let a contact be found and read as it now is, unless it is withdrawn."""
    words = (contact.number, contact.name_vi, contact.name_en, contact.text_vi)
    contact.folded = fold(" ".join(filter(None, words)))[:_LONGEST]
    if contact.withdrawn_at is None:
        changes.appeared(session, CHANGED, str(contact.id))
        search.put(session, _indexed(contact))


def showing(session: Session) -> Sequence[Contact]:
    """The public contacts, in the order of the screen."""
    query = select(Contact).where(Contact.withdrawn_at.is_(None))
    return session.scalars(query.order_by(Contact.rank, Contact.id)).all()


def public(contact: Contact) -> dict[str, Any]:
    """A contact as the public reads it."""
    return {
        "id": str(contact.id),
        "kind": contact.kind,
        "number": contact.number,
        "name": entries.two(contact.name_vi, contact.name_en),
        "text": entries.two(contact.text_vi, contact.text_en),
        "agency": contact.agency,
        "areas": contact.areas,
    }


def for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """Public contacts as JSON, by id."""
    wanted = Contact.withdrawn_at.is_(None), Contact.id.in_([uuid.UUID(ref) for ref in refs])
    found = session.scalars(select(Contact).where(*wanted))
    return {str(contact.id): orjson.dumps(public(contact)).decode() for contact in found}


def _dialled(asked: Mapping[str, Any]) -> str:
    return dialled(asked["number"], emergency=asked["kind"] == Kind.EMERGENCY)


def _check(asked: Mapping[str, Any]) -> None:
    if asked.get("agency") and asked["agency"] not in areas.reference().agencies:
        raise Invalid(agency="agency.unknown")


def _indexed(contact: Contact) -> search.Indexed:
    """Found by its number, its name, and what people call such numbers."""
    named = (text(f"contact.found_as.{contact.kind}", lang) for lang in ("vi", "en"))
    words = (contact.number, *named, contact.name_en, contact.text_vi, contact.text_en)
    return search.Indexed(
        kind=CHANGED,
        ref=str(contact.id),
        title=contact.name_vi,
        summary=contact.number,
        body="\n".join(filter(None, words)),
        link=f"tel:{contact.number}",
        published_at=contact.made_at,
        agency=contact.agency,
        area=contact.areas[0] if len(contact.areas) == 1 else None,
        weight=_URGENT if contact.kind == Kind.EMERGENCY else 1.0,
    )
