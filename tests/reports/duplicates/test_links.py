"""Officers join reports: to one root, without circles, and everybody hears of it."""

import uuid

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.identity import citizens
from smartcity.jobs.models import JobRow
from smartcity.jobs.perform import perform
from smartcity.push.service import NOTIFY
from smartcity.reports.duplicates.following import add_follower
from smartcity.reports.duplicates.models import ReportFollower
from smartcity.reports.duplicates.telling import AT_ONCE
from smartcity.reports.models import Report
from tests.helpers import Headers, at_once, file_report, move, moved, rows, take, work
from tests.reports.duplicates.conftest import WORDS, change, found, joined, neighbours


def told(app: Flask, client: FlaskClient, who: Headers) -> list[tuple[str, str]]:
    """Title and link of what somebody finds in his inbox, first to last."""
    work(app, "reports", "followers", "inbox")
    items = client.get("/api/v1/me/inbox?limit=100", headers=who).json["items"]
    return [(item["title"], item["link"]) for item in reversed(items)]


def refused(answer) -> str:
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"].keys() == {"parent"}
    message: str = answer.json["errors"]["parent"][0]
    return message


def test_its_reporter_hears_of_the_parent_from_then_on(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    parent = file_report(client, me)
    (child,) = neighbours(app, client, 1)
    told(app, client, child["who"])
    closed = joined(client, operator, child, parent)
    assert closed["duplicate_of"]["code"] == parent["code"]
    parent = moved(client, operator, parent, "acceptance")
    told_twice = {"reason": "spam", "public_text": "Quảng cáo."}
    moved(client, operator, parent, "rejection", **told_twice)
    link = f"/reports/{child['id']}"
    own, root = child["code"], parent["code"]
    assert told(app, client, child["who"])[1:] == [
        (f"Phản ánh {own} trùng với phản ánh khác", link),
        (f"Phản ánh {own} (gộp vào {root}) đã được tiếp nhận", link),
        (f"Phản ánh {own} (gộp vào {root}) không được tiếp nhận", link),
    ]
    last = client.get("/api/v1/me/inbox", headers=child["who"]).json["items"][0]
    assert "Quảng cáo." in last["body"]
    assert len(told(app, client, me)) == 3  # submitted, accepted, refused: each once


def test_the_parent_is_named_and_alive(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report, dead = file_report(client, me), file_report(client, me)
    assert move(client, operator, report, "duplicate", **WORDS).json["errors"].keys() == {"parent"}
    for named in (str(uuid.uuid4()), "HP-2026-999999", "x"):
        assert "Không có" in refused(
            move(client, operator, report, "duplicate", **WORDS, parent=named)
        )
    for own in (report["id"], report["code"]):
        assert "chính nó" in refused(
            move(client, operator, report, "duplicate", **WORDS, parent=own)
        )
    for status in ("rejected", "withdrawn", "duplicate"):
        change(app, dead, status=status)
        assert "từ chối" in refused(
            move(client, operator, report, "duplicate", **WORDS, parent=dead["id"])
        )
    assert found(app, report).status == "submitted"


def test_chains_end_at_one_root(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    root = file_report(client, me)
    first, second, third = neighbours(app, client, 3)
    joined(client, operator, second, first)
    joined(client, operator, first, root)
    assert joined(client, operator, third, second)["duplicate_of"]["code"] == root["code"]
    for report in (first, second, third):
        assert found(app, report).duplicate_of == found(app, root).id
    assert found(app, root).followers == 3
    moved(client, operator, root, "acceptance")
    title, link = told(app, client, second["who"])[-1]
    assert (second["code"] in title, root["code"] in title) == (True, True)
    assert link == f"/reports/{second['id']}"


def test_two_who_join_crosswise_make_no_circle(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    one, other = neighbours(app, client, 2)

    def join(report: dict, parent: dict):
        body = {**WORDS, "parent": parent["id"]}
        return move(app.test_client(), operator, report, "duplicate", **body)

    answers = at_once(lambda: join(one, other), lambda: join(other, one))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    links = {found(app, r).duplicate_of for r in (one, other)}
    assert len(links) == 2
    assert None in links


def test_an_appeal_that_is_granted_parts_them(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, lead: Headers
) -> None:
    parent = file_report(client, me)
    first, second = neighbours(app, client, 2)
    again = {**file_report(client, first["who"]), "who": first["who"]}
    for report in (first, second, again):
        report["version"] = joined(client, operator, report, parent)["version"]
    assert found(app, parent).followers == 2
    for report, left in ((second, 1), (first, 1), (again, 0)):
        appeal = {"public_text": "Đây là hố khác."}
        path = f"/api/v1/reports/{report['id']}/appeal"
        asked = client.put(path, json=appeal, headers=report["who"]).json
        back = moved(client, lead, asked, "appeal", **appeal)
        assert (back["status"], back["duplicate_of"]) == ("submitted", None)
        assert found(app, parent).followers == len(rows(app, ReportFollower)) == left


def test_all_are_told_batch_by_batch_and_nobody_twice(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    parent = file_report(client, me)
    people = 2 * AT_ONCE + 1
    with app.app_context(), transaction() as session:
        report = session.get_one(Report, found(app, parent).id)
        for number in range(people):
            add_follower(session, report, citizens.enrol(session, f"+84905{number:06d}"))
    moved(client, operator, parent, "acceptance")
    with app.app_context():
        (lease,) = take("followers")
        lease.epoch += 1  # another worker has it meanwhile: what this one does must not count
        perform(lease)
        assert messages(app) == 0
        lease.epoch -= 1
        perform(lease)
    assert messages(app) == AT_ONCE
    assert work(app, "followers") == 2
    assert messages(app) == people


def messages(app: Flask) -> int:
    """How many of the followers a message waits for, each once."""
    told = [job.payload for job in rows(app, JobRow, JobRow.name == NOTIFY)]
    followers = [p["citizen"] for p in told if p["text"].startswith("push.followed.")]
    assert len(set(followers)) == len(followers)
    return len(followers)
