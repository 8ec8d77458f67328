"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from smartcity.news.sources.entries import Feed, Raw, Unfit, as_html, feed_of

_VERSION = "https://jsonfeed.org/version/"


def read(text: str, url: str) -> Feed:
    """The feed in a JSON text. Unfit when it is another thing."""
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise Unfit("source.fault.unreadable") from None
    if not (isinstance(found, dict) and _words(found, "version").startswith(_VERSION)):
        raise Unfit("source.fault.unreadable")
    items = [item for item in _list(found, "items") if isinstance(item, dict)]
    return feed_of(_words(found, "title"), [_raw(item) for item in items], url)


def _raw(item: dict[str, Any]) -> Raw:
    guid = item.get("id")
    attached = [a for a in _list(item, "attachments") if _words(a, "mime_type")[:6] == "image/"]
    people = [*_list(item, "authors"), item.get("author")]
    return Raw(
        guid=str(guid) if isinstance(guid, (str, int, float)) else None,
        link=_words(item, "url") or _words(item, "external_url"),
        title=_words(item, "title"),
        summary=as_html(_words(item, "summary")),
        body=_words(item, "content_html") or as_html(_words(item, "content_text")),
        author=next(filter(None, (_words(person, "name") for person in people)), ""),
        dates=[_words(item, "date_published"), _words(item, "date_modified")],
        pictures=[
            _words(item, "image"),
            _words(item, "banner_image"),
            *(_words(a, "url") for a in attached),
        ],
    )


def _words(thing: Any, name: str) -> str:
    value = thing.get(name) if isinstance(thing, dict) else None
    return value if isinstance(value, str) else ""


def _list(thing: dict[str, Any], name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []
