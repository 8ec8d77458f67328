"""Articles of sources: gathered, and renewed when the source changes its text."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import Principal, Role
from smartcity.news.editing import approval, drafting
from smartcity.news.editing.gathering import Gathered, gather, renew
from smartcity.news.models import Published, State
from smartcity.news.sources.models import Source

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EDITOR = Principal(Role.CONTENT_EDITOR, str(uuid.uuid4()))
CHIEF = Principal(Role.CONTENT_EDITOR, str(uuid.uuid4()))
DATED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SOURCE = uuid.uuid4()
TOLD = Gathered(
    language="vi",
    title="Cầu  mới\n",
    lead="Tóm tắt",
    body="<div onclick=x>Xem <a href='/anh'>ảnh</a><script>x</script></div>",
    author="PV",
    agency=None,
    categories=["society"],
    source_id=SOURCE,
    source_name="Báo Hải Phòng",
    source_link="https://bao.vn/tin/1.html",
    licence="full",
    published_at=DATED,
    picture="https://bao.vn/1.jpg",
)


@pytest.fixture
def session(in_app: Flask) -> Iterator[Session]:
    """A transaction in which there is a source."""
    with transaction() as session:
        session.add(_source())
        session.flush()
        yield session


def test_what_is_gathered_waits_clean_in_review(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=False)
    assert (article.state, article.title) == (State.IN_REVIEW, "Cầu mới")
    link = '<a href="https://bao.vn/anh" rel="noopener noreferrer">ảnh</a>'
    assert article.body == f"<p>Xem {link}</p>"
    assert (article.made_by, article.source_picture) == ("system:system", TOLD.picture)
    assert session.get(Published, article.id) is None
    approval.approve(session, EDITOR, article.id, 1)
    assert (article.state, article.published_at) == (State.PUBLISHED, DATED)


def test_what_is_trusted_is_published_at_once(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=True)
    row = session.get_one(Published, article.id)
    assert (article.state, row.published_at, "Cầu mới" in row.card) == ("published", DATED, True)


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (None, None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (datetime(2999, 1, 1, tzinfo=UTC), None),
        (DATED, DATED),
    ],
)
def test_dates_that_cannot_be_are_the_day_it_was_seen(
    session: Session, at: datetime | None, taken: datetime | None
) -> None:
    with clock.frozen(DATED + timedelta(days=1)):
        article = gather(session, replace(TOLD, published_at=at), auto_publish=True)
        assert article.published_at == (taken or clock.now())


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ({"licence": "summary"}, {"lead": "Tóm tắt", "body": ""}),
        ({"licence": "link"}, {"lead": "", "body": ""}),
        ({"title": " "}, {"title": "Báo Hải Phòng"}),
        ({"title": "x" * 400}, {"title": "x" * 300}),
        ({"body": "x" * 1_000_000}, {"body": ""}),
        ({"body": "<b>" * 20_000}, {"body": ""}),
        ({"source_link": "javascript:alert(1)"}, {"source_link": None}),
    ],
)
def test_no_more_is_taken_than_may_be(
    session: Session, other: dict[str, Any], kept: dict[str, str]
) -> None:
    article = gather(session, replace(TOLD, **other), auto_publish=True)
    assert {name: getattr(article, name) for name in kept} == kept


def test_a_trusted_source_corrects_what_is_public(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=True)
    assert renew(session, article.id, TOLD, auto_publish=True).version == 2  # the same: nothing
    renew(session, article.id, replace(TOLD, title="Cầu rất mới"), auto_publish=True)
    row = session.get_one(Published, article.id)
    assert "Cầu rất mới" in row.card
    assert "Bài đã được cập nhật theo nguồn." in row.whole
    assert (article.pending, article.published_at) == (False, DATED)
    assert article.corrected_at is not None


def test_another_sources_change_waits_for_an_editor(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=False)
    approval.approve(session, EDITOR, article.id, 1)
    renew(session, article.id, replace(TOLD, title="Cầu rất mới"), auto_publish=False)
    assert (article.state, article.pending, article.title) == ("published", True, "Cầu rất mới")
    assert "Cầu mới" in session.get_one(Published, article.id).card


def test_what_an_editor_wrote_stays(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=True)
    drafting.change(session, EDITOR, article.id, 2, {"title": "Cầu của ta"})
    renew(session, article.id, replace(TOLD, title="Cầu rất mới", lead="Khác"), auto_publish=True)
    assert (article.title, article.lead, article.pending) == ("Cầu của ta", "Khác", True)
    assert "Cầu mới" in session.get_one(Published, article.id).card  # his change is not approved
    renew(session, article.id, replace(TOLD, title="Cầu rất mới", lead="Nữa"), auto_publish=True)
    assert (article.title, article.lead) == ("Cầu của ta", "Nữa")


def test_what_was_approved_for_later_is_reviewed_anew(session: Session) -> None:
    article = gather(session, TOLD, auto_publish=False)
    at = (clock.now() + timedelta(hours=1)).isoformat()
    approval.send_back(session, CHIEF, article.id, 1, "x")
    drafting.change(session, EDITOR, article.id, 2, {"publish_at": at})
    approval.submit(session, EDITOR, article.id, 3)
    approval.approve(session, CHIEF, article.id, 4)
    assert article.state == State.SCHEDULED
    renew(session, article.id, replace(TOLD, title="Cầu rất mới"), auto_publish=True)
    assert article.state == State.IN_REVIEW


def test_what_was_discarded_stays_so(app: Flask, session: Session) -> None:
    article = gather(session, TOLD, auto_publish=False)
    drafting.discard(session, EDITOR, article.id, 1, "Không phải tin của tỉnh.")
    renew(session, article.id, replace(TOLD, title="Cầu rất mới"), auto_publish=True)
    assert (article.state, article.title) == ("discarded", "Cầu mới")


def _source() -> Source:
    now = clock.now()
    return Source(
        id=SOURCE,
        name="Báo Hải Phòng",
        name_folded="bao hai phong",
        url="https://bao.vn/rss",
        category="society",
        language="vi",
        licence="full",
        interval=600,
        interval_least=300,
        interval_most=3600,
        failures=0,
        version=1,
        made_by="test",
        made_at=now,
    )
