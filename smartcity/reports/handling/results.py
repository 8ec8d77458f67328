"""A result and its proof: a unit proposes it, its leader approves, the centre publishes it."""

from typing import Any

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal, Role
from smartcity.media import service as media
from smartcity.reports.categories import choices
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report


def propose(
    session: Session, actor: Principal, report: Report, told: Told
) -> dict[str, Any] | None:
    """Keep what the unit says and shows; Invalid where the category wants a photo and none came.

    An outside centre is exempt: its callback carries no photos.
    """
    exempt = actor.role is Role.OPERATIONS_CENTRE
    if not (told.media_ids or exempt) and choices().categories[report.category].proof_photos:
        raise Invalid(media_ids="report.proof_needed")
    # Each proposal has photos of its own, so that a result sent back takes its proof along.
    proof = f"proof:{report.id}:{report.sequence + 1}"
    media.attach(session, told.media_ids, actor.key, proof)
    report.result, report.proof = told.public_text, [proof]
    return {"media_ids": [str(i) for i in told.media_ids]} if told.media_ids else None


def publish(_session: Session, _actor: Principal, report: Report, told: Told) -> None:
    """Settle the words for the public: the centre's own, or else those of the proposed result."""
    report.result = told.public_text or report.result
    if not report.result:  # of a report in parts the centre writes it
        raise Invalid(public_text="field.required")
    report.resolved_at = clock.now()
