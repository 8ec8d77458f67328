"""Officers who have a password, and how they sign in over the API."""

from __future__ import annotations

import uuid

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.identity.service import create_officer

PASSWORD = "cầu Hoàng Văn Thụ 2019"
SIGN_IN = "/api/v1/officer/auth/tokens"
ME = "/api/v1/officer/me"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.7"


def made(app: Flask, username: str = "thuy.linh", role: Role = Role.UNIT_LEADER) -> uuid.UUID:
    """A new officer with the password; his id."""
    agency = "so-xay-dung" if role in (Role.UNIT_LEADER, Role.UNIT_OFFICER) else None
    told = {"role": role, "agency": agency, "display_name": "Nguyễn Thùy Linh"}
    with app.app_context(), transaction() as session:
        return create_officer(session, username, PASSWORD, **told)


def sign_in(
    client: FlaskClient,
    username: str = "thuy.linh",
    password: str = PASSWORD,
    address: str = HOME,
    **more: object,
) -> TestResponse:
    """One attempt from an address."""
    asked = {"username": username, "password": password, **more}
    return client.post(SIGN_IN, json=asked, environ_overrides={"REMOTE_ADDR": address})


def bearer(answer: TestResponse) -> dict[str, str]:
    """The header of who has signed in."""
    assert answer.status_code == 200, answer.json
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def second_factor(client: FlaskClient, me: dict[str, str]) -> tuple[pyotp.TOTP, list[str]]:
    """Set a second factor up at the present time; the app's code and the recovery codes."""
    begun = client.put(f"{ME}/second-factor", headers=me)
    assert begun.status_code == 200, begun.json
    totp = pyotp.TOTP(begun.json["secret"])
    return totp, confirmed(client, me, totp).json["recovery_codes"]


def confirmed(client: FlaskClient, me: dict[str, str], totp: pyotp.TOTP) -> TestResponse:
    code = {"code": totp.at(clock.now())}
    answer = client.put(f"{ME}/second-factor/confirmation", json=code, headers=me)
    assert answer.status_code == 200, answer.json
    return answer
