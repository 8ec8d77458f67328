"""Counting what is read, telling it, and articles as a voice reads them."""

import uuid
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, current_app
from marshmallow import validate

from smartcity.changes.kept import FRESH, shared
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.fields import Schema
from smartcity.core.ratelimit import by_address, limiter
from smartcity.core.web import Blueprint, tagged
from smartcity.identity.permissions import Action, permit, principal
from smartcity.news.reading import listing, reads
from smartcity.news.reading.pronunciation import pronunciation
from smartcity.news.reading.schemas import NewsCardOut
from smartcity.news.reading.speech import speech_of

MOST_ARTICLES, MOST_TIMES = 50, 20  # of one phone, told at once
blp = Blueprint("reads", __name__, url_prefix="/api/v1", description="Lượt đọc")


class ReadIn(Schema):
    """An article, and how often it was opened since the phone told last."""

    id = ma.fields.UUID(required=True)
    times = ma.fields.Integer(
        required=True, validate=validate.Range(1, MOST_TIMES), metadata={"example": 2}
    )


class ReadsIn(Schema):
    """What was opened on a phone, without a word on whose it is."""

    items = ma.fields.List(
        ma.fields.Nested(ReadIn), required=True, validate=validate.Length(1, MOST_ARTICLES)
    )


class ReadDayOut(ma.Schema):
    """A day in the province."""

    day = ma.fields.Date(required=True)
    reads = ma.fields.Integer(required=True, metadata={"example": 132})


class ReadsOut(ma.Schema):
    """How often an article was opened; days without a reader are left out."""

    total = ma.fields.Integer(required=True, metadata={"example": 4210})
    days = ma.fields.List(
        ma.fields.Nested(ReadDayOut),
        required=True,
        metadata={"description": f"Newest first, {reads.DAYS_TOLD} at most"},
    )


class PopularOut(ma.Schema):
    """Most opened first."""

    items = ma.fields.List(ma.fields.Nested(NewsCardOut), required=True)


@blp.route("/news/reads", methods=["POST"])
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().read_limit_address, key_func=by_address)
@blp.problems(429)
@blp.arguments(ReadsIn)
@blp.response(204)
def count_reads(asked: dict[str, Any]) -> None:
    """Tell which articles were opened, gathered and sent once in a while; better without a token.

    Only a number for the article and the day is kept. Unknown articles are passed over.
    """
    with transaction() as session:
        reads.count(session, asked["items"])


@blp.route("/news/popular")
@permit(Action.READ_PUBLIC)
@blp.response(200, PopularOut)
def list_popular_news() -> Response:
    """The ten articles that were opened most in the last 7 days; ranked every ten minutes."""
    ranked = reads.ranking()()
    with reading() as session:
        cards = reads.cards(session, ranked)
    body = orjson.dumps({"items": [orjson.Fragment(card) for card in cards]})
    # Not `shared`: the order changes while nothing that is public does.
    response = current_app.response_class(body, mimetype="application/json")
    response.add_etag()
    return tagged(response, response.headers["ETag"], FRESH)


@blp.route("/officer/articles/<uuid:article_id>/reads")
@permit(Action.READ_CONTENT)
@blp.problems(401, 403, 404)
@blp.response(200, ReadsOut)
def get_article_reads(article_id: uuid.UUID) -> dict[str, Any]:
    """Lượt đọc: how often an article was opened, in all and by day."""
    with reading() as session:
        return reads.of_article(session, principal(), article_id)


@blp.route("/news/<uuid:article_id>/speech")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 410)
@blp.response(200, {"type": "string"}, content_type="text/plain")
def get_news_speech(article_id: uuid.UUID) -> Response:
    """An article for a voice: a sentence a line; in Vietnamese, what is written short in full."""
    with reading() as session:
        article = orjson.loads(listing.whole(session, article_id))
    return shared(speech_of(article, pronunciation()).encode(), "text/plain")
