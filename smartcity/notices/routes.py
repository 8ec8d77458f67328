"""What an officer was told, and how he wants to hear of it."""

import uuid
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.notices import service
from smartcity.notices.models import Notice, Preferences
from smartcity.notices.schemas import NoticeOut, NoticeQuery, PreferencesIn, PreferencesOut

blp = Blueprint("notices", __name__, url_prefix="/api/v1/officer/me", description="Notices")


@blp.route("/notices")
@permit(Action.READ_NOTICES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(NoticeQuery, location="query")
@blp.response(200, page_schema(NoticeOut))
def list_notices(asked: dict[str, Any]) -> Page[Notice]:
    """What the officer was told, newest first."""
    with reading() as session:
        return service.listed(session, principal(), asked)


@blp.route("/notices/<uuid:notice_id>/reading", methods=["PUT"])
@permit(Action.READ_NOTICES)
@blp.problems(401, 403, 404)
@blp.response(200, NoticeOut)
def mark_notice_read(notice_id: uuid.UUID) -> Notice:
    """Note that a notice was read."""
    with transaction() as session:
        return service.mark_read(session, principal(), notice_id)


@blp.route("/notice-preferences")
@permit(Action.READ_NOTICES)
@blp.problems(401, 403)
@blp.response(200, PreferencesOut)
def read_notice_preferences() -> Preferences:
    """How the officer hears of things."""
    with reading() as session:
        return service.preferences(session, principal())


@blp.route("/notice-preferences", methods=["PUT"])
@permit(Action.READ_NOTICES)
@blp.problems(401, 403, 422)
@blp.arguments(PreferencesIn)
@blp.response(200, PreferencesOut)
def set_notice_preferences(asked: dict[str, Any]) -> Preferences:
    """Choose an address for e-mail, and whether it comes at once, once a day, or not at all.

    What was told before is not mailed.
    """
    with transaction() as session:
        return service.prefer(session, principal(), asked)
