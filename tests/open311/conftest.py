"""A partner with his key, clients of both formats, and reports that are public."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.identity import partners
from tests.helpers import Headers, file_report, moved
from tests.open311.geo_report import GeoReport

NewKey = Callable[..., str]
Publish = Callable[..., dict[str, Any]]


@pytest.fixture
def new_key(app: Flask) -> NewKey:
    """Make a partner, and give his key."""

    def make(*grants: str, per_minute: int | None = None) -> str:
        asked = {"name": "Trạm", "grants": list(grants), "expires_at": None}
        with app.app_context(), transaction() as session:
            return partners.create(session, "test", {**asked, "per_minute": per_minute})[1]

    return make


@pytest.fixture
def key(new_key: NewKey) -> str:
    return new_key("relay_reports")


@pytest.fixture
def fmt(database_url: str) -> str:
    """One format on each database; tests of shapes ask for both."""
    return "json" if database_url.startswith("sqlite") else "xml"


@pytest.fixture
def anyone(client: FlaskClient, fmt: str) -> GeoReport:
    """Somebody without a key."""
    return GeoReport(client, fmt)


@pytest.fixture
def partner(anyone: GeoReport, key: str) -> GeoReport:
    return GeoReport(anyone.client, anyone.fmt, key)


@pytest.fixture
def publish(client: FlaskClient, operator: Headers) -> Publish:
    """Accept a report and show it to the public."""

    def show(report: dict[str, Any], **shown: Any) -> dict[str, Any]:
        accepted = moved(client, operator, report, "acceptance", public_text="Đã ghi nhận.")
        path = f"/api/v1/officer/reports/{report['id']}/publication"
        answer = client.put(path, json=shown, headers={**operator, "If-Match": '"0"'})
        assert answer.status_code == 200, answer.json
        return accepted

    return show


@pytest.fixture
def public(client: FlaskClient, me: Headers, publish: Publish) -> dict[str, Any]:
    """A citizen's report that is public."""
    report = file_report(client, me, address="12 Trần Phú")
    return publish(report)
