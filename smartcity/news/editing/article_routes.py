"""Editors write articles, look at them, and compare their versions."""

import uuid
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import (
    Blueprint,
    conditional,
    expected_version,
    problem_response,
    version_tag,
)
from smartcity.identity.permissions import Action, permit, principal
from smartcity.news.editing import drafting, listing, pictures, versions
from smartcity.news.editing.schemas import (
    ArticleDetailOut,
    ArticleFilter,
    ArticleIn,
    ArticleOut,
    ArticlePatchIn,
    ArticleQuery,
    ArticleReasonIn,
)
from smartcity.news.editing.version_schemas import (
    ArticleComparisonOut,
    ArticleComparisonQuery,
    ArticleMediaOut,
    ArticleVersionDetailOut,
    ArticleVersionList,
)
from smartcity.news.models import Article, Version

LARGEST = 1024 * 1024  # bytes of JSON: a body of 200,000 characters, and what is around it
_ONE = "/articles/<uuid:article_id>"
_VERSION = f"{_ONE}/versions/<int(max=1000000):number>"
blp = Blueprint("articles", __name__, url_prefix="/api/v1/officer", description="Articles")


@blp.before_request
def take_bodies() -> None:
    """Raise the limit on what is sent to what an article may be."""
    request.max_content_length = LARGEST


@blp.errorhandler(RequestEntityTooLarge)
def name_the_body(_error: RequestEntityTooLarge) -> Response:
    """What is over the limit is so by the article's text."""
    return problem_response(413, "article.too_large", {"body": ["article.too_large"]})


@blp.route("/articles", methods=["POST"])
@permit(Action.WRITE_CONTENT)
@blp.problems(401, 403, 409, 422)
@blp.arguments(ArticleIn)
@idempotent
@blp.response(201, ArticleDetailOut)
def create_article(session: Session, asked: dict[str, Any]) -> Any:
    """Soạn bài: begin a draft; a title is enough."""
    return _tagged(drafting.create(session, principal(), asked), 201)


@blp.route("/articles")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ArticleQuery, location="query")
@blp.response(200, page_schema(ArticleOut))
def list_articles(asked: dict[str, Any]) -> Page[Article]:
    """Articles, what was changed last first; a unit's officer sees his agency's."""
    with reading() as session:
        return listing.listed(session, principal(), asked)


@blp.route("/articles.csv")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ArticleFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_articles(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 articles at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "article", asked)
    return csv_file("articles", listing.lines(principal(), asked))


@blp.route(_ONE)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ArticleDetailOut)
def get_article(article_id: uuid.UUID) -> Any:
    """An article as it was last written, its version as ETag, and `moves`: what may be done."""
    with reading() as session:
        return _tagged(listing.find(session, principal(), article_id))


@blp.route(_ONE, methods=["PATCH"])
@permit(Action.WRITE_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(ArticlePatchIn)
@blp.response(200, ArticleDetailOut)
def change_article(asked: dict[str, Any], article_id: uuid.UUID) -> Any:
    """Lưu bài: write some fields anew, as often as one types.

    What says the same already makes no version. What is public stays until it is corrected.
    """
    version = expected_version()
    with transaction() as session:
        return _tagged(drafting.change(session, principal(), article_id, version, asked))


@blp.route(f"{_ONE}/media")
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ArticleMediaOut)
def list_article_media(article_id: uuid.UUID) -> dict[str, Any]:
    """The pictures and files tied to an article, public or not, with links for an hour."""
    with reading() as session:
        article = listing.find(session, principal(), article_id)
        return pictures.of_article(session, article)


@blp.route(f"{_ONE}/versions")
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ArticleVersionList)
def list_article_versions(article_id: uuid.UUID) -> dict[str, Any]:
    """Every step of an article: who took it, when and why; the newest first."""
    with reading() as session:
        return {"items": versions.listed(session, principal(), article_id)}


@blp.route(_VERSION)
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ArticleVersionDetailOut)
def get_article_version(article_id: uuid.UUID, number: int) -> Version:
    """What an article said after a step; it never changes."""
    with reading() as session:
        return versions.find(session, principal(), article_id, number)


@blp.route(f"{_VERSION}/restoration", methods=["PUT"])
@permit(Action.WRITE_CONTENT)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(ArticleReasonIn)
@blp.response(200, ArticleDetailOut)
def restore_article(asked: dict[str, Any], article_id: uuid.UUID, number: int) -> Any:
    """Khôi phục: let an article say again what it said then, as its newest version."""
    version = expected_version()
    with transaction() as session:
        args = (principal(), article_id, version, number, asked["reason"])
        return _tagged(drafting.restore(session, *args))


@blp.route(f"{_ONE}/comparison")
@permit(Action.READ_CONTENT)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(ArticleComparisonQuery, location="query")
@blp.response(200, ArticleComparisonOut)
def compare_article(asked: dict[str, Any], article_id: uuid.UUID) -> dict[str, Any]:
    """So sánh: what differs between two versions, the text word by word."""
    with reading() as session:
        return versions.comparison(session, principal(), article_id, **asked)


def _tagged(article: Article, status: int = 200) -> Any:
    return article, status, {"ETag": version_tag(article.version)}
