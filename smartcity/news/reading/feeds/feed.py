"""What every format of a feed tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

import orjson

from smartcity.areas import service as areas
from smartcity.core.clock import LOCAL
from smartcity.core.context import settings
from smartcity.core.texts import LANGUAGES, text
from smartcity.news.rules import rules

LANGUAGE = LANGUAGES[0]  # of the feed itself; each entry names its own
MOST = 30  # entries
_BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without entries was updated
_YEAR = 2026  # in which these tag: URIs were given out (RFC 4151)


@dataclass(frozen=True)
class Entry:
    """An article; `content` is HTML, `categories` are names by code."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    author: str
    categories: dict[str, str]
    language: str
    published: datetime
    updated: datetime
    image: str | None
    attachments: list[dict[str, Any]]


@dataclass(frozen=True)
class Feed:
    """The newest entries first; `page` is the web page of the same news."""

    id: str
    title: str
    description: str
    publisher: str
    page: str
    updated: datetime
    entries: list[Entry]
    category: str | None

    def address(self, suffix: str) -> str:
        """Where this feed is found in one format."""
        query = f"?category={self.category}" if self.category else ""
        return f"{_base()}/feeds/news.{suffix}{query}"


def feed_of(wholes: Iterable[str], category: str | None) -> Feed:
    """The feed of some articles, given as texts by NewsOut, in one category or all."""
    entries = sorted(map(_entry, wholes), key=lambda each: each.published, reverse=True)
    publisher = _publisher()
    return Feed(
        id=f"tag:{urlsplit(_base()).hostname},{_YEAR}:news" + (f"/{category}" if category else ""),
        title=_title(category, publisher),
        description=text("news.feed.description", LANGUAGE, province=publisher),
        publisher=publisher,
        page=f"{_base()}/news",
        updated=max((each.updated for each in entries), default=_BEFORE_ALL),
        entries=entries,
        category=category,
    )


def _entry(whole: str) -> Entry:
    article = orjson.loads(whole)
    published = datetime.fromisoformat(article["published_at"]).astimezone(LOCAL)
    corrected = article["corrected_at"]
    return Entry(
        id=f"urn:uuid:{article['id']}",
        url=article["url"],
        title=article["title"],
        summary=article["lead"],
        content=_content(article),
        author=_author(article),
        categories={code: _named(code) for code in article["categories"]},
        language=article["language"],
        published=published,
        updated=datetime.fromisoformat(corrected).astimezone(LOCAL) if corrected else published,
        image=article["cover"] and article["cover"]["links"]["large"],
        attachments=article["attachments"],
    )


def _content(article: dict[str, Any]) -> str:
    """Cover, correction and body; the lead where there is no body."""
    cover, correction = article["cover"], article["correction"]
    told = correction and text("news.correction", article["language"], note=correction)
    parts = [
        cover
        and f'<p><img src="{escape(cover["links"]["large"])}" alt="{escape(cover["alt"])}"></p>',
        told and f"<p><em>{escape(told)}</em></p>",
        article["body_html"] or f"<p>{escape(article['lead'])}</p>",
    ]
    return "".join(filter(None, parts))


def _author(article: dict[str, Any]) -> str:
    """Whoever wrote it: a person, its source, its agency, or the province."""
    source, agency = article["source"] or {}, areas.reference().agencies.get(article["agency"])
    named = article["author"] or source.get("name") or (agency and agency.name_vi)
    return named or _publisher()


def _title(category: str | None, province: str) -> str:
    if category is None:
        return text("news.feed.title", LANGUAGE, province=province)
    return text("news.feed.title_of", LANGUAGE, category=_named(category), province=province)


def _named(category: str) -> str:
    """A category's name; its code once the province has it no more."""
    known = rules().categories.get(category)
    return known.vi if known else category


def _publisher() -> str:
    return areas.reference().province.name_vi


def _base() -> str:
    return settings().public_url.rstrip("/")
