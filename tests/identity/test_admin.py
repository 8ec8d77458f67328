"""Officers' accounts as admins keep them: made, changed, closed, opened; never without an admin."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.permissions import Role
from tests.helpers import UNIT, Headers, at_once, bearer, officer, rows

OFFICERS = "/api/v1/admin/officers"
SIGN_IN = "/api/v1/officer/auth/tokens"
TEMPORARY = "mật khẩu tạm thời số 2026"
REASON = {"reason": "Nghỉ hưu từ ngày 1/12/2026."}


@pytest.fixture
def admin(app: Flask) -> Headers:
    return bearer(officer(app, Role.ADMIN, "ioc"))


def asked(**other: object) -> dict:
    return {
        "username": "Linh.Nguyen",
        "password": TEMPORARY,
        "role": "unit_officer",
        "agency": UNIT,
        "display_name": "Nguyễn Thùy Linh",
        **other,
    }


@pytest.fixture
def linh(client: FlaskClient, admin: Headers) -> dict:
    answer = client.post(OFFICERS, json=asked(), headers=admin)
    assert answer.status_code == 201, answer.json
    return answer.json


def change(client: FlaskClient, admin: Headers, account: dict, **body: object) -> TestResponse:
    tag = {"If-Match": f'"{account["version"]}"'}
    return client.patch(f"{OFFICERS}/{account['id']}", json=body, headers={**admin, **tag})


def close(client: FlaskClient, admin: Headers, account_id: object) -> TestResponse:
    return client.put(f"{OFFICERS}/{account_id}/deactivation", json=REASON, headers=admin)


def signed_in(client: FlaskClient, password: str = TEMPORARY) -> TestResponse:
    return client.post(SIGN_IN, json={"username": "linh.nguyen", "password": password})


def tokens(client: FlaskClient, password: str = TEMPORARY) -> Headers:
    answer = signed_in(client, password)
    assert answer.status_code == 200, answer.json
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def of_role(app: Flask, role: Role) -> list[Officer]:
    return rows(app, Officer, Officer.role == role, Officer.active)


def deeds(app: Flask, action: str) -> list[AuditEntry]:
    return rows(app, AuditEntry, AuditEntry.action == action)


def test_a_temporary_password_is_good_for_changing_it(
    app: Flask, client: FlaskClient, linh: dict
) -> None:
    assert (linh["username"], linh["password_temporary"]) == ("linh.nguyen", True)
    assert TEMPORARY not in str(linh)
    newcomer = tokens(client)
    assert client.get("/api/v1/officer/reports", headers=newcomer).status_code == 403
    new = "cầu Phú Lương bắc qua sông"
    body = {"current": TEMPORARY, "new": new}
    put = client.put("/api/v1/officer/me/password", json=body, headers=newcomer)
    assert put.status_code == 204, put.json
    own = tokens(client, new)
    assert client.get("/api/v1/officer/reports", headers=own).status_code == 200
    [made] = deeds(app, "officer.create")
    assert made.after == {
        "role": "unit_officer",
        "agency": UNIT,
        "display_name": "Nguyễn Thùy Linh",
        "active": True,
    }


def test_what_does_not_fit_is_named(client: FlaskClient, admin: Headers, linh: dict) -> None:
    faults = [
        (asked(), "username"),  # taken
        (asked(username="x", password="too short"), "password"),
        (asked(username="x", agency=None), "agency"),
        (asked(username="x", agency="no-such-unit"), "agency"),
        (asked(username="x", role="citizen"), "role"),
        (asked(username="x", role="newcomer"), "role"),
        (asked(username="x", active=False), "active"),
    ]
    for body, field in faults:
        answer = client.post(OFFICERS, json=body, headers=admin)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), body
    assert (
        client.post(
            OFFICERS, json=asked(username="y", role="auditor", agency=None), headers=admin
        ).json["agency"]
        is None
    )


def test_another_role_holds_within_a_minute(
    app: Flask, client: FlaskClient, admin: Headers
) -> None:
    his = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
    [account] = of_role(app, Role.UNIT_OFFICER)
    seen = {"id": account.id, "version": account.version}
    assert client.get("/api/v1/officer/reports", headers=his).status_code == 200
    changed = change(client, admin, seen, role="content_editor", agency=None)
    assert (changed.status_code, changed.json["role"]) == (200, "content_editor")
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert client.get("/api/v1/officer/reports", headers=his).status_code == 403
    [entry] = deeds(app, "officer.change")
    assert (entry.before["role"], entry.after["role"]) == ("unit_officer", "content_editor")
    assert (entry.before["agency"], entry.after["agency"]) == (UNIT, None)


def test_changes_need_the_version_that_was_seen(
    client: FlaskClient, admin: Headers, linh: dict
) -> None:
    path = f"{OFFICERS}/{linh['id']}"
    assert client.patch(path, json={"role": "unit_leader"}, headers=admin).status_code == 428
    assert change(client, admin, linh, role="unit_leader").json["version"] == 2
    assert change(client, admin, linh, role="unit_officer").status_code == 412
    assert change(client, admin, {**linh, "version": 2}).json["errors"].keys() == {"_body"}
    bare = change(client, admin, {**linh, "version": 2}, agency=None)
    assert bare.json["errors"].keys() == {"agency"}


def test_a_closed_account_is_out_until_it_is_opened(
    app: Flask, client: FlaskClient, admin: Headers, linh: dict
) -> None:
    his = tokens(client)
    assert close(client, admin, linh["id"]).json["active"] is False
    assert all(
        s.revoked_at for s in rows(app, SignedIn, SignedIn.principal_id == uuid.UUID(linh["id"]))
    )
    assert signed_in(client).status_code == 401
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert client.get("/api/v1/officer/me", headers=his).status_code == 401
    opened = client.delete(f"{OFFICERS}/{linh['id']}/deactivation", headers=admin)
    assert opened.json["active"] is True
    with clock.frozen(clock.now() + timedelta(seconds=120)):
        assert client.get("/api/v1/officer/me", headers=his).status_code == 401  # ended for good
    assert signed_in(client).status_code == 200
    [closed] = deeds(app, "officer.deactivate")
    assert (closed.before["active"], closed.after["active"]) == (True, False)
    assert closed.detail == REASON
    assert len(deeds(app, "officer.reactivate")) == 1
    again = close(client, admin, linh["id"]), close(client, admin, linh["id"])
    assert [a.status_code for a in again] == [200, 200]
    assert len(deeds(app, "officer.deactivate")) == 2  # not a third time


def test_a_second_factor_is_taken_away_with_its_sessions(
    app: Flask, client: FlaskClient, admin: Headers, linh: dict
) -> None:
    his = tokens(client)
    assert client.put("/api/v1/officer/me/second-factor", headers=his).status_code == 200
    [before] = rows(app, Officer, Officer.id == uuid.UUID(linh["id"]))
    assert before.totp_secret
    path = f"{OFFICERS}/{linh['id']}/second-factor-reset"
    assert client.put(path, json={}, headers=admin).json["errors"].keys() == {"reason"}
    assert client.put(path, json=REASON, headers=admin).status_code == 200
    [after] = rows(app, Officer, Officer.id == uuid.UUID(linh["id"]))
    assert after.totp_secret is None
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert client.get("/api/v1/officer/me", headers=his).status_code == 401
    [entry] = deeds(app, "officer.reset_second_factor")
    assert (str(entry.subject_id), entry.detail) == (linh["id"], REASON)


def test_an_admin_keeps_his_hands_off_himself(
    app: Flask, client: FlaskClient, admin: Headers
) -> None:
    officer(app, Role.ADMIN)  # even where another is left
    me = next(a for a in of_role(app, Role.ADMIN) if a.agency == "ioc")
    seen = {"id": me.id, "version": me.version}
    assert change(client, admin, seen, role="auditor").status_code == 409
    assert close(client, admin, me.id).status_code == 409
    reset = client.put(f"{OFFICERS}/{me.id}/second-factor-reset", json=REASON, headers=admin)
    assert reset.status_code == 409
    assert change(client, admin, seen, display_name="Quản trị").status_code == 200


def test_two_admins_who_remove_each_other_at_once_leave_one(app: Flask) -> None:
    heads = {a: bearer(officer(app, Role.ADMIN, a)) for a in ("ioc", UNIT)}
    ids = {a.agency: a.id for a in of_role(app, Role.ADMIN)}
    for headers in heads.values():  # both are known to be admins, and will be for a minute
        assert app.test_client().get(OFFICERS, headers=headers).status_code == 200

    def closing(one: str, other: str) -> int:
        return close(app.test_client(), heads[one], ids[other]).status_code

    answers = at_once(lambda: closing("ioc", UNIT), lambda: closing(UNIT, "ioc"))
    assert sorted(answers) == [200, 403]
    assert len(of_role(app, Role.ADMIN)) == 1


def test_two_admins_who_demote_each_other_at_once_leave_one(app: Flask) -> None:
    heads = {a: bearer(officer(app, Role.ADMIN, a)) for a in ("ioc", UNIT)}
    seen = {a.agency: {"id": a.id, "version": a.version} for a in of_role(app, Role.ADMIN)}

    def demoting(one: str, other: str) -> int:
        client = app.test_client()
        return change(client, heads[one], seen[other], role="auditor").status_code

    answers = at_once(lambda: demoting("ioc", UNIT), lambda: demoting(UNIT, "ioc"))
    assert sorted(answers) == [200, 403]
    assert len(of_role(app, Role.ADMIN)) == 1


def test_two_who_make_one_name_at_once_make_one_account(app: Flask, admin: Headers) -> None:
    def make() -> int:
        return app.test_client().post(OFFICERS, json=asked(), headers=admin).status_code

    assert sorted(at_once(make, make)) == [201, 422]


def test_the_list_is_filtered_paged_and_searched_without_accents(
    app: Flask, client: FlaskClient, admin: Headers, linh: dict
) -> None:
    officer(app, Role.UNIT_LEADER, UNIT)

    def found(query: str = "") -> list[str]:
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"{OFFICERS}?limit=1{query}{cursor}", headers=admin).json
            seen += [item["display_name"] for item in page["items"]]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return seen

    assert found() == ["unit_leader", "Nguyễn Thùy Linh", "admin"]
    assert found("&q=thuy linh") == ["Nguyễn Thùy Linh"]
    assert found("&q=LINH.NG") == ["Nguyễn Thùy Linh"]
    assert found(f"&agency={UNIT}&role=unit_officer") == ["Nguyễn Thùy Linh"]
    close(client, admin, linh["id"])
    assert found("&active=false") == ["Nguyễn Thùy Linh"]
    assert found("&active=true&q=linh") == []
    text = client.get(OFFICERS, headers=admin).text
    assert "argon2" not in text
    assert "totp" not in text
