"""Every table, job handler and metric: known wherever the application is."""

from typing import Any

from smartcity import housekeeping
from smartcity.audit import jobs as audit_jobs
from smartcity.audit import models as audit
from smartcity.audit.metrics import AuditMetrics
from smartcity.campaigns import jobs as campaigns_jobs
from smartcity.campaigns import models as campaigns
from smartcity.campaigns.metrics import CampaignMetrics
from smartcity.catalogue import models as catalogue
from smartcity.catalogue.opening import jobs as links_jobs
from smartcity.catalogue.opening.metrics import LinkMetrics
from smartcity.changes import models as changes
from smartcity.core import idempotency, quota, vault
from smartcity.guide import models as guide
from smartcity.guide.sky import jobs as sky_jobs
from smartcity.guide.sky.metrics import SkyMetrics
from smartcity.home import jobs as home_jobs
from smartcity.home import models as home
from smartcity.identity import jobs as identity_jobs
from smartcity.identity.metrics import CodeMetrics
from smartcity.ioc import jobs as ioc_jobs
from smartcity.ioc.metrics import DeliveryMetrics
from smartcity.ioc.reconciliation import jobs as reconciliation_jobs
from smartcity.jobs.metrics import QueueMetrics
from smartcity.media import jobs as media_jobs
from smartcity.news import models as news
from smartcity.news.documents import models as documents
from smartcity.news.editing import jobs as articles_jobs
from smartcity.news.sources import jobs as sources_jobs
from smartcity.news.sources import models as sources
from smartcity.news.sources.metrics import SourceMetrics
from smartcity.notices import jobs as notices_jobs
from smartcity.open311 import jobs as open311_jobs
from smartcity.participation import models as participation
from smartcity.participation.activities import jobs as volunteers_jobs
from smartcity.participation.contests import jobs as contests_jobs
from smartcity.participation.questions import jobs as questions_jobs
from smartcity.participation.questions.metrics import QuestionMetrics
from smartcity.privacy import jobs as privacy_jobs
from smartcity.privacy.metrics import BreachMetrics
from smartcity.push import jobs as push_jobs
from smartcity.push.hygiene import DeviceMetrics
from smartcity.push.metrics import BrakeMetrics
from smartcity.registers import jobs as registers_jobs
from smartcity.registers import models as registers
from smartcity.reports.deadlines import jobs as deadlines_jobs
from smartcity.reports.deadlines.metrics import DeadlineMetrics
from smartcity.reports.duplicates import jobs as duplicates_jobs
from smartcity.reports.handling import jobs as handling_jobs
from smartcity.reports.intake import jobs as intake_jobs
from smartcity.reports.intake.metrics import RoutingMetrics
from smartcity.search import models as search

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
    SkyMetrics,
    QuestionMetrics,
]
TABLES = (
    audit.AuditEntry,
    audit.AuditSeal,
    campaigns.Campaign,
    catalogue.Procedure,
    changes.Change,
    documents.Document,
    guide.Price,
    home.Card,
    idempotency.IdempotencyKey,
    news.Article,
    participation.Registration,
    quota.Quota,
    registers.Entry,
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
    registers_jobs,
    sources_jobs,
    links_jobs,
    sky_jobs,
    contests_jobs,
    questions_jobs,
    volunteers_jobs,
)
