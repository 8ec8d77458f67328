"""Showing pictures by links that expire, and a photo's record to its owner alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.ids import new_id
from smartcity.media.links import PICTURES, links
from tests.media.conftest import Upload
from tests.media.pictures import jpeg

NOON = datetime(2026, 3, 26, 12, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
Show = Callable[[str], TestResponse]


@pytest.fixture
def show(client: FlaskClient) -> Show:
    """Open an absolute link without signing in."""
    return lambda link: client.get(link.removeprefix("http://127.0.0.1:8000"))


@pytest.fixture
def photo(client: FlaskClient, me: dict[str, str], upload: Upload, work: Callable[[], int]) -> str:
    """The id of a photo that is ready."""
    found: str = upload(jpeg(2000, 1500)).json["id"]
    work()
    return found


@pytest.fixture
def linked(client: FlaskClient, me: dict[str, str], photo: str) -> dict[str, str]:
    """The links of a photo that is ready."""
    found: dict[str, str] = client.get(f"/api/v1/media/{photo}", headers=me).json["links"]
    return found


def test_links_show_pictures_and_nothing_but_pictures(linked: dict[str, str], show: Show) -> None:
    jpeg_starts, webp_starts = ("image/jpeg", b"\xff\xd8\xff"), ("image/webp", b"RIFF")
    wanted = {"large": jpeg_starts, "large_webp": webp_starts}
    wanted |= {"small": jpeg_starts, "small_webp": webp_starts}
    assert set(linked) == set(wanted)
    for link, (content_type, starts) in wanted.items():
        answer = show(linked[link])
        assert (answer.status_code, answer.content_type) == (200, content_type)
        assert answer.data.startswith(starts)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cache-Control"].startswith("private, max-age=")


def test_a_picture_that_the_caller_holds_is_not_sent_again(
    client: FlaskClient, linked: dict[str, str], show: Show
) -> None:
    tag = show(linked["small"]).headers["ETag"]
    path = linked["small"].removeprefix("http://127.0.0.1:8000")
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_link_changed_in_any_part_shows_nothing(
    client: FlaskClient, linked: dict[str, str], show: Show
) -> None:
    path, _, query = linked["large"].partition("?")
    expires, signature = (part.partition("=")[2] for part in query.split("&"))
    other = path.replace(path.split("/")[-2], str(new_id()))
    for forged in (
        f"{path}?expires={int(expires) + 900}&signature={signature}",
        f"{path}?expires={expires}&signature={signature[:-2]}zz",
        f"{path}?expires={expires}&signature=đ",
        f"{other}?{query}",
    ):
        assert show(forged).status_code == 404
    assert show(path).status_code == 422
    assert show(linked["large"]).status_code == 200


def test_the_original_has_no_link(linked: dict[str, str], show: Show) -> None:
    assert show(linked["large"].replace("large.jpg", "original")).status_code == 404


def test_a_link_expires_and_says_so(in_app: Flask, photo: str, show: Show) -> None:
    with clock.frozen(NOON):
        link = links(photo, HOUR)["large"]  # type: ignore[arg-type]
    with clock.frozen(NOON + HOUR):
        assert show(link).status_code == 200
    with clock.frozen(NOON + HOUR + timedelta(minutes=15)):
        assert show(link).status_code == 410


def test_an_operations_centre_s_link_outlives_its_retries(
    in_app: Flask, photo: str, show: Show
) -> None:
    with clock.frozen(NOON):
        link = links(photo, timedelta(hours=80))["large"]  # type: ignore[arg-type]
    with clock.frozen(NOON + timedelta(hours=79)):
        assert show(link).status_code == 200


def test_a_link_stays_the_same_within_a_quarter_of_an_hour(in_app: Flask) -> None:
    photo = new_id()
    with clock.frozen(NOON):
        first = links(photo, HOUR)
    with clock.frozen(NOON + timedelta(minutes=11)):
        assert links(photo, HOUR) == first
    with clock.frozen(NOON + timedelta(minutes=13)):
        assert links(photo, HOUR) != first


def test_links_of_a_pending_photo_answer_once_it_is_ready(
    upload: Upload, work: Callable[[], int], show: Show
) -> None:
    linked = upload(jpeg()).json["links"]
    assert show(linked["large"]).status_code == 404
    work()
    assert show(linked["large"]).status_code == 200


def test_a_photo_s_record_is_for_its_owner(
    client: FlaskClient, me: dict[str, str], stranger: dict[str, str], photo: str
) -> None:
    address = f"/api/v1/media/{photo}"
    assert client.get(address, headers=me).json["status"] == "ready"
    foreign = client.get(address, headers=stranger)
    absent = client.get(f"/api/v1/media/{new_id()}", headers=stranger)
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json["detail"] == absent.json["detail"]
    assert client.get(address).status_code == 401


def test_links_name_the_public_address(in_app: Flask) -> None:
    photo = new_id()
    found = links(photo, HOUR)
    for name in PICTURES:
        assert any(link.startswith(f"http://127.0.0.1:8000/media/{photo}/{name}?")
                   for link in found.values())  # fmt: skip
