"""Runs as officers and operators start and read them."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core.ids import new_id
from smartcity.sandbox.ioc import Ioc
from tests.helpers import Headers, key, rows, work
from tests.ioc.conftest import OTHER_SECRET, add_destination
from tests.ioc.reconciliation.conftest import RUNS, age, carry_out, counts, damage, start, states


def test_one_run_at_a_time_and_only_of_who_can_tell(
    app: Flask, client: FlaskClient, lead: Headers, ioc: Ioc
) -> None:
    add_destination(app, f"{ioc.url}/events", "silent", OTHER_SECRET)

    def ask(name: str) -> TestResponse:
        return client.post(RUNS, json={"destination": name}, headers={**lead, **key()})

    assert [ask(name).status_code for name in ("nobody", "silent", "ioc", "ioc")] == [
        404,
        409,
        202,
        409,
    ]
    work(app, "reconciliation:ioc")
    assert ask("ioc").status_code == 202


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_operator_starts_one_at_the_command_line(
    app: Flask, delivered: list[dict], database_url: str, tmp_path: Path
) -> None:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    age(app)
    ran = CliRunner().invoke(main, ["ioc", "reconcile", "ioc"], env=env)
    assert ran.exit_code == 0, ran.output
    carry_out(app)
    assert counts(app, uuid.UUID(ran.output.strip())) == (0, 0, 0, 0)
    assert states(app) == ["acknowledged"] * 6
    (deed,) = rows(app, AuditEntry, AuditEntry.action == "reconciliation.start")
    assert (deed.actor.partition(":")[0], deed.detail) == ("operator", {"destination": "ioc"})
    refused = CliRunner().invoke(main, ["ioc", "reconcile", "nobody"], env=env)
    assert (refused.exit_code, refused.output) == (1, "Error: There is no such destination. \n")


def test_officers_start_follow_and_read(
    app: Flask,
    client: FlaskClient,
    lead: Headers,
    auditor: Headers,
    ioc: Ioc,
    journal: Path,
    delivered: list[dict],
) -> None:
    age(app)
    with damage(ioc, journal, list.clear):
        headers = {**lead, **key()}
        begun = client.post(RUNS, json={"destination": "ioc"}, headers=headers)
        assert begun.status_code == 202, begun.json
        assert client.post(RUNS, json={"destination": "ioc"}, headers=headers).json == begun.json
        path = begun.headers["Location"]
        assert client.get(f"{RUNS}?running=true", headers=auditor).json["items"] == [begun.json]
        work(app, "reconciliation:ioc")
        assert client.get(path, headers=auditor).json["missing"] == 6
        carry_out(app)
    told = client.get(path, headers=auditor).json
    assert (told["pages"], told["reports"], told["missing"], told["repaired"]) == (1, 3, 6, 6)
    assert told["ended_at"]
    assert client.get(f"{RUNS}?differing=true", headers=auditor).json["items"] == []
    listed = _all_pages(client, auditor, f"{path}/differences?limit=4&kind=missing")
    assert [(d["code"], d["sequence"]) for d in listed] == [
        (report["code"], sequence) for report in delivered for sequence in (1, 2)
    ]
    exported = client.get(f"{path}/differences.csv?repaired=true", headers=auditor)
    assert exported.text.splitlines()[1].startswith(
        f'"{delivered[0]["code"]}","1","Nơi nhận thiếu"'
    )
    assert len(exported.text.splitlines()) == 7
    assert len(rows(app, AuditEntry, AuditEntry.action == "reconciliation.start")) == 1


def _all_pages(client: FlaskClient, headers: Headers, path: str) -> list[dict[str, Any]]:
    page = client.get(path, headers=headers).json
    found = page["items"]
    while page["next_cursor"]:
        page = client.get(f"{path}&cursor={page['next_cursor']}", headers=headers).json
        found += page["items"]
    return found


def test_a_cursor_of_other_differences_is_refused(
    app: Flask, client: FlaskClient, auditor: Headers, ioc: Ioc, journal: Path, delivered: list
) -> None:
    with damage(ioc, journal, list.clear):
        run_id = start(app)
        carry_out(app)
    path = f"{RUNS}/{run_id}/differences"
    cursor = client.get(f"{path}?limit=1", headers=auditor).json["next_cursor"]
    wrong = client.get(f"{path}?limit=1&repaired=true&cursor={cursor}", headers=auditor)
    assert wrong.status_code == 400
    assert client.get(f"{RUNS}/{new_id()}/differences", headers=auditor).status_code == 404
