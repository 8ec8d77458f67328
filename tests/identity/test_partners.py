"""Partners' keys: made, shown once, limited, rotated, revoked; and what they open."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core import clock
from smartcity.identity.partner_models import Partner
from smartcity.identity.permissions import Action, Principal, Role, Scope
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, count, file_report, officer, rows
from tests.helpers import statements as sql
from tests.ioc.conftest import add_destination

KEYS = "/api/v1/admin/partner-keys"
CALLBACKS = "/api/v1/ioc/callbacks"


@pytest.fixture
def admin(app: Flask) -> Headers:
    return bearer(officer(app, Role.ADMIN))


@pytest.fixture
def made(app: Flask, client: FlaskClient, admin: Headers) -> dict:
    """A partner whose key stands for a centre that fetches for itself."""
    answer = client.post(KEYS, json={"name": "Cổng 1022", "grants": ["call_back"]}, headers=admin)
    assert answer.status_code == 201, answer.json
    partner = uuid.UUID(answer.json["partner"]["id"])
    add_destination(app, "", driver="pull", partner_id=partner)
    return answer.json


def by_key(key: str) -> Headers:
    return {"Authorization": f"Bearer {key}"}


def call_back(client: FlaskClient, key: str, report: str = "HP-2026-999999"):
    body = {
        "id": str(uuid.uuid4()),
        "report": report,
        "sequence": 1,
        "move": "accept",
        "at": clock.now().isoformat(),
    }
    return client.post(CALLBACKS, json=body, headers=by_key(key))


def opens(client: FlaskClient, key: str) -> bool:
    """Whether a key is let in to call back: 404, since that report is not there, and 403 for a key
    that no destination names.
    """
    answer = call_back(client, key)
    assert answer.status_code in (401, 403, 404)
    return answer.status_code == 404 or "key_of_no_destination" in answer.text


def changed(client: FlaskClient, admin: Headers, partner: dict, noun: str = "", **body):
    send = client.post if noun == "/rotation" else client.patch
    tag = {"If-Match": f'"{partner["version"]}"'}
    return send(f"{KEYS}/{partner['id']}{noun}", json=body, headers={**admin, **tag})


def test_a_key_is_shown_once_and_kept_as_a_digest(
    app: Flask, client: FlaskClient, admin: Headers, made: dict
) -> None:
    key = made["key"]
    secret = key[len("skp_") + 33 :]
    assert len(secret) == 43  # 256 bits in base64url
    assert key.startswith(f"skp_{uuid.UUID(made['partner']['id']).hex}_")
    [kept] = rows(app, Partner)
    assert kept.digest == hashlib.sha256(secret.encode()).hexdigest()
    everything = [vars(row) for table in (Partner, AuditEntry) for row in rows(app, table)]
    assert secret not in repr(everything)
    assert kept.digest not in repr([vars(row) for row in rows(app, AuditEntry)])
    assert secret not in client.get(KEYS, headers=admin).text


def test_a_key_stands_for_the_centres_signature(
    app: Flask, client: FlaskClient, made: dict
) -> None:
    report = file_report(client, bearer(citizen(app)))
    answer = call_back(client, made["key"], report["code"])
    assert (answer.status_code, answer.json["outcome"]) == (200, "applied")
    [moved] = [entry for entry in rows(app, AuditEntry) if entry.action == "report.accept"]
    assert moved.actor == "operations_centre:ioc"
    [by] = [entry for entry in rows(app, AuditEntry) if entry.action == "partner.call_back"]
    assert by.actor == f"partner:{made['partner']['id']}"
    assert by.request_id == moved.request_id


def test_a_key_that_is_not_quite_ours_is_refused(client: FlaskClient, made: dict) -> None:
    key, name = made["key"], made["key"][4:36]
    faults = [
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        key[:-1],
        key + "A",
        key.upper(),
        key.replace(name, uuid.uuid4().hex),
        f"skp_{name}_",
        "skp_",
        "skp_" + "x" * 100_000,
        key.replace("_", "\u00a0"),
    ]
    for fault in faults:
        answer = client.post(CALLBACKS, headers={"Authorization": "Bearer " + fault})
        assert answer.status_code == 401, fault[:60]
        assert client.get("/api/v1/me", headers=by_key(fault)).status_code == 401


def test_a_key_opens_what_it_was_granted_and_nothing_else(
    client: FlaskClient, admin: Headers, made: dict
) -> None:
    for path in ("/api/v1/me", "/api/v1/officer/reports", KEYS):
        assert client.get(path, headers=by_key(made["key"])).status_code == 403
    nothing = Principal(Role.PARTNER, "x", grants=frozenset())
    too_much = Principal(Role.PARTNER, "x", grants=frozenset(Action))
    may = {a for a in Action if too_much.scope(a) and not nothing.scope(a)}
    assert may == {Action.CALL_BACK, Action.PULL_EVENTS, Action.RELAY_REPORTS}
    assert Principal(Role.CITIZEN, "x", grants=frozenset(Action)).scope(Action.CALL_BACK) is (
        Scope.NONE
    )
    asked = {"name": "x", "grants": ["manage_partners"]}
    refused = client.post(KEYS, json=asked, headers=admin)
    assert (refused.status_code, refused.json["errors"].keys()) == (422, {"grants"})


def test_a_key_is_over_at_its_hour(client: FlaskClient, admin: Headers) -> None:
    over = clock.now() + timedelta(hours=1)
    asked = {"name": "x", "grants": ["call_back"], "expires_at": over.isoformat()}
    key = client.post(KEYS, json=asked, headers=admin).json["key"]
    assert opens(client, key)
    with clock.frozen(over):
        assert not opens(client, key)
    asked["expires_at"] = (clock.now() - timedelta(seconds=1)).isoformat()
    assert client.post(KEYS, json=asked, headers=admin).json["errors"].keys() == {"expires_at"}


def test_a_revoked_key_is_refused_here_at_once_and_elsewhere_within_a_minute(
    make_app: MakeApp, client: FlaskClient, admin: Headers, made: dict
) -> None:
    elsewhere, key = make_app().test_client(), made["key"]
    assert opens(client, key)
    assert opens(elsewhere, key)
    path = f"{KEYS}/{made['partner']['id']}/revocation"
    assert client.put(path, headers=admin).json["revoked_at"]
    assert not opens(client, key)
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert not opens(elsewhere, key)
    again = client.put(path, headers=admin)
    assert (again.status_code, again.json["version"]) == (200, 2)
    assert changed(client, admin, again.json, name="x").status_code == 409


def test_a_rotated_key_has_its_grace(client: FlaskClient, admin: Headers, made: dict) -> None:
    first = made["key"]
    rotated = changed(client, admin, made["partner"], "/rotation")
    second = rotated.json["key"]
    assert rotated.status_code == 201
    assert opens(client, first)
    assert opens(client, second)
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        assert not opens(client, first)
        assert opens(client, second)
    at_once_gone = changed(client, admin, rotated.json["partner"], "/rotation", grace_days=0)
    assert [opens(client, k) for k in (first, second)] == [False, False]
    assert opens(client, at_once_gone.json["key"])


def test_two_who_rotate_at_once_do_not_lock_the_partner_out(
    app: Flask, client: FlaskClient, admin: Headers, made: dict
) -> None:
    def rotate():
        return changed(app.test_client(), admin, made["partner"], "/rotation").status_code

    assert sorted(at_once(rotate, rotate)) == [201, 412]
    assert opens(client, made["key"])


def test_changes_need_the_version_that_was_seen(
    app: Flask, client: FlaskClient, admin: Headers, made: dict
) -> None:
    path = f"{KEYS}/{made['partner']['id']}"
    assert client.patch(path, json={"name": "y"}, headers=admin).status_code == 428
    renamed = changed(client, admin, made["partner"], name="Tổng đài", per_minute=5)
    assert (renamed.json["name"], renamed.json["version"]) == ("Tổng đài", 2)
    assert changed(client, admin, made["partner"], name="z").status_code == 412
    assert changed(client, admin, renamed.json).json["errors"].keys() == {"_body"}
    [entry] = [e for e in rows(app, AuditEntry) if e.action == "partner.change"]
    assert (entry.before["name"], entry.after["name"]) == ("Cổng 1022", "Tổng đài")
    assert (entry.before["per_minute"], entry.after["per_minute"]) == (None, 5)


def test_each_key_has_its_own_limit(client: FlaskClient, admin: Headers, made: dict) -> None:
    asked = {"name": "x", "grants": ["call_back"], "per_minute": 2}
    narrow = client.post(KEYS, json=asked, headers=admin).json["key"]
    statuses = [call_back(client, narrow).status_code for _ in range(3)]
    assert statuses == [403, 403, 429]  # it stands for no destination
    beyond = client.get("/api/v1/agencies", headers=by_key(narrow))  # whatever it asks for
    assert beyond.status_code == 429
    assert int(beyond.headers["Retry-After"]) > 0
    assert opens(client, made["key"])


def test_the_default_limit_is_the_settings(make_app: MakeApp, made: dict) -> None:
    client = make_app(partner_per_minute=1).test_client()
    assert [call_back(client, made["key"]).status_code for _ in range(2)] == [404, 429]


def test_use_is_noted_once_a_minute_and_costs_nothing_else(
    app: Flask, client: FlaskClient, made: dict
) -> None:
    began = clock.now()
    with clock.frozen(began):
        opens(client, made["key"])
    [kept] = rows(app, Partner)
    assert kept.last_used_at == began
    with clock.frozen(began + timedelta(seconds=59)):
        with sql(app) as seen:
            opens(client, made["key"])
        assert not [statement for statement in seen if "partners" in statement]
    with clock.frozen(began + timedelta(seconds=61)):
        opens(client, made["key"])
    [kept] = rows(app, Partner)
    assert kept.last_used_at == began + timedelta(seconds=61)


def test_a_wrong_secret_is_no_use(app: Flask, client: FlaskClient, made: dict) -> None:
    opens(client, made["key"][:-3] + "AAA")
    [kept] = rows(app, Partner)
    assert kept.last_used_at is None


def test_the_list_is_paged_and_searched_without_accents(
    client: FlaskClient, admin: Headers, made: dict
) -> None:
    for name in ("Open311 Đà Nẵng", "Nhà nhập dữ liệu", "Trung tâm IOC"):
        asked = {"name": name, "grants": ["call_back"]}
        last = client.post(KEYS, json=asked, headers=admin).json["partner"]
    client.put(f"{KEYS}/{last['id']}/revocation", headers=admin)

    def names(query: str) -> list[str]:
        found, cursor = [], ""
        while cursor is not None:
            page = client.get(f"{KEYS}?limit=1{query}{cursor}", headers=admin).json
            found += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return found

    assert names("") == ["Trung tâm IOC", "Nhà nhập dữ liệu", "Open311 Đà Nẵng", "Cổng 1022"]
    assert names("&q=da nang") == ["Open311 Đà Nẵng"]
    assert names("&active=false") == ["Trung tâm IOC"]
    assert names("&active=true&q=CONG") == ["Cổng 1022"]


def test_no_repeat_is_answered_from_store(app: Flask, client: FlaskClient, admin: Headers) -> None:
    """An idempotency key is not taken, since the stored answer would hold the secret."""
    asked = {"name": "x", "grants": ["call_back"]}
    headers = {**admin, "Idempotency-Key": "k1"}
    keys = [client.post(KEYS, json=asked, headers=headers).json["key"] for _ in range(2)]
    assert keys[0] != keys[1]
    assert count(app, Partner) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_operators_commands(
    app: Flask, client: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTCITY_DATABASE_URL", database_url)

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["partner", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    key = run("add", "Cổng 1022", "--grant", "call_back", "--days", "30")
    assert opens(client, key)
    listed = run("list")
    assert "Cổng 1022" in listed
    assert key[37:] not in listed
    run("revoke", listed.split()[0])
    assert run("list") == ""
    actors = {e.actor for e in rows(app, AuditEntry) if e.action.startswith("partner.")}
    assert len(actors) == 1
    assert actors.pop().startswith("operator:")
