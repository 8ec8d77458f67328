"""What README and the guides show, run as it stands against the demonstration.

One test, since one demonstration serves all of it: pytest's workers would start one each.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from smartcity.adapters.centres.cloud_events import CloudEvents
from smartcity.adapters.centres.driver import Endpoint, Outgoing
from smartcity.core.errors import Temporary
from smartcity.demo.client import Caller, Phone, wait_for
from smartcity.demo.processes import free_port
from smartcity.demo.story import REPORT
from tests.docs.exchange import Exchange
from tests.docs.pages import GUIDES, README, block, blocks
from tests.journeys.demonstration import Demonstration, clean_env, running_demo
from tests.media.pictures import jpeg

IOC = GUIDES / "ioc.md"
CURL = Path(__file__).with_name("curl.py")
SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLWRvY3M="


def test_the_docs_run_as_they_stand(tmp_path: Path, subtests: pytest.Subtests) -> None:
    with running_demo(tmp_path / "var") as demo:
        (tmp_path / "photo.jpg").write_bytes(jpeg())
        with subtests.test("README's story"):
            _story_as_told(tmp_path / "var" / "told.txt")
        for curl in filter(None, (shutil.which("curl"), _stand_in(tmp_path))):
            with subtests.test("README's session", curl=curl):
                _readme_session(tmp_path, curl)
        for number, guide in enumerate(("app", "officer", "ioc", "open-data")):
            with subtests.test("the requests of a guide", guide=guide):
                _play(demo, guide, f"098000000{number}")
        with subtests.test("the event of ioc.md"):
            _event_as_shown(demo)
        with subtests.test("the callback of ioc.md"):
            _call_back(demo)
        with subtests.test("the receiver of ioc.md"), _receiver(tmp_path) as receiver:
            _receive(demo, receiver)


def _story_as_told(output: Path) -> None:
    """Every line that README quotes of it was told, whatever second it was."""
    quoted = re.findall(r"^  ✓ +[\d.]+ s  (.+)$", README.read_text("utf-8"), re.M)
    told = re.findall(r"^  ✓ +[\d.]+ s  (.+)$", output.read_text("utf-8"), re.M)
    assert quoted
    assert [line for line in told if line in quoted] == quoted


def _readme_session(folder: Path, curl: str) -> None:
    (session,) = blocks(README, "sh")
    path = f"{Path(curl).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", "-eu"],
        input=session.text,
        capture_output=True,
        text=True,
        timeout=30,
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
    )
    (step,) = json.loads(ran.stdout)["items"]
    assert step["move"] == "submit"


def _stand_in(folder: Path) -> str:
    """A machine may have no curl."""
    program = folder / "bin" / "curl"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{CURL.read_text('utf-8')}", "utf-8")
    program.chmod(0o755)
    return str(program)


def _play(demo: Demonstration, guide: str, phone: str) -> None:
    site = demo.site
    known = {"phone": phone, "sms": site["sms"], "ioc": site["ioc"]}
    if guide != "app":  # which files its own
        filed = _filed(demo, f"+8497{phone[3:]}")
        known |= {"report": filed["id"], "report_code": filed["code"]}
    exchange = Exchange(site["api"], known, jpeg())
    assert exchange.play(GUIDES / f"{guide}.md")


def _filed(demo: Demonstration, phone: str) -> dict[str, Any]:
    citizen = Phone(demo.site["api"])
    citizen.sign_in(phone, Caller(demo.site["sms"]))
    return citizen.file(REPORT)


def _event_as_shown(demo: Demonstration) -> None:
    shown = block(IOC, "## What arrives", "json")
    event, real = json.loads(shown.text), demo.ioc.ask("GET", "/events")[0]
    assert set(event) == set(real)
    assert set(event["data"]) == set(real["data"])


def _call_back(demo: Demonstration) -> None:
    callback = block(IOC, "## Calling back", "python")
    filed = _filed(demo, "+84970000009")
    told = {"API": demo.site["api"], "SECRET": _secret(demo), "REPORT": filed["code"]}
    ran = subprocess.run(
        [sys.executable, "-c", callback.text],
        capture_output=True,
        text=True,
        timeout=30,
        env=clean_env() | told,
        check=True,
    )
    promised = re.search(r"It prints `(.+)`", IOC.read_text("utf-8"))
    assert promised
    pattern = re.escape(promised[1]).replace("…", ".+")
    assert re.fullmatch(pattern, ran.stdout.strip())


def _secret(demo: Demonstration) -> str:
    told: dict[str, str] = json.loads((demo.site_file.parent / "demo/secrets.json").read_text())
    return told["ioc"]


@contextmanager
def _receiver(folder: Path) -> Iterator[str]:
    """The receiver that ioc.md shows, of 40 lines at most."""
    receiver = block(IOC, "## A receiver", "python")
    assert receiver.text.count("\n") <= 40
    port = free_port()
    env = clean_env() | {"SECRETS": f"whsec_{'A' * 32} {SECRET}", "PORT": str(port)}
    with subprocess.Popen([sys.executable, "-c", receiver.text], cwd=folder, env=env) as running:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            running.terminate()


def _receive(demo: Demonstration, url: str) -> None:
    """Real events, sent by the product's own sender: taken once, in order, and signed only."""
    centre = CloudEvents(Endpoint("shown", url, (SECRET,), 10.0))
    first, second, third = demo.ioc.ask("GET", "/events")[:3]  # the story's: submit, accept, assign
    wait_for(lambda: _is_up(url))
    for event in (first, third, second, third):
        centre.deliver(_outgoing(event))
    assert _kept(demo.site_file.parents[1] / "events.sqlite3") == [first["id"], third["id"]]
    stranger = CloudEvents(Endpoint("shown", url, (f"whsec_{'B' * 32}",), 10.0))
    with pytest.raises(Temporary, match="401"):
        stranger.deliver(_outgoing(first))


def _outgoing(event: dict[str, Any]) -> Outgoing:
    told = event["subject"], int(event["sequence"]), event["data"]["move"]
    return Outgoing(event["id"], *told, json.dumps(event))


def _is_up(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False).status == 501
    except urllib3.exceptions.HTTPError:
        return False


def _kept(store: Path) -> list[str]:
    with sqlite3.connect(store) as opened:
        return [row[0] for row in opened.execute("SELECT id FROM events ORDER BY rowid")]
