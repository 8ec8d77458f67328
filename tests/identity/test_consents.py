"""Consent, purpose by purpose: nothing beforehand, proof kept, withdrawn at once."""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core.datafile import BadFile
from smartcity.core.db import reading
from smartcity.identity.consents import Consent
from smartcity.identity.policy import policy
from smartcity.identity.service import has_consent
from smartcity.privacy.models import DataRequest
from smartcity.settings import ROOT
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, rows

POLICY, CONSENTS = "/api/v1/privacy/policy", "/api/v1/me/consents"
Province = Callable[..., Path]


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def province(tmp_path: Path) -> Province:
    """The province's folder with another privacy.yaml."""

    def make(change: Callable[[dict[str, Any]], None]) -> Path:
        folder = tmp_path / "province"
        shutil.copytree(ROOT / "config" / "province", folder, dirs_exist_ok=True)
        file = folder / "privacy.yaml"
        content = yaml.safe_load(file.read_text("utf-8"))
        change(content)
        file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
        return folder

    return make


def put(client: FlaskClient, headers: Headers, purpose: str, granted: bool, version: int = 1):
    body = {"granted": granted, "policy_version": version}
    return client.put(f"{CONSENTS}/{purpose}", json=body, headers=headers)


def states(answer: Any) -> dict[str, bool]:
    return {item["purpose"]: item["granted"] for item in answer.json["items"]}


def id_of(app: Flask, headers: Headers) -> uuid.UUID:
    return uuid.UUID(app.test_client().get("/api/v1/me", headers=headers).json["id"])


def consents(app: Flask, headers: Headers, purpose: str = "campaigns") -> bool:
    ident = id_of(app, headers)
    with app.app_context(), reading() as session:
        return has_consent(session, ident, purpose)


def test_the_policy_is_public_and_kept_by_phones(client: FlaskClient) -> None:
    answer = client.get(POLICY)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.json["version"] == 1
    bases = {purpose["code"]: purpose["basis"] for purpose in answer.json["purposes"]}
    assert bases["field_reports"] == "public_task"
    assert bases["campaigns"] == "consent"
    sensitive = {p["code"] for p in answer.json["purposes"] if p["sensitive"]}
    assert sensitive == {"field_reports", "nearby"}
    assert all(p[f"text_{lang}"] for p in answer.json["purposes"] for lang in ("vi", "en"))
    again = client.get(POLICY, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_nothing_is_granted_beforehand(app: Flask, client: FlaskClient, me: Headers) -> None:
    answer = client.get(CONSENTS, headers=me)
    assert states(answer) == {"campaigns": False, "statistics": False, "nearby": False}
    assert all(item["history"] == [] for item in answer.json["items"])
    assert not consents(app, me)


def test_each_answer_is_proved(app: Flask, client: FlaskClient, me: Headers) -> None:
    english = {**me, "Accept-Language": "en", "User-Agent": "CitizenApp/3.2 (Android)"}
    assert states(put(client, english, "campaigns", True))["campaigns"]
    assert consents(app, me)
    assert not states(put(client, me, "campaigns", False))["campaigns"]
    assert not consents(app, me)
    answer = put(client, me, "campaigns", True)
    (item,) = [i for i in answer.json["items"] if i["purpose"] == "campaigns"]
    assert [h["granted"] for h in item["history"]] == [True, False, True]
    first = item["history"][-1]
    assert (first["language"], first["device"]) == ("en", "CitizenApp/3.2 (Android)")
    assert {(row.policy_version, row.purpose) for row in rows(app, Consent)} == {(1, "campaigns")}
    deeds = [row.action for row in rows(app, AuditEntry) if row.action.startswith("consent")]
    assert deeds == ["consent.grant", "consent.withdraw", "consent.grant"]


def test_a_withdrawal_is_a_request_met(app: Flask, client: FlaskClient, me: Headers) -> None:
    put(client, me, "nearby", True)
    assert rows(app, DataRequest) == []
    put(client, me, "nearby", False)
    (request,) = rows(app, DataRequest)
    assert (request.kind, request.outcome) == ("withdrawal", "done")


def test_the_same_answer_again_adds_nothing(app: Flask, client: FlaskClient, me: Headers) -> None:
    at_once(*(lambda: put(app.test_client(), me, "campaigns", True) for _ in range(4)))
    for _ in range(2):
        put(client, me, "statistics", False)  # never granted: nothing to withdraw
    assert [(row.purpose, row.granted) for row in rows(app, Consent)] == [("campaigns", True)]


@pytest.mark.parametrize("purpose", ["field_reports", "account", "dragons"])
def test_only_what_asks_for_consent_takes_it(
    client: FlaskClient, me: Headers, purpose: str
) -> None:
    assert put(client, me, purpose, True).status_code == 404


def test_consent_is_to_the_words_of_today(app: Flask, client: FlaskClient, me: Headers) -> None:
    refused = put(client, me, "campaigns", True, version=2)
    assert refused.status_code == 409
    assert "1" in refused.json["detail"]
    assert not consents(app, me)
    put(client, me, "campaigns", True)
    assert put(client, me, "campaigns", False, version=7).status_code == 200, "never hindered"
    assert not consents(app, me)


def test_a_change_of_words_ends_consents_only_where_it_says_so(
    app: Flask, client: FlaskClient, me: Headers, make_app: MakeApp, province: Province
) -> None:
    for purpose in ("campaigns", "statistics"):
        put(client, me, purpose, True)

    def change(content: dict[str, Any]) -> None:
        content["version"] = 2
        for purpose in content["purposes"]:
            purpose["renewed_in"] = 2 if purpose["code"] == "campaigns" else 1

    later = make_app(province_dir=province(change))
    assert (consents(later, me, "campaigns"), consents(later, me, "statistics")) == (False, True)
    renewed = later.test_client()
    assert put(renewed, me, "campaigns", True, version=1).status_code == 409
    assert put(renewed, me, "campaigns", True, version=2).status_code == 200
    assert consents(later, me, "campaigns")
    put(renewed, me, "statistics", True, version=2)  # read anew: another answer
    assert [(r.purpose, r.policy_version) for r in rows(app, Consent)] == [
        ("campaigns", 1),
        ("statistics", 1),
        ("campaigns", 2),
        ("statistics", 2),
    ]


def test_whoever_is_restricted_is_used_for_nothing(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    put(client, me, "statistics", True)
    client.put("/api/v1/me/restriction", headers=me)
    assert not consents(app, me, "statistics")
    client.delete("/api/v1/me/restriction", headers=me)
    assert consents(app, me, "statistics")


def test_others_consents_are_theirs(app: Flask, client: FlaskClient, me: Headers) -> None:
    put(client, me, "campaigns", True)
    other = bearer(citizen(app, "+84987654321"))
    assert not states(client.get(CONSENTS, headers=other))["campaigns"]
    assert not consents(app, other)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c: c.update(version=0), "version"),
        (lambda c: c["purposes"][0].pop("text_en"), "purposes[0].text_en"),
        (lambda c: c["purposes"][0].update(basis="habit"), "purposes[0].basis"),
        (lambda c: c["purposes"][0].update(renewed_in=2), "account.renewed_in"),
        (lambda c: c["purposes"].append(c["purposes"][0]), "account is there 2 times"),
        (lambda c: c["retention"][0].update(days="soon"), "retention[0].days"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused(
    make_app: MakeApp, province: Province, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    app = make_app(province_dir=province(change))
    with app.app_context(), pytest.raises(BadFile) as refusal:
        policy()
    assert f"privacy.yaml: {fault}" in str(refusal.value)
