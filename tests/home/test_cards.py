"""Banners and announcements: what may not be, windows that open and close, who sees them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.home.cards import state
from smartcity.home.models import Card
from tests.helpers import Headers, key, rows, upload
from tests.home.desk import (
    ANNOUNCEMENT,
    CARDS,
    announce,
    banner,
    delta,
    home,
    picture,
    step,
    taken,
    titles,
    turn,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR, EARLY = timedelta(hours=1), timedelta(seconds=10)
WARD, OTHER_WARD = "10507", "10888"


@pytest.fixture
def app(app: Flask, noon: datetime) -> Flask:
    """The application, at noon: those who sign in now may work for a quarter of an hour."""
    return app


def written(at: datetime) -> str:
    return at.isoformat()


def refused(client: FlaskClient, who: Headers, **other: Any) -> set[str]:
    answer = client.post(CARDS, json={**ANNOUNCEMENT, **other}, headers=who)
    assert answer.status_code == 422, answer.json
    return set(answer.json["errors"])


@SQLITE
def test_what_may_not_be_is_named(
    app: Flask, client: FlaskClient, editor: Headers, noon: datetime
) -> None:
    media_id = picture(app, client, editor)
    for field, asked in [
        ("link", {"link": "https://evil.example/gov.vn"}),
        ("link", {"link": "javascript:alert(1)"}),
        ("alt_vi", {"media_id": media_id}),
        ("media_id", {"kind": "banner"}),
        ("media_id", {"media_id": upload(client, editor), "alt_vi": "x"}),  # not made yet
        ("media_id", {"media_id": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69", "alt_vi": "x"}),
        ("text_vi", {"text_vi": None}),
        ("ends_at", {"starts_at": written(noon), "ends_at": written(noon)}),
        ("ends_at", {"starts_at": written(noon - HOUR), "ends_at": written(noon)}),
        ("ends_at", {"ends_at": "9999-12-31T23:59:59Z"}),
        ("starts_at", {"starts_at": "2037-01-01T00:00:00Z"}),
        ("app_from", {"app_from": "abc"}),
        ("areas", {"areas": ["00000"]}),
        ("platforms", {"platforms": ["symbian"]}),
        ("level", {"level": "shrill"}),
        ("showing", {"showing": True}),
    ]:
        assert refused(client, editor, **asked) == {field}, asked
    assert home(client)["announcements"] == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [(-1, "scheduled"), (0, "showing"), (59_999, "showing"), (60_000, "ended")],
)
def test_a_window_holds_its_first_instant_and_not_its_last(after: int, expected: str) -> None:
    begins = datetime(2026, 3, 20, 12, 0, tzinfo=clock.LOCAL)
    card = Card(starts_at=begins, ends_at=begins + timedelta(minutes=1))
    with clock.frozen(begins + timedelta(milliseconds=after)):
        assert state(card) == expected


def test_a_window_opens_and_closes_at_its_instants(
    app: Flask, client: FlaskClient, editor: Headers, noon: datetime
) -> None:
    window = {"starts_at": written(noon + HOUR), "ends_at": written(noon + 2 * HOUR)}
    card = announce(client, editor, **window)
    assert (card["state"], titles(client)) == ("scheduled", [])
    turn(app)  # too early: it comes back
    assert delta(client) == ([], 0)
    for after, shown, done in [
        (HOUR - EARLY, [], 1),
        (HOUR, [card["title_vi"]], 1),
        (2 * HOUR - EARLY, [card["title_vi"]], 1),
        (2 * HOUR, [], 1),
        (3 * HOUR, [], 0),
    ]:
        with clock.frozen(noon + after):
            assert turn(app) == done
            assert titles(client) == shown, after
    assert delta(client) == ([("card", card["id"], True)], 2)


def test_a_late_worker_shows_nothing_that_is_over(
    app: Flask, client: FlaskClient, editor: Headers, noon: datetime
) -> None:
    window = {"starts_at": written(noon + HOUR), "ends_at": written(noon + 2 * HOUR)}
    announce(client, editor, **window)
    with clock.frozen(noon + 3 * HOUR):
        assert turn(app) == 1
        assert delta(client) == ([], 0)


@SQLITE
def test_jobs_of_a_window_that_was_moved_do_nothing(
    app: Flask, client: FlaskClient, editor: Headers, noon: datetime
) -> None:
    card = announce(client, editor, starts_at=written(noon + HOUR))
    taken(client, editor, CARDS, card, starts_at=written(noon + 5 * HOUR))
    with clock.frozen(noon + HOUR):
        assert turn(app) == 2  # of both windows
        assert titles(client) == []
        assert turn(app) == 1  # the second one's comes back alone
    with clock.frozen(noon + 5 * HOUR):
        assert turn(app) == 1
        assert turn(app) == 0
        assert titles(client) == [card["title_vi"]]
    assert delta(client)[1] == 1


def test_a_withdrawal_hides_and_a_restoration_shows(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    card = announce(client, editor)
    gone = taken(client, editor, CARDS, card, "withdrawal", reason="Sai ngày.")
    assert (gone["state"], titles(client)) == ("withdrawn", [])
    assert step(client, editor, CARDS, gone, "withdrawal", reason="x").status_code == 409
    back = taken(client, editor, CARDS, gone, "restoration")
    assert (back["state"], titles(client)) == ("showing", [card["title_vi"]])
    assert step(client, editor, CARDS, back, "restoration").status_code == 409
    assert step(client, editor, CARDS, card, "withdrawal", reason="x").status_code == 412
    no_tag = client.put(f"{CARDS}/{card['id']}/restoration", headers=editor)
    assert no_tag.status_code == 428
    deeds = rows(app, AuditEntry, AuditEntry.subject_kind == "card")
    assert [d.action for d in deeds] == ["card.create", "card.withdraw", "card.restore"]
    assert deeds[1].detail == {"reason": "Sai ngày."}


@SQLITE
def test_a_change_is_shown_and_told_with_what_was_before(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    card = announce(client, editor)
    changed = taken(client, editor, CARDS, card, title_vi="Ngày hội số", title_en=None)
    assert (changed["version"], titles(client)) == (2, ["Ngày hội số"])
    assert home(client)["announcements"][0]["title"] == {"vi": "Ngày hội số", "en": None}
    (deed,) = rows(app, AuditEntry, AuditEntry.action == "card.change")
    assert deed.before == {"title_vi": card["title_vi"], "title_en": card["title_en"]}
    assert step(client, editor, CARDS, changed, kind="banner").status_code == 422
    assert step(client, editor, CARDS, changed, text_vi=None).status_code == 422
    assert titles(client) == ["Ngày hội số"]


@SQLITE
def test_whom_a_card_is_meant_for(client: FlaskClient, editor: Headers) -> None:
    announce(client, editor, title_vi="all")
    announce(client, editor, title_vi="ward", areas=[WARD, WARD], rank=1)
    announce(client, editor, title_vi="ios", platforms=["ios"], rank=2)
    announce(client, editor, title_vi="new", app_from="3.2", rank=3)
    for query, shown in [
        ("", ["all"]),
        (f"area={WARD}", ["all", "ward"]),
        (f"area={WARD}&area={OTHER_WARD}", ["all", "ward"]),
        (f"area={OTHER_WARD}", ["all"]),
        ("platform=ios&app=3.1.9", ["all", "ios"]),
        ("platform=android&app=3.2.0", ["all", "new"]),
        (f"platform=ios&app=10.0&area={WARD}", ["all", "ward", "ios", "new"]),
    ]:
        assert titles(client, query) == shown, query


@SQLITE
def test_a_banner_has_a_public_picture_only_while_it_shows(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    card = banner(app, client, editor, alt_en="Digital stall", rank=2)
    (shown,) = home(client)["banners"]
    assert shown["picture"]["alt"] == {"vi": "Gian hàng số", "en": "Digital stall"}
    assert (shown["picture"]["width"], shown["text"]["vi"]) == (80, ANNOUNCEMENT["text_vi"])
    assert "?" not in shown["picture"]["links"]["large"]
    assert card["picture"]["links"]["small"].partition("?")[2]  # officers' links are signed
    other = picture(app, client, editor)
    changed = taken(client, editor, CARDS, card, media_id=other)
    (now,) = home(client)["banners"]
    assert other in now["picture"]["links"]["large"]
    path = urlsplit(now["picture"]["links"]["large"]).path
    assert client.get(path).status_code == 200
    taken(client, editor, CARDS, changed, "withdrawal", reason="x")
    assert client.get(path).status_code == 404


@SQLITE
def test_a_warning_stands_above_all(client: FlaskClient, editor: Headers) -> None:
    announce(client, editor, title_vi="Lũ trên sông Thái Bình", level="warning")
    (warning,) = home(client)["warnings"]
    assert warning["title"]["vi"] == "Lũ trên sông Thái Bình"
    assert titles(client) == []


@SQLITE
def test_the_same_key_makes_one_card(client: FlaskClient, editor: Headers) -> None:
    headers = {**editor, **key()}
    first, second = (client.post(CARDS, json=ANNOUNCEMENT, headers=headers) for _ in range(2))
    assert first.json == second.json
    assert len(titles(client)) == 1


def test_the_list_is_narrowed_and_taken_as_a_file(
    app: Flask, client: FlaskClient, editor: Headers, auditor: Headers
) -> None:
    later = written(clock.now() + HOUR)
    flood = announce(client, editor, title_vi="Lũ trên sông Thái Bình", text_vi="=1+1")
    planned = announce(client, editor, title_vi="100 % trực tuyến", starts_at=later)
    stall = banner(app, client, editor, title_vi="Gian hàng")
    gone = taken(client, editor, CARDS, announce(client, editor), "withdrawal", reason="x")
    for query, found in [
        ("", [gone, stall, planned, flood]),
        ("kind=banner", [stall]),
        ("state=showing", [stall, flood]),
        ("state=scheduled", [planned]),
        ("state=withdrawn", [gone]),
        ("state=ended", []),
        (f"q={quote('SONG thai binh')}", [flood]),
        (f"q={quote('1%')}", []),
    ]:
        answer = client.get(f"{CARDS}?{query}", headers=auditor)
        assert [c["id"] for c in answer.json["items"]] == [c["id"] for c in found], query
    page = client.get(f"{CARDS}?limit=3", headers=auditor).json
    rest = client.get(f"{CARDS}?limit=3&cursor={page['next_cursor']}", headers=auditor).json
    assert [c["id"] for c in rest["items"]] == [flood["id"]]
    assert rest["next_cursor"] is None
    assert client.get(f"{CARDS}?state=asleep", headers=auditor).status_code == 422
    lines = client.get(f"{CARDS}.csv?q=lu", headers=auditor).get_data(as_text=True).splitlines()
    assert lines[0].startswith('\ufeff"Loại","Tiêu đề"')
    assert len(lines) == 2
    assert '"\'=1+1"' in lines[1]
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "card.export")
    assert entry.detail == {"filters": {"q": "lu"}}


@SQLITE
def test_what_ended_is_listed_so(client: FlaskClient, editor: Headers, noon: datetime) -> None:
    soon = noon + timedelta(minutes=5)
    card = announce(client, editor, ends_at=written(soon))
    with clock.frozen(soon):
        (found,) = client.get(f"{CARDS}?state=ended", headers=editor).json["items"]
    assert (found["id"], found["state"]) == (card["id"], "ended")
    nowhere = f"{CARDS}/0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"
    assert client.get(nowhere, headers=editor).status_code == 404
