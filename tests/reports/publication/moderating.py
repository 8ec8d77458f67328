"""What tests of the public side do alike: publish, hide, look as anybody does."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers import Headers, file_report, moved

PUBLIC = "/api/v1/public/reports"


def accepted(client: FlaskClient, me: Headers, operator: Headers, **other: Any) -> dict[str, Any]:
    return moved(client, operator, file_report(client, me, **other), "acceptance")


def side(client: FlaskClient, officer: Headers, report: dict[str, Any]) -> dict[str, Any]:
    """The public side as a moderator sees it."""
    found = client.get(f"/api/v1/officer/reports/{report['id']}/publication", headers=officer)
    assert found.status_code == 200, found.json
    assert found.headers["ETag"] == f'"{found.json["version"]}"'
    return found.json


def moderate(
    client: FlaskClient,
    officer: Headers,
    report: dict[str, Any],
    method: str = "PUT",
    path: str = "publication",
    **body: Any,
) -> TestResponse:
    """One change of the public side on the version that it has."""
    tag = {"If-Match": f'"{side(client, officer, report)["version"]}"'}
    address = f"/api/v1/officer/reports/{report['id']}/{path}"
    if method == "DELETE":
        return client.delete(address, headers={**officer, **tag})
    return client.put(address, json=body, headers={**officer, **tag})


def published(
    client: FlaskClient, officer: Headers, report: dict[str, Any], **body: Any
) -> dict[str, Any]:
    answer = moderate(client, officer, report, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def seen(client: FlaskClient, report: dict[str, Any]) -> TestResponse:
    return client.get(f"{PUBLIC}/{report['id']}")


def listed(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"{PUBLIC}?{query}")
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]
