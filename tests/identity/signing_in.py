"""Signs in and refreshes in a process of its own that logs all it can; prints what is secret."""

import json
import logging
import sys
from pathlib import Path

import urllib3

from smartcity.app import create_app
from smartcity.settings import Settings
from tests.identity.conftest import PHONE, UNLIMITED, send_messages


def main(database_url: str, gateway: str, folder: str) -> None:
    values = {"database_url": database_url, "sms_url": gateway, "sms_key": "the-key"}
    settings = Settings(**values, **UNLIMITED, var_dir=Path(folder), log_level="DEBUG")
    app = create_app(settings)
    logging.getLogger().addHandler(logging.StreamHandler())  # every line before the mask, too
    client = app.test_client()
    client.post("/api/v1/auth/otp", json={"phone": f"{PHONE}0"})
    asked = client.post("/api/v1/auth/otp", json={"phone": PHONE}).json
    send_messages(app)
    code = urllib3.request("GET", f"{gateway}/messages").json()[-1]["code"]
    client.post("/api/v1/auth/tokens", json={"challenge_id": "x", "code": code})
    spent = {"challenge_id": asked["challenge_id"], "code": code}
    tokens = client.post("/api/v1/auth/tokens", json=spent).json
    client.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    client.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}x"})
    client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    print(json.dumps([code, tokens["access_token"], tokens["refresh_token"]]))


main(*sys.argv[1:])
