"""E-mail to officers: at once or once a day, each notice once, no address tried in vain."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.core.clock import LOCAL, frozen
from smartcity.core.db import transaction
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.models import JobRow
from smartcity.notices import mailing, service
from smartcity.notices.jobs import digest
from smartcity.notices.models import Notice, Preferences
from tests.conftest import MakeApp
from tests.helpers import at_once, bearer, officer, rows, work
from tests.notices.test_desk import EMAIL, tell, who
from tests.postbox import Postbox, postbox

MORNING = datetime(2026, 11, 16, 7, 30, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Postbox]:
    with postbox(tmp_path) as found:
        yield found


@pytest.fixture
def app(make_app: MakeApp, box: Postbox) -> Flask:
    return make_app(smtp_url=box.url(), smtp_ca=box.ca, mail_from="desk@example.vn")


def reader(app: Flask, mail: str, at: datetime = MORNING - DAY, **other: Any) -> uuid.UUID:
    """An officer who wants his notices so."""
    ident = who(bearer(officer(app, Role.UNIT_OFFICER, "so-xay-dung")))
    asked = {"email": EMAIL, "mail": mail, "digest_hour": 7, **other}
    with frozen(at), app.app_context(), transaction() as session:
        service.prefer(session, Principal(Role.UNIT_OFFICER, str(ident)), asked)
    return ident


def told(app: Flask, *officers: uuid.UUID, at: datetime = MORNING, number: int = 1) -> None:
    with frozen(at):
        tell(app, *officers, code=f"HP-2026-{number:06d}")


def posted(app: Flask, at: datetime = MORNING) -> int:
    with frozen(at):
        return work(app, "mail")


def digested(app: Flask, at: datetime) -> None:
    with frozen(at), app.app_context():
        digest()
    posted(app, at)


def unmailed(app: Flask) -> int:
    return len(rows(app, Notice, Notice.mailed_at.is_(None)))


def test_at_once(app: Flask, box: Postbox) -> None:
    ours, others = reader(app, "at_once"), reader(app, "none")
    told(app, ours, others)
    posted(app)
    [message] = box.messages
    assert (message["To"], message["From"]) == (EMAIL, "desk@example.vn")
    assert message["Subject"] == "Phản ánh HP-2026-000001 quá hạn xử lý"
    assert "Hạn xử lý là 17:00 19/11/2026." in message.get_content()
    assert unmailed(app) == 1  # the other's


def test_what_came_together_goes_together(app: Flask, box: Postbox) -> None:
    ours = reader(app, "at_once")
    for number in range(mailing.MOST + 2):
        told(app, ours, number=number)
    posted(app)
    [message] = box.messages
    assert message["Subject"] == "50 thông báo về phản ánh hiện trường"
    assert "thông báo khác" in message.get_content()
    assert unmailed(app) == 0


def test_a_digest_once_a_day_from_its_hour_on(app: Flask, box: Postbox) -> None:
    ours = reader(app, "digest", digest_hour=7)
    for number in (1, 2):
        told(app, ours, at=MORNING - timedelta(hours=3), number=number)
    digested(app, MORNING - timedelta(hours=1))
    assert box.messages == []
    digested(app, MORNING)
    told(app, ours, number=3)
    digested(app, MORNING + timedelta(hours=2))
    digested(app, MORNING - timedelta(hours=20))  # a clock set back
    assert [m["Subject"] for m in box.messages] == ["2 thông báo về phản ánh hiện trường"]
    digested(app, MORNING + DAY)
    assert len(box.messages) == 2
    digested(app, MORNING + 2 * DAY)  # nothing new, no message
    assert len(box.messages) == 2


def test_two_digests_at_once_are_one(app: Flask, box: Postbox) -> None:
    for _ in range(10):
        told(app, reader(app, "digest"))

    def look() -> None:
        with app.app_context():
            digest()

    with frozen(MORNING):
        at_once(*[look] * 4)
        work(app, "mail")
    assert len(box.messages) == 10


def test_an_address_that_is_refused_is_left_alone_until_it_is_set_anew(
    app: Flask, box: Postbox
) -> None:
    box.rcpt = "550 5.1.1 nobody here"
    ours = reader(app, "at_once")
    told(app, ours)
    posted(app)
    assert rows(app, JobRow, JobRow.queue == "mail") == []  # neither again nor a dead letter
    [chosen] = rows(app, Preferences)
    assert chosen.refused_at == MORNING
    box.rcpt = ""
    told(app, ours)
    assert posted(app) == 0
    with frozen(MORNING + DAY), app.app_context(), transaction() as session:
        asked = {"email": EMAIL, "mail": "at_once", "digest_hour": 7}
        service.prefer(session, Principal(Role.UNIT_OFFICER, str(ours)), asked)
    told(app, ours, at=MORNING + DAY, number=9)
    posted(app, MORNING + DAY)
    [message] = box.messages  # of what came since, only
    assert "000009" in message["Subject"]


def test_a_server_that_is_busy_is_asked_again(app: Flask, box: Postbox) -> None:
    box.data = "451 4.3.2 later"
    told(app, reader(app, "at_once"))
    posted(app)
    [job] = rows(app, JobRow, JobRow.queue == "mail")
    assert (job.state, job.attempts, job.last_error) == ("ready", 1, "SMTP: 451")
    assert unmailed(app) == 1


def test_a_repeat_after_a_broken_line_is_the_same_message(app: Flask, box: Postbox) -> None:
    box.cut = True
    told(app, reader(app, "at_once"))
    posted(app)
    box.cut = False
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=MORNING))
    posted(app)
    assert len({message["Message-ID"] for message in box.messages}) == 1
    assert unmailed(app) == 0


def test_who_left_gets_nothing(app: Flask, box: Postbox) -> None:
    told(app, reader(app, "at_once"))
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(active=False))
    posted(app)
    assert box.messages == []


def test_without_a_mail_server_nothing_is_begun(make_app: MakeApp) -> None:
    app = make_app()
    told(app, reader(app, "at_once"), reader(app, "digest"))
    digested(app, MORNING)
    assert rows(app, JobRow, JobRow.queue == "mail") == []
    assert unmailed(app) == 2
