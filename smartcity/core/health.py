"""Is the process alive, is it ready, how is it doing."""

import os

from flask import Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.errors import Unauthenticated, Unavailable
from smartcity.core.migrations import is_current
from smartcity.core.signing import same

REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SOON = {"Retry-After": "5"}


def serve_health(app: Flask, *collectors: Collector) -> None:
    """Add `/healthz`, `/readyz` and `/metrics`; `collectors` are read at every scrape.

    Readiness asks for the database and its migrations only: an operations centre that is down
    never unloads the API.
    """
    app.add_url_rule("/healthz", "healthz", _alive)
    app.add_url_rule("/readyz", "readyz", _ready)
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(collectors))
    app.after_request(_count)


def _alive() -> Response:
    return jsonify(status="alive")


def _ready() -> Response:
    try:
        with reading() as session:
            current = is_current(session.connection())
    except SQLAlchemyError:
        raise Unavailable("health.no_database", headers=_SOON) from None
    if not current:
        raise Unavailable("health.not_migrated", headers=_SOON)
    return jsonify(status="ready")


def _metrics(collectors: tuple[Collector, ...]) -> Response:
    """Prometheus text of all worker processes of this machine."""
    key = settings().metrics_key
    if key and not same(request.headers.get("Authorization", ""), f"Bearer {key}"):
        raise Unauthenticated("identity.sign_in", headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in collectors:
        registry.register(collector)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _count(response: Response) -> Response:
    route = str(request.url_rule or "unmatched")
    method = request.method if request.method in _METHODS else "other"  # a caller may invent some
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(route).observe(g.elapsed())
    return response
