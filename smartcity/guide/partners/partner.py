"""A partner: a service outside that the guide leads to, and what the city has to do with it."""

from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.core.texts import text
from smartcity.guide.partners.hosts import fault
from smartcity.guide.phones import Phone
from smartcity.identity.permissions import Action
from smartcity.registers.service import Entry, Kind, ListQuery, Order, Record, RecordIn

CATEGORIES = ("taxi", "train", "bus", "plane", "hotel", "ocop", "ecommerce")
PLATFORMS = ("web", "android", "ios")
DISCLOSURES = ("none", "agreement", "sponsored")
_CATEGORY = {"example": "taxi", "description": f"One of {', '.join(CATEGORIES)}"}
_DISCLOSURE = {"example": "none", "description": f"One of {', '.join(DISCLOSURES)}"}
_SENTENCE = {"description": "To be shown beside every link to it"}
_MAY_LACK: dict[str, Any] = {"load_default": None, "allow_none": True}


def _link(example: str) -> ma.fields.String:
    return ma.fields.String(
        **_MAY_LACK, validate=validate.Length(max=500), metadata={"example": example}
    )


class CityPartnerIn(RecordIn):
    """A partner; its links lead to hosts of `partner_hosts.yaml`, or it is refused."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY
    )
    phones = ma.fields.List(Phone(), load_default=list, validate=validate.Length(max=5))
    web = _link("https://www.xanhsm.com/")
    android = _link("https://play.google.com/store/apps/details?id=com.gsm.customer")
    ios = _link("https://apps.apple.com/vn/app/id1642117138")
    disclosure = ma.fields.String(
        required=True, validate=validate.OneOf(DISCLOSURES), metadata=_DISCLOSURE
    )


class CityPartnerQuery(ListQuery):
    """How the public narrows the list of partners."""

    category = ma.fields.String(validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY)


def _disclosed(record: Record) -> dict[str, Any]:
    """What the city has to do with the partner, in a sentence."""
    key = f"guide.partner.disclosure.{record['disclosure']}"
    return {"disclosed": text(key, "vi"), "disclosed_en": text(key, "en")}


def _check(_session: Session, entry: Entry, record: Record | None) -> None:
    """Refuse links that lead elsewhere than to listed hosts: Invalid names field and host."""
    kept = record or entry.record
    faults = {name: fault(kept[name]) for name in PLATFORMS if kept.get(name)}
    refused = {name: found for name, found in faults.items() if found}
    if refused:
        raise Invalid(**refused)


PARTNER = Kind(
    name="city_partner",
    path="partners",
    one="city_partner",
    many="city_partners",
    title="Liên kết dịch vụ",
    schema=CityPartnerIn,
    in_card=("title", "title_en", "category", "phones", *PLATFORMS, "disclosure"),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.TITLE,
    more=_disclosed,
    more_fields={
        "disclosed": ma.fields.String(
            required=True, metadata={**_SENTENCE, "example": "Thành phố không có thỏa thuận nào."}
        ),
        "disclosed_en": ma.fields.String(
            required=True, metadata={**_SENTENCE, "example": "The city has no agreement with it."}
        ),
    },
    more_in_card=("disclosed", "disclosed_en"),
    check=_check,
    query=CityPartnerQuery,
)
