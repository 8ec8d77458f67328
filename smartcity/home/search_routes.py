"""Search over all that is published."""

from typing import Any

import orjson
from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.search import service as search
from smartcity.search.schemas import SearchOut, SearchQuery, SuggestionsOut, WordsQuery
from smartcity.search.views import rendered

blp = Blueprint("search", __name__, url_prefix="/api/v1/search", description="Tìm kiếm")


@blp.route("")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(400, 422, 429)
@blp.arguments(SearchQuery, location="query")
@blp.response(200, SearchOut)
def search_published(asked: dict[str, Any]) -> Response:
    """Tìm kiếm: what is published and holds all of the words, with or without accents.

    Accents as typed first, then title before text, words side by side before scattered ones, the
    newer first. When nothing holds them, a letter wrong in a word is forgiven: see `corrected`.
    """
    with reading() as session:
        found = search.find(session, _question(**asked))
    return shared(rendered(found))


@blp.route("/suggestions")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(422, 429)
@blp.arguments(WordsQuery, location="query")
@blp.response(200, SuggestionsOut)
def suggest_titles(asked: dict[str, Any]) -> Response:
    """Gợi ý: titles that hold the words typed so far, the last one perhaps unfinished."""
    with reading() as session:
        return shared(orjson.dumps({"items": search.suggest(session, asked["q"])}))


def _question(q: str, limit: int, cursor: str | None = None, **within: str) -> search.Asked:
    return search.Asked(q, within, cursor, limit)
