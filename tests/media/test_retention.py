"""What is no longer needed is destroyed: record, pictures and original."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid
from smartcity.media import jobs, retention, service
from smartcity.media.links import PICTURES
from smartcity.media.models import Media
from tests.media.conftest import Upload
from tests.media.pictures import jpeg

DAY = timedelta(days=1)


@pytest.fixture
def photo(in_app: Flask, upload: Upload, work: Callable[[], int]) -> uuid.UUID:
    """A photo that is ready and not used."""
    found = uuid.UUID(upload(jpeg()).json["id"])
    work()
    return found


def recorded() -> list[uuid.UUID]:
    with reading() as session:
        return list(session.scalars(select(Media.id)))


def attach(photo: uuid.UUID) -> None:
    with reading() as session:
        owner = session.scalars(select(Media.owner).where(Media.id == photo)).one()
    with transaction() as session:
        service.attach(session, [photo], owner, "report:1")


def sweep_after(wait: timedelta) -> None:
    with clock.frozen(clock.now() + wait):
        jobs.sweep()


def test_an_unused_photo_is_destroyed_after_a_day(
    photo: uuid.UUID, stored: Callable[[], list[str]]
) -> None:
    sweep_after(DAY * 0.9)
    assert recorded() == [photo]
    sweep_after(DAY * 1.1)
    assert (recorded(), stored()) == ([], [])


def test_a_used_photo_stays_and_its_original_goes_in_time(
    photo: uuid.UUID, stored: Callable[[], list[str]]
) -> None:
    attach(photo)
    sweep_after(DAY * 89)
    assert stored() == sorted([*PICTURES, "original"])
    sweep_after(DAY * 91)
    assert stored() == sorted(PICTURES)
    assert recorded() == [photo]
    with reading() as session:
        assert session.scalars(select(Media.original_expires_at)).one() is None


def test_a_photo_that_is_being_destroyed_cannot_be_attached(photo: uuid.UUID) -> None:
    with clock.frozen(clock.now() + DAY * 1.1):
        retention._give_up_unused()  # a sweep that was killed here
        with pytest.raises(Invalid):
            attach(photo)
        jobs.sweep()
    assert recorded() == []


def test_a_photo_given_up_while_it_was_rendered_leaves_no_picture(
    in_app: Flask,
    upload: Upload,
    work: Callable[[], int],
    stored: Callable[[], list[str]],
) -> None:
    upload(jpeg())
    with clock.frozen(clock.now() + DAY * 1.1):
        retention._give_up_unused()
    work()
    assert stored() == ["original"]
    sweep_after(DAY * 1.1)
    assert stored() == []


def test_more_photos_than_one_round_takes_are_all_destroyed(in_app: Flask) -> None:
    many = retention._AT_ONCE + 5
    long_ago = clock.now() - DAY * 100
    with transaction() as session:
        session.add_all(
            Media(
                id=uuid.uuid4(),
                owner="citizen:1",
                subject="report:1" if number % 2 else None,
                status="ready",
                format="jpeg",
                width=1,
                height=1,
                bytes=1,
                sha256="0",
                original_expires_at=long_ago,
                created_at=long_ago,
            )
            for number in range(2 * many)
        )
    jobs.sweep()
    assert len(recorded()) == many
    with reading() as session:
        assert set(session.scalars(select(Media.original_expires_at))) == {None}
