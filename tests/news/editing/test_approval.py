"""A second person's word: who may give it, to what, and what a scheduled article does."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.media.models import Media, Status
from smartcity.news.editing.approval import publish_scheduled
from smartcity.news.editing.pinning import end_pin
from smartcity.news.models import Article, Published, State
from tests.helpers import Headers, rows, statements
from tests.news.editing.desk import draft, picture, published, refused, saved, step, taken

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOON = timedelta(hours=1)


def test_nobody_approves_what_he_wrote_in(
    client: FlaskClient, editor: Headers, chief: Headers, lead: Headers
) -> None:
    article = draft(client, editor)
    saved(client, chief, article, lead="Sửa một chữ.")
    taken(client, lead, article, "submission")
    refused(step(client, editor, article, "approval"), 403)
    refused(step(client, chief, article, "approval"), 403)
    taken(client, lead, article, "approval")  # he submitted it, and wrote none of it
    saved(client, lead, article, lead="Khác.", correction="Đã sửa.")
    refused(step(client, lead, article, "correction"), 403)
    taken(client, editor, article, "correction")  # what he wrote was public before


def test_what_was_changed_out_of_sight_needs_another_too(
    client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    article = published(client, editor, chief)
    saved(client, chief, article, lead="Khác.")
    taken(client, chief, article, "withdrawal", reason="Sai.")
    refused(step(client, chief, article, "republication"), 403)
    assert taken(client, editor, article, "republication")["pending"] is False
    assert client.get(f"/api/v1/news/{article['id']}").json["lead"] == "Khác."


def test_a_leader_approves_his_agencys_alone(
    client: FlaskClient, unit: Headers, leader: Headers, operator: Headers, editor: Headers
) -> None:
    own, other = draft(client, unit), draft(client, editor)
    taken(client, unit, own, "submission")
    refused(step(client, unit, own, "approval"), 403)
    refused(step(client, operator, own, "approval"), 403)
    assert taken(client, leader, own, "approval")["state"] == "published"
    path = f"/api/v1/officer/articles/{other['id']}/submission"
    refused(client.put(path, headers={**leader, "If-Match": '"1"'}), 404)


@pytest.mark.parametrize(
    ("lacking", "field"),
    [({"categories": []}, "categories"), ({"body": ""}, "body"), ({"body": "<p> </p>"}, "body")],
)
def test_what_lacks_something_is_not_submitted(
    client: FlaskClient, editor: Headers, lacking: dict[str, object], field: str
) -> None:
    article = draft(client, editor, **lacking)
    refused(step(client, editor, article, "submission"), 422, field)


@pytest.mark.parametrize("field", ["cover", "gallery"])
def test_a_picture_that_is_not_ready_is_not_published(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers, field: str
) -> None:
    ident = picture(app, editor, made=False)
    shown = {"media_id": ident, "alt": "Cầu"}
    article = draft(client, editor, **{field: shown if field == "cover" else [shown]})
    taken(client, editor, article, "submission")
    refused(step(client, chief, article, "approval"), 422, field)
    with app.app_context(), transaction() as session:
        rejected = update(Media).where(Media.id == uuid.UUID(ident))
        session.execute(rejected.values(status=Status.REJECTED))
    refused(step(client, chief, article, "approval"), 422, field)
    assert not rows(app, Published)


def test_a_correction_says_what_it_corrects(
    client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    article = published(client, editor, chief)
    refused(step(client, chief, article, "correction"), 409)
    saved(client, editor, article, lead="Khác.")
    refused(step(client, chief, article, "correction"), 422, "correction")
    saved(client, editor, article, correction="Đã sửa tóm tắt.")
    assert taken(client, chief, article, "correction")["corrected_at"] is not None
    saved(client, editor, article, lead="Khác nữa.")  # the note is that of the time before
    refused(step(client, chief, article, "correction"), 422, "correction")


def test_a_scheduled_article_waits_for_its_own_job(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    first, second = (clock.now() + SOON * hours for hours in (1, 2))
    article = draft(client, editor, publish_at=first.isoformat())
    taken(client, editor, article, "submission")
    taken(client, chief, article, "approval")
    taken(client, chief, article, "schedule", "DELETE")
    _job_comes(app, article["id"], first.isoformat())  # unscheduled: nothing
    taken(client, editor, article, "submission", "DELETE")
    saved(client, editor, article, publish_at=second.isoformat())
    taken(client, editor, article, "submission")
    taken(client, chief, article, "approval")
    _job_comes(app, article["id"], first.isoformat())  # of the time before: nothing
    assert not rows(app, Published)
    _job_comes(app, article["id"], second.isoformat())
    (row,) = rows(app, Published)
    _job_comes(app, article["id"], second.isoformat())  # a second time: nothing
    assert rows(app, Published)[0].published_at == row.published_at


def test_a_time_that_is_over_is_now(client: FlaskClient, editor: Headers, chief: Headers) -> None:
    article = published(client, editor, chief, publish_at=(clock.now() - SOON).isoformat())
    assert (article["state"], article["publish_at"]) == ("published", None)


def test_a_pin_ends_with_its_own_job(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    article = published(client, editor, chief)
    refused(step(client, chief, article, "pin", until=clock.now().isoformat()), 422, "until")
    refused(step(client, chief, article, "pin", "DELETE"), 409)
    first, second = (clock.now() + SOON * hours for hours in (1, 2))
    taken(client, chief, article, "pin", until=first.isoformat())
    taken(client, chief, article, "pin", until=second.isoformat())
    _pin_ends(app, article["id"], first.isoformat())
    (row,) = rows(app, Article)
    assert row.pinned_until == second
    _pin_ends(app, article["id"], second.isoformat())
    (row,), (shown,) = rows(app, Article), rows(app, Published)
    assert (row.pinned_until, shown.sorted_at) == (None, shown.published_at)


def test_publishing_takes_few_statements(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    article = draft(client, editor)
    taken(client, editor, article, "submission")
    path = f"/api/v1/officer/articles/{article['id']}/approval"
    with statements(app) as seen:
        answer = client.put(path, headers={**chief, "If-Match": '"2"'})
    assert (answer.status_code, answer.json["state"]) == (200, State.PUBLISHED)
    assert len(seen) <= 25, "\n".join(seen)


def _job_comes(app: Flask, article: str, at: str) -> None:
    with app.app_context(), transaction() as session:
        publish_scheduled(session, uuid.UUID(article), at)


def _pin_ends(app: Flask, article: str, until: str) -> None:
    with app.app_context(), transaction() as session:
        end_pin(session, uuid.UUID(article), until)
