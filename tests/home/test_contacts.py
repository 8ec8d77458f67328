"""Numbers to call: which may be, who finds them, and those that a province begins with."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.datafile import BadFile
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid
from smartcity.home.dialling import dialled
from smartcity.home.home_file import load_contacts
from smartcity.home.models import Contact
from smartcity.search import service as search
from smartcity.settings import Settings
from tests.conftest import MakeApp
from tests.helpers import Headers, rows
from tests.home.desk import AMBULANCE, APP, CONTACTS, HOTLINE, contact, delta, home, step, taken

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROVINCE = Settings().province_dir


@pytest.mark.parametrize(
    ("kind", "written", "number"),
    [
        ("emergency", "115", "115"),
        ("hotline", "1022", "1022"),
        ("hotline", "1900 1234", "19001234"),
        ("hotline", "1900 545 454", "1900545454"),
        ("hotline", "(0220) 3853 573", "02203853573"),
        ("hotline", "+84 220 3853 573", "02203853573"),
        ("hotline", "0912.345.678", "0912345678"),
    ],
)
def test_a_number_is_kept_as_it_is_dialled(kind: str, written: str, number: str) -> None:
    assert dialled(written, emergency=kind == "emergency") == number


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("emergency", "1022"),
        ("emergency", "0912345678"),
        ("hotline", "12"),
        ("hotline", "0220385357300"),
        ("hotline", "0123456789"),
        ("hotline", "+1 202 456 1111"),
        ("hotline", "gọi tôi"),
        ("hotline", "0912345678;ext=1"),
        ("hotline", "١١٥"),
    ],
)
def test_what_nobody_can_dial_is_refused(kind: str, written: str) -> None:
    with pytest.raises(Invalid):
        dialled(written, emergency=kind == "emergency")


def test_a_number_is_public_until_it_is_withdrawn(client: FlaskClient, editor: Headers) -> None:
    made = contact(client, editor, **AMBULANCE)
    contact(client, editor, rank=9)
    assert [c["number"] for c in home(client)["contacts"]] == ["115", "1022"]
    assert [c["number"] for c in client.get(APP).json["emergency"]] == ["115"]
    changed = taken(client, editor, CONTACTS, made, name_en="Ambulance")
    assert client.get(APP).json["emergency"][0]["name"] == {"vi": "Cấp cứu y tế", "en": "Ambulance"}
    gone = taken(client, editor, CONTACTS, changed, "withdrawal", reason="Đổi số.")
    assert client.get(APP).json["emergency"] == []
    assert ("contact", made["id"], True) in delta(client)[0]
    hidden = taken(client, editor, CONTACTS, gone, name_en="Medical help")
    assert client.get(APP).json["emergency"] == []
    assert ("contact", made["id"], True) in delta(client)[0]
    taken(client, editor, CONTACTS, hidden, "restoration")
    assert client.get(APP).json["emergency"][0]["name"]["en"] == "Medical help"


def test_people_find_the_number_that_they_need(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    made = contact(client, editor, **AMBULANCE)
    contact(client, editor)
    assert found(app, "số cấp cứu") == ["115"]
    assert found(app, "so cap cuu") == ["115"]
    assert found(app, "115") == ["115"]
    taken(client, editor, CONTACTS, made, "withdrawal", reason="x")
    assert "115" not in found(app, "số cấp cứu")


@SQLITE
def test_a_change_is_checked_with_what_stays(client: FlaskClient, editor: Headers) -> None:
    made = contact(client, editor)
    for body in (
        {"kind": "emergency"},  # 1022 has four digits
        {"number": "0"},
        {"agency": "so-khong-co"},
        {"areas": ["00000"]},
        {"name_vi": None},
    ):
        answer = step(client, editor, CONTACTS, made, **body)
        assert answer.status_code == 422, body
    assert taken(client, editor, CONTACTS, made, number="113", kind="emergency")["version"] == 2


@SQLITE
def test_near_numbers_come_to_who_lives_there(client: FlaskClient, editor: Headers) -> None:
    contact(client, editor, areas=["10507"])
    assert home(client)["contacts"] == []
    assert len(home(client, "area=10507")["contacts"]) == 1


@SQLITE
def test_the_list_and_its_file(client: FlaskClient, editor: Headers) -> None:
    first = contact(client, editor, **AMBULANCE)
    second = contact(client, editor)
    taken(client, editor, CONTACTS, second, "withdrawal", reason="x")
    for query, numbers in [
        ("", ["1022", "115"]),
        ("kind=emergency", ["115"]),
        ("withdrawn=true", ["1022"]),
        ("withdrawn=false", ["115"]),
        ("q=cap+cuu", ["115"]),
        ("q=102", ["1022"]),
    ]:
        items = client.get(f"{CONTACTS}?{query}", headers=editor).json["items"]
        assert [item["number"] for item in items] == numbers, query
    assert client.get(f"{CONTACTS}/{first['id']}", headers=editor).headers["ETag"] == '"1"'
    lines = client.get(f"{CONTACTS}.csv?kind=hotline", headers=editor).get_data(as_text=True)
    assert HOTLINE["name_vi"] in lines


def test_the_file_brings_new_numbers_and_leaves_what_officers_did(
    app: Flask, client: FlaskClient, editor: Headers, tmp_path: Path
) -> None:
    load(app)
    numbers = {c.number: c for c in rows(app, Contact)}
    assert set(numbers) == {"111", "112", "113", "114", "115"}
    police = {"id": numbers["113"].id, "version": 1}
    taken(client, editor, CONTACTS, police, "withdrawal", reason="x")
    load(app)
    assert len(rows(app, Contact)) == 5
    assert [c["number"] for c in client.get(APP).json["emergency"]] == ["114", "115", "112", "111"]


@SQLITE
@pytest.mark.parametrize(
    ("was", "is_now", "fault"),
    [
        ('number: "113"', 'number: "114"', "114 is there 2 times"),
        ("{id: news,", "{id: reports,", "reports is there 2 times"),
        ("minimum: 1.0.0", "minimum: 2.0.0", "app.android.minimum"),
        ("play.google.com", "evil.example", "app.android.store"),
        ('number: "113"', "number: ăn", "contacts"),
    ],
)
def test_a_bad_file_names_what_is_wrong(
    make_app: MakeApp, tmp_path: Path, was: str, is_now: str, fault: str
) -> None:
    folder = shutil.copytree(PROVINCE, tmp_path / "province")
    file = folder / "home.yaml"
    file.write_text(file.read_text("utf-8").replace(was, is_now, 1), "utf-8")
    with (
        make_app(province_dir=folder).app_context(),
        transaction() as session,
        pytest.raises(BadFile, match=fault),
    ):
        load_contacts(session, folder)


def load(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        load_contacts(session, PROVINCE)


def found(app: Flask, words: str) -> list[str]:
    """The numbers among what a search finds."""
    with app.app_context(), reading() as session:
        hits = search.find(session, search.Asked(words, {})).items
        return [hit.link.removeprefix("tel:") for hit in hits]
