"""A province's operations centre (IOC): takes CloudEvents, shows them, and calls back."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import urllib3
from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox import cloudevents, signing
from smartcity.sandbox.callbacks import Callbacks
from smartcity.sandbox.faults import ERROR, FLAKY, Fault, Faults
from smartcity.sandbox.ledger import Ledger
from smartcity.sandbox.server import Server

MAX_BODY = 20_000  # bytes; what the sender promises
SLOW = "slow"
TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
_COUNTS = (
    "received",
    "accepted",
    "duplicates",
    "stale",
    "repaired",
    "refused",
    "bad_signature",
    "failed_on_purpose",
)
_COUNTED_AS = {"duplicate": "duplicates"}
REPAIR = "smartcity-repair"
AT_ONCE = 200  # reports of one page of a reconciliation


class Ioc(Server):
    """An operations centre; the secrets are `whsec_` + base64, `callback_url` may be set later."""

    def __init__(
        self,
        secrets: Sequence[str],
        port: int = 0,
        journal: Path | None = None,
        callback_url: str | None = None,
    ) -> None:
        super().__init__(port)
        self.callback_url = callback_url
        self._keys = signing.keys(secrets)
        self._callbacks = Callbacks(self._keys)
        self._ledger = Ledger(journal)
        self._faults = Faults(ERROR, SLOW, TIMEOUT_AFTER_ACCEPT, FLAKY)
        self._counts = Counter(dict.fromkeys(_COUNTS, 0))
        self._lock = threading.Lock()
        self.app.register_blueprint(self._faults.routes())
        self.app.post("/events")(self.receive)
        self.app.get("/events")(self.events)
        self.app.delete("/events/<id>")(self.forget)
        self.app.post("/reconciliation")(self.reconcile)
        self.app.get("/stats")(self.stats)
        self.app.post("/callbacks")(self.call_back)
        self.app.get("/callbacks")(self.kept_callbacks)
        self.app.get("/")(self.page)

    def receive(self) -> ResponseReturnValue:
        """202 accepted, 200 duplicate or stale, 400, 401, 413; or the fault asked for."""
        self._count("received")
        fault = self._faults.strike() or Fault(mode="none")
        if fault.mode == ERROR:
            self._count("failed_on_purpose")
            return {"error": "a fault on purpose"}, fault.status, fault.headers()
        if fault.mode == SLOW:
            time.sleep(fault.delay)
        answer = self._take()
        if fault.mode == TIMEOUT_AFTER_ACCEPT:
            time.sleep(fault.delay)
        return answer

    def events(self) -> ResponseReturnValue:
        """Accepted events in order of arrival; `since` skips that many, `subject` picks one's."""
        events = self._ledger.since(max(0, request.args.get("since", 0, int)))
        subject = request.args.get("subject")
        return jsonify([e for e in events if subject is None or e.get("subject") == subject])

    def forget(self, id: str) -> ResponseReturnValue:
        """Lose an accepted event, so that a reconciliation misses it; 404 when it is not there."""
        if not self._ledger.forget(id):
            abort(404, "no such event")
        return "", 204

    def reconcile(self) -> ResponseReturnValue:
        """What is held of the reports asked for: 200 `{reports: [{report, events}]}`, 400, 401."""
        if not self._is_signed():
            abort(401, "the signature is missing, wrong or old")
        held = self._ledger.hashes(_asked(request.get_json()))
        return {"reports": [{"report": name, "events": events} for name, events in held.items()]}

    def stats(self) -> ResponseReturnValue:
        """How many deliveries were received, and what became of them."""
        with self._lock:
            return dict(self._counts)

    def call_back(self) -> ResponseReturnValue:
        """Send a callback: `{status, body, sent}`; 409 without an address, 502 if none answers.

        With `"queue": true` it waits to be asked for: `{status: 202, body: null, sent}`.
        """
        wish = request.get_json()
        waits = isinstance(wish, dict) and wish.pop("queue", False) is True
        if not (self.callback_url or waits):
            abort(409, "no callback URL")
        try:
            sent = self._callbacks.compose(wish)
            if waits or not self.callback_url:
                self._callbacks.keep(sent)
                return {"status": 202, "body": None, "sent": sent}
            status, body = self._callbacks.send(self.callback_url, sent)
        except ValueError as problem:
            abort(400, str(problem))
        except urllib3.exceptions.HTTPError as problem:
            abort(502, str(problem))
        return {"status": status, "body": body, "sent": sent}

    def kept_callbacks(self) -> ResponseReturnValue:
        """What waits to be asked for, signed over the empty body: `{callbacks, next}`, 401."""
        if not self._is_signed():
            abort(401, "the signature is missing, wrong or old")
        after, limit = request.args.get("after", 0, int), request.args.get("limit", 500, int)
        return self._callbacks.kept(max(0, after), min(max(1, limit), 500))

    def page(self) -> ResponseReturnValue:
        """What the centre holds, for people."""
        page = render_template(
            "ioc.html", reports=self._ledger.by_report(), counts=self.stats(), names=_COUNTS
        )
        return page, {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}

    def _take(self) -> ResponseReturnValue:
        body = request.get_data()
        if not self._is_signed():
            return self._refuse("bad_signature", 401, "the signature is missing, wrong or old")
        if len(body) > MAX_BODY:
            return self._refuse("refused", 413, f"more than {MAX_BODY} bytes")
        try:
            event = cloudevents.read(request.content_type, body)
        except ValueError as problem:
            return self._refuse("refused", 400, str(problem))
        status, reference = self._ledger.take(event, body, request.headers.get(REPAIR))
        self._count(_COUNTED_AS.get(status, status))
        if reference:
            return {"status": status, "reference": reference}, 202
        return {"status": status}

    def _is_signed(self) -> bool:
        return signing.is_signed(self._keys, dict(request.headers), request.get_data())

    def _refuse(self, kind: str, status: int, reason: str) -> ResponseReturnValue:
        self._count(kind)
        return {"error": reason}, status

    def _count(self, kind: str) -> None:
        with self._lock:
            self._counts[kind] += 1


def _asked(page: object) -> list[str]:
    """The reports of a page of a reconciliation."""
    rows = page.get("reports") if isinstance(page, dict) else None
    if not isinstance(rows, list) or len(rows) > AT_ONCE:
        abort(400, f"reports is a list of {AT_ONCE} at most")
    names = [row.get("report") for row in rows if isinstance(row, dict)]
    asked = [name for name in names if isinstance(name, str)]
    if len(asked) < len(rows):
        abort(400, "each has its report's code")
    return asked
