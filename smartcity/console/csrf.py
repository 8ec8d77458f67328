"""No other site changes anything at the console: each form carries what only our pages know.

A change needs, in this order: to come from our own pages as far as the browser tells (Fetch
Metadata, Origin), permission, and a field bound to the session, or to the browser that the sign-in
form was shown in. All before a view runs, and the body is read last.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request

from smartcity.console.cookies import visit
from smartcity.core.errors import Forbidden
from smartcity.core.signing import mac, verifies
from smartcity.identity import service as identity
from smartcity.identity.permissions import require

_SAFE = {"GET", "HEAD", "OPTIONS"}


def guard() -> None:
    """Refuse a change that did not begin on our pages; runs before every view of the console."""
    if not identity.at_console() or request.endpoint is None or request.method in _SAFE:
        return
    if not _from_our_pages():
        raise Forbidden("console.foreign_form")
    view: Any = current_app.view_functions[request.endpoint]
    require(view.permission)
    if not verifies("csrf", _bound_to(), request.form.get("csrf", "")):
        raise Forbidden("console.stale_form")


def csrf_token() -> str:
    """The hidden field `csrf` of a form."""
    return mac("csrf", _bound_to())


def _from_our_pages() -> bool:
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _bound_to() -> str:
    return f"session:{g.session_id}" if "session_id" in g else f"visit:{visit()}"
