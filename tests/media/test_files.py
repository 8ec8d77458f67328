"""Officers' files: what is taken, what each is called, who can open it, and when it goes."""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid
from smartcity.core.texts import text
from smartcity.identity.permissions import Role
from smartcity.media import files, jobs
from smartcity.media.file_inspection import SORTS, inspect_file, named
from smartcity.media.models import File
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, key, officer, rows
from tests.media.documents import BAD, GOOD, office, packed, pdf

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
NAMES = {
    "Quyết định 12.pdf": "Quyết định 12.pdf",
    "Quye\u0302\u0301t định.PDF": "Quyết định.pdf",
    "C:\\Users\\Lan\\ke-hoach.doc": "ke-hoach.pdf",
    "../../etc/passwd": "passwd.pdf",
    "bao-cao.exe": "bao-cao.pdf",
    "Kế hoạch 12.2026": "Kế hoạch 12.2026.pdf",
    "a\u202efdp.exe": "afdp.pdf",
    'a"b<c>:d|e?.pdf': "a_b_c__d_e_.pdf",
    "": "tai-lieu.pdf",
    "...": "tai-lieu.pdf",
    "\udcff.pdf": "tai-lieu.pdf",
    "ấ" * 300 + ".pdf": "ấ" * 80 + ".pdf",
}


@pytest.mark.parametrize("sort", GOOD)
def test_the_sort_is_told_by_the_content(sort: str) -> None:
    assert inspect_file(io.BytesIO(GOOD[sort])) == SORTS[sort]


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_says_why(what: str) -> None:
    content, reason = BAD[what]
    with pytest.raises(Invalid) as refusal:
        inspect_file(io.BytesIO(content))
    assert refusal.value.errors == {"file": [f"file.{reason}"]}


@pytest.mark.parametrize(
    "content",
    [
        pdf(packed(b"4 0 <</Type/Annot>>")),
        pdf(b"4 0 obj<</S/GoTo/D[3 0 R/Fit]>>endobj", b"/Info<</Title(On JavaScript)>>"),
        pdf(b"4 0 obj<</Type/Sig/Filter/Adobe.PPKLite>>endobj"),
        office("docx", {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"x"}),
    ],
    ids=["packed objects", "words about scripts", "signed", "a chart's numbers"],
)
def test_what_only_shows_pages_is_taken(content: bytes) -> None:
    inspect_file(io.BytesIO(content))


@pytest.mark.parametrize(("given", "kept"), NAMES.items(), ids=range(len(NAMES)))
def test_a_name_is_cleaned(given: str, kept: str) -> None:
    assert named(given, "pdf") == kept


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


def upload(
    client: FlaskClient, headers: Headers, content: bytes = GOOD["pdf"], name: str = "Kế hoạch.pdf"
) -> TestResponse:
    form = {"file": (io.BytesIO(content), name)}
    return client.post("/api/v1/officer/files", data=form, headers=headers)


def attached(client: FlaskClient, headers: Headers, *, shown: bool = True) -> dict[str, Any]:
    """A file that belongs to something."""
    told = upload(client, headers).json
    with client.application.app_context(), transaction() as session:
        owner = session.get_one(File, uuid.UUID(told["id"])).owner
        files.attach_file(session, uuid.UUID(told["id"]), owner, "article:1")
        if shown:
            files.show_file(session, uuid.UUID(told["id"]))
    return told


def public(told: dict[str, Any]) -> str:
    return f"/files/{told['id']}/{quote(told['name'])}"


def private(told: dict[str, Any]) -> str:
    parts = urlsplit(told["link"])
    return f"{parts.path}?{parts.query}"


@SQLITE
def test_an_upload_is_kept_and_its_officer_opens_it(client: FlaskClient, editor: Headers) -> None:
    answer = upload(client, editor)
    assert answer.status_code == 201, answer.json
    assert answer.json["name"] == "Kế hoạch.pdf"
    assert answer.json["bytes"] == len(GOOD["pdf"])
    assert client.get(public(answer.json)).status_code == 404
    opened = client.get(private(answer.json))
    assert (opened.status_code, opened.data) == (200, GOOD["pdf"])
    assert opened.headers["Cache-Control"].startswith("private")


@SQLITE
def test_a_shown_file_is_a_download_and_nothing_else(client: FlaskClient, editor: Headers) -> None:
    answer = client.get(public(attached(client, editor)))
    assert answer.data == GOOD["pdf"]
    told = answer.headers
    assert told["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('Kế hoạch.pdf')}"
    assert told["Content-Type"] == "application/pdf"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in told.getlist("Content-Security-Policy")
    assert told["Cache-Control"] == "public, max-age=60"
    assert not told["ETag"].startswith("W/")


@SQLITE
def test_a_part_of_it_and_nothing_new(client: FlaskClient, editor: Headers) -> None:
    path = public(attached(client, editor))
    part = client.get(path, headers={"Range": "bytes=5-7"})
    assert (part.status_code, part.data) == (206, GOOD["pdf"][5:8])
    assert part.headers["Content-Range"] == f"bytes 5-7/{len(GOOD['pdf'])}"
    assert client.get(path, headers={"Range": "bytes=9999999-"}).status_code == 416
    again = client.get(path, headers={"If-None-Match": part.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@SQLITE
def test_another_name_or_a_forged_link_opens_nothing(client: FlaskClient, editor: Headers) -> None:
    told = attached(client, editor, shown=False)
    shown = attached(client, editor)
    assert client.get(public({**shown, "name": "khac.pdf"})).status_code == 404
    link = private(told)
    forged = link[:-1] + ("1" if link.endswith("0") else "0")
    assert client.get(forged).json["detail"] == text("file.not_found", "vi")
    with clock.frozen(clock.now() + timedelta(hours=2)):
        late = client.get(private(told))
    assert (late.status_code, late.json["detail"]) == (410, text("file.link_expired", "vi"))


@SQLITE
def test_a_hidden_file_is_gone_for_everybody(client: FlaskClient, editor: Headers) -> None:
    told = attached(client, editor)
    with client.application.app_context(), transaction() as session:
        files.hide_file(session, uuid.UUID(told["id"]))
    assert client.get(public(told)).status_code == 404
    assert client.get(private(told)).status_code == 200


@SQLITE
def test_a_repeat_is_one_file_and_a_refusal_none(
    app: Flask, client: FlaskClient, editor: Headers, stored: Callable[[], list[str]]
) -> None:
    again = {**editor, **key()}
    first, second = upload(client, again), upload(client, again)
    assert first.json == second.json
    refused = upload(client, editor, BAD["docm"][0], "a.docx")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["file"])
    assert (len(rows(app, File)), stored()) == (1, ["file"])


@SQLITE
def test_over_20_mb_is_too_large(client: FlaskClient, editor: Headers) -> None:
    answer = upload(client, editor, GOOD["pdf"] + bytes(20 * 1024 * 1024))
    assert (answer.status_code, list(answer.json["errors"])) == (413, ["file"])


@SQLITE
def test_a_store_that_is_away_is_said(make_app: MakeApp, tmp_path: Any) -> None:
    (tmp_path / "blocked").write_text("a file stands where the folder should")
    app = make_app(media_store=str(tmp_path / "blocked"))
    answer = upload(app.test_client(), bearer(officer(app, Role.CONTENT_EDITOR)))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def sweep_after(app: Flask, wait: timedelta) -> None:
    with app.app_context(), clock.frozen(clock.now() + wait):
        jobs.sweep()


def test_what_nothing_uses_goes_after_a_day(
    app: Flask, client: FlaskClient, editor: Headers, stored: Callable[[], list[str]]
) -> None:
    used = uuid.UUID(attached(client, editor)["id"])
    upload(client, editor)
    sweep_after(app, DAY * 0.9)
    assert len(stored()) == 2
    sweep_after(app, DAY * 1.1)
    assert ([file.id for file in rows(app, File)], stored()) == ([used], ["file"])
    with app.app_context(), transaction() as session:
        files.release_file(session, used)
    sweep_after(app, DAY * 1.1)
    assert (rows(app, File), stored()) == ([], [])


def test_a_file_is_one_things_and_its_uploaders(app: Flask, client: FlaskClient) -> None:
    told = upload(client, bearer(officer(app, Role.CONTENT_EDITOR)))
    file_id, (file,) = uuid.UUID(told.json["id"]), rows(app, File)

    def attach(owner: str, subject: str) -> str:
        with app.app_context(), transaction() as session:
            try:
                return str(files.attach_file(session, file_id, owner, subject).subject)
            except Invalid as refusal:
                return str(refusal.errors["file_id"][0])

    assert attach("officer:another", "article:1") == "file.not_yours"
    taken = at_once(
        lambda: attach(file.owner, "article:1"), lambda: attach(file.owner, "article:2")
    )
    assert sorted(taken)[1] == "file.already_used"
    assert attach("officer:another", sorted(taken)[0]) == sorted(taken)[0]  # saved again


@SQLITE
def test_a_file_that_is_being_destroyed_cannot_be_attached(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    file_id = uuid.UUID(upload(client, editor).json["id"])
    (file,) = rows(app, File)
    with app.app_context(), clock.frozen(clock.now() + DAY * 1.1):
        files._give_up_unused()  # a sweep that was killed here
        with transaction() as session, pytest.raises(Invalid):
            files.attach_file(session, file_id, file.owner, "article:1")
        jobs.sweep()
    assert rows(app, File) == []


@SQLITE
def test_files_are_found_by_their_ids(app: Flask, client: FlaskClient, editor: Headers) -> None:
    told = attached(client, editor)
    with app.app_context(), reading() as session:
        found = files.files_of(session, [uuid.UUID(told["id"]), uuid.uuid4()])
        assert [file.name for file in found.values()] == ["Kế hoạch.pdf"]
        assert files.files_of(session, []) == {}
        (file,) = found.values()
        assert urlsplit(files.file_link(file)).path == public(told)
