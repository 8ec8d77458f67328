"""Refusals that Werkzeug makes by itself are problems too, whatever their status."""

import pytest
from flask import Flask, abort

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("status", [406, 418])
def test_a_status_without_words_of_its_own_takes_those_of_its_kind(app, status) -> None:
    answer = _refusing(app, status)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"] == "Bad request"
    assert answer.json["status"] == status


def test_a_server_error_without_words_is_a_server_error(app: Flask) -> None:
    assert _refusing(app, 501).json["title"] == "Server error"


def _refusing(app: Flask, status: int):
    app.add_url_rule("/refused", "refused", lambda: abort(status))
    return app.test_client().get("/refused", headers={"Accept-Language": "en"})
