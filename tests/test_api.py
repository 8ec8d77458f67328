"""The API document: valid, complete, good for a generated client, shown without the network."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.serving import make_server

from smartcity.app import create_app
from smartcity.identity.permissions import PARTNERS_MAY, PERMISSIONS, Action, Role
from smartcity.sandbox.sms import Sms
from smartcity.settings import Settings
from tests.conftest import MakeApp
from tests.helpers import work

ROOT = Path(__file__).parents[1]
METHODS = {"get", "put", "post", "delete", "patch"}
JOURNEY = """
import sys
from citizen_client import AuthenticatedClient, Client
from citizen_client.api.identity import request_code, sign_in
from citizen_client.api.reports import list_my_reports, submit_report
from citizen_client.models import ChallengeIn, CodeIn, Problem, ReportIn

base, phone = sys.argv[1:]
anyone = Client(base_url=base)
challenge = request_code.sync(client=anyone, body=ChallengeIn(phone=phone))
print(challenge.challenge_id, flush=True)
code = sys.stdin.readline().strip()
tokens = sign_in.sync(client=anyone, body=CodeIn(challenge_id=challenge.challenge_id, code=code))
me = AuthenticatedClient(base_url=base, token=tokens.access_token)
asked = ReportIn(category="traffic_infra", description="Ổ gà", latitude=20.94, longitude=106.33)
first = submit_report.sync(client=me, body=asked, idempotency_key="k1")
again = submit_report.sync(client=me, body=asked, idempotency_key="k1")
page = list_my_reports.sync(client=me)
asked.latitude = 10.0
problem = submit_report.sync(client=me, body=asked)
assert first.id == again.id, (first, again)
assert [item.id for item in page.items] == [first.id], page
assert isinstance(problem, Problem), problem
assert problem.errors.additional_properties["latitude"], problem
print(first.code)
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that needs no database."""
    return create_app(Settings(var_dir=tmp_path_factory.mktemp("var"), log_level="WARNING"))


@pytest.fixture(scope="module")
def document(described: Flask) -> dict[str, Any]:
    found: dict[str, Any] = described.test_client().get("/api/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield method, path, item[method]


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_no_two_schemas_want_one_name(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        create_app(Settings(var_dir=tmp_path))


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    found = list(operations(document))
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names)) > 30
    for method, path, operation in found:
        assert operation["summary"][0].isupper(), path
        assert operation["summary"].endswith("."), path
        assert operation["tags"], path
        for _, kind in re.findall(r"\{(\w+)(:\w+)?\}", path):
            assert not kind, f"{method} {path} shows Flask's own form"


# What names something and yet succeeds whether or not that is there.
DONE_ANYWAY = {
    "register_device",
    "register_anonymous_device",
    "withdraw_report_support",
    "unfollow_report",
    "give_up_activity",
}


def test_every_operation_tells_its_errors_as_problems(app: Flask, document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        answers = operation["responses"]
        wanted = {"503"}
        if "security" in operation:
            wanted |= {"401", "403"}
        if "{" in path and operation["operationId"] not in DONE_ANYWAY:
            wanted |= {"404"}
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            wanted |= {"400", "413", "415", "422"}
        if any(p["in"] == "query" for p in operation.get("parameters", [])):
            wanted |= {"400", "422"}
        assert wanted <= answers.keys(), (method, path, wanted - answers.keys())
        for status, answer in answers.items():
            if status >= "400":
                content = answer["content"]["application/problem+json"]
                assert content["schema"]["$ref"].endswith("/Problem"), (path, status)


SIGNED = {Action.CALL_BACK, Action.PULL_EVENTS}


def test_security_is_what_the_permissions_say(described: Flask, document: dict[str, Any]) -> None:
    views = {
        (method.lower(), re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", str(rule))): rule.endpoint
        for rule in described.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for method, path, operation in operations(document):
        action = described.view_functions[views[method, path]].permission  # type: ignore[attr-defined]
        wanted = {"bearer"} if Role.ANYONE not in PERMISSIONS[action] else set()
        wanted |= {"partner_key"} if action in PARTNERS_MAY else set()
        wanted |= {"signature"} if action in SIGNED else set()
        told = [name for way in operation.get("security", []) for name in way]
        assert sorted(told) == sorted(wanted), path
    schemes = document["components"]["securitySchemes"]
    assert schemes.keys() == {"bearer", "partner_key", "signature"}


def test_whatever_is_sent_or_certain_to_come_has_an_example(document: dict[str, Any]) -> None:
    shows = {"example", "enum", "format", "$ref", "items", "allOf", "anyOf", "const", "default"}
    schemas = document["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
        if told.get("type") == "string" and not shows & told.keys()
    ]
    assert bare == []


def test_an_object_of_several_kinds_is_described_by_each(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    extras = schemas["PlaceRecordIn"]["properties"]["extras"]["anyOf"]
    each = [set(schemas[one["$ref"].rpartition("/")[2]]["properties"]) for one in extras]
    assert {"emergency", "beds"} <= each[0]
    assert any({"from", "to", "stops"} <= fields for fields in each)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_generated_client_signs_in_reports_and_lists(
    make_app: MakeApp, document: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "config.yaml").write_text("package_name_override: citizen_client\npost_hooks: []\n")
    (tmp_path / "journey.py").write_text(JOURNEY)
    generate = ["-m", "openapi_python_client", "generate", "--path", "openapi.json"]
    generate += ["--config", "config.yaml", "--output-path", "client", "--fail-on-warning"]
    made = subprocess.run(
        [sys.executable, *generate], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with Sms("the-key") as gateway:
        app = make_app(sms_url=gateway.url, sms_key="the-key")
        with live(app) as base, journey(tmp_path, base) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            challenge = process.stdout.readline().strip()
            assert len(challenge) == 36, process.communicate()
            work(app, "sms")
            messages = gateway.app.test_client().get("/messages?phone=%2B84912345678").json
            out, err = process.communicate(messages[-1]["code"] + "\n", timeout=60)
    assert process.returncode == 0, err
    assert re.fullmatch(r"HP-\d{4}-\d{6}\n", out)


@contextmanager
def live(app: Flask) -> Iterator[str]:
    """The application behind a real socket; its base address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def journey(folder: Path, base: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "journey.py", base, "0912345678"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "client")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_document_is_shown_without_another_server(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert assets
    assert all(asset.startswith("/") and not asset.startswith("//") for asset in assets)
    assert "http" not in page.text
    for asset in assets:
        answer = client.get(asset)
        assert answer.status_code == 200, asset
        answer.close()
    start = client.get("/static/docs/start.js").text
    assert '"/api/openapi.json"' in start
    assert "http" not in start


def test_vendored_files_are_those_that_were_taken() -> None:
    folder = ROOT / "smartcity" / "static" / "vendor"
    manifest = json.loads((folder / "manifest.json").read_text())
    told = {file: digest for package in manifest for file, digest in package["sha256"].items()}
    for file, digest in told.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest, file
    run = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.suffix in (".js", ".css")}
    assert run == told.keys()
