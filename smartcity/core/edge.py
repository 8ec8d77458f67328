"""What every answer tells a browser, whose pages may call the API, and how much may be sent.

The headers follow OWASP's Secure Headers Project; the policies allow no inline script or style.
"""

from flask import Flask, Response, request
from flask_cors import CORS

from smartcity.settings import Settings

LARGEST_BODY = 256 * 1024  # bytes of JSON; a photo's route raises it for itself
MOST_PARTS = 100  # of a form or multipart body
# Bytes of one field that is no file. Werkzeug holds what it has read but not yet handed on against
# it, files too: its 64 KiB at a time, and a rest that may be the beginning of a boundary.
LARGEST_FIELD = 128 * 1024
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_TWO_YEARS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
_EXPOSED = (
    "ETag RateLimit RateLimit-Policy Retry-After Location Idempotency-Replayed X-Request-ID "
    "Tus-Resumable Tus-Version Tus-Extension Tus-Max-Size "
    "Upload-Offset Upload-Length Upload-Expires"
)
_PREFLIGHT_KEPT = 3600  # seconds


def guard_edge(app: Flask, settings: Settings) -> None:
    """Limit bodies, answer CORS, and set the security headers; registered before any route."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_PARTS,
        MAX_FORM_MEMORY_SIZE=LARGEST_FIELD,
    )
    # A redirect to the same path with or without a slash would name the host that a caller wrote.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    if settings.cors_origins:
        _allow(app, list(settings.cors_origins))
    told = (*_EVERYWHERE, _TWO_YEARS) if settings.production else _EVERYWHERE
    page, other = (
        [*told, ("Content-Security-Policy", policy)] for policy in (PAGE_POLICY, API_POLICY)
    )

    @app.after_request
    def told_to_browsers(response: Response) -> Response:
        stricter = response.headers.get("Referrer-Policy")
        response.headers.extend(page if response.mimetype == "text/html" else other)
        if stricter:
            response.headers["Referrer-Policy"] = stricter
        # Photos are shown by the pages of operations centres too.
        reach = "cross-origin" if request.path.startswith("/media/") else "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = reach
        return response


def _allow(app: Flask, origins: list[str]) -> None:
    """Let the pages of some origins call the API: with tokens, never with cookies."""
    CORS(
        app,
        resources=r"/api/.*",
        origins=origins,
        expose_headers=_EXPOSED.split(),
        max_age=_PREFLIGHT_KEPT,
        always_send=False,
        vary_header=False,
    )

    @app.after_request
    def vary(response: Response) -> Response:
        """A cache must not give one origin's answer to another, nor to who sent none."""
        if request.path.startswith("/api/"):
            response.vary.add("Origin")
        return response
