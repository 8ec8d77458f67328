"""The catalogue, held against the published rules of DCAT-US 1.1.

https://resources.data.gov/resources/dcat-us/
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from smartcity.core import clock

NOW = datetime(2027, 3, 26, 1, tzinfo=UTC)
# "Required" there, but for bureauCode and programCode, which are of the United States' agencies.
REQUIRED = {
    "title",
    "description",
    "keyword",
    "modified",
    "publisher",
    "contactPoint",
    "identifier",
    "accessLevel",
}
DAY = r"\d{4}-\d\d-\d\d"


@pytest.fixture
def catalogue(client: FlaskClient) -> dict[str, Any]:
    with clock.frozen(NOW):
        answer = client.get("/data.json")
    assert answer.status_code == 200
    return answer.json


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_says_what_it_is(catalogue: dict[str, Any]) -> None:
    schema = "https://project-open-data.cio.gov/v1.1/schema"
    assert catalogue["conformsTo"] == schema
    assert catalogue["@type"] == "dcat:Catalog"
    assert catalogue["@context"] == f"{schema}/catalog.jsonld"
    assert catalogue["describedBy"] == f"{schema}/catalog.json"


def test_each_data_set_has_what_is_required_in_its_form(catalogue: dict[str, Any]) -> None:
    sets = catalogue["dataset"]
    assert len({s["identifier"] for s in sets}) == len(sets) == 3
    for found in sets:
        assert found.keys() >= REQUIRED
        assert found["@type"] == "dcat:Dataset"
        assert found["accessLevel"] in ("public", "restricted public", "non-public")
        assert all(isinstance(word, str) and word for word in found["keyword"])
        assert re.fullmatch(DAY, found["modified"])
        assert re.fullmatch(f"{DAY}/{DAY}", found["temporal"])
        assert re.fullmatch(r"R/P.+", found["accrualPeriodicity"])
        assert found["publisher"]["name"] == "Ủy ban nhân dân thành phố Hải Phòng"
        assert found["contactPoint"]["fn"]
        assert re.fullmatch(r"mailto:\S+@\S+", found["contactPoint"]["hasEmail"])
        assert found["license"].startswith("https://")
        assert "Hải Phòng" in found["spatial"]


def test_every_distribution_can_be_loaded(client: FlaskClient, catalogue: dict[str, Any]) -> None:
    files = [d for found in catalogue["dataset"] for d in found["distribution"]]
    assert len(files) == 2 * 3 + 4 + 2  # two years
    base = "http://127.0.0.1:8000"
    for file in files:
        assert file["@type"] == "dcat:Distribution"
        assert file["title"]
        assert file["downloadURL"].startswith(base)
        answer = client.get(file["downloadURL"].removeprefix(base), buffered=True)
        assert answer.status_code == 200, file
        assert answer.mimetype == file["mediaType"]
    described = catalogue["dataset"][0]["describedBy"].removeprefix(base)
    assert client.get(described).status_code == 200
