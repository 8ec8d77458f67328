"""News as the app reads it: the same bytes to everybody, for as long as nothing changes."""

import uuid
from typing import Any

import orjson
from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import one_look, reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.news.reading import listing
from smartcity.news.reading.filters import NewsQuery
from smartcity.news.reading.rendering import page_of_cards
from smartcity.news.reading.schemas import NewsCardOut, NewsCategoriesOut, NewsOut
from smartcity.news.rules import rules
from smartcity.push import service as push

blp = Blueprint("news", __name__, url_prefix="/api/v1/news", description="Tin tức")


@blp.route("")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(NewsQuery, location="query")
@blp.response(200, page_schema(NewsCardOut))
def list_news(asked: dict[str, Any]) -> Response:
    """The news, those pinned first, then the newest."""
    with one_look() as session:
        page = listing.listed(session, asked)
    return shared(page_of_cards(page))


@blp.route("/<uuid:article_id>")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 410)
@blp.response(200, NewsOut)
def get_news(article_id: uuid.UUID) -> Response:
    """An article; 410 when it was taken back."""
    with reading() as session:
        found = listing.whole(session, article_id)
    return shared(found.encode())


@blp.route("/categories")
@permit(Action.READ_PUBLIC)
@blp.response(200, NewsCategoriesOut)
def list_news_categories() -> Response:
    """What news are sorted by: the province's categories, and the topics one may follow."""
    categories, topics = rules().categories.values(), push.topics().values()
    return shared(orjson.dumps({"categories": list(categories), "topics": list(topics)}))
