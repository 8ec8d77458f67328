"""How the public narrows its lists and feeds of news: by what the province has, nothing else.

An unknown code is refused: else every invented one would be an answer to keep.
"""

from collections.abc import Callable, Collection

import marshmallow as ma
from marshmallow import validate

from smartcity.areas import service as areas
from smartcity.core.fields import Schema
from smartcity.core.paging import PageQuery
from smartcity.core.texts import LANGUAGES
from smartcity.news.rules import rules
from smartcity.push import service as push

_MOST = 8  # topics or areas; each is a walk along an index


def _known(message: str, codes: Callable[[], Collection[str]]) -> Callable[[str], None]:
    """A check of a code against what the province has, which only a running application knows."""

    def check(code: str) -> None:
        if code not in codes():
            raise ma.ValidationError(message.format(choices=", ".join(codes())))

    return check


_CHOICE = "field.not_a_choice|choices={choices}"
_category = _known(_CHOICE, lambda: rules().categories)
_topic = _known(_CHOICE, push.topics)
_area = _known("field.invalid", lambda: areas.reference().areas)
_agency = _known("agency.unknown", lambda: areas.reference().agencies)


class NewsQuery(PageQuery):
    """A page of the news; several topics or areas: on any of them."""

    category = ma.fields.String(validate=_category, metadata={"example": "society"})
    topic = ma.fields.List(
        ma.fields.String(validate=_topic),
        validate=validate.Length(min=1, max=_MOST),
        metadata={"example": ["traffic", "weather"], "description": "Repeat it for several"},
    )
    area = ma.fields.List(
        ma.fields.String(validate=_area),
        validate=validate.Length(min=1, max=_MOST),
        metadata={"example": ["10507"], "description": "Communes' codes; repeat it for several"},
    )
    agency = ma.fields.String(validate=_agency, metadata={"example": "so-xay-dung"})
    language = ma.fields.String(validate=validate.OneOf(LANGUAGES), metadata={"example": "vi"})


class FeedQuery(Schema):
    """Which news a feed is of; all without a category."""

    category = ma.fields.String(validate=_category, metadata={"example": "society"})
