"""A citizen ticks off the papers that he has together."""

import uuid
from typing import Any

from smartcity.catalogue.checklists import ticking
from smartcity.catalogue.checklists.schemas import ChecklistCardOut, ChecklistIn, ChecklistOut
from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/services/<code>/checklist"
blp = Blueprint("checklists", __name__, url_prefix="/api/v1", description="Chuẩn bị giấy tờ")


@blp.route("/checklists")
@permit(Action.KEEP_CHECKLIST)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ChecklistCardOut))
def list_checklists(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """One's checklists, kept last first."""
    with reading() as session:
        return ticking.listed(session, _me(), asked)


@blp.route(_ONE)
@permit(Action.KEEP_CHECKLIST)
@blp.problems(401, 403, 404)
@blp.response(200, ChecklistOut)
def get_checklist(code: str) -> dict[str, Any]:
    """Which papers are together, and what the procedure asks for otherwise than back then."""
    with reading() as session:
        return ticking.told(session, _me(), code)


@blp.route(_ONE, methods=["PUT"])
@permit(Action.KEEP_CHECKLIST)
@blp.problems(401, 403, 404, 409)
@blp.arguments(ChecklistIn)
@blp.response(200, ChecklistOut)
def keep_checklist(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Keep which papers are together; from now on, that is what `gone` and `new` compare with."""
    with transaction() as session:
        return ticking.tick(session, _me(), code, asked["ticked"])


@blp.route(_ONE, methods=["DELETE"])
@permit(Action.KEEP_CHECKLIST)
@blp.problems(401, 403, 404)
@blp.response(204)
def drop_checklist(code: str) -> None:
    """Keep it no longer; what is not kept is no error."""
    with transaction() as session:
        ticking.forget(session, _me(), code)


def _me() -> uuid.UUID:
    return uuid.UUID(principal().id)
