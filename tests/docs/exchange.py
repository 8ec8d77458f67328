"""Plays the requests of a page against a running system, and holds the answers against the page.

A ```http block that begins with a method is a request, one that begins with HTTP/1.1 its answer.
`{name}` in an answer is learnt where it is met first and holds from then on; in a request a name
that was never learnt is a fresh UUID. `…` is anything: in a text, as the end of a list, or as a
field for all others. A GET is repeated until its answer is the page's, 20 seconds at most.
"""

import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from tests.docs.pages import blocks

PATIENCE = 20.0  # seconds
PHOTO = "(the bytes of the photo)"
_NAME = re.compile(r"\{([a-z_]+)\}")
_HTTP = urllib3.PoolManager(retries=False, timeout=20)


class Differs(AssertionError):
    """The system does not answer as the page says."""


@dataclass
class Exchange:
    """One page's session: what it has learnt, and where its requests go."""

    base: str
    known: dict[str, str]
    photo: bytes = b""

    def play(self, page: Path) -> int:
        """Play all requests of a page in order; Differs names the line. The number of requests."""
        played = blocks(page, "http")
        pairs = list(zip(played[::2], played[1::2], strict=True))
        for request, answer in pairs:
            try:
                self._play(request.text, answer.text)
            except Differs as difference:
                raise Differs(f"{page.name}:{answer.line}: {difference}") from None
        return len(pairs)

    def _play(self, request: str, expected: str) -> None:
        deadline = time.monotonic() + PATIENCE
        again = request.startswith("GET")
        while True:
            answer = self._send(request)
            try:
                return self._compare(expected, answer)
            except Differs:
                if not again or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def _send(self, request: str) -> urllib3.BaseHTTPResponse:
        filled = _NAME.sub(lambda m: self.known.setdefault(m[1], str(uuid.uuid4())), request)
        first, headers, body = _parts(filled)
        method, target = first.split(" ")
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json"
        return _HTTP.request(
            method,
            target if target.startswith("http") else self.base + target,
            body=self._body(body, headers) or None,
            headers=headers,
            redirect=False,
        )

    def _body(self, body: str, headers: Mapping[str, str]) -> bytes:
        if not headers.get("Content-Type", "").startswith("multipart"):
            return body.encode()
        return body.replace("\n", "\r\n").encode().replace(PHOTO.encode(), self.photo)

    def _compare(self, expected: str, answer: urllib3.BaseHTTPResponse) -> None:
        first, headers, body = _parts(expected)
        told = f"{answer.status} {answer.data[:2000].decode(errors='replace')}"
        if int(first.split(" ")[1]) != answer.status:
            raise Differs(f"expected {first}, got {told}")
        learnt = dict(self.known)
        for name, value in headers.items():
            _match(value, answer.headers.get(name), f"header {name}", learnt)
        if body:
            _match(json.loads(body), answer.json(), "", learnt)
        elif answer.data and answer.status == 204:
            raise Differs(f"expected no body, got {told}")
        self.known.update(learnt)


def _parts(text: str) -> tuple[str, dict[str, str], str]:
    """First line, headers and body of a message."""
    head, _, body = text.strip("\n").partition("\n\n")
    first, *lines = head.split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body


def _match(pattern: Any, value: Any, where: str, known: dict[str, str]) -> None:
    """Learn the names of a pattern that a value fits; Differs where it does not."""
    match pattern, value:
        case "…", _:
            pass
        case dict(), dict():
            _match_object(pattern, value, where, known)
        case list(), list():
            _match_list(pattern, value, where, known)
        case str(), str():
            _match_text(pattern, value, where, known)
        case _ if pattern != value:
            raise Differs(f"{where}: expected {pattern!r}, got {value!r}")


def _match_object(
    pattern: dict[str, Any], value: dict[str, Any], where: str, known: dict[str, str]
) -> None:
    named = pattern.keys() - {"…"}
    if missing := named - value.keys():
        raise Differs(f"{where}: no {sorted(missing)} in {value}")
    if "…" not in pattern and (more := value.keys() - named):
        raise Differs(f"{where}: the page lacks {sorted(more)}")
    for key, part in pattern.items():
        if key in named:
            _match(part, value[key], f"{where}.{key}", known)


def _match_list(pattern: list[Any], value: list[Any], where: str, known: dict[str, str]) -> None:
    open_ended = bool(pattern) and pattern[-1] == "…"
    wanted = pattern[:-1] if open_ended else pattern
    if len(value) < len(wanted) or (len(value) > len(wanted) and not open_ended):
        raise Differs(f"{where}: expected {len(wanted)} items, got {value}")
    for number, (one, other) in enumerate(zip(wanted, value, strict=False)):
        _match(one, other, f"{where}[{number}]", known)


def _match_text(pattern: str, value: str, where: str, known: dict[str, str]) -> None:
    parts = re.split(r"(\{[a-z_]+\}|…)", pattern)
    found = re.fullmatch("".join(_regex(part, known) for part in parts), value, re.S)
    if found is None:
        raise Differs(f"{where}: expected {pattern!r}, got {value!r}")
    known.update(found.groupdict())


def _regex(part: str, known: dict[str, str]) -> str:
    if part == "…":
        return ".*"
    name = _NAME.fullmatch(part)
    if name is None:
        return re.escape(part)
    return re.escape(known[name[1]]) if name[1] in known else f"(?P<{name[1]}>.+)"
