"""Feeds as they come: RSS, Atom and RDF by feedparser, JSON Feed by ours.

Nothing here touches network, clock or database. feedparser's own cleaning is off: nh3 is the one
cleaner (`editing.sanitising`). What some feeds would cost in time and memory is bounded by
`apart`, which runs this in a process of its own.
"""

import io
import re
from typing import Any

import feedparser

from smartcity.news.sources import json_feed
from smartcity.news.sources.decoding import decoded, document
from smartcity.news.sources.discovery import alternate
from smartcity.news.sources.entries import Feed, Raw, Unfit, as_html, feed_of

LARGEST = 2 * 1024 * 1024  # bytes
_ENDS = re.compile(r"<(/?)(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)


def parse(content: bytes, content_type: str | None, url: str) -> Feed:
    """The feed in an answer's bytes, which came from `url`. Raises Unfit for what is none."""
    if len(content) > LARGEST:
        raise Unfit("source.fault.too_large")
    text = decoded(content, content_type)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return json_feed.read(text.lstrip("\ufeff"), url)
    try:
        text = document(text)
    except Unfit as fault:
        raise (_page(text, url) if fault.fault == "source.fault.page" else fault) from None
    return _read(text, url)


def _page(text: str, url: str) -> Unfit:
    found = alternate(text, url)
    return Unfit("source.fault.page_names", feed=found) if found else Unfit("source.fault.page")


def _read(text: str, url: str) -> Feed:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 - it was made for broken feeds, and some break it in any way
        raise Unfit("source.fault.unreadable") from None
    if not found.version:
        raise Unfit("source.fault.unreadable")
    entries = found.entries[:-1] if _breaks_off(text) else found.entries
    return feed_of(found.feed.get("title", ""), [_raw(entry) for entry in entries], url)


def _breaks_off(text: str) -> bool:
    """Whether the last entry has no end: half a story is none."""
    last = None
    for last in _ENDS.finditer(text + ">"):  # noqa: B007 - only the last one is wanted
        pass
    return last is not None and not last[1]


def _raw(entry: Any) -> Raw:
    contents = [_html(part) for part in entry.get("content", ())]
    summary = _html(entry.get("summary_detail"))
    person = entry.get("author_detail") or {}
    return Raw(
        guid=entry.get("id"),
        link=entry.get("link"),
        title=entry.get("title", ""),
        summary=summary,
        body=max(contents, key=len, default=""),
        author=person.get("name") or entry.get("author") or "",
        dates=[dict.get(entry, name) for name in ("published", "updated", "created")],
        pictures=_pictures(entry),
    )


def _html(part: Any) -> str:
    if not part:
        return ""
    value: str = part.get("value") or ""
    return as_html(value) if part.get("type") == "text/plain" else value


def _pictures(entry: Any) -> list[str | None]:
    shown = [m for m in entry.get("media_content", ()) if _is_image(m)]
    attached = [link for link in entry.get("enclosures", ()) if _is_image(link)]
    found = [*shown, *entry.get("media_thumbnail", ()), *attached]
    return [thing.get("url") or thing.get("href") for thing in found]


def _is_image(thing: Any) -> bool:
    return thing.get("medium") == "image" or (thing.get("type") or "").startswith("image/")
