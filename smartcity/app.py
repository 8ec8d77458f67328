"""Put the application together: the one place that knows every package."""

from typing import Any

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from smartcity import housekeeping
from smartcity.areas import routes as areas
from smartcity.audit import jobs as audit_jobs
from smartcity.audit import models as audit
from smartcity.audit import routes as audit_routes
from smartcity.audit.metrics import AuditMetrics
from smartcity.campaigns import campaign_routes
from smartcity.campaigns import jobs as campaigns_jobs
from smartcity.campaigns import models as campaigns
from smartcity.campaigns import officer_routes as campaign_steps
from smartcity.campaigns import receipt_routes as push_receipts
from smartcity.campaigns import template_routes as push_templates
from smartcity.campaigns import truth_routes as campaign_truth
from smartcity.campaigns.metrics import CampaignMetrics
from smartcity.catalogue import models as catalogue
from smartcity.catalogue.checklists import checklist_routes
from smartcity.catalogue.checklists import page_routes as service_pages
from smartcity.catalogue.desk import link_routes as service_links
from smartcity.catalogue.desk import officer_routes as service_desk
from smartcity.catalogue.finding import path_routes
from smartcity.catalogue.finding import routes as services
from smartcity.catalogue.opening import jobs as links_jobs
from smartcity.catalogue.opening import opening_routes
from smartcity.catalogue.opening.metrics import LinkMetrics
from smartcity.catalogue.reading import service_routes
from smartcity.changes import models as changes
from smartcity.changes.bytecache import keep_bytes
from smartcity.console import account_routes as console_account
from smartcity.console import campaign_routes as console_campaigns
from smartcity.console import delivery_routes as console_deliveries
from smartcity.console import routes as console
from smartcity.console import sso_routes
from smartcity.core import context, idempotency, quota, vault, web
from smartcity.core.edge import guard_edge
from smartcity.core.health import serve_health
from smartcity.core.logs import configure_logs, log_requests
from smartcity.core.ratelimit import limits
from smartcity.core.routing import Route
from smartcity.home import bookmark_routes, card_routes, config_routes, contact_routes
from smartcity.home import jobs as home_jobs
from smartcity.home import models as home
from smartcity.home import routes as home_routes
from smartcity.home import search_routes as public_search
from smartcity.identity import admin_routes, federation_routes, partner_routes, session_routes
from smartcity.identity import jobs as identity_jobs
from smartcity.identity import officer_routes as own_account
from smartcity.identity import routes as identity
from smartcity.identity.app_check import check_apps
from smartcity.identity.credentials import identify
from smartcity.identity.metrics import CodeMetrics
from smartcity.ioc import admin_routes as ioc_destinations
from smartcity.ioc import callback_routes as ioc_callbacks
from smartcity.ioc import delivery_routes as ioc_deliveries
from smartcity.ioc import feed_routes as ioc_feed
from smartcity.ioc import jobs as ioc_jobs
from smartcity.ioc import routes as ioc
from smartcity.ioc.metrics import DeliveryMetrics
from smartcity.ioc.reconciliation import jobs as reconciliation_jobs
from smartcity.ioc.reconciliation import officer_routes as reconciliations
from smartcity.jobs.metrics import QueueMetrics
from smartcity.media import file_routes, resumable_routes
from smartcity.media import jobs as media_jobs
from smartcity.media import routes as media
from smartcity.news import models as news
from smartcity.news.documents import document_routes
from smartcity.news.documents import models as documents
from smartcity.news.documents import officer_routes as document_desk
from smartcity.news.editing import article_routes as articles
from smartcity.news.editing import jobs as articles_jobs
from smartcity.news.editing import officer_routes as article_steps
from smartcity.news.reading import page_routes as news_pages
from smartcity.news.reading import read_routes
from smartcity.news.reading import routes as public_news
from smartcity.news.reading import syndication_routes as news_feeds
from smartcity.news.sources import jobs as sources_jobs
from smartcity.news.sources import models as sources
from smartcity.news.sources import source_routes
from smartcity.news.sources.metrics import SourceMetrics
from smartcity.notices import jobs as notices_jobs
from smartcity.notices import routes as notices
from smartcity.open311 import jobs as open311_jobs
from smartcity.open311 import officer_routes as open311_unplaced
from smartcity.open311 import routes as open311
from smartcity.privacy import jobs as privacy_jobs
from smartcity.privacy import officer_routes as registers
from smartcity.privacy import routes as privacy
from smartcity.privacy.metrics import BreachMetrics
from smartcity.push import device_routes, inbox_routes
from smartcity.push import jobs as push_jobs
from smartcity.push import officer_routes as push_officers
from smartcity.push.hygiene import DeviceMetrics
from smartcity.push.metrics import BrakeMetrics
from smartcity.reports import category_routes, officer_routes
from smartcity.reports import routes as reports
from smartcity.reports.deadlines import jobs as deadlines_jobs
from smartcity.reports.deadlines.metrics import DeadlineMetrics
from smartcity.reports.desk import admin_routes as replies
from smartcity.reports.desk import officer_routes as officer_desk
from smartcity.reports.desk import routes as comments
from smartcity.reports.desk import search_routes
from smartcity.reports.duplicates import jobs as duplicates_jobs
from smartcity.reports.duplicates import officer_routes as duplicates_desk
from smartcity.reports.duplicates import routes as duplicates_routes
from smartcity.reports.handling import jobs as handling_jobs
from smartcity.reports.handling import routes as handling
from smartcity.reports.intake import jobs as intake_jobs
from smartcity.reports.intake import routes as intake
from smartcity.reports.intake.metrics import RoutingMetrics
from smartcity.reports.publication import officer_routes as publication
from smartcity.reports.publication import routes as public_reports
from smartcity.reports.statistics import routes as statistics
from smartcity.search import models as search
from smartcity.settings import Settings

VERSION = "1.0.0"
BLUEPRINTS: list[Any] = [
    identity.blp,
    admin_routes.blp,
    partner_routes.blp,
    session_routes.blp,
    own_account.blp,
    federation_routes.blp,
    audit_routes.blp,
    areas.blp,
    category_routes.blp,
    media.blp,
    media.files,
    resumable_routes.blp,
    file_routes.blp,
    file_routes.downloads,
    reports.blp,
    officer_routes.blp,
    duplicates_routes.blp,
    duplicates_desk.blp,
    handling.blp,
    intake.blp,
    public_reports.blp,
    publication.blp,
    statistics.blp,
    statistics.root,
    public_search.blp,
    search_routes.blp,
    comments.blp,
    officer_desk.blp,
    replies.blp,
    device_routes.blp,
    inbox_routes.blp,
    push_officers.blp,
    push_receipts.blp,
    campaign_routes.blp,
    campaign_steps.blp,
    push_templates.blp,
    articles.blp,
    article_steps.blp,
    source_routes.blp,
    campaign_truth.blp,
    notices.blp,
    public_news.blp,
    read_routes.blp,
    ioc.blp,
    ioc_feed.blp,
    reconciliations.blp,
    ioc_callbacks.blp,
    ioc_destinations.blp,
    ioc_deliveries.blp,
    open311_unplaced.blp,
    privacy.blp,
    privacy.archives,
    registers.blp,
    document_routes.blp,
    document_desk.blp,
    services.blp,
    path_routes.blp,
    service_routes.blp,
    checklist_routes.blp,
    bookmark_routes.blp,
    home_routes.blp,
    card_routes.blp,
    contact_routes.blp,
    config_routes.blp,
    opening_routes.blp,
    service_desk.blp,
    service_links.blp,
]
# Open311 has a document of its own; pages and feeds are for browsers and feed readers.
OUTSIDE_THE_API: list[Any] = [
    open311.blp,
    news_feeds.blp,
    news_pages.blp,
    service_pages.blp,
    console.blp,
    console_account.blp,
    console_deliveries.blp,
    console_campaigns.blp,
    sso_routes.blp,
]
METRICS: list[Any] = [
    QueueMetrics,
    CodeMetrics,
    BreachMetrics,
    AuditMetrics,
    RoutingMetrics,
    DeadlineMetrics,
    DeliveryMetrics,
    BrakeMetrics,
    CampaignMetrics,
    DeviceMetrics,
    SourceMetrics,
    LinkMetrics,
]
# Named here so that every table and every job handler is known wherever the application is.
TABLES = (
    audit.AuditEntry,
    audit.AuditSeal,
    campaigns.Campaign,
    catalogue.Procedure,
    changes.Change,
    documents.Document,
    home.Card,
    idempotency.IdempotencyKey,
    news.Article,
    quota.Quota,
    search.Entry,
    sources.Source,
    vault.PersonKey,
)
HANDLERS = (
    housekeeping,
    audit_jobs,
    campaigns_jobs,
    identity_jobs,
    ioc_jobs,
    reconciliation_jobs,
    media_jobs,
    open311_jobs,
    privacy_jobs,
    push_jobs,
    handling_jobs,
    duplicates_jobs,
    intake_jobs,
    notices_jobs,
    articles_jobs,
    deadlines_jobs,
    home_jobs,
    sources_jobs,
    links_jobs,
)

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
