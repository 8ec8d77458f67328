"""A citizen with photos, and the worker's turn."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core.db import transaction
from smartcity.jobs.claim import claim
from smartcity.jobs.perform import perform
from tests.conftest import shared_data

Upload = Callable[..., TestResponse]


def send(client: FlaskClient, headers: dict[str, str], content: bytes, **more: Any) -> TestResponse:
    """Upload as a phone does."""
    name = more.pop("name", "IMG_0001.jpg")
    data = {"file": (io.BytesIO(content), name), **more.pop("data", {})}
    headers = {**headers, **more}
    return client.post("/api/v1/media", data=data, headers=headers)


@pytest.fixture
def upload(client: FlaskClient, me: dict[str, str]) -> Upload:
    return lambda content, **more: send(client, me, content, **more)


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """The worker's turn."""
    return lambda: do_media_jobs(app)


def do_media_jobs(app: Flask) -> int:
    """Do the due jobs of the queue `media`; how many there were."""
    done = 0
    with app.app_context():
        while leases := _claimed():
            for lease in leases:
                perform(lease)
                done += 1
    return done


def _claimed() -> list[Any]:
    with transaction() as session:
        return list(claim(session, "media", 10, "test"))


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[], list[str]]:
    """The names in the store, without the photo's id."""
    folder = tmp_path / "media"

    def names() -> list[str]:
        files = [file.name for file in folder.rglob("*") if file.is_file()]
        return sorted(name.partition("-")[2] for name in files)

    return names


@pytest.fixture
def photos() -> Path:
    """The folder of real photos."""
    folder = shared_data()
    if folder is None or not (folder / "photos").is_dir():
        pytest.skip("no real photos at hand: name their folder in TEST_SHARED_DATA")
    return folder / "photos"
