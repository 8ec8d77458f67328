"""Put the application together: the one place that knows every package."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from smartcity.core import context, idempotency, web
from smartcity.core.logs import configure_logs, log_requests
from smartcity.core.ratelimit import limits
from smartcity.settings import Settings

VERSION = "1.0.0"
LARGEST_BODY = 64 * 1024  # JSON; a photo's route raises it for itself
BLUEPRINTS: list[Any] = []
TABLES = [idempotency.IdempotencyKey]

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
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            }
        },
    },
}


def create_app(settings: Settings) -> Flask:
    """The WSGI application for one set of settings; the worker and commands run in its context."""
    configure_logs(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(OPENAPI, MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    context.attach(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    log_requests(app)
    limits(app, settings)
    web.register_problem_handlers(app)
    api = web.Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    return app
