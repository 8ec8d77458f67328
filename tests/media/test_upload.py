"""POST /api/v1/media: what is taken, what is refused at once, and what is left behind."""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from smartcity.core.db import reading
from smartcity.identity.permissions import Role
from smartcity.jobs.models import JobRow
from smartcity.media.models import Media
from tests.conftest import MakeApp
from tests.identity.people import bearer, citizen, officer
from tests.media.conftest import Upload, send
from tests.media.pictures import (
    drawing,
    heic_claiming,
    jpeg,
    jpeg_claiming,
    png_claiming,
    saved,
    telling,
    webp_claiming,
)

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
NOT_PICTURES = {
    "gif": saved(drawing(), "GIF"),
    "bmp": saved(drawing(), "BMP"),
    "tiff": saved(drawing(), "TIFF"),
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": SVG,
    "empty": b"",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + b"\0" * 100,
    "heic without a picture": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100,
    "webp without a picture": b"RIFF\x04\0\0\0WEBP",
    "jpeg without a frame": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 40,
    "png without a header": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
}
BOMBS = {
    "png": png_claiming(60_000, 60_000),
    "png of a few pixels too many": png_claiming(8192, 6401),
    "jpeg": jpeg_claiming(65_000, 65_000),
    "webp": webp_claiming(16_383, 16_383),
    "heic": heic_claiming(60_000, 60_000),
}


def counted(app: Flask, table: type[Any]) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_taken_and_waits_for_the_worker(app: Flask, upload: Upload, kind: str) -> None:
    answer = upload(saved(drawing(640, 480), kind), name="whatever.bin")
    assert answer.status_code == 201
    assert answer.json["status"] == "pending"
    assert answer.json["format"] == kind.lower()
    assert (answer.json["width"], answer.json["height"]) == (640, 480)
    assert counted(app, JobRow) == 1


@pytest.mark.parametrize(("orientation", "size"), [(1, (800, 600)), (6, (600, 800))])
def test_the_size_is_that_of_the_upright_photo(
    upload: Upload, orientation: int, size: tuple[int, int]
) -> None:
    answer = upload(telling("JPEG", orientation)).json
    assert (answer["width"], answer["height"]) == size


@pytest.mark.filterwarnings("ignore:::PIL")
def test_unreadable_exif_does_not_matter(upload: Upload) -> None:
    answer = upload(jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))
    assert answer.status_code == 201


def test_what_is_no_picture_is_refused_at_once(
    app: Flask, upload: Upload, stored: Callable[[], list[str]]
) -> None:
    for what, content in NOT_PICTURES.items():
        answer = upload(content, name="photo.jpg")
        assert answer.status_code == 422, what
        assert answer.content_type == "application/problem+json"
        assert list(answer.json["errors"]) == ["file"]
    assert counted(app, Media) == 0
    assert stored() == []


def test_a_pixel_bomb_is_refused_from_its_header(upload: Upload) -> None:
    for what, content in BOMBS.items():
        answer = upload(content)
        assert answer.status_code == 422, what
        assert answer.json["errors"]["file"] == ["Ảnh vượt quá 50 triệu điểm ảnh."]


def test_a_refusal_takes_less_than_a_tenth_of_a_second(upload: Upload) -> None:
    upload(b"")  # the first request of an application prepares its routes

    def seconds(content: bytes) -> float:
        began = time.perf_counter()
        upload(content)
        return time.perf_counter() - began

    for content in [*NOT_PICTURES.values(), *BOMBS.values()]:
        assert min(seconds(content) for _ in range(3)) < 0.1


def test_a_file_over_15_mb_is_too_large(upload: Upload) -> None:
    answer = upload(jpeg() + b"\0" * 15 * 1024 * 1024)
    assert answer.status_code == 413
    assert list(answer.json["errors"]) == ["file"]


class Counting(io.BytesIO):
    """A body that counts how much of it was read."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.count += len(content)
        return content


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_body_of_16_mb_is_refused_unread(
    client: FlaskClient, me: dict[str, str], signed_in: bool
) -> None:
    body = Counting(b"x" * 16_000_000)
    answer = client.post(
        "/api/v1/media",
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": "16000000", **(me if signed_in else {})},
    )
    assert answer.status_code == (413 if signed_in else 401)
    assert list(answer.json.get("errors", {})) == (["file"] if signed_in else [])
    assert body.count < 1_000_000


def test_ten_thousand_parts_are_refused(client: FlaskClient, me: dict[str, str]) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = client.post(
        "/api/v1/media",
        data=part * 10_000 + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers=me,
    )
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"
    assert list(answer.json["errors"]) == ["file"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "file"),
        ({"file": "text, not a file"}, "file"),
        ({"file": jpeg(), "subject": "x"}, "subject"),
        ({"file": jpeg(), "other": jpeg()}, "other"),
    ],
)
def test_the_field_at_fault_is_named(
    client: FlaskClient, me: dict[str, str], data: dict[str, Any], field: str
) -> None:
    files = {k: (io.BytesIO(v), "a.jpg") for k, v in data.items() if isinstance(v, bytes)}
    multipart = "multipart/form-data"
    sent = {**data, **files}
    answer = client.post("/api/v1/media", data=sent, headers=me, content_type=multipart)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_a_body_that_is_not_multipart_lacks_the_file(
    client: FlaskClient, me: dict[str, str]
) -> None:
    answer = client.post("/api/v1/media", json={"file": "x"}, headers=me)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["file"])


def test_only_who_may_report_or_answer_reports_uploads(app: Flask, client: FlaskClient) -> None:
    people = {
        401: {},
        403: bearer(officer(app, Role.AUDITOR)),
        201: bearer(officer(app, Role.UNIT_OFFICER, "any")),
    }
    for status, headers in people.items():
        assert send(client, headers, jpeg()).status_code == status


def test_a_repeat_with_the_same_key_is_one_photo(
    app: Flask, upload: Upload, stored: Callable[[], list[str]]
) -> None:
    answers = [upload(jpeg(), **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert "Idempotency-Replayed" in answers[1].headers
    assert (counted(app, Media), counted(app, JobRow)) == (1, 1)
    assert stored() == ["original"]


def test_the_same_key_with_another_photo_leaves_nothing(
    app: Flask, upload: Upload, stored: Callable[[], list[str]]
) -> None:
    upload(jpeg(), **{"Idempotency-Key": "k1"})
    answer = upload(jpeg(100, 100), **{"Idempotency-Key": "k1"})
    assert answer.status_code == 422
    assert (counted(app, Media), counted(app, JobRow)) == (1, 1)
    assert stored() == ["original"]


def test_the_name_of_the_file_is_not_kept(app: Flask, upload: Upload) -> None:
    upload(jpeg(), name="nha-chi-Lan-0912345678.jpg")
    with app.app_context(), reading() as session:
        row = session.execute(select(Media.__table__)).one()
    assert "Lan" not in repr(row)


def test_a_store_that_is_away_is_said_and_may_be_tried_again(
    make_app: MakeApp, tmp_path: Path
) -> None:
    (tmp_path / "blocked").write_text("a file stands where the folder should")
    app = make_app(media_store=str(tmp_path / "blocked"))
    answer = send(app.test_client(), bearer(citizen(app)), jpeg())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert counted(app, JobRow) == 0


def test_photos_of_one_citizen_are_limited(make_app: MakeApp) -> None:
    app = make_app(media_limit="1 per hour")
    client, headers = app.test_client(), bearer(citizen(app))
    assert send(client, headers, jpeg()).status_code == 201
    assert send(client, headers, jpeg()).status_code == 429
    assert send(client, bearer(citizen(app, "+84987654321")), jpeg()).status_code == 201


def test_without_the_decoder_heic_is_refused_with_a_way_out(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # as where the extra is not installed
    answer = upload(heic_claiming(800, 600))
    assert answer.status_code == 422
    assert "JPEG" in answer.json["errors"]["file"][0]
