"""A GeoReport v2 server of another make: numbers for ids, no pages, no Idempotency-Key."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request

Row = dict[str, Any]


class OtherServer:
    """Takes what it is sent, and lists what it holds; `in_batches` it names requests later."""

    def __init__(self, in_batches: bool = False) -> None:
        self.in_batches = in_batches
        self.requests: list[Row] = []
        self.updates: list[Row] = []
        self.tokens: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.keys: list[str | None] = []
        self.answers: Callable[[], Response] | None = None  # in place of its own
        self.app = Flask("other server")
        for path, view in (
            ("/requests.json", self._requests),
            ("/tokens/<token>.json", self._token),
            ("/servicerequestupdates.json", self._updates),
        ):
            self.app.add_url_rule(path, path, view, methods=["GET", "POST"])
        self.app.before_request(self._note)

    def name(self, token: str) -> None:
        """Give the request of a token its id."""
        self.tokens[token] = str(6 + len(self.requests))

    def _note(self) -> Response | None:
        self.asked.append((request.method + " " + request.path, request.values.to_dict()))
        self.keys.append(request.headers.get("Idempotency-Key"))
        return self.answers() if self.answers else None

    def _requests(self) -> Response:
        if request.method == "GET":
            return jsonify(self.requests)
        photos = request.form.getlist("media_url")
        id = 7 + len(self.requests)
        self.requests.append({**request.form, "service_request_id": id, "media_urls": photos})
        if self.in_batches:
            return jsonify([{"token": f"t{len(self.requests)}"}])
        return jsonify([{"service_request_id": id}])

    def _token(self, token: str) -> Response:
        named = {"service_request_id": self.tokens[token]} if token in self.tokens else {}
        return jsonify([{"token": token, **named}])

    def _updates(self) -> Response:
        if request.method == "GET":
            return jsonify(self.updates)
        photos = request.form.getlist("media_url")
        self.updates.append({**request.form, "media_urls": photos})
        return jsonify([{"update_id": len(self.updates)}])
