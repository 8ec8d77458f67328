"""Guided paths to the right procedure, whole, so that a phone walks them without a network."""

from typing import Any

import orjson
from flask import Response

from smartcity.catalogue.finding.index import current
from smartcity.catalogue.finding.path_schemas import ServicePathsOut, ServicePathWholeOut
from smartcity.catalogue.finding.paths import Asked, Guide, Reply, open_to, paths
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.changes.kept import shared, unkept
from smartcity.core.errors import NotFound
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit

blp = Blueprint(
    "service_paths", __name__, url_prefix="/api/v1/services/paths", description="Dịch vụ công"
)


@blp.route("")
@permit(Action.READ_PUBLIC)
@blp.response(200, ServicePathsOut)
def list_service_paths() -> Response:
    """Hỏi từng bước: the guided paths of questions."""
    procedures, newest = current()()
    items = [_named(path) for path in paths().values() if open_to(path, procedures.numbers)]
    return _answer({"items": items}, newest)


@blp.route("/<path_id>")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, ServicePathWholeOut)
def get_service_path(path_id: str) -> Response:
    """A path, whole: its questions, their answers, and the procedures at its ends."""
    procedures, newest = current()()
    found = paths().get(path_id)
    path = found and open_to(found, procedures.numbers)
    if not path:
        raise NotFound("catalogue.no_path")
    asked = [_question(procedures, name, each) for name, each in path.questions.items()]
    return _answer({**_named(path), "questions": asked}, newest)


def _answer(body: dict[str, Any], newest: bool) -> Response:
    content = orjson.dumps(body)
    return shared(content) if newest else unkept(content)


def _named(path: Guide) -> dict[str, Any]:
    return {name: getattr(path, name) for name in ("id", "life_event", "vi", "en", "start")}


def _question(procedures: Procedures, name: str, asked: Asked) -> dict[str, Any]:
    answers = [_reply(procedures, reply) for reply in asked.answers]
    return {"id": name, "vi": asked.vi, "en": asked.en, "answers": answers}


def _reply(procedures: Procedures, reply: Reply) -> dict[str, Any]:
    cards = (orjson.loads(each.card) for each in map(procedures.get, reply.services) if each)
    services = [{key: card[key] for key in ("code", "name", "name_en", "levels")} for card in cards]
    return {"vi": reply.vi, "en": reply.en, "next": reply.next, "services": services}
