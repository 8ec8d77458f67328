"""What a feed holds, whatever its format, in clean and bounded form."""

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape, unescape
from urllib.parse import urlencode

from smartcity.news.editing import sanitising
from smartcity.news.sources.dates import read_date
from smartcity.news.sources.links import absolute, key, link_key

TITLE, LEAD, AUTHOR, SUMMARY = 300, 1_000, 120, 300  # characters
MOST = 200  # entries that are taken from a feed
_TAGS = "p|br|div|a|b|i|em|strong|img|span|ul|ol|li|table|h[1-6]|blockquote|script|svg"
_TAG = re.compile(rf"</?(?:{_TAGS})\b[^<>]*>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_TAGS})\b", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s<>]{1,1000})", re.IGNORECASE)
_MAILBOX = re.compile(r"\S+@\S+")


class Unfit(Exception):
    """A document that cannot be taken; `fault` is a key of the texts, with its values."""

    def __init__(self, fault: str, **values: str) -> None:
        self.fault = f"{fault}|{urlencode(values)}" if values else fault
        super().__init__(self.fault)


@dataclass(frozen=True)
class Entry:
    """One story. `body` is cleaned HTML, `text` all of its words, `lead` plain.

    `key` is the SHA-256 of its guid, or else of its canonical link or its title. `link_key` is that
    of its link, None where the link does not tell it from other stories.
    """

    key: str
    link_key: str | None
    link: str | None
    title: str
    lead: str
    body: str
    text: str
    author: str | None
    published_at: datetime | None
    picture: str | None


@dataclass(frozen=True)
class Feed:
    """A feed: its own title, and at most MOST entries in its order, each once."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Raw:
    """An entry as its format says it; `summary` and `body` are HTML, the first that fits counts."""

    guid: str | None
    link: str | None
    title: str
    summary: str
    body: str
    author: str
    dates: Sequence[str | None]
    pictures: Sequence[str | None]


def feed_of(title: str, found: Sequence[Raw], url: str) -> Feed:
    """A feed of what its format says, read from an address."""
    entries: dict[str, Entry] = {}
    for raw in found[:MOST]:
        entry = _entry(raw, url)
        if entry:
            entries.setdefault(entry.key, entry)
    links = Counter(entry.link_key for entry in entries.values())
    kept = (e if links[e.link_key] == 1 else replace(e, link_key=None) for e in entries.values())
    return Feed(_line(title, url, TITLE), tuple(kept))


def as_html(text: str) -> str:
    """Plain words as HTML, a paragraph for each line; what is HTML already stays."""
    if _TAG.search(text):
        return text
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def shortened(text: str, most: int) -> str:
    """A text on one line, cut between words to at most so many characters."""
    line = " ".join(text.split())[: 2 * most]
    short = textwrap.shorten(line, most, placeholder="…")
    return short if len(short) > 1 or len(line) < 2 else line[: most - 1] + "…"


def _entry(raw: Raw, url: str) -> Entry | None:
    link = absolute(url, raw.link)
    base = link or url
    summary, body = (_cleaned(html, base) for html in (raw.summary, raw.body))
    text, told = sanitising.plain(body), sanitising.plain(summary)
    if not text:
        text, body = told, summary
    title = _line(raw.title, base, TITLE) or shortened(text, 100)
    name = (raw.guid or "").strip() or link or title
    if not title:
        return None
    lead = shortened(told, LEAD) if told and told != text else shortened(text, SUMMARY)
    return Entry(
        key=key(_sound(name)),
        link_key=link_key(link) if link else None,
        link=link,
        title=title,
        lead=lead,
        body="" if lead == text and "<a " not in body else body,
        text=text,
        author=_line(_MAILBOX.sub("", raw.author[:AUTHOR]), base, AUTHOR).strip("() ") or None,
        published_at=next(filter(None, map(read_date, raw.dates)), None),
        picture=_picture(raw, base),
    )


def _cleaned(html: str, base: str) -> str:
    """Cleaned HTML; too long a text is cut, one of too many tags loses them."""
    html = _once_escaped(_sound(html)).replace("<br></br>", "<br>")[: sanitising.LONGEST]
    if not sanitising.fits(html):
        html = as_html(_TAG.sub(" ", html).replace("<", " "))
    return sanitising.clean_html(html, base)


def _line(html: str, base: str, most: int) -> str:
    line = sanitising.plain(_cleaned(html[:10_000], base))
    return shortened(sanitising.one_line(line), most)


def _once_escaped(html: str) -> str:
    """HTML that some program escaped once too often."""
    return unescape(html) if _ESCAPED_TAG.search(html) and not _TAG.search(html) else html


def _sound(text: str) -> str:
    """Without the lone surrogates that JSON lets through and no UTF-8 can hold."""
    return text.encode("utf-8", "ignore").decode()


def _picture(raw: Raw, base: str) -> str | None:
    shown = _IMAGE.search(_once_escaped(raw.body or raw.summary))
    links = (*raw.pictures, shown and unescape(shown[1]))
    return next(filter(None, (absolute(base, link) for link in links)), None)
