"""What other domains ask: attach photos to a thing of theirs, and show them."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from smartcity.core import clock
from smartcity.core.db import engine, reading, transaction
from smartcity.core.errors import Invalid
from smartcity.core.ids import new_id
from smartcity.media import service
from smartcity.media.models import Media, Status

ME = f"citizen:{uuid.uuid4()}"
Make = Callable[..., uuid.UUID]

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def photo(in_app: Flask) -> Make:
    """Record a photo as an upload does; its id."""

    def make(owner: str = ME, status: Status = Status.READY, **values: object) -> uuid.UUID:
        media = Media(
            **{
                "id": new_id(),
                "owner": owner,
                "status": status,
                "format": "jpeg",
                "width": 800,
                "height": 600,
                "bytes": 1000,
                "sha256": "0" * 64,
                "created_at": clock.now(),
                **values,
            }
        )
        with transaction() as session:
            session.add(media)
        return media.id

    return make


def attach(ids: list[uuid.UUID], subject: str = "report:1", owner: str = ME) -> list[service.Photo]:
    with transaction() as session:
        return service.attach(session, ids, owner, subject)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the database is asked within the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield seen
    event.remove(engine(), "before_cursor_execute", note)


def test_photos_are_shown_in_the_order_they_were_named(photo: Make) -> None:
    ids = [photo() for _ in range(3)][::-1]
    assert [p["id"] for p in attach(ids)] == ids
    later = photo()
    attach([later])
    with reading() as session:
        shown = service.of_subjects(session, ["report:1", "report:2"])
    assert [p["id"] for p in shown["report:1"]] == [*ids, later]
    assert not shown["report:2"]


def test_a_pending_photo_may_be_attached(photo: Make) -> None:
    assert attach([photo(status=Status.PENDING)])[0]["status"] == "pending"


def test_a_rejected_photo_of_a_thing_is_shown_by_its_status(photo: Make) -> None:
    photo(status=Status.REJECTED, reason="media.broken", subject="report:1")
    with reading() as session:
        shown = service.of_subjects(session, ["report:1"])["report:1"][0]
    assert (shown["status"], shown["links"]) == ("rejected", None)
    assert shown["reason"]


@pytest.mark.parametrize(
    ("which", "fault"),
    [
        ("absent", "media.not_yours"),
        ("another's", "media.not_yours"),
        ("used", "media.already_used"),
        ("rejected", "media.rejected"),
    ],
)
def test_a_photo_that_may_not_be_used_is_named_and_nothing_is_attached(
    photo: Make, which: str, fault: str
) -> None:
    good = photo()
    bad = {
        "absent": new_id,
        "another's": lambda: photo(owner=f"citizen:{uuid.uuid4()}"),
        "used": lambda: photo(subject="report:9"),
        "rejected": lambda: photo(status=Status.REJECTED, reason="media.broken"),
    }[which]()
    with pytest.raises(Invalid) as refused:
        attach([good, bad])
    assert refused.value.errors == {"media_ids": [fault]}
    with reading() as session:
        assert service.of_subjects(session, ["report:1"])["report:1"] == []


def test_one_photo_goes_to_one_of_two_reports_at_once(in_app: Flask, photo: Make) -> None:
    ids = [photo(), photo()]
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def report(number: int) -> None:
        with in_app.app_context():
            start.wait()
            try:
                attach(ids if number % 2 else ids[::-1], f"report:{number}")
                outcomes.append("attached")
            except Invalid as refused:
                outcomes.append(refused.errors["media_ids"][0])

    threads = [threading.Thread(target=report, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["attached"] + ["media.already_used"] * 7
    with reading() as session:
        assert session.scalar(select(func.count(Media.subject.distinct()))) == 1


def test_attaching_ten_photos_takes_two_statements_and_none_takes_none(photo: Make) -> None:
    ids = [photo() for _ in range(10)]
    with transaction() as session, statements() as seen:
        service.attach(session, ids, ME, "report:1")
        assert len(seen) == 2
        service.attach(session, [], ME, "report:2")
        assert len(seen) == 2


def test_photos_of_fifty_things_take_one_statement(photo: Make) -> None:
    for number in range(5):
        photo(subject=f"report:{number}")
    with reading() as session, statements() as seen:
        shown = service.of_subjects(session, [f"report:{n}" for n in range(50)])
        service.of_subjects(session, [])
    assert (len(seen), len(shown)) == (1, 5)
