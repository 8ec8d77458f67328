"""Web pages of news: what a shared link shows to who has no app, and to Zalo's and Facebook's."""

import uuid

from flask import Blueprint, Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.errors import NotFound
from smartcity.core.texts import language
from smartcity.identity.permissions import Action, permit
from smartcity.news.reading import listing, pages

_MOST = 30
blp = Blueprint("news_pages", __name__, url_prefix="/news", template_folder="templates")


@blp.route("")
@permit(Action.READ_PUBLIC)
def show_news() -> Response:
    """The newest articles."""
    with reading() as session:
        wholes = listing.newest(session, None, _MOST)
    return shared(pages.list_page(wholes).encode(), "text/html")


@blp.route("/<uuid:article_id>")
@permit(Action.READ_PUBLIC)
def show_article(article_id: uuid.UUID) -> Response | tuple[str, int, dict[str, str]]:
    """An article; a page that says so when it is not public."""
    try:
        with reading() as session:
            whole = listing.whole(session, article_id)
    except NotFound as problem:
        page = pages.problem_page(problem.code, language())
        return page, problem.status, problem.headers
    return shared(pages.article_page(whole).encode(), "text/html")
