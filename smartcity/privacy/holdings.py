"""Everything that is held of a citizen: by which columns, how he is told of it, how it goes.

A test reads the database's whole shape and fails on a column that names a person and stands
neither here nor among the reasoned exemptions.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.catalogue import service as catalogue
from smartcity.core import idempotency
from smartcity.home import service as home
from smartcity.identity import service as identity
from smartcity.media import service as media
from smartcity.participation import service as participation
from smartcity.privacy import exports, requests
from smartcity.push import service as push
from smartcity.reports import service as reports

Told = Callable[[Session, uuid.UUID], Iterator[dict[str, Any]]]
Erase = Callable[[Session, uuid.UUID], None]


@dataclass(frozen=True)
class Holding:
    """A kind of data: its file in the archive, and the columns that tie it to a person.

    `told` is None for what he is not given, `erase` for what is not erased: `why` says it.
    """

    name: str
    columns: tuple[str, ...]
    told: Told | None
    erase: Erase | None
    why: str = ""


def _photos(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    return media.held_photos(session, key_of(citizen_id))


def _erase_photos(session: Session, citizen_id: uuid.UUID) -> None:
    media.erase_owner(session, key_of(citizen_id))


def _erase_answers(session: Session, citizen_id: uuid.UUID) -> None:
    idempotency.forget_caller(session, key_of(citizen_id))


def key_of(citizen_id: uuid.UUID) -> str:
    """A citizen's word in records: his principal's key."""
    return f"citizen:{citizen_id}"


# Erased in this order: what points at a person goes before him.
HOLDINGS = (
    Holding(
        "report_devices",
        ("report_devices.device_index",),
        reports.held_devices,
        reports.forget_devices,
    ),
    Holding(
        "reports",
        ("reports.reporter_id", "report_events.actor"),
        reports.held_reports,
        reports.erase_reporter,
    ),
    Holding(
        "comments",
        ("report_comments.citizen_id",),
        reports.held_comments,
        reports.erase_comments,
    ),
    Holding(
        "supports",
        ("report_supports.citizen_id",),
        reports.held_supports,
        reports.erase_supports,
    ),
    Holding(
        "following",
        ("report_followers.citizen_id",),
        reports.held_following,
        reports.erase_following,
    ),
    Holding("photos", ("media.owner",), _photos, _erase_photos),
    Holding("inbox", ("inbox_messages.citizen_id",), push.held_inbox, push.erase_inbox),
    Holding("broadcasts_read", ("broadcast_marks.reader",), push.held_marks, push.erase_marks),
    Holding("devices", ("devices.citizen_id",), push.held_devices, push.erase_devices),
    Holding("bookmarks", ("bookmarks.citizen_id",), home.held_bookmarks, home.erase_bookmarks),
    Holding(
        "checklists",
        ("checklists.citizen_id",),
        catalogue.held_checklists,
        catalogue.erase_checklists,
    ),
    Holding(
        "registrations",
        ("activity_registrations.citizen_id", "activity_registrations.called_sealed"),
        participation.held_registrations,
        participation.erase_registrations,
    ),
    Holding(
        "contests",
        (
            "contest_entrants.citizen_id",
            "contest_attempts.citizen_id",
            "contest_winners.citizen_id",
        ),
        participation.held_contests,
        participation.erase_contests,
    ),
    Holding(
        "survey_responses",
        ("survey_responses.respondent",),
        participation.held_responses,
        participation.erase_responses,
    ),
    Holding(
        "draft_comments",
        ("draft_comments.citizen_id", "draft_comments.changed_by"),
        participation.held_comments,
        participation.erase_author,
    ),
    Holding(
        "questions",
        (
            "citizen_questions.citizen_id",
            "citizen_questions.changed_by",
            "citizen_question_steps.actor",
        ),
        participation.held_questions,
        participation.erase_questions,
    ),
    Holding(
        "referral",
        ("referral_activations.citizen_id",),
        participation.held_referral,
        participation.erase_referral,
    ),
    Holding("consents", ("consents.citizen_id",), identity.held_consents, identity.erase_consents),
    Holding("exports", ("exports.citizen_id",), exports.held, exports.erase),
    Holding("data_requests", ("data_requests.citizen_id",), requests.held, requests.erase),
    Holding(
        "repeats",
        ("idempotency_keys.caller",),
        None,
        _erase_answers,
        "answers that he was given already, kept 72 hours for phones that repeat",
    ),
    Holding(
        "deeds",
        ("audit_entries.actor", "audit_entries.person_id"),
        audit.deeds_of,
        None,
        "the record grows only; its personal values die with the person's key, and the id that "
        "stays leads to nobody",
    ),
    Holding(
        "sessions", ("sessions.principal_id",), identity.held_sessions, identity.erase_sessions
    ),
    Holding(
        "account",
        (
            "citizens.phone_index",
            "citizens.phone_sealed",
            "citizens.name_sealed",
            "citizens.identity_index",
            "person_keys.person_id",
            "otp_challenges.phone_index",
            "otp_challenges.phone_sealed",
        ),
        identity.held_account,
        identity.erase_account,
    ),
)
# Columns whose name sounds like a person's, and that never name a citizen.
NOT_CITIZENS = {
    "activity_registrations.checked_in_by": "an officer",
    "contest_draws.settled_by": "an officer",
    "contest_regrades.made_by": "an officer",
    "guide_prices.changed_by": "an officer, or the program",
    "register_entries.changed_by": "an officer, or the program",
    "register_versions.made_by": "an officer, or the program",
    "extensions.asked_by": "an officer",
    "extensions.decided_by": "an officer",
    "campaign_steps.actor": "an officer, or the program",
    "campaigns.approved_by": "an officer",
    "campaigns.made_by": "an officer",
    "campaigns.recipients": "a number",
    "campaigns.reviewed_by": "an officer",
    "app_configs.made_by": "an officer",
    "home_cards.made_by": "an officer",
    "home_contacts.made_by": "an officer",
    "news_articles.changed_by": "an officer, or the program",
    "news_articles.made_by": "an officer, or the program",
    "news_sources.made_by": "an officer",
    "news_versions.actor": "an officer, or the program",
    "notice_preferences.email": "an officer's",
    "blocked_devices.blocked_by": "an officer",
    "referral_codes.made_by": "an officer",
    "routing_rules.disabled_by": "an officer, or the program",
    "breaches.recorded_by": "an officer",
    "documents.changed_by": "an officer",
    "documents.made_by": "an officer",
    "procedures.changed_by": "an officer, or the program",
    "procedure_versions.made_by": "an officer, or the program",
    "ioc_reconciliations.started_by": "an officer, a centre or the program",
    "ioc_replays.started_by": "an officer",
    "job_queues.paused_by": "an operator",
    "jobs.leased_by": "a worker",
    "media_files.owner": "an officer",
    "push_templates.made_by": "an officer",
    "reports.filed_by": "an officer or a partner",
    "unplaced_reports.closed_by": "an officer",
    "unplaced_reports.filed_by": "a partner",
}
