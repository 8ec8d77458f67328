"""What officers do with the register of documents."""

import io
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers import UNIT, Headers
from tests.media.documents import GOOD

DESK = "/api/v1/officer/documents"
PUBLIC = "/api/v1/documents"
DECISION = {
    "number": "12/2026/QĐ-UBND",
    "kind": "decision",
    "abstract": "Ban hành Quy chế vận hành Cổng dữ liệu mở của thành phố",
    "agency": UNIT,
    "signer": "Nguyễn Văn An",
    "issued_on": "2026-03-26",
    "effective_on": "2026-04-10",
    "source_link": "https://congbao.example.gov.vn/van-ban/12",
}


def enter(client: FlaskClient, who: Headers, **other: Any) -> TestResponse:
    return client.post(DESK, json={**DECISION, **other}, headers=who)


def entered(client: FlaskClient, who: Headers, **other: Any) -> dict[str, Any]:
    answer = enter(client, who, **other)
    assert answer.status_code == 201, answer.json
    return answer.json


def take(
    client: FlaskClient,
    who: Headers,
    document: dict[str, Any],
    method: str,
    noun: str = "",
    body: Any = None,
) -> TestResponse:
    """A step on the version that the officer saw."""
    headers = {**who, "If-Match": f'"{document["version"]}"'}
    path = f"{DESK}/{document['id']}{noun}"
    return client.open(path, method=method, json=body, headers=headers)


def publish(client: FlaskClient, who: Headers, document: dict[str, Any]) -> dict[str, Any]:
    answer = take(client, who, document, "PUT", "/publication")
    assert answer.status_code == 200, answer.json
    return answer.json


def a_file(client: FlaskClient, who: Headers) -> str:
    form = {"file": (io.BytesIO(GOOD["pdf"]), "Quyết định 12.pdf")}
    answer = client.post("/api/v1/officer/files", data=form, headers=who)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])
