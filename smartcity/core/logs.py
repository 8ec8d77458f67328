"""Structured logs, one JSON object a line, without personal data.

A value that a person typed never goes into a log; what slips through is masked.
"""

import json
import logging
import re
import secrets
import sys
import time
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Response, g, request

from smartcity.core.masking import masked, plain, plain_lines
from smartcity.settings import Settings

_REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
_PERSONAL = re.compile(r"(?<!\d)(?:(?:84|0)[35789]\d{8}|0\d{11})(?!\d)")
# What they tell in detail is what was sent and asked, credentials and all.
_NOISY = (
    "alembic",
    "authlib",
    "boto3",
    "botocore",
    "flask_cors",
    "google",
    "PIL",
    "s3transfer",
    "urllib3",
    "werkzeug",
)
log = structlog.get_logger(__name__)


def configure_logs(settings: Settings) -> None:
    """Send every logger's lines through one renderer to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
    ]
    rendered: list[Any] = [
        structlog.processors.format_exc_info,
        mask,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    logging.captureWarnings(True)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    server = logging.getLogger("gunicorn.error")  # it tells whole addresses of requests
    server.handlers, server.propagate = [], True


def mask(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take secrets and control characters out of a line's names and values."""
    trace = event.pop("exception", None)
    shown = {plain(name): masked(value, name) for name, value in event.items()}
    return {**shown, "exception": plain_lines(trace)} if trace else shown


class _Handler(logging.StreamHandler[Any]):
    """Writes lines; one that cannot be written is told of without its values."""

    def handleError(self, record: logging.LogRecord) -> None:
        fault = getattr(sys.exc_info()[0], "__name__", "")
        line = {"event": "log.failed", "logger": plain(record.name), "reason": fault}
        with suppress(OSError, ValueError):
            self.stream.write(json.dumps(line) + self.terminator)


def log_requests(app: Flask) -> None:
    """One line a request: route rule, status, milliseconds; never the path's or query's values."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        good = _REQUEST_ID.fullmatch(given) and not _PERSONAL.search(given)
        g.request_id = given if good else secrets.token_hex(8)
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
