"""What the specifications ask of a feed, checked strictly; each fault is an AssertionError.

RSS 2.0 (rssboard.org/rss-specification and its Best Practices Profile), Atom (RFC 4287),
JSON Feed 1.1 (jsonfeed.org/version/1.1).
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2}"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_RFC822 = re.compile(rf"{_DAY} {_MONTH} \d{{4}} \d{{2}}:\d{{2}}:\d{{2}} [+-]\d{{4}}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2})?")
_MIMETYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item", f"{ATOM}link"}
_ITEM = {"title", "link", "guid", "pubDate", "description", "category"}
_ITEM |= {f"{CONTENT}encoded", f"{DC}creator"}
_JSON_FEED = {"version", "title", "description", "home_page_url", "feed_url", "language"}
_JSON_FEED |= {"authors", "items"}
_JSON_ITEM = {"id", "url", "title", "summary", "content_html", "date_published", "date_modified"}
_JSON_ITEM |= {"authors", "tags", "language", "attachments", "image"}


def rss(content: bytes) -> list[dict[str, Any]]:
    """The items of an RSS 2.0 document."""
    root = _parsed(content)
    assert (root.tag, root.attrib) == ("rss", {"version": "2.0"})
    (channel,) = root
    _only(channel, _CHANNEL, once=_CHANNEL - {"item"})
    for name in ("title", "description"):
        _words(channel, name)
    _web(channel.findtext("link"))
    assert _LANGUAGE.fullmatch(channel.findtext("language") or "")
    built = _rfc822(channel.findtext("lastBuildDate"))
    _self(channel.find(f"{ATOM}link"), "application/rss+xml")
    items = [_rss_item(item) for item in channel.findall("item")]
    assert all(item["published"] <= built for item in items)
    return _unique(items)


def _rss_item(item: ET.Element) -> dict[str, Any]:
    _only(item, _ITEM, once=_ITEM - {"category"})
    guid = item.find("guid")
    assert guid is not None
    assert guid.attrib == {"isPermaLink": "false"}, "it is no address that opens"
    return {
        "id": _uri(guid.text),
        "title": _words(item, "title"),
        "link": _web(item.findtext("link")),
        "published": _rfc822(item.findtext("pubDate")),
        "summary": _words(item, "description"),
        "content": _words(item, f"{CONTENT}encoded"),
        "author": _words(item, f"{DC}creator"),
        "tags": [_said(each.text) for each in item.findall("category")],
    }


def atom(content: bytes) -> list[dict[str, Any]]:
    """The entries of an Atom document."""
    root = _parsed(content)
    assert root.tag == f"{ATOM}feed"
    assert _LANGUAGE.fullmatch(root.attrib[LANG])
    single = {f"{ATOM}{name}" for name in ("id", "title", "subtitle", "updated")}
    _only(root, single | {f"{ATOM}{name}" for name in ("author", "link", "entry")}, once=single)
    _uri(root.findtext(f"{ATOM}id"))
    _words(root, f"{ATOM}title")
    _words(root, f"{ATOM}author/{ATOM}name")
    links = root.findall(f"{ATOM}link")
    assert [link.get("rel") for link in links] == ["self", "alternate"]
    _self(links[0], "application/atom+xml")
    _web(links[1].get("href"))
    entries = [_atom_entry(entry) for entry in root.findall(f"{ATOM}entry")]
    updated = _rfc3339(root.findtext(f"{ATOM}updated"))
    assert not entries or updated == max(entry["updated"] for entry in entries)
    return _unique(entries)


def _atom_entry(entry: ET.Element) -> dict[str, Any]:
    single = {"id", "title", "updated", "published", "summary", "content", "author"}
    required = {f"{ATOM}{name}" for name in single}
    _only(entry, required | {f"{ATOM}link", f"{ATOM}category"}, once=required)
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.attrib == {"type": "html"}
    alternate, *files = entry.findall(f"{ATOM}link")
    assert alternate.get("rel") == "alternate"
    for file in files:
        assert file.get("rel") == "enclosure"
        _web(file.get("href"))
        assert _MIMETYPE.fullmatch(file.get("type") or "")
    categories = entry.findall(f"{ATOM}category")
    assert all(each.get("term") for each in categories)
    return {
        "id": _uri(entry.findtext(f"{ATOM}id")),
        "title": _words(entry, f"{ATOM}title"),
        "link": _web(alternate.get("href")),
        "published": _rfc3339(entry.findtext(f"{ATOM}published")),
        "updated": _rfc3339(entry.findtext(f"{ATOM}updated")),
        "summary": _words(entry, f"{ATOM}summary"),
        "content": _said(content.text),
        "author": _words(entry, f"{ATOM}author/{ATOM}name"),
        "language": entry.attrib[LANG],
        "tags": [_said(each.get("label")) for each in categories],
    }


def json_feed(content: bytes) -> list[dict[str, Any]]:
    """The items of a JSON Feed."""
    feed = json.loads(content.decode("utf-8"))
    assert set(feed) == _JSON_FEED
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert _said(feed["title"])
    for name in ("home_page_url", "feed_url"):
        _web(feed[name])
    assert _LANGUAGE.fullmatch(feed["language"])
    assert all(author["name"] for author in feed["authors"])
    return _unique([_json_item(item) for item in feed["items"]])


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    assert _JSON_ITEM - {"image"} <= set(item) <= _JSON_ITEM
    assert isinstance(item["id"], str)
    if "image" in item:
        _web(item["image"])
    for file in item["attachments"]:
        _web(file["url"])
        assert _MIMETYPE.fullmatch(file["mime_type"])
        assert isinstance(file["size_in_bytes"], int)
    (author,) = item["authors"]
    return {
        "id": _uri(item["id"]),
        "title": _said(item["title"]),
        "link": _web(item["url"]),
        "published": _rfc3339(item["date_published"]),
        "updated": _rfc3339(item["date_modified"]),
        "summary": _said(item["summary"]),
        "content": _said(item["content_html"]),
        "author": _said(author["name"]),
        "language": item["language"],
        "tags": item["tags"],
    }


CHECKS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "rss": rss,
    "atom": atom,
    "json": json_feed,
}


def _parsed(content: bytes) -> ET.Element:
    content.decode("utf-8")
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return ET.fromstring(content)


def _only(element: ET.Element, known: Iterable[str], once: set[str]) -> None:
    """No other children than those known, and each of `once` exactly once."""
    names = [child.tag for child in element]
    assert set(names) <= set(known), set(names) - set(known)
    assert {name: names.count(name) for name in once} == dict.fromkeys(once, 1)


def _unique(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert len({entry["id"] for entry in entries}) == len(entries)
    times = [entry["published"] for entry in entries]
    assert times == sorted(times, reverse=True)
    return entries


def _words(element: ET.Element, path: str) -> str:
    return _said(element.findtext(path))


def _said(words: str | None) -> str:
    assert words
    assert words.strip() == words
    return words


def _uri(address: str | None) -> str:
    """An absolute IRI without blanks: urn:, tag: or an address."""
    assert address
    assert urlsplit(address).scheme in ("urn", "tag", "http", "https")
    assert not re.search(r"\s", address)
    return address


def _web(address: str | None) -> str:
    found = urlsplit(_uri(address))
    assert found.scheme in ("http", "https")
    assert found.netloc
    return found.geturl()


def _self(link: ET.Element | None, mimetype: str) -> None:
    assert link is not None
    assert (link.get("rel"), link.get("type")) == ("self", mimetype)
    _web(link.get("href"))


def _rfc822(written: str | None) -> datetime:
    assert written
    assert _RFC822.fullmatch(written), written
    at = parsedate_to_datetime(written)
    assert at.strftime("%a") == written[:3]
    return at


def _rfc3339(written: str | None) -> datetime:
    assert written
    assert _RFC3339.fullmatch(written), written
    return datetime.fromisoformat(written)
