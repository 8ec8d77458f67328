"""Procedures on the first screen, kept at hand, and in the offline copy of who asks for them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.catalogue.models import Procedure
from smartcity.core.db import transaction
from tests.catalogue.reading.test_service_routes import withdraw
from tests.catalogue.records_made import bring, record
from tests.helpers import Headers
from tests.home.desk import HOME, SYNC
from tests.news.reading.articles import article, published

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = "1.900001"


def test_a_phone_that_does_not_name_procedures_is_told_of_all_else(
    app: Flask, client: FlaskClient
) -> None:
    bring(app, record(), record("1.900002"))
    (news,) = published(app, article())
    unasked = client.get(SYNC).json
    assert [(each["kind"], each["id"]) for each in unasked["items"]] == [("news", news)]
    asked = client.get(f"{SYNC}?kind=service").json
    assert [each["id"] for each in asked["items"]] == [CODE, "1.900002"]
    assert asked["items"][0]["item"] == client.get(f"/api/v1/services/{CODE}").json
    withdraw(app)
    (told,) = client.get(f"{SYNC}?kind=service&since={unasked['next']}").json["items"]
    assert (told["id"], told["gone"], told["item"]) == (CODE, True, None)


def test_a_procedure_is_kept_at_hand(app: Flask, client: FlaskClient, me: Headers) -> None:
    bring(app, record())
    kept = f"/api/v1/me/bookmarks/service/{CODE}"
    assert client.put(kept, headers=me).status_code == 204
    (item,) = client.get("/api/v1/me/bookmarks", headers=me).json["items"]
    assert item["item"] == client.get(f"/api/v1/services/{CODE}").json
    withdraw(app)
    (item,) = client.get("/api/v1/me/bookmarks", headers=me).json["items"]
    assert (item["gone"], item["item"]) == (True, None)


def test_the_first_screen_has_what_is_used_most(app: Flask, client: FlaskClient) -> None:
    codes = [f"1.90000{number}" for number in range(1, 8)]
    bring(app, *(record(code, f"Tên {code}") for code in codes))
    with app.app_context(), transaction() as session:
        for number, code in enumerate(codes):
            session.execute(
                update(Procedure).where(Procedure.code == code).values(opened=10 - number)
            )
    shown = client.get(HOME).json["services"]
    assert [card["code"] for card in shown] == codes[:6]
    assert client.get("/api/v1/app-config").json["features"]["services"] is True
