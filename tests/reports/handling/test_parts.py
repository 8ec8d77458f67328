"""A report for several units: its parts go their own way, and the whole waits for the last."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from smartcity.push.models import InboxMessage
from smartcity.reports.models import ReportEvent
from tests.helpers import (
    OTHER_UNIT,
    UNIT,
    Headers,
    at_once,
    bearer,
    file_report,
    move,
    moved,
    officer,
    rows,
    upload,
    work,
)
from tests.reports.handling.ways import NO_PROOF, moves, seen

PARTS = {"parts": [{"agency": UNIT}, {"agency": OTHER_UNIT, "description": "Dây vướng trạm y tế"}]}
REFUSAL = {"reason": "outside_authority", "public_text": "Không thuộc thẩm quyền."}


@pytest.fixture
def accepted(client: FlaskClient, me: Headers, operator: Headers) -> dict:
    photo = upload(client, me)
    filed = file_report(client, me, category=NO_PROOF, media_ids=[photo])
    return moved(client, operator, filed, "acceptance")


@pytest.fixture
def units(app: Flask) -> dict[str, tuple[Headers, Headers]]:
    """An officer and a leader of each unit."""
    roles = (Role.UNIT_OFFICER, Role.UNIT_LEADER)
    return {
        agency: tuple(bearer(officer(app, role, agency)) for role in roles)
        for agency in (UNIT, OTHER_UNIT)
    }


def test_each_unit_gets_its_part_and_the_citizen_hears_once(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    units: dict,
    accepted: dict,
) -> None:
    whole = moved(client, operator, accepted, "parts", **PARTS)
    assert (whole["status"], whole["agency"]) == ("in_progress", None)
    assert whole["allowed_moves"] == []
    assert [p["agency"] for p in whole["parts"]] == [UNIT, OTHER_UNIT]
    assert len({whole["code"], *(p["code"] for p in whole["parts"])}) == 3
    for part in whole["parts"]:
        theirs = seen(client, units[part["agency"]][0], part)
        assert (theirs["status"], theirs["part_of"]["code"]) == ("assigned", whole["code"])
        assert theirs["media"][0]["id"] == whole["media"][0]["id"]  # of the whole
        assert theirs["reporter"] is None
        steps = moves(client, operator, part)
        assert [s["move"] for s in steps] == ["submit", "accept", "assign"]
        assert steps[0]["details"] == {"part_of": whole["code"]}
    assert seen(client, operator, whole["parts"][1])["description"] == "Dây vướng trạm y tế"
    told = moves(client, me, whole)[-1]
    assert told["details"] == {"parts": [p["code"] for p in whole["parts"]]}
    work(app, "inbox")
    heard = Counter(message.text for message in rows(app, InboxMessage))
    assert heard == {f"push.report.{m}": 1 for m in ("submit", "accept", "split")}


def test_the_last_part_to_end_moves_the_whole_on(
    client: FlaskClient, me: Headers, operator: Headers, lead: Headers, units: dict, accepted: dict
) -> None:
    whole = moved(client, operator, accepted, "parts", **PARTS)
    first, second = (seen(client, operator, part) for part in whole["parts"])
    _finish(client, operator, units[UNIT], first, "Đã nối dây.")
    assert seen(client, operator, whole)["status"] == "in_progress"
    second = moved(client, units[OTHER_UNIT][0], second, "return", **REFUSAL)
    assert seen(client, operator, whole)["status"] == "in_progress"  # it goes on elsewhere
    assert "split" not in seen(client, operator, second)["allowed_moves"]
    again = move(client, operator, second, "parts", **PARTS)
    assert again.json["type"] == "urn:problem:report.part_stays_whole"
    moved(client, operator, second, "rejection", **REFUSAL)
    whole = seen(client, lead, whole)
    assert (whole["status"], whole["allowed_moves"]) == ("pending_publication", ["resolve"])
    last = moves(client, me, whole)[-1]
    assert (last["move"], last["by"]) == ("conclude_parts", "system")
    back = move(client, lead, whole, "correction", public_text="Chưa đạt.")
    assert (back.status_code, back.json["type"]) == (409, "urn:problem:report.waits_for_parts")
    assert "resolve" in back.json["detail"]
    wordless = move(client, lead, whole, "resolution")
    assert (wordless.status_code, wordless.json["errors"].keys()) == (422, {"public_text"})
    done = moved(client, lead, whole, "resolution", public_text="Các đơn vị đã xử lý xong.")
    assert done["result"]["public_text"] == "Các đơn vị đã xử lý xong."
    assert len(done["result"]["media"]) == 1  # the proof of its part


def test_nobody_is_asked_about_a_part_or_a_whole_in_parts(
    client: FlaskClient, operator: Headers, units: dict, accepted: dict
) -> None:
    whole = moved(client, operator, accepted, "parts", **PARTS)
    part = seen(client, operator, whole["parts"][0])
    question = {"public_text": "Ở cột nào?"}
    for report, why in ((whole, "waits_for_parts"), (part, "nobody_to_ask")):
        answer = move(client, operator, report, "question", **question)
        assert (answer.status_code, answer.json["type"]) == (409, f"urn:problem:report.{why}")
    proposed = move(client, units[UNIT][0], part, "question-proposal", **question)
    assert proposed.json["type"] == "urn:problem:report.nobody_to_ask"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_parts_are_two_to_ten_units_that_differ(
    client: FlaskClient, operator: Headers, unit: Headers, accepted: dict
) -> None:
    one = {"agency": UNIT}
    for parts in ([], [one], [one, one], [one] * 11, [one, {"agency": "nowhere"}], "x", [one, {}]):
        answer = move(client, operator, accepted, "parts", parts=parts)
        assert answer.status_code == 422, parts
        assert answer.json["errors"].keys() <= {"parts", "agency"}
    assert move(client, unit, accepted, "parts", **PARTS).status_code == 403
    assert seen(client, operator, accepted)["parts"] == []


def test_two_last_parts_that_end_at_once_conclude_the_whole_once(
    app: Flask, client: FlaskClient, operator: Headers, units: dict, accepted: dict
) -> None:
    whole = moved(client, operator, accepted, "parts", **PARTS)
    returned = [
        moved(client, units[p["agency"]][0], seen(client, operator, p), "return", **REFUSAL)
        for p in whole["parts"]
    ]
    answers = at_once(
        *(
            lambda part=part: move(app.test_client(), operator, part, "rejection", **REFUSAL)
            for part in returned
        )
    )
    assert [a.status_code for a in answers] == [200, 200]
    assert len(rows(app, ReportEvent, ReportEvent.move == "conclude_parts")) == 1
    assert seen(client, operator, whole)["status"] == "pending_publication"


def _finish(
    client: FlaskClient, operator: Headers, people: tuple[Headers, Headers], part: dict, words: str
) -> None:
    unit, leader = people
    part = moved(client, unit, part, "progress")
    proof = [upload(client, unit)]
    part = moved(client, unit, part, "result", public_text=words, media_ids=proof)
    part = moved(client, leader, part, "approval")
    moved(client, operator, part, "resolution")
