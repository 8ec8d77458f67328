"""The sandbox FCM, and an application that knows it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from smartcity.core.context import attach
from smartcity.sandbox.fcm import Fcm
from smartcity.settings import Settings


@pytest.fixture
def fcm_settings(fcm: Fcm) -> Settings:
    return Settings(fcm_credentials=fcm.credentials_file, fcm_url=fcm.url, fcm_ca=fcm.ca_file)


@pytest.fixture
def sending(fcm_settings: Settings) -> Iterator[None]:
    """The test runs inside an application that sends to the sandbox."""
    app = Flask(__name__)
    attach(app, fcm_settings)
    with app.app_context():
        yield
