"""Feeds of news, of all or of one category (`?category=`): for readers of feeds, not of the API."""

from collections.abc import Callable
from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.news.reading import listing
from smartcity.news.reading.feeds import feed as feeds
from smartcity.news.reading.feeds.json_feed import json_feed
from smartcity.news.reading.feeds.xml import atom, rss
from smartcity.news.reading.filters import FeedQuery

blp = Blueprint("news_feeds", __name__, url_prefix="/feeds", description="Nguồn cấp tin (RSS)")


@blp.route("/news.rss")
@permit(Action.READ_PUBLIC)
@blp.arguments(FeedQuery, location="query")
def get_news_rss(asked: dict[str, Any]) -> Response:
    """The newest 30 articles as RSS 2.0."""
    return _fed(rss, "application/rss+xml", asked)


@blp.route("/news.atom")
@permit(Action.READ_PUBLIC)
@blp.arguments(FeedQuery, location="query")
def get_news_atom(asked: dict[str, Any]) -> Response:
    """The newest 30 articles as Atom (RFC 4287)."""
    return _fed(atom, "application/atom+xml", asked)


@blp.route("/news.json")
@permit(Action.READ_PUBLIC)
@blp.arguments(FeedQuery, location="query")
def get_news_json_feed(asked: dict[str, Any]) -> Response:
    """The newest 30 articles as JSON Feed 1.1."""
    return _fed(json_feed, "application/feed+json", asked)


def _fed(write: Callable[[feeds.Feed], bytes], mimetype: str, asked: dict[str, Any]) -> Response:
    category = asked.get("category")
    with reading() as session:
        wholes = listing.newest(session, category, feeds.MOST)
    return shared(write(feeds.feed_of(wholes, category)), mimetype)
