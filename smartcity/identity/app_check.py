"""Firebase App Check on what citizens and unknown callers write: off, counted only, or enforced."""

from flask import Flask, current_app, g, request
from prometheus_client import Counter

from smartcity.adapters.app_check import Verdict, judge
from smartcity.core.errors import Forbidden
from smartcity.identity.permissions import PERMISSIONS, Action, Role, principal
from smartcity.settings import Settings

HEADER = "X-Firebase-AppCheck"
RESULTS = Counter("app_check_total", "Writes of apps by what their token shows", ["result"])
_SAFE = {"GET", "HEAD", "OPTIONS"}
# Officers work from browsers; they refresh where citizens do, with a token that tells enough.
_OPEN = ("/api/v1/officer/", "/api/v1/auth/refresh")


def check_apps(app: Flask, settings: Settings) -> None:
    """Judge each write once the caller is known; registered after `identify`."""
    if settings.app_check == "off":
        return

    @app.before_request
    def check() -> None:
        if not _is_apps_write():
            return
        g.app_check = judge(request.headers.get(HEADER, ""))
        RESULTS.labels(g.app_check.value).inc()
        refused = g.app_check in (Verdict.BAD, Verdict.ABSENT)
        if refused and settings.app_check == "enforce":
            raise Forbidden("app_check.refused")


def verdict() -> Verdict | None:
    """What the present request's token showed, a signal of risk; None when none was asked for."""
    found: Verdict | None = g.get("app_check")
    return found


def _is_apps_write() -> bool:
    """Whether this is a change by a citizen, or by somebody unknown whom a route lets in."""
    if request.method in _SAFE or not request.path.startswith("/api/v1/"):
        return False
    if principal().role is not Role.ANYONE:
        return principal().role is Role.CITIZEN
    view = current_app.view_functions.get(request.endpoint or "")
    action = getattr(view, "permission", None)
    if action in (None, Action.CALL_BACK) or request.path.startswith(_OPEN):
        return False
    return Role.ANYONE in PERMISSIONS[action]
