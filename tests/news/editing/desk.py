"""What editors do with articles over the API."""

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers import Headers, work
from tests.media.pictures import jpeg

ARTICLES = "/api/v1/officer/articles"


def wished(**other: Any) -> dict[str, Any]:
    """A good article."""
    return {
        "title": "Thông xe cầu Hoàng Văn Thụ",
        "lead": "Từ 6 giờ ngày 22/11.",
        "body": "<p>Cầu <strong>thông xe</strong> lúc 7 giờ.</p>",
        "categories": ["society"],
        **other,
    }


def draft(client: FlaskClient, by: Headers, **other: Any) -> dict[str, Any]:
    answer = client.post(ARTICLES, json=wished(**other), headers=by)
    assert answer.status_code == 201, answer.json
    return answer.json


def seen(client: FlaskClient, who: Headers, article: dict[str, Any]) -> dict[str, Any]:
    """An article as it is now."""
    return client.get(f"{ARTICLES}/{article['id']}", headers=who).json


def step(
    client: FlaskClient,
    who: Headers,
    article: dict[str, Any],
    noun: str = "",
    method: str = "PUT",
    **body: Any,
) -> TestResponse:
    """One step on the version that stands now."""
    tag = f'"{seen(client, who, article)["version"]}"'
    path = f"{ARTICLES}/{article['id']}/{noun}".rstrip("/")
    return client.open(path, method=method, json=body or None, headers={**who, "If-Match": tag})


def taken(
    client: FlaskClient, who: Headers, article: dict[str, Any], *told: Any, **body: Any
) -> dict[str, Any]:
    """The same, when it has to go well: the article afterwards."""
    answer = step(client, who, article, *told, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def saved(
    client: FlaskClient, who: Headers, article: dict[str, Any], **fields: Any
) -> dict[str, Any]:
    """Fields written anew."""
    return taken(client, who, article, "", "PATCH", **fields)


def published(client: FlaskClient, by: Headers, other: Headers, **fields: Any) -> dict[str, Any]:
    """An article that was submitted by one and approved by another."""
    article = draft(client, by, **fields)
    taken(client, by, article, "submission")
    return taken(client, other, article, "approval")


def picture(app: Flask, who: Headers, *, made: bool = True) -> str:
    """The id of a picture that somebody uploaded; the worker has made it or not."""
    form = {"file": (io.BytesIO(jpeg(80, 60)), "photo.jpg")}
    answer = app.test_client().post("/api/v1/media", data=form, headers=who)
    assert answer.status_code == 201, answer.json
    if made:
        work(app, "media")
    return str(answer.json["id"])


def refused(answer: TestResponse, status: int, field: str | None = None) -> None:
    """It was refused so, and names the field."""
    assert answer.status_code == status, answer.json
    assert field is None or field in answer.json["errors"], answer.json
