"""The audit record: written with the deed, or not at all; it names nobody's words or number."""

import json
import uuid
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit import service
from smartcity.audit.models import AuditEntry
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import Role
from tests.helpers import bearer, citizen, file_report, moved, officer, rows, statements


def test_a_deed_that_is_undone_was_never_done(in_app: Flask) -> None:
    subject = ("thing", uuid.uuid4())
    with suppress(ZeroDivisionError), transaction() as session:
        service.record(session, "officer:1", "thing.break", subject, count=1)
        raise ZeroDivisionError
    assert rows(in_app, AuditEntry) == []
    with transaction() as session:
        service.record(session, "officer:1", "thing.mend", subject, count=2, reason=None)
    (entry,) = rows(in_app, AuditEntry)
    assert (entry.actor, entry.action, entry.detail) == (
        "officer:1",
        "thing.mend",
        {"count": 2, "reason": None},
    )
    assert (entry.request_id, entry.address) == (None, None)


def test_every_step_is_recorded_with_who_and_where_from(app: Flask, client: FlaskClient) -> None:
    me = bearer(citizen(app))
    operator = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
    report = file_report(client, {**me, "X-Request-ID": "phone-0001"})
    words = {"reason": "spam", "public_text": "Không phải phản ánh hiện trường."}
    moved(client, {**operator, "X-Request-ID": "desk-0001"}, report, "rejection", **words)
    steps = {e.action: e for e in rows(app, AuditEntry) if e.subject_kind == "report"}
    assert steps.keys() == {"report.submit", "report.reject", "report.see_reporter"}
    filed, refused = steps["report.submit"], steps["report.reject"]
    assert (filed.request_id, refused.request_id) == ("phone-0001", "desk-0001")
    assert (filed.address, refused.address) == (None, "127.0.0.1")
    with app.app_context(), reading() as session:
        assert service.private_part(session, filed) == {"address": "127.0.0.1"}
        assert service.private_part(session, refused) is None
    assert filed.actor.startswith("citizen:")
    assert refused.actor.startswith("officer:")
    assert refused.detail == {"sequence": 2, "status": "rejected", "reason": "spam"}
    everything = json.dumps([e.detail for e in rows(app, AuditEntry)], ensure_ascii=False)
    for private in ("912345678", report["description"], words["public_text"]):
        assert private not in everything


def test_entries_are_numbered_in_their_order(app: Flask, client: FlaskClient) -> None:
    me = bearer(citizen(app))
    for _ in range(3):
        file_report(client, me)
    entries = rows(app, AuditEntry)
    assert [e.number for e in entries] == sorted({e.number for e in entries})
    assert [e.at for e in entries] == sorted(e.at for e in entries)


@pytest.mark.parametrize(
    "told",
    [
        {"password": "x"},
        {"new_password": "x"},
        {"refresh_token": "x"},
        {"code": "123456"},
        {"recovery_codes": ["x"]},
        {"key": "x"},
        {"api_key": "x"},
        {"phone": "+84912345678"},
        {"before": {"phone": "+84912345678"}},
        {"after": {"account": [{"totp_secret": "x"}]}},
        {"private": {"otp": "123456"}, "person": uuid.uuid4()},
        {"private": {"phone": "+84912345678"}},  # whose?
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_secrets_and_personal_values_in_clear_are_refused(
    in_app: Flask, told: dict[str, Any]
) -> None:
    with pytest.raises(ValueError), transaction() as session:  # noqa: PT011
        service.record(session, "officer:1", "thing.mend", ("thing", None), **told)
    assert rows(in_app, AuditEntry) == []


def test_before_and_after_are_told(in_app: Flask) -> None:
    before, after = {"role": "unit_officer"}, {"role": "unit_leader"}
    with transaction() as session:
        subject = ("officer", uuid.uuid4())
        service.record(
            session, "officer:1", "officer.change", subject, before=before, after=after, reason="x"
        )
    (entry,) = rows(in_app, AuditEntry)
    assert (entry.before, entry.after, entry.detail) == (before, after, {"reason": "x"})


def test_a_citizens_deed_costs_no_statement_more(app: Flask, client: FlaskClient) -> None:
    me = bearer(citizen(app))
    file_report(client, me)
    with statements(app) as seen:
        file_report(client, me)
    written = [s for s in seen if "audit_entries" in s]
    assert len(written) == 1
    assert not [s for s in seen if "person_keys" in s or "audit_seals" in s]
