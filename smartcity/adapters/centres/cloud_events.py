"""Signed events to an operations centre: CloudEvents 1.0 under Standard Webhooks."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from smartcity.adapters.centres.driver import Endpoint, Outgoing, Polled, judged
from smartcity.adapters.centres.signatures import keys, sign
from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.errors import Temporary
from smartcity.core.ids import new_id

CONTENT_TYPE = "application/cloudevents+json"
REPAIR = "smartcity-repair"
AT_ONCE = 500  # callbacks asked for in one poll
LARGEST = 4 << 20  # bytes of an answer: so many callbacks of the longest words


class CloudEvents:
    """Speaks to one centre. Options: `reconcile_url`, `poll_url`, `poll_seconds`."""

    needs_reference: ClassVar[bool] = False

    def __init__(self, endpoint: Endpoint) -> None:
        self._url = endpoint.url
        self._options = endpoint.options
        self._keys = keys(endpoint.secrets)
        self._every = _seconds(endpoint.options.get("poll_seconds", "60"))
        self._http = TrustedPool("operations centre", seconds=endpoint.timeout, largest=LARGEST)

    def deliver(self, outgoing: Outgoing) -> str | None:
        """POST the event; `reference` of a JSON answer is kept."""
        headers = {"Content-Type": CONTENT_TYPE}
        if outgoing.repair:
            headers[REPAIR] = outgoing.repair
        return _reference(self._call("POST", self._url, outgoing.id, outgoing.body, **headers))

    def poll(self, cursor: str | None) -> Polled | None:
        """GET what the centre would have called back with."""
        if not self._options.get("poll_url"):
            return None
        query = urlencode({"after": cursor or "", "limit": AT_ONCE})
        answer = self._call("GET", f"{self._options['poll_url']}?{query}", str(new_id()), "")
        told, asked = _object(answer), cursor or ""
        callbacks, later = told.get("callbacks"), told.get("next") or asked
        if not isinstance(callbacks, list) or not isinstance(later, str):
            raise Temporary("the answer has no list of callbacks, or its next is no text")
        more = bool(callbacks) and later != asked
        return Polled(callbacks, later, more=more, every=self._every)

    def reconcile(self, page: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """POST what we delivered of some reports; the answer is what the centre holds of them."""
        if not self._options.get("reconcile_url"):
            return None
        body = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
        headers = {"Content-Type": "application/json"}
        url = self._options["reconcile_url"]
        return _object(self._call("POST", url, str(new_id()), body, **headers))

    def _call(self, method: str, url: str, id: str, body: str, **headers: str) -> Answer:
        signed = sign(self._keys, id, body)
        content = {"body": body.encode()} if method == "POST" else {}
        return judged(self._http.request(method, url, headers={**headers, **signed}, **content))


def _seconds(told: str) -> float:
    if not (told.isdecimal() and 5 <= int(told) <= 86_400):
        raise ValueError("poll_seconds is 5 to 86400")
    return float(told)


def _object(answer: Answer) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Temporary("the answer is no JSON object")
    return told


def _reference(answer: Answer) -> str | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    reference = told.get("reference") if isinstance(told, dict) else None
    return reference[:100] if isinstance(reference, str) else None
