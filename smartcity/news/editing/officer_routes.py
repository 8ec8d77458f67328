"""Officers move articles: each step of the table of states is a sub-resource.

What is decided is so of one version, which If-Match names.
"""

import uuid
from collections.abc import Callable
from typing import Any

from smartcity.core.db import transaction
from smartcity.core.fields import Schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import permit, principal
from smartcity.news.editing import approval, drafting, pinning
from smartcity.news.editing.schemas import ArticleDetailOut, ArticlePinIn, ArticleReasonIn
from smartcity.news.editing.states import STEPS
from smartcity.news.models import Article

Take = Callable[..., Article]
blp = Blueprint(
    "article_steps",
    __name__,
    url_prefix="/api/v1/officer/articles/<uuid:article_id>",
    description="Articles: review, publication",
)

# The method and path, what it does, what is told with it.
DECISIONS: dict[tuple[str, str], tuple[str, Take, type[Schema] | None, str]] = {
    ("PUT", "/submission"): ("submit", approval.submit, None, "Trình duyệt: ask for approval."),
    ("DELETE", "/submission"): (
        "withdraw",
        approval.withdraw,
        None,
        "Rút lại: take an article out of review, to write on.",
    ),
    ("PUT", "/return"): (
        "send_back",
        approval.send_back,
        ArticleReasonIn,
        "Trả lại: give it back to be written on.",
    ),
    ("PUT", "/approval"): (
        "approve",
        approval.approve,
        None,
        "Duyệt: publish it, or at `publish_at`; not by whoever wrote in it since it was public.",
    ),
    ("DELETE", "/schedule"): (
        "unschedule",
        approval.unschedule,
        None,
        "Hủy lịch đăng: put an article that waits for its time back into review.",
    ),
    ("PUT", "/correction"): (
        "correct",
        approval.correct,
        None,
        "Đính chính: bring out what another person changed in a published article, with its note.",
    ),
    ("PUT", "/withdrawal"): (
        "unpublish",
        approval.unpublish,
        ArticleReasonIn,
        "Gỡ bài: take it from the public.",
    ),
    ("PUT", "/republication"): (
        "republish",
        approval.republish,
        None,
        "Đăng lại: publish again what was taken from the public.",
    ),
    ("PUT", "/discard"): (
        "discard",
        drafting.discard,
        ArticleReasonIn,
        "Bỏ bài: give up what is not public; writing in it brings it back.",
    ),
    ("PUT", "/pin"): (
        "pin",
        pinning.pin,
        ArticlePinIn,
        "Ghim: let it stand before all others until a time, at most a year ahead.",
    ),
    ("DELETE", "/pin"): ("unpin", pinning.unpin, None, "Bỏ ghim: pin it no more."),
}


def _decide(
    place: tuple[str, str], action: str, take: Take, schema: type[Schema] | None, promise: str
) -> None:
    """Register a step on the version that the officer saw."""

    def view(*asked: dict[str, Any], article_id: uuid.UUID) -> Any:
        version = expected_version()
        with transaction() as session:
            told = asked[0] if asked else {}
            article = take(session, principal(), article_id, version, **told)
            return article, 200, {"ETag": version_tag(article.version)}

    view.__name__, view.__doc__ = f"{action}_article", promise
    answers = blp.response(200, ArticleDetailOut)(view)
    read = blp.arguments(schema)(answers) if schema else answers
    documented = blp.problems(401, 403, 404, 409, 412, 422, 428)(conditional(read))
    needs = STEPS[action].needs
    assert needs is not None
    method, path = place
    blp.route(path, methods=[method])(permit(needs)(documented))


for _place, _decision in DECISIONS.items():
    _decide(_place, *_decision)
