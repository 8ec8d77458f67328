"""GeoReport v2 on the wire, in JSON: parameters out, rows in, errors in their own words."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from smartcity.adapters.centres.driver import Endpoint, Unfit, judged
from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.errors import Permanent, Temporary

Row = dict[str, Any]
Form = Sequence[tuple[str, str]]
LARGEST = 16 << 20  # bytes: a thousand requests with their descriptions
PAGE = 200  # requests asked for at once; a server may have its own mind
LONGEST_NAME = 80  # characters of an id of theirs
_PERSONAL = re.compile(r"[^\s,;<>]+@[^\s,;<>]+|\+?\d(?:[ .-]?\d){6,}")
_PRIVATE = {"api_key", "description", "address_string"}
_WORDS = 200  # characters of an error that are kept


class Client:
    """One server and our key there."""

    def __init__(self, endpoint: Endpoint, jurisdiction_id: str | None) -> None:
        parts = urlsplit(endpoint.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise Unfit("url", "the address is that of the server, up to its version")
        key = endpoint.secrets[0] if endpoint.secrets else ""
        if not key or key.startswith("whsec_"):
            raise Unfit("secret", "the key is one that the server gave")
        self._base = endpoint.url.rstrip("/")
        self._named = [("api_key", key)]
        self._named += [("jurisdiction_id", jurisdiction_id)] if jurisdiction_id else []
        self._http = TrustedPool("Open311 server", seconds=endpoint.timeout, largest=LARGEST)

    def get(self, resource: str, **query: str) -> list[Row]:
        """What a GET lists. Raises as `judged` does, in the server's words."""
        asked = [*query.items(), *self._named]
        url = f"{self._base}/{resource}.json?{urlencode(asked)}"
        return _rows(self._http.request("GET", url), asked)

    def pages(self, resource: str, **query: str) -> Iterator[Row]:
        """All that a GET lists, page by page; also of a server that knows no pages."""
        seen: set[str] = set()
        for page in range(1, 1_000):
            rows = self.get(resource, **query, page=str(page), page_size=str(PAGE))
            fresh = {ident(row, "service_request_id") or "" for row in rows} - seen
            if not fresh:
                return
            yield from rows
            seen |= fresh

    def post(self, resource: str, key: str, form: Form) -> Row:
        """What a POST answers; a server that knows Idempotency-Key does it once."""
        sent = [*self._named, *form]
        answer = self._http.request(
            "POST",
            f"{self._base}/{resource}.json",
            body=urlencode(sent).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                "Idempotency-Key": key,
            },
        )
        rows = _rows(answer, sent)
        return rows[0] if rows else {}


def ident(row: Row, name: str) -> str | None:
    """An id of theirs, which many servers give as a number."""
    value = row.get(name)
    told = str(value).strip() if isinstance(value, (str, int)) else ""
    return told if 0 < len(told) <= LONGEST_NAME else None


def written(at: datetime) -> str:
    """An instant as the specification has it (W3C), without the `+` that a query loses."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(told: Any) -> datetime | None:
    """When something was, in UTC where no zone is told; None when it is no time."""
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rows(answer: Answer, sent: Form) -> list[Row]:
    try:
        judged(answer)
    except Permanent as refusal:
        why = _why(answer, sent)
        raise Permanent(f"{refusal}: {why}" if why else str(refusal)) from None
    told = _json(answer)
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise Temporary("the answer is no list")
    return told


def _why(answer: Answer, sent: Form) -> str:
    """The server's description of an error, without what it repeats of a report or a person."""
    told = _json(answer)
    first = told[0] if isinstance(told, list) and told else {}
    words = str(first.get("description") or "") if isinstance(first, dict) else ""
    for name, value in sent:
        words = words.replace(value, "…") if value and name in _PRIVATE else words
    return _PERSONAL.sub("…", words)[:_WORDS]


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
