"""docs/guides/fcm-sandbox.md, as it stands but for the folder and the port."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import firebase_admin
import pytest

from smartcity.sandbox import fcm as module
from tests.docs.pages import GUIDES, blocks

GUIDE = GUIDES / "fcm-sandbox.md"
CURL = shutil.which("curl") or "true"
FAULT = re.compile(r'`(\{"mode".*?\})`', re.S)


@pytest.fixture
def here(fcm):
    """A block of the guide with this server's folder and port."""
    state = str(fcm.ca_file.parent)
    return lambda text: text.replace("var/fcm", state).replace(":9443", f":{fcm.port}")


def test_the_clients_of_the_guide_send(fcm, https, here, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fcm.ca_file))
    printed: list[str] = []
    for block in blocks(GUIDE, "python"):
        exec(here(block.text), {"print": printed.append})
    firebase_admin.delete_app(firebase_admin.get_app())
    token, name = printed
    assert name.startswith("projects/smartcity-sandbox/messages/")
    monkeypatch.setenv("TOKEN", token)
    for block in blocks(GUIDE, "sh")[1:]:
        command = here(block.text).replace("curl", f"{CURL} -sSf", 1)
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=30)
    sent = https.request("GET", f"{fcm.url}/journal").json()["sent"]
    assert [entry["address"] for entry in sent] == ["news", "phone-1"][: 1 + (CURL != "true")]


@pytest.mark.parametrize("text", [GUIDE.read_text("utf-8"), module.__doc__], ids=["guide", "code"])
def test_each_fault_that_is_told_is_one(text, put, https, fcm):
    told = [json.loads(found) for found in FAULT.findall(text)]
    assert {wish["mode"] for wish in told} >= {"error", "accept_then_drop", "goaway", "flaky"}
    for wish in told:
        put("faults", **wish)
    assert https.request("PUT", f"{fcm.url}/faults", json={"mode": "storm"}).status == 400


def test_each_counter_that_is_told_is_counted(fcm, https):
    stats = https.request("GET", f"{fcm.url}/stats").json()
    row = next(row for row in GUIDE.read_text("utf-8").splitlines() if row.startswith("| `GET /st"))
    assert set(re.findall(r"`([a-z_]+)`", row)) - {"data", "mid"} <= stats.keys()
