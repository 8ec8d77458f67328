"""RSS 2.0 (RSS Advisory Board) and Atom (RFC 4287), with whole contents."""

import re
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from smartcity.news.reading.feeds.feed import LANGUAGE, Entry, Feed

_ATOM = "http://www.w3.org/2005/Atom"
_RSS = {
    "version": "2.0",
    "xmlns:atom": _ATOM,
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
# What XML 1.0 cannot hold, not even escaped (§2.2).
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = Element("rss", _RSS)
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.description)
    _add(channel, "language", LANGUAGE)
    _add(channel, "lastBuildDate", format_datetime(feed.updated))
    _link(channel, "atom:link", "self", feed.address("rss"), "application/rss+xml")
    for entry in feed.entries:
        _add_item(channel, entry)
    return _written(root)


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": LANGUAGE})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _instant(feed.updated))
    _add(SubElement(root, "author"), "name", feed.publisher)
    _link(root, "link", "self", feed.address("atom"), "application/atom+xml")
    _link(root, "link", "alternate", feed.page, "text/html")
    for entry in feed.entries:
        _add_entry(root, entry)
    return _written(root)


def _add_item(channel: Element, entry: Entry) -> None:
    item = SubElement(channel, "item")
    _add(item, "title", entry.title)
    _add(item, "link", entry.url)
    _add(item, "guid", entry.id, isPermaLink="false")
    _add(item, "pubDate", format_datetime(entry.published))
    _add(item, "description", escape(entry.summary, quote=False))  # it is read as HTML
    _add(item, "content:encoded", entry.content)
    _add(item, "dc:creator", entry.author)
    for name in entry.categories.values():
        _add(item, "category", name)


def _add_entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry", {"xml:lang": entry.language})
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", _instant(entry.published))
    _add(element, "updated", _instant(entry.updated))
    _add(SubElement(element, "author"), "name", entry.author)
    _link(element, "link", "alternate", entry.url, "text/html")
    _add(element, "summary", entry.summary)
    _add(element, "content", entry.content, type="html")
    for code, name in entry.categories.items():
        SubElement(element, "category", term=code, label=name)
    for file in entry.attachments:
        _link(element, "link", "enclosure", file["link"], file["mimetype"])


def _add(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _UNWRITABLE.sub("", words)


def _link(parent: Element, name: str, rel: str, address: str, mimetype: str) -> None:
    SubElement(parent, name, rel=rel, href=address, type=mimetype)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
