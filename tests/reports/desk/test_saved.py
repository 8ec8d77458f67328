"""Filters that an officer keeps, and shares within his agency."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from smartcity.reports.desk import saved
from tests.helpers import OTHER_UNIT, UNIT, Headers, bearer, officer

MINE = "/api/v1/officer/me/filters"
LATE = {"status": ["assigned"], "overdue": True, "q": "ổ gà", "due_before": "2026-11-22T08:00:00Z"}


def keep(client: FlaskClient, who: Headers, name: str, filters: object, shared: bool = False):
    body = {"filters": filters, "shared": shared}
    return client.put(f"{MINE}/{quote(name)}", json=body, headers=who)


def names(client: FlaskClient, who: Headers) -> list[tuple[str, bool]]:
    items = client.get(MINE, headers=who).json["items"]
    return [(item["name"], item["mine"]) for item in items]


def test_filters_are_kept_replaced_and_dropped(client: FlaskClient, unit: Headers) -> None:
    kept = keep(client, unit, "Quá hạn", LATE).json
    assert (kept["name"], kept["mine"], kept["shared"]) == ("Quá hạn", True, False)
    assert kept["filters"].pop("sort") == "submitted"
    assert kept["filters"].pop("due_before").startswith("2026-11-22T08:00:00")
    assert kept["filters"] == {k: v for k, v in LATE.items() if k != "due_before"}
    keep(client, unit, "Quá hạn", {"urgent": True, "sort": "due"})
    [item] = client.get(MINE, headers=unit).json["items"]
    assert item["filters"] == {"urgent": True, "sort": "due"}
    assert client.delete(f"{MINE}/{quote('Quá hạn')}", headers=unit).status_code == 204
    assert client.delete(f"{MINE}/{quote('Quá hạn')}", headers=unit).status_code == 404
    assert names(client, unit) == []


def test_what_is_shared_is_the_agencys(app: Flask, client: FlaskClient, unit: Headers) -> None:
    colleague = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    keep(client, unit, "chung", LATE, shared=True)
    keep(client, unit, "riêng", LATE)
    assert names(client, unit) == [("chung", True), ("riêng", True)]
    assert names(client, colleague) == [("chung", False)]
    assert names(client, other) == []
    assert client.delete(f"{MINE}/chung", headers=colleague).status_code == 404
    keep(client, unit, "chung", LATE, shared=False)
    assert names(client, colleague) == []


def test_only_what_the_list_takes_is_kept(app: Flask, client: FlaskClient, lead: Headers) -> None:
    line = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}
    for filters in ({"phone": "0912345678"}, {"cursor": "x"}, {"polygon": line}, {"a": 1}, 7):
        answer = keep(client, lead, "x", filters)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["filters"]), filters
    assert keep(client, lead, "x" * 61, {}).status_code == 422
    assert keep(client, lead, "a\u202eb", {}).status_code == 422
    nowhere = bearer(officer(app, Role.IOC_LEAD, None))
    answer = keep(client, nowhere, "x", {}, shared=True)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["shared"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_an_end_to_names(client: FlaskClient, unit: Headers) -> None:
    answers = [keep(client, unit, f"{n}", {}).status_code for n in range(saved.MOST + 1)]
    assert answers == [200] * saved.MOST + [409]
    assert keep(client, unit, "0", {"urgent": True}).status_code == 200
