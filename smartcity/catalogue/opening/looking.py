"""A look at a portal's page: whether it is there, is not, or nobody can tell.

Through the guard, without leaving the portal's host. A portal may answer 200 whatever is asked
for: the words of `portals.yaml` tell such a page from that of a procedure.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from smartcity.adapters.outbound import ELSEWHERE, Answer, guard
from smartcity.catalogue.models import Outcome
from smartcity.catalogue.opening.portals import portals
from smartcity.core.errors import Permanent, Temporary
from smartcity.core.text import clean

SECONDS, LARGEST = 10.0, 2 << 20
_GONE = {"404", "410"}
_ACCEPT = {"Accept": "text/html, */*;q=0.1", "Accept-Language": "vi"}
_NOT_SHOWN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
# How the guard's reasons begin, what they say of the page, and what officers read.
_REASONS = {
    ELSEWHERE: (Outcome.BROKEN, "link.fault.elsewhere"),
    "too many redirects": (Outcome.BROKEN, "link.fault.redirects"),
    "the address": (Outcome.UNKNOWN, "link.fault.not_public"),
    "the answer is too large": (Outcome.UNKNOWN, "link.fault.too_large"),
    "the host": (Outcome.UNKNOWN, "link.fault.host"),
}


@dataclass(frozen=True)
class Look:
    """What a look gave; `fault` is a key of the texts with its values.

    `wait`: for how many seconds the portal asked to be left alone.
    """

    outcome: Outcome
    fault: str | None = None
    wait: float = 0.0


def look(address: str) -> Look:
    """Ask a portal for a page once."""
    try:
        answer = guard().fetch(
            address, seconds=SECONDS, largest=LARGEST, headers=_ACCEPT, stay=True
        )
    except Permanent as fault:
        return _failed(str(fault))
    except Temporary as fault:
        return _failed(str(fault), fault.retry_after or 0.0)
    return _read(address, answer)


def _read(address: str, answer: Answer) -> Look:
    if _path(answer.url) == "/" != _path(address):
        return Look(Outcome.BROKEN, "link.fault.home")
    page = clean(html.unescape(answer.body.decode("utf-8", "replace")), lines=True)
    host = urlsplit(address).netloc
    met = [portal for portal in portals().values() if host in portal.hosts]
    if _says(page, (words for portal in met for words in portal.walls)):
        return Look(Outcome.UNKNOWN, "link.fault.wall")
    if _says(_NOT_SHOWN.sub("", page), (words for portal in met for words in portal.absent)):
        return Look(Outcome.BROKEN, "link.fault.absent")
    return Look(Outcome.GOOD)


def _says(page: str, words: Iterable[str]) -> bool:
    shown = page.casefold()
    return any(each.casefold() in shown for each in words)


def _path(address: str) -> str:
    return urlsplit(address).path or "/"


def _failed(reason: str, wait: float = 0.0) -> Look:
    kind, _, status = reason.partition(" ")
    if kind == "HTTP":
        outcome = Outcome.BROKEN if status in _GONE else Outcome.UNKNOWN
        return Look(outcome, f"link.fault.http|{urlencode({'status': status})}", wait)
    for begins, (outcome, fault) in _REASONS.items():
        if reason.startswith(begins):
            return Look(outcome, fault)
    told = urlencode({"reason": reason.rpartition(": ")[2]})
    return Look(Outcome.UNKNOWN, f"link.fault.silent|{told}")
