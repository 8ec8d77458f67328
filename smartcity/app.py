"""Put the application together: the one place that knows every package."""

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from smartcity.changes.bytecache import keep_bytes
from smartcity.core import context, web
from smartcity.core.edge import guard_edge
from smartcity.core.health import serve_health
from smartcity.core.logs import configure_logs, log_requests
from smartcity.core.ratelimit import limits
from smartcity.core.routing import Route
from smartcity.identity.app_check import check_apps
from smartcity.identity.credentials import identify
from smartcity.media import resumable_routes
from smartcity.parts.background import METRICS
from smartcity.parts.routes import BLUEPRINTS, OUTSIDE_THE_API
from smartcity.settings import Settings

VERSION = "1.0.0"

OPENAPI = {
    "API_TITLE": "Smart City citizen app",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": "Field reports (phản ánh hiện trường) and what surrounds them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "partner_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "skp_<id>_<secret>",
                    "description": "A partner's key, given by an admin",
                },
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "webhook-signature",
                    "description": "Standard Webhooks, over webhook-id, webhook-timestamp and body",
                },
            }
        },
    },
}


def create_app(settings: Settings) -> Flask:
    """The WSGI application for one set of settings; the worker and commands run in its context."""
    configure_logs(settings)
    app = Flask(__name__)
    app.url_rule_class = Route
    app.config.update(OPENAPI)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    context.attach(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    log_requests(app)
    guard_edge(app, settings)
    identify(app)
    limits(app, settings)
    check_apps(app, settings)
    web.register_problem_handlers(app)
    web.keep_private(app)
    serve_health(app, *(metrics() for metrics in METRICS))
    app.add_url_rule("/docs", "docs", lambda: _docs(app))
    resumable_routes.take_override(app)
    api = web.Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    for blueprint in OUTSIDE_THE_API:
        app.register_blueprint(blueprint)
    keep_bytes(app, settings)
    return app


def _docs(app: Flask) -> Response:
    """The API document as a page, all of it from this machine."""
    return app.send_static_file("docs/index.html")
