"""What every phone asks at its start: the same bytes for all who ask alike."""

from typing import Any

import orjson
from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.web import Blueprint
from smartcity.home import app_config, screen, sync
from smartcity.home.schemas import AppConfigOut, HomeOut, HomeQuery, SyncOut, SyncQuery
from smartcity.identity.permissions import Action, permit

blp = Blueprint("home", __name__, url_prefix="/api/v1", description="The app's start")


@blp.route("/home")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(HomeQuery, location="query")
@blp.response(200, HomeOut)
def get_home(asked: dict[str, Any]) -> Response:
    """The first screen in one call; keep it by its ETag."""
    with reading() as session:
        return shared(screen.screen(session, asked))


@blp.route("/app-config")
@permit(Action.READ_PUBLIC)
@blp.response(200, AppConfigOut)
def get_app_config() -> Response:
    """Versions, maintenance, feature switches, emergency numbers; keep it by its ETag."""
    with reading() as session:
        return shared(orjson.dumps(app_config.whole(session)))


@blp.route("/sync")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 409, 422)
@blp.arguments(SyncQuery, location="query")
@blp.response(200, SyncOut)
def get_changes(asked: dict[str, Any]) -> Response:
    """What to keep for offline use, and what changed since; 409: begin anew, without `since`."""
    with reading() as session:
        return shared(sync.delta(session, asked["since"], asked["limit"], asked.get("kind", ())))
