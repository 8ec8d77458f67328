"""The one way out: every HTTP call of the adapters, but for the kits of Google and AWS.

`guard().fetch` is for a URL that a person or a feed gave us, `TrustedPool` for an address that the
operator wrote into the settings. Both end in `seconds` at the latest, however slowly the other
side drips, and take no more than `largest` bytes, counted after decompression.
"""

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.util import Url, parse_url

from smartcity.adapters.addresses import is_public, is_public_name
from smartcity.adapters.timed import TimedHttp, TimedHttps
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

Resolve = Callable[[str, int], list[str]]
Place = tuple[str, int]  # host and port
CONNECT = 5.0  # seconds
REDIRECTS = 3
ELSEWHERE = "it leads to another host"
_PORTS = {"http": 80, "https": 443}
_MOVED = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_LOOPBACK = "127.0.0.1"
_LONGEST_URL = 2_048
_AGENT = {"User-Agent": "smartcity"}


@dataclass(frozen=True)
class Answer:
    """What came back; `moved_to` where the other side says that it lives from now on.

    `url` is where the guard found it in the end.
    """

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes
    moved_to: str | None = None
    url: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, when the other side named them or a date (RFC 9110 §10.2.3)."""
        told = self.headers.get("Retry-After", "")
        if told.isdecimal():
            return float(told) if len(told) < 7 else None
        try:
            until = parsedate_to_datetime(told)
        except (ValueError, OverflowError):
            return None
        return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())

    def json(self) -> Any:
        """The body as JSON; ValueError when it is none."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deep") from None


class Gone(Permanent):
    """The other side says that it was there, and will be no more (410)."""


class TrustedPool:
    """Calls to systems that the operator named; connections are kept, redirects not followed."""

    def __init__(self, name: str, *, seconds: float, largest: int = 1 << 20) -> None:
        self._name = name
        self._seconds = seconds
        self._largest = largest
        self._pool = urllib3.PoolManager(maxsize=8)
        self._pool.pool_classes_by_scheme = {"http": TimedHttp, "https": TimedHttps}

    def request(self, method: str, url: str, **content: Any) -> Answer:
        """Send once and read the answer, whatever its status.

        `content` is urllib3's: `headers`, and `body`, `json` or `fields`. Raises Temporary,
        named after this pool, when no whole answer came: whether it arrived is unknown.
        """
        try:
            answer = self._pool.request(
                method, url, **content, timeout=_within(self._seconds), **_UNHELPED
            )
            return _read(answer, self._largest)
        except urllib3.exceptions.NewConnectionError as fault:
            raise Temporary(f"{self._name}: {type(fault).__name__}", arrived=False) from None
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            raise Temporary(f"{self._name}: {type(fault).__name__}") from None
        except Permanent as fault:  # what was asked may well be done
            raise Temporary(f"{self._name}: {fault}") from None


def system_resolver(host: str, port: int) -> list[str]:
    """Every address of a host, as this machine sees them, the preferred one first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@dataclass(frozen=True)
class Guard:
    """Fetches strangers' URLs: from public machines, by the usual ports, looked up once a hop.

    `at_home`: a URL that itself names 127.0.0.1 is fetched too, a developer's own server; nothing
    leads to another there.
    """

    schemes: frozenset[str] = frozenset({"https"})
    ports: frozenset[int] = frozenset(_PORTS.values())
    resolve: Resolve = system_resolver
    public: Callable[[str], bool] = is_public
    at_home: bool = False

    def fetch(
        self,
        url: str,
        *,
        seconds: float = 10.0,
        largest: int = 1 << 20,
        headers: Mapping[str, str] | None = None,
        stay: bool = False,
    ) -> Answer:
        """GET a URL, through three redirects at most; the good answer, or the 304 asked for.

        Raises Permanent for what will never do (a private address, too large, 4xx; Gone for 410; to
        `stay`, a redirect to another host), Temporary for what may go well later. Neither tells the
        URL, which may hold a secret.
        """
        ends, moved_to, for_good = monotonic() + seconds, None, True
        own = self._own(url)
        for _ in range(REDIRECTS + 1):
            target = self._checked(url, own)
            address = _LOOPBACK if _place(target) == own else self._address(target)
            answer = self._get(target, address, ends - monotonic(), largest, headers or {})
            if answer.status not in _MOVED:
                return replace(_good(answer), moved_to=moved_to, url=target.url)
            url = urljoin(target.url, answer.headers.get("Location", ""))
            if stay and _elsewhere(url, target):
                raise Permanent(ELSEWHERE)
            for_good = for_good and answer.status in _FOR_GOOD
            moved_to = url if for_good else moved_to
        raise Permanent("too many redirects")

    def _own(self, url: str) -> Place | None:
        """Where a developer's own server is, if the URL names it."""
        with suppress(urllib3.exceptions.LocationParseError):
            place = _place(parse_url(url))
            return place if self.at_home and place[0] == _LOOPBACK else None
        return None

    def _checked(self, url: str, own: Place | None) -> Url:
        if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or "\\" in url:
            raise Permanent("the address is not a URL")
        try:
            target = parse_url(url)
        except urllib3.exceptions.LocationParseError:
            raise Permanent("the address is not a URL") from None
        if target.scheme not in self.schemes or target.auth is not None:
            raise Permanent("the address is of another kind")
        host, port = place = _place(target)
        if place != own and not (is_public_name(host) and port in self.ports):
            raise Permanent("the address is not public")
        return target._replace(fragment=None)

    def _address(self, target: Url) -> str:
        """The one address to connect to; all of the host's must be public."""
        try:
            found = self.resolve(_bare(target), _port(target))
        except (OSError, UnicodeError):
            raise Temporary("the host is not known") from None
        if not found or not all(map(self.public, found)):
            raise Permanent("the address is not public")
        return found[0]

    def _get(
        self, target: Url, address: str, seconds: float, largest: int, headers: Mapping[str, str]
    ) -> Answer:
        try:
            with _pinned(target, address) as pool:
                answer = pool.urlopen(
                    "GET",
                    target.request_uri,
                    headers={**_AGENT, **headers, "Host": target.netloc or ""},
                    timeout=_within(seconds),
                    **_UNHELPED,
                )
                return _read(answer, largest)
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            raise Temporary(f"no answer: {type(fault).__name__}") from None


@per_app
def guard(settings: Settings) -> Guard:
    """The application's guard: `guard().fetch(url)`; https and public only in production."""
    return Guard() if settings.production else Guard(frozenset(_PORTS), at_home=True)


# Left alone, urllib3 sends twice, follows redirects anywhere, and reads on while we cannot count.
_UNHELPED: dict[str, Any] = {"retries": False, "redirect": False, "preload_content": False}


def _pinned(target: Url, address: str) -> urllib3.HTTPConnectionPool:
    """Connections to one address, over TLS only to who proves to be the URL's host."""
    if target.scheme == "https":
        return TimedHttps(address, _port(target), server_hostname=_bare(target))
    return TimedHttp(address, _port(target))


def _elsewhere(url: str, target: Url) -> bool:
    with suppress(urllib3.exceptions.LocationParseError):
        return _place(parse_url(url)) != _place(target)
    return False  # no URL at all, which is refused with the next hop


def _bare(target: Url) -> str:
    return (target.host or "").strip("[]").rstrip(".").lower()


def _place(target: Url) -> Place:
    return _bare(target), _port(target)


def _port(target: Url) -> int:
    return target.port or _PORTS.get(target.scheme or "", 0)


def _within(seconds: float) -> urllib3.Timeout:
    left = max(seconds, 0.001)
    return urllib3.Timeout(connect=min(CONNECT, left), total=left)


def _read(answer: urllib3.BaseHTTPResponse, largest: int) -> Answer:
    """The body, unless it is too large; its connection goes back to the pool or is closed."""
    body = bytearray()
    try:
        while piece := answer.read(min(1 << 16, largest + 1 - len(body))):
            body += piece
            if len(body) > largest:
                raise Permanent("the answer is too large")
    except BaseException:
        answer.close()
        raise
    answer.release_conn()
    return Answer(answer.status, answer.headers, bytes(body))


def _good(answer: Answer) -> Answer:
    if answer.good or answer.status == 304:
        return answer
    reason = f"HTTP {answer.status}"
    if answer.status == 410:
        raise Gone(reason)
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        raise Permanent(reason)
    raise Temporary(reason, retry_after=answer.retry_after)
