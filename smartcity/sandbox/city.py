"""Our side, for a centre to try itself on: sends it events, takes its callbacks and judges them."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import urllib3
from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox import signing
from smartcity.sandbox.city_desk import APPLIED, INVALID, LATE, NOT_FOUND, REFUSED, Desk, Verdict
from smartcity.sandbox.city_reports import samples
from smartcity.sandbox.server import Server

AT_ONCE = 500  # callbacks of one batch
KEPT = 10_000  # verdicts
UNSIGNED = "unsigned"
_STATUS = {APPLIED: 200, LATE: 200, REFUSED: 409, INVALID: 422, NOT_FOUND: 404}
_PATH = "/api/v1/ioc/callbacks"


class City(Server):
    """A city with three sample reports; the secrets are `whsec_` + base64, as for the centre."""

    def __init__(self, secrets: Sequence[str], port: int = 0) -> None:
        super().__init__(port)
        self._keys = signing.keys(secrets)
        self._reports = samples()
        self._desk = Desk(self._reports)
        self._verdicts: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._http = urllib3.PoolManager(retries=False, timeout=10)
        self.app.post(_PATH)(self.take)
        self.app.post(f"{_PATH}/batch")(self.take_many)
        self.app.get("/verdicts")(self.verdicts)
        self.app.get("/reports")(self.reports)
        self.app.post("/play")(self.play)
        self.app.get("/")(self.page)

    def take(self) -> ResponseReturnValue:
        """One callback: 200, 400, 401, 404, 409, 422, as the product answers."""
        told = self._signed_body()
        verdict = self._judged(told)
        status = _STATUS[verdict.outcome]
        return (_taken(verdict), 200) if status == 200 else _problem(status, verdict)

    def take_many(self) -> ResponseReturnValue:
        """`{callbacks: […]}`, 500 at most: 200 `{items: […]}`, one an item in the same order."""
        told = self._signed_body()
        rows = told.get("callbacks") if isinstance(told, dict) else None
        if not isinstance(rows, list) or not 1 <= len(rows) <= AT_ONCE:
            fault = {"callbacks": f"a list of 1 to {AT_ONCE}"}
            self._note(verdict := Verdict(INVALID, fault))
            return _problem(422, verdict)
        judged = [self._judged(row) for row in rows]
        return {"items": [{**_taken(one), "errors": _errors(one)} for one in judged]}

    def verdicts(self) -> ResponseReturnValue:
        """Each callback with `right` or what is wrong with it, the newest last."""
        with self._lock:
            return jsonify(list(self._verdicts))

    def reports(self) -> ResponseReturnValue:
        """The sample reports as they stand."""
        return jsonify([asdict(report) for report in self._reports])

    def play(self) -> ResponseReturnValue:
        """Send the sample reports' events to `{url}`: what the centre answered to each."""
        asked = request.get_json()
        url = asked.get("url") if isinstance(asked, dict) else None
        if not isinstance(url, str):
            abort(400, "url: where your centre takes events")
        return jsonify([self._sent(url, e) for report in self._reports for e in report.events])

    def page(self) -> ResponseReturnValue:
        """Reports and verdicts, for people."""
        with self._lock:
            newest = list(self._verdicts)[::-1]
        page = render_template("city.html", reports=self._reports, verdicts=newest)
        return page, {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}

    def _signed_body(self) -> Any:
        body = request.get_data()
        if fault := signing.fault(self._keys, dict(request.headers), body):
            self._note(Verdict(UNSIGNED, {"webhook-signature": fault}))
            abort(401, fault)
        return request.get_json()

    def _judged(self, told: object) -> Verdict:
        verdict = self._desk.take(told)
        self._note(verdict)
        return verdict

    def _note(self, verdict: Verdict) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._lock:
            self._verdicts.append({"at": at, "right": not verdict.faults, **asdict(verdict)})

    def _sent(self, url: str, event: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        headers = signing.sign(self._keys, event["id"], body)
        headers["Content-Type"] = "application/cloudevents+json"
        told = {"report": event["subject"], "move": event["data"]["move"]}
        try:
            answer = self._http.request("POST", url, body=body.encode(), headers=headers)
        except urllib3.exceptions.HTTPError as problem:
            return {**told, "status": None, "fault": str(problem)}
        return {**told, "status": answer.status, "fault": None}


def _taken(verdict: Verdict) -> dict[str, Any]:
    told = {"outcome": verdict.outcome, "repeated": verdict.repeated, "status": verdict.status}
    return {"id": verdict.told.get("id"), **told}


def _errors(verdict: Verdict) -> dict[str, list[str]] | None:
    if verdict.outcome != INVALID:
        return None
    return {name: [fault] for name, fault in verdict.faults.items()}


def _problem(status: int, verdict: Verdict) -> ResponseReturnValue:
    detail = "; ".join(f"{name}: {fault}" for name, fault in verdict.faults.items())
    told = {"type": "about:blank", "title": verdict.outcome, "status": status, "detail": detail}
    body = {**told, "errors": _errors(verdict) or {}}
    return body, status, {"Content-Type": "application/problem+json"}
