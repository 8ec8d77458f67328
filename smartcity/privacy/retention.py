"""How long each class of data is kept, over all domains: one table, counted or carried out.

What each class is, and why it is kept so long, stands in the province's `privacy.yaml`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from smartcity.core import clock, expiry, idempotency, quota
from smartcity.core.context import settings
from smartcity.core.expiry import Over
from smartcity.identity import service as identity
from smartcity.ioc import service as ioc
from smartcity.media import service as media
from smartcity.participation import service as participation
from smartcity.privacy import exports, requests
from smartcity.push import service as push
from smartcity.reports import service as reports


@dataclass(frozen=True)
class DataClass:
    """Rows that are kept for a term: which of them are over, and what becomes of those."""

    code: str
    term: Callable[[], timedelta]
    over: Callable[[], Over]
    sweep: Callable[[Over], None] = expiry.destroy


def _by_province(
    code: str, over: Callable[[datetime], Over], sweep: Callable[[Over], None] = expiry.destroy
) -> DataClass:
    """A class whose term the province chooses."""

    def term() -> timedelta:
        return identity.policy().term(code)

    return DataClass(code, term, lambda: over(clock.now() - term()), sweep)


def _by_program(
    code: str, term: Callable[[], timedelta], over: Callable[[], Over], sweep: Callable[[], None]
) -> DataClass:
    """A class that has a sweep of its own."""
    return DataClass(code, term, over, lambda _over: sweep())


def _days(name: str) -> timedelta:
    return timedelta(days=getattr(settings(), name))


def _fixed(term: timedelta) -> Callable[[], timedelta]:
    return lambda: term


CLASSES = (
    _by_province("inbox", push.inbox_over),
    _by_province("broadcast_marks", push.marks_over),
    _by_province("broadcasts", push.broadcasts_over),
    _by_province("reporters", reports.reporters_over, reports.forget_reporters),
    _by_province("report_devices", reports.devices_over),
    _by_province("comments", reports.comments_over),
    _by_province("supports", reports.supports_over),
    _by_province("followers", reports.followers_over),
    _by_province("registrations", participation.registrations_over),
    _by_province("contest_attempts", participation.attempts_over),
    _by_province("contest_entrants", participation.entrants_over),
    _by_province("draft_comments", participation.authors_over, participation.forget_authors),
    _by_province("questions", participation.questions_over, participation.forget_askers),
    _by_province("unplaced_reports", reports.relay.unplaced_over),
    _by_province("callbacks", ioc.callbacks_over),
    DataClass("event_bodies", _fixed(ioc.BODIES_KEPT), ioc.bodies_over, ioc.drop_bodies),
    _by_province("exports", exports.over),
    _by_province("data_requests", requests.over),
    _by_province("withdrawn_consents", identity.consents_over),
    _by_program("archives", _fixed(exports.KEPT), exports.archives_over, exports.destroy_expired),
    _by_program(
        "unused_photos", _fixed(media.UNUSED_KEPT), media.unused_over, media.destroy_unused
    ),
    _by_program(
        "original_photos",
        partial(_days, "media_original_days"),
        media.originals_over,
        media.destroy_originals,
    ),
    DataClass("devices", _fixed(push.DEVICES_KEPT), push.devices_over),
    DataClass("other_addresses", _fixed(push.QUARANTINE_KEPT), push.quarantine_over),
    DataClass("codes", _fixed(identity.CODES_KEPT), identity.codes_over),
    DataClass("blocked_devices", _fixed(timedelta(0)), reports.blocks_over),
    DataClass("sessions", _fixed(timedelta(0)), identity.sessions_over),
    DataClass("sign_ins", _fixed(timedelta(0)), identity.sign_ins_over),
    DataClass("idempotency_keys", _fixed(idempotency.KEPT), idempotency.over),
    DataClass("quotas", _fixed(timedelta(0)), quota.over),
)


def counted(session: Session) -> dict[str, int]:
    """How much of each class is over: what `carry_out` would destroy now."""
    return {kind.code: expiry.count(session, kind.over()) for kind in CLASSES}


def carry_out() -> None:
    """Destroy what is over, class by class; cut short, the next run goes on."""
    for kind in CLASSES:
        kind.sweep(kind.over())
