"""A citizen shows an official identity: his account is `verified`, and nothing of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from smartcity.audit.models import AuditEntry
from smartcity.core import clock, expiry
from smartcity.core.db import Base, engine
from smartcity.identity import federation
from smartcity.identity.federation_models import AuthorizationRequest
from smartcity.identity.models import Citizen, SignedIn
from smartcity.identity.standing import standing
from smartcity.sandbox.oidc_forgeries import FORGERIES
from smartcity.sandbox.oidc_grants import FALSE_ISS
from tests.helpers import at_once, count, rows
from tests.identity import people
from tests.identity.provider import log_in, person, queried, sent_back, settings_of

IDENTITY = "/api/v1/me/identity"
NUMBER = "001099012345"  # as on an identity card
NAME = "Công Tằng Tôn Nữ Thị Hoa"
SUBJECT = "subject-8f2c"


@pytest.fixture
def app(make_app, provider):
    return make_app(**settings_of(provider))


@pytest.fixture
def citizen(app):
    return people.bearer(people.citizen(app))


@pytest.fixture
def hoa(provider):
    return person(provider, "hoa", sub=SUBJECT, name=NAME, national_id=NUMBER)


def begun(client, headers):
    answer = client.post(IDENTITY, headers=headers)
    assert answer.status_code == 200, answer.json
    return answer.json["authorization_url"]


def complete(client, headers, told):
    return client.put(IDENTITY, json=told, headers=headers)


def assurance(client, headers):
    return client.get("/api/v1/me", headers=headers).json["assurance"]


def refused(answer, code, status=409):
    return (answer.status_code, answer.json["type"]) == (status, f"urn:problem:federation.{code}")


def test_a_citizen_is_verified(app, client, citizen, hoa):
    assert assurance(client, citizen) == "otp"
    answer = client.post(IDENTITY, headers=citizen).json
    left = datetime.fromisoformat(answer["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    done = complete(client, citizen, sent_back(answer["authorization_url"], hoa))
    assert (done.status_code, assurance(client, citizen)) == (204, "verified")
    [row] = rows(app, Citizen)
    assert (row.assurance, row.verified_at is not None) == ("verified", True)
    assert count(app, AuthorizationRequest) == 0


def test_whoever_asks_for_the_level_is_told_within_a_minute(app, client, hoa):
    tokens = people.citizen(app)
    session = rows(app, SignedIn)[0].id
    headers = people.bearer(tokens)
    with app.app_context():
        assert standing(session).assurance == "otp"
        complete(client, headers, sent_back(begun(client, headers), hoa))
        assert standing(session).assurance == "verified"


def test_nothing_of_the_identity_is_kept(app, client, citizen, provider, hoa):
    complete(client, citizen, sent_back(begun(client, citizen), hoa))
    kept = everything(app)
    assert [secret for secret in (NUMBER, NAME, SUBJECT) if secret in kept] == []
    entry = next(e for e in rows(app, AuditEntry) if e.action == "verify_identity")
    assert provider.url in str(vars(entry))


def everything(app):
    """All that any table holds."""
    with app.app_context(), engine().connect() as connection:
        tables = [table.name for table in Base.metadata.sorted_tables]
        found = (connection.execute(text(f'SELECT * FROM "{name}"')) for name in tables)
        return "".join(str(row) for rows in found for row in rows)


def test_an_identity_verifies_one_account(app, client, citizen, hoa):
    other = people.bearer(people.citizen(app, "+84987654321"))
    assert complete(client, citizen, sent_back(begun(client, citizen), hoa)).status_code == 204
    again = complete(client, other, sent_back(begun(client, other), hoa))
    assert refused(again, "identity_taken")
    assert assurance(client, other) == "otp"


def test_of_two_accounts_at_once_one_is_verified(app, hoa):
    headers = [people.bearer(people.citizen(app, f"+8498765432{n}")) for n in range(2)]
    told = [sent_back(begun(app.test_client(), one), hoa) for one in headers]
    calls = [
        partial(complete, app.test_client(), one, answer)
        for one, answer in zip(headers, told, strict=True)
    ]
    statuses = sorted(answer.status_code for answer in at_once(*calls))
    assert statuses == [204, 409]


def test_an_account_has_one_identity(client, citizen, provider, hoa):
    assert complete(client, citizen, sent_back(begun(client, citizen), hoa)).status_code == 204
    assert complete(client, citizen, sent_back(begun(client, citizen), hoa)).status_code == 204
    other = person(provider, "binh")
    answer = complete(client, citizen, sent_back(begun(client, citizen), other))
    assert refused(answer, "other_identity")


def test_a_state_is_of_one_session_and_spent_once(app, client, citizen, hoa):
    stranger = people.bearer(people.citizen(app, "+84987654321"))
    told = sent_back(begun(client, citizen), hoa)
    assert refused(complete(client, stranger, told), "over")
    assert refused(complete(client, citizen, {**told, "state": "x" * 43}), "over")
    assert complete(client, citizen, told).status_code == 204
    assert refused(complete(client, citizen, told), "over")


def test_another_session_of_the_same_citizen_is_a_stranger(app, client, citizen, hoa):
    told = sent_back(begun(client, citizen), hoa)
    elsewhere = people.bearer(people.citizen(app))
    assert refused(complete(client, elsewhere, told), "over")


def test_a_state_lasts_ten_minutes(app, client, citizen, hoa):
    told = sent_back(begun(client, citizen), hoa)
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert refused(complete(client, citizen, told), "over")
        with app.app_context():
            expiry.destroy(federation.over())
        assert count(app, AuthorizationRequest) == 0


def test_beginning_anew_ends_what_was_begun(app, client, citizen, hoa):
    first = sent_back(begun(client, citizen), hoa)
    second = sent_back(begun(client, citizen), hoa)
    assert count(app, AuthorizationRequest) == 1
    assert refused(complete(client, citizen, first), "over")
    assert complete(client, citizen, second).status_code == 204


def test_a_code_of_another_sign_in_fails_pkce(app, client, citizen, hoa):
    """A code that somebody else obtained, shown with one's own state (RFC 9700 §4.5)."""
    stranger = people.bearer(people.citizen(app, "+84987654321"))
    stolen = sent_back(begun(client, stranger), hoa)["code"]
    told = sent_back(begun(client, citizen), hoa)
    assert refused(complete(client, citizen, {**told, "code": stolen}), "refused")
    assert refused(complete(client, citizen, told), "over")  # its state is spent
    assert assurance(client, citizen) == "otp"


def test_an_answer_of_another_issuer_is_refused(client, citizen, provider, hoa):
    """RFC 9207: wrong and missing both, since the provider promises to send it."""
    told = sent_back(begun(client, citizen), hoa)
    wrong = {**told, "iss": "https://another-issuer.example"}
    assert refused(complete(client, citizen, wrong), "refused")
    told = sent_back(begun(client, citizen), hoa)
    del told["iss"]
    assert refused(complete(client, citizen, told), "refused")
    url = begun(client, citizen)
    provider.faults.suffer({"mode": FALSE_ISS})
    assert refused(complete(client, citizen, sent_back(url, hoa)), "refused")


def test_a_forged_token_verifies_nobody(make_app, provider, hoa):
    app = make_app(**settings_of(provider))
    for number, mode in enumerate(FORGERIES):
        headers = people.bearer(people.citizen(app, f"+849876543{number:02}"))
        client = app.test_client()
        told = sent_back(begun(client, headers), hoa)
        provider.faults.suffer({"mode": mode})
        assert refused(complete(client, headers, told), "refused"), mode
        assert assurance(client, headers) == "otp"
        provider.faults.clear()
    assert [one.identity_index for one in rows(app, Citizen)] == [None] * len(FORGERIES)


def test_a_new_key_is_fetched_once_a_minute(client, citizen, provider, hoa):
    assert complete(client, citizen, sent_back(begun(client, citizen), hoa)).status_code == 204
    provider.books.rotate()
    before = provider.stats()["jwks"]
    assert complete(client, citizen, sent_back(begun(client, citizen), hoa)).status_code == 204
    assert provider.stats()["jwks"] == before + 1
    provider.faults.suffer({"mode": "unknown_kid"})
    for _ in range(2):
        told = sent_back(begun(client, citizen), hoa)
        assert refused(complete(client, citizen, told), "refused")
    assert provider.stats()["jwks"] == before + 1


def test_discovery_and_keys_are_kept(client, citizen, provider, hoa):
    complete(client, citizen, sent_back(begun(client, citizen), hoa))
    before = provider.stats()
    complete(client, citizen, sent_back(begun(client, citizen), hoa))
    after = provider.stats()
    assert (after["discovery"], after["jwks"]) == (before["discovery"], before["jwks"])


@pytest.mark.parametrize(
    "fault",
    [{"status": 503}, {"status": 401}, {"mode": "huge"}, {"mode": "false_issuer"}],
)
def test_a_provider_that_is_away_is_told(app, client, citizen, provider, hoa, fault):
    provider.faults.suffer(fault)
    answer = client.post(IDENTITY, headers=citizen)
    assert refused(answer, "away", 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert count(app, AuthorizationRequest) == 0
    provider.faults.clear()
    told = sent_back(begun(client, citizen), hoa)
    provider.faults.suffer(fault if fault.get("mode") != "false_issuer" else {"status": 500})
    assert refused(complete(client, citizen, told), "away", 503)
    assert assurance(client, citizen) == "otp"


def test_a_provider_that_is_gone_is_told(make_app, provider):
    off = {**settings_of(provider), "citizen_oidc_issuer": "http://127.0.0.1:1"}
    app = make_app(**off)
    headers = people.bearer(people.citizen(app))
    assert refused(app.test_client().post(IDENTITY, headers=headers), "away", 503)


def test_without_a_provider_there_is_nothing_to_begin(make_app):
    app = make_app()
    headers = people.bearer(people.citizen(app))
    assert refused(app.test_client().post(IDENTITY, headers=headers), "off", 404)


@pytest.mark.parametrize("suffix", ["/", "?a=b"])
def test_a_redirect_uri_is_exact(make_app, provider, suffix, hoa):
    asked = settings_of(provider)
    app = make_app(**{**asked, "citizen_oidc_redirect": asked["citizen_oidc_redirect"] + suffix})
    headers = people.bearer(people.citizen(app))
    assert log_in(begun(app.test_client(), headers), hoa).status == 400


def test_only_a_citizen_verifies_himself(app, client, hoa):
    assert client.post(IDENTITY).status_code == 401
    officer = people.bearer(people.officer(app))
    assert client.post(IDENTITY, headers=officer).status_code == 403
    assert client.put(IDENTITY, json={"state": "x"}, headers=officer).status_code == 403


def test_what_does_not_fit_names_its_field(client, citizen):
    for body, field in [
        ({"code": "x"}, "state"),
        ({"state": "x"}, "code"),
        ({"state": "x" * 9_000, "code": "x"}, "state"),
        ({"state": "x", "code": "x\x00"}, "code"),
        ({"state": "x", "code": "x", "role": "admin"}, "role"),
    ]:
        answer = complete(client, citizen, body)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


def test_what_lies_in_the_table_opens_nothing(app, client, citizen):
    """Neither state, nonce nor verifier is there in clear."""
    asked = queried(begun(client, citizen))
    kept = everything(app)
    assert asked["state"] not in kept
    assert asked["nonce"] not in kept
    assert (asked["code_challenge_method"], "code_verifier" in asked) == ("S256", False)
