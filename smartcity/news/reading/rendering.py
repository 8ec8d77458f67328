"""An article as texts: written once when it is published, joined and given out from then on.

`card` is by NewsCardOut, `whole` by NewsOut.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

import orjson

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.paging import Page
from smartcity.news.editing.sanitising import plain
from smartcity.news.models import Article

_WORDS_A_MINUTE = 200  # Vietnamese writes its syllables apart


class Picture(TypedDict):
    """A public picture: `links` are large, small, large_webp and small_webp, absolute."""

    links: Mapping[str, str]
    alt: str


class Attached(TypedDict):
    """A public file; `link` is absolute."""

    title: str
    link: str
    mimetype: str
    bytes: int


def card(article: Article, cover: Picture | None) -> str:
    """The list's item as JSON."""
    return _json(_card(article, cover))


def whole(
    article: Article,
    cover: Picture | None,
    gallery: Sequence[Picture],
    attachments: Sequence[Attached],
) -> str:
    """The article as JSON."""
    text = plain(article.body)
    return _json(
        {
            **_card(article, cover),
            "body_html": article.body,
            "body_text": text,
            "gallery": list(gallery),
            "attachments": list(attachments),
            "author": article.author,
            "correction": article.correction,
            "licence": article.licence,
            "reading_minutes": max(1, round(len(text.split()) / _WORDS_A_MINUTE)),
        }
    )


def page_of_cards(page: Page[Any]) -> bytes:
    """A list's answer: its cards as they are."""
    cursor = orjson.dumps(page.next_cursor).decode()
    cards = ",".join(row.card for row in page.items)
    return f'{{"items":[{cards}],"next_cursor":{cursor}}}'.encode()


def page_of(ref: object) -> str:
    """The web page of an article."""
    return f"{settings().public_url.rstrip('/')}/news/{ref}"


def _card(article: Article, cover: Picture | None) -> dict[str, Any]:
    pinned = article.pinned_until is not None and article.pinned_until > clock.now()
    return {
        "id": str(article.id),
        "title": article.title,
        "lead": article.lead,
        "cover": cover,
        "agency": article.agency,
        "categories": article.categories,
        "topics": article.topics,
        "areas": article.areas,
        "language": article.language,
        "published_at": _written(article.published_at),
        "corrected_at": _written(article.corrected_at),
        "pinned": pinned,
        "url": page_of(article.id),
        "source": _source(article),
    }


def _source(article: Article) -> dict[str, str | None] | None:
    if article.source_name is None and article.source_link is None:
        return None
    return {"name": article.source_name, "link": article.source_link}


def _written(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def _json(body: dict[str, Any]) -> str:
    return orjson.dumps(body).decode()
