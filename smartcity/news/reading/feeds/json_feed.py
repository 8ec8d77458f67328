"""JSON Feed 1.1 (jsonfeed.org)."""

from typing import Any

import orjson

from smartcity.news.reading.feeds.feed import LANGUAGE, Entry, Feed


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.description,
            "home_page_url": feed.page,
            "feed_url": feed.address("json"),
            "language": LANGUAGE,
            "authors": [{"name": feed.publisher}],
            "items": [_item(entry) for entry in feed.entries],
        }
    )


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": list(entry.categories.values()),
        "language": entry.language,
        "attachments": [_attachment(file) for file in entry.attachments],
    }
    return item | ({"image": entry.image} if entry.image else {})


def _attachment(file: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": file["link"],
        "mime_type": file["mimetype"],
        "title": file["title"],
        "size_in_bytes": file["bytes"],
    }
