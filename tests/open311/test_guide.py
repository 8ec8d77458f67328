"""docs/guides/open311.md, played as it stands."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.docs.exchange import Exchange
from tests.docs.pages import GUIDES, blocks

PAGE = GUIDES / "open311.md"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def test_the_requests_of_the_guide(served: str, key: str) -> None:
    assert Exchange(served, {"api_key": key}).play(PAGE) == 8


def test_the_xml_of_the_guide(client: FlaskClient) -> None:
    (shown,) = blocks(PAGE, "xml")
    answer = client.get("/open311/v2/services/x.xml", headers={"Accept-Language": "en"})
    assert answer.get_data(as_text=True) == shown.text.rstrip("\n")
