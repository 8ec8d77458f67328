"""The phone's first screen, the app's configuration and the offline copy, as phones read them."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue import service as catalogue
from smartcity.core.fields import Instant, Schema
from smartcity.core.texts import LANGUAGES
from smartcity.guide import service as guide
from smartcity.home import card_schemas as card
from smartcity.home import contact_schemas as contact
from smartcity.home.cards import Kind, Level
from smartcity.home.config_schemas import ToldOut
from smartcity.home.contacts import Kind as ContactKind
from smartcity.home.platform_schemas import Version
from smartcity.home.sync import SYNCED
from smartcity.news import service as news
from smartcity.participation import service as participation
from smartcity.push import service as push
from smartcity.registers import service as registers

_MOST = 10  # areas and topics that a phone names
_TOPIC = {"description": "Whose news come; repeat it, sorted: then caches share the answer"}
_KIND = {
    "description": "Repeat it; without it, configuration, cards, contacts, documents, news",
    "example": "news",
}
_AREA = {"description": "Communes that the person chose; repeat it, sorted"}
_PICTURE = "https://app.haiphong.gov.vn/media/public/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e/0/"
_SINCE = {"description": "`next` of the answer before; without it, from the beginning"}
_GONE = {"description": "It is public no more: `item` is null"}
_ITEM = {"description": "The thing as it is now, in the form of its kind"}


def _topic(name: str) -> None:
    if name not in push.topics():
        raise ma.ValidationError("push.unknown_topic")


class HomeQuery(Schema):
    """What a person chose, which only his phone knows; in any order the answer is the same."""

    area = ma.fields.List(push.Ward(), validate=validate.Length(max=_MOST), metadata=_AREA)
    topic = ma.fields.List(
        ma.fields.String(validate=_topic, metadata={"example": "weather"}),
        validate=validate.Length(max=_MOST),
        metadata=_TOPIC,
    )
    platform = ma.fields.String(validate=validate.OneOf(card.PLATFORMS))
    app = Version()


class SyncQuery(Schema):
    """Where the phone's copy stands, and what it keeps."""

    since = ma.fields.Integer(load_default=0, validate=validate.Range(0, 2**53), metadata=_SINCE)
    limit = ma.fields.Integer(load_default=100, validate=validate.Range(1, 200))
    kind = ma.fields.List(ma.fields.String(validate=validate.OneOf(list(SYNCED)), metadata=_KIND))


def _words(vi: dict[str, Any], en: dict[str, Any], name: str, *, maybe: bool = False) -> Any:
    fields = {
        "vi": ma.fields.String(required=True, metadata=vi),
        "en": ma.fields.String(required=True, allow_none=True, metadata=en),
    }
    schema = ma.Schema.from_dict(fields, name=name)  # type: ignore[arg-type]
    return ma.fields.Nested(schema, required=True, allow_none=maybe)


class BannerLinksOut(ma.Schema):
    """Where the picture is; no key is needed."""

    large = ma.fields.String(required=True, metadata={"example": f"{_PICTURE}large.jpg"})
    small = ma.fields.String(required=True, metadata={"example": f"{_PICTURE}small.jpg"})
    large_webp = ma.fields.String(required=True, metadata={"example": f"{_PICTURE}large.webp"})
    small_webp = ma.fields.String(required=True, metadata={"example": f"{_PICTURE}small.webp"})


class CardPictureOut(ma.Schema):
    """A picture, and the words for who cannot see it; pixels of the large original."""

    alt = _words(card.ALT, card.ALT_EN, "CardAlt")
    width = ma.fields.Integer(required=True, metadata={"example": 1600})
    height = ma.fields.Integer(required=True, metadata={"example": 900})
    links = ma.fields.Nested(BannerLinksOut, required=True)


class HomeCardOut(ma.Schema):
    """A banner or an announcement."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    level = ma.fields.String(required=True, validate=validate.OneOf(list(Level)))
    title = _words(card.TITLE, card.TITLE_EN, "CardTitle")
    text = _words(card.TEXT, card.TEXT_EN, "CardText", maybe=True)
    picture = ma.fields.Nested(CardPictureOut, required=True, allow_none=True)
    link = ma.fields.String(required=True, allow_none=True, metadata=card.LINK)
    areas = ma.fields.List(ma.fields.String(metadata={"example": "10507"}), required=True)
    platforms = ma.fields.List(ma.fields.String(metadata={"example": "ios"}), required=True)
    app_from = ma.fields.String(required=True, allow_none=True, metadata={"example": "3.2.0"})
    starts_at = Instant(required=True)
    ends_at = Instant(required=True, allow_none=True)


class PublicContactOut(ma.Schema):
    """A number to call."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(ContactKind)))
    number = ma.fields.String(required=True, metadata=contact.NUMBER)
    name = _words(contact.NAME, contact.NAME_EN, "ContactName")
    text = _words(contact.TEXT, contact.TEXT_EN, "ContactText", maybe=True)
    agency = ma.fields.String(required=True, allow_none=True, metadata=contact.AGENCY)
    areas = ma.fields.List(ma.fields.String(metadata={"example": "10507"}), required=True)


def _first(kind: registers.Kind, told: str) -> ma.fields.List[Any]:
    """The first cards of a register."""
    told = f"{told}; three at most"
    return ma.fields.List(
        ma.fields.Nested(kind.card_schema), required=True, metadata={"description": told}
    )


class HomeOut(ma.Schema):
    """The first screen. `warnings` are announcements of level `warning`, to be shown above all."""

    warnings = ma.fields.List(ma.fields.Nested(HomeCardOut), required=True)
    banners = ma.fields.List(ma.fields.Nested(HomeCardOut), required=True)
    announcements = ma.fields.List(ma.fields.Nested(HomeCardOut), required=True)
    pinned = ma.fields.List(ma.fields.Nested(news.NewsCardOut), required=True)
    latest = ma.fields.List(ma.fields.Nested(news.NewsCardOut), required=True)
    services = ma.fields.List(
        ma.fields.Nested(catalogue.ServiceCardOut),
        required=True,
        metadata={"description": "Procedures that are used most, six at most"},
    )
    city_notices = _first(guide.NOTICE, "Of the chosen areas and of the whole province")
    events = _first(guide.EVENT, "Those that begin first")
    activities = _first(participation.ACTIVITY, "Those that begin first")
    contests = _first(participation.CONTEST, "Those published last")
    surveys = _first(participation.SURVEY, "Those published last")
    contacts = ma.fields.List(ma.fields.Nested(PublicContactOut), required=True)


class AppConfigOut(ToldOut):
    """What the app asks at its start; an app older than `minimum` has to be updated."""

    version = ma.fields.Integer(required=True, metadata={"example": 4})
    emergency = ma.fields.List(ma.fields.Nested(PublicContactOut), required=True)
    privacy_policy = ma.fields.Integer(
        required=True, metadata={"description": "Its version", "example": 1}
    )
    languages = ma.fields.List(ma.fields.String(validate=validate.OneOf(LANGUAGES)), required=True)


class SyncItemOut(ma.Schema):
    """A thing that became public, reads otherwise, or is gone."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(list(SYNCED)))
    id = ma.fields.String(
        required=True, metadata={"example": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}
    )
    position = ma.fields.Integer(required=True, metadata={"example": 1042})
    gone = ma.fields.Boolean(required=True, metadata=_GONE)
    item = ma.fields.Dict(required=True, allow_none=True, metadata=_ITEM)


class SyncOut(ma.Schema):
    """What changed after `since`, in the order in which it did; ask again while there is `more`."""

    items = ma.fields.List(ma.fields.Nested(SyncItemOut), required=True)
    next = ma.fields.Integer(required=True, metadata={"example": 1042})
    more = ma.fields.Boolean(required=True)
