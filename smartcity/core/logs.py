"""Structured logs, one JSON object a line, without personal data.

A value that a person typed never goes into a log; what slips through is masked.
"""

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from smartcity.settings import Settings

_PHONE = re.compile(r"(?<![\w-])(?:\+?84|0)[35789]\d{8}(?!\w)")
_TOKEN = re.compile(r"\b(?:eyJ[\w-]{10,}\.[\w.-]+|whsec_[\w+/=]+|rt_[\w.-]{20,})")
_REQUEST_ID = re.compile(r"[\w-]{8,64}")
log = structlog.get_logger(__name__)


def configure_logs(settings: Settings) -> None:
    """Send every logger's lines through one renderer to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendered: list[Any] = [
        structlog.processors.format_exc_info,
        mask,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for noisy in ("werkzeug", "urllib3", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def mask(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace phone numbers and tokens in every text of a line."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _TOKEN.sub("<token>", _PHONE.sub("<phone>", value))


def log_requests(app: Flask) -> None:
    """One line a request: route rule, status, milliseconds; never the path's or query's values."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        began = time.perf_counter()
        g.elapsed = lambda: time.perf_counter() - began
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        log.info(
            "request",
            method=request.method,
            route=str(request.url_rule or "unmatched"),
            status=response.status_code,
            ms=round(g.elapsed() * 1000, 1),
        )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")
