"""Asking a source for its feed: on a condition, through the guard, bounded in time and bytes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from smartcity.adapters.outbound import Answer, Gone, guard
from smartcity.core.errors import OutsideError, Temporary
from smartcity.news.sources.apart import parse_apart
from smartcity.news.sources.entries import Feed, Unfit
from smartcity.news.sources.links import LONGEST
from smartcity.news.sources.parsing import LARGEST

SECONDS = 20.0
_NOT_CHANGED = 304
_ACCEPT = {
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml,"
    " application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}
# How the guard's reasons begin, and what officers read.
_FAULTS = {
    "the address is not public": "source.fault.not_public",
    "the address": "source.fault.address",
    "the answer is too large": "source.fault.too_large",
    "too many redirects": "source.fault.redirects",
    "the host": "source.fault.host",
}


@dataclass(frozen=True)
class Seen:
    """What the last good answer said of itself, to ask on that condition."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A good answer; `feed` is None when nothing has changed since."""

    feed: Feed | None
    seen: Seen
    moved_to: str | None


class Failed(Exception):
    """No feed came; `fault` is a key of the texts with its values, `retry_after` in seconds."""

    def __init__(self, fault: str, retry_after: float | None = None, *, gone: bool = False) -> None:
        super().__init__(fault)
        self.fault, self.retry_after, self.gone = fault, retry_after, gone


def fetch(url: str, seen: Seen | None = None) -> Fetched:
    """The feed at an address. Raises Failed."""
    asked = {**_ACCEPT, **_conditions(seen or Seen())}
    try:
        answer = guard().fetch(url, seconds=SECONDS, largest=LARGEST, headers=asked)
        feed = None if answer.status == _NOT_CHANGED else _parsed(answer, url)
    except Unfit as fault:
        raise Failed(fault.fault) from None
    except Gone:
        raise Failed("source.fault.gone", gone=True) from None
    except OutsideError as fault:
        wait = fault.retry_after if isinstance(fault, Temporary) else None
        raise Failed(_fault(str(fault)), wait) from None
    moved = answer.moved_to
    known = seen if feed is None and seen else _seen(answer)
    return Fetched(feed, known, moved if moved and len(moved) <= LONGEST else None)


def _parsed(answer: Answer, url: str) -> Feed:
    kind = answer.headers.get("Content-Type", "")[:200]
    return parse_apart(answer.body, kind, answer.moved_to or url)


def _conditions(seen: Seen) -> dict[str, str]:
    told = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in told.items() if value}


def _seen(answer: Answer) -> Seen:
    etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    return Seen(_kept(etag, 300), _kept(modified, 100))


def _kept(header: str | None, most: int) -> str | None:
    """A header that can be sent back as it came."""
    fits = header and len(header) <= most and header.isascii() and header.isprintable()
    return header if fits else None


def _fault(reason: str) -> str:
    kind, _, status = reason.partition(" ")
    if kind == "HTTP":
        return f"source.fault.http|{urlencode({'status': status})}"
    for begins, fault in _FAULTS.items():
        if reason.startswith(begins):
            return fault
    return f"source.fault.silent|{urlencode({'reason': reason.rpartition(': ')[2]})}"
