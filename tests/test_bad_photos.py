"""Photos that are none, another's, or used already: refused before anything is decoded."""

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.media.models import Media
from smartcity.reports.models import Report
from tests.helpers import Headers, bearer, citizen, count, file_report, report_body, rows
from tests.media.pictures import jpeg
from tests.refusals import faults_of, refused

REPORTS = "/api/v1/reports"


def upload(client: FlaskClient, headers: Headers, content: bytes, name: str = "a.jpg") -> Any:
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/api/v1/media", data=data, headers=headers)


def test_photos_of_a_report_are_ones_own_and_used_once(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    stranger = bearer(citizen(app, "+84987654321"))
    mine, other, theirs = (
        upload(client, who, jpeg(40, 30)).json["id"] for who in (me, me, stranger)
    )
    for ids in ([theirs], [mine, theirs], [mine, mine]):
        answer = client.post(REPORTS, json=report_body(media_ids=ids), headers=me)
        assert refused(answer, 422, "media_ids") is None
    assert {m.subject for m in rows(app, Media)} == {None}
    assert count(app, Report) == 0
    report = file_report(client, me, media_ids=[mine])
    assert [photo["id"] for photo in report["media"]] == [mine]
    again = client.post(REPORTS, json=report_body(media_ids=[other, mine]), headers=me)
    assert refused(again, 422, "media_ids") is None
    assert [str(m.id) for m in rows(app, Media) if m.subject is None] == sorted([other, theirs])


def test_what_is_no_photo_is_refused_by_its_content(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\0" * 40
    page = b"<!doctype html><script>alert(1)</script>"
    contents = {"GIF": gif, "HTML": page, "nothing": b"", "stub of a JPEG": jpeg(40, 30)[:20]}
    asks = {}
    for name, content in contents.items():
        ask = lambda c=content: upload(client, me, c)  # noqa: E731
        asks[name] = (ask, 422, "file")
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="p%d"\r\n\r\n1\r\n' % n for n in range(10_000)
    )
    form = {**me, "Content-Type": "multipart/form-data; boundary=x"}
    many = lambda: client.post("/api/v1/media", data=parts + b"--x--\r\n", headers=form)  # noqa: E731
    asks["10,000 parts"] = (many, 413, "")
    asks["a word"] = (
        lambda: client.post(
            "/api/v1/media", data={"file": "x"}, headers=me, content_type="multipart/form-data"
        ),
        422,
        "file",
    )
    asks["another part"] = (
        lambda: client.post(
            "/api/v1/media", data={"file": (io.BytesIO(jpeg(9, 9)), "a"), "x": "1"}, headers=me
        ),
        422,
        "x",
    )
    asks["no file"] = (lambda: client.post("/api/v1/media", data={}, headers=me), 422, "file")
    assert faults_of(asks) == {}
    assert count(app, Media) == 0
