"""Discovery, services and their definitions, in both formats."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.open311.geo_report import (
    ATTRIBUTE,
    DISCOVERY,
    ENDPOINT,
    SERVICE,
    VALUE,
    GeoReport,
    assert_fits,
)


def test_discovery_tells_all_that_it_has_to(anyone: GeoReport) -> None:
    found = anyone.get("discovery")
    assert_fits(DISCOVERY, found)
    for endpoint in found["endpoints"]:
        assert_fits(ENDPOINT, endpoint)
    assert [e["type"] for e in found["endpoints"]] == ["production", "test"]
    assert found["endpoints"][0]["url"].endswith("/open311/v2")


def test_every_service_has_every_element(anyone: GeoReport) -> None:
    found = anyone.get("services")
    for service in found:
        assert_fits(SERVICE, service)
    by_code = {service["service_code"]: service for service in found}
    assert len(by_code) == len(found)
    pothole = by_code["traffic_infra.pothole"]
    assert pothole["service_name"] == "Ổ gà, mặt đường hư hỏng"
    assert pothole["group"] == "Hạ tầng giao thông"
    assert pothole["metadata"] is True
    assert by_code["traffic_infra"]["metadata"] is False


def test_services_are_told_in_english(client: FlaskClient) -> None:
    english = GeoReport(client, "json", headers={"Accept-Language": "en"})
    answer = english.ask("services")
    assert "Accept-Language" in answer.headers["Vary"]
    names = {service["service_code"]: service["service_name"] for service in answer.json}
    assert names["traffic_infra.pothole"] == "Pothole, damaged road"


def test_a_definition_for_each_service_that_has_one(anyone: GeoReport) -> None:
    with_one = [s["service_code"] for s in anyone.get("services") if s["metadata"]]
    seen = set()
    for code in with_one:
        definition = anyone.get(f"services/{code}")
        assert set(definition) == {"service_code", "attributes"}
        assert definition["service_code"] == code
        attributes = definition["attributes"]
        assert [a["order"] for a in attributes] == list(range(1, len(attributes) + 1))
        for attribute in attributes:
            values = attribute.pop("values", None)
            assert_fits(ATTRIBUTE, attribute)
            assert (values is not None) == attribute["datatype"].endswith("list")
            for value in values or ():
                assert_fits(VALUE, value)
            seen.add(attribute["datatype"])
    assert {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"} == seen


def test_a_service_without_attributes_has_an_empty_definition(anyone: GeoReport) -> None:
    assert anyone.get("services/drainage")["attributes"] == []


def test_a_service_that_is_not_there(anyone: GeoReport) -> None:
    for resource in ("services/nothing", "services/traffic_infra.nothing"):
        assert "nothing" in anyone.refused(anyone.ask(resource), 404)


READ = ("services", "services/noise", "requests", "requests/HP-2026-000001", "tokens/x")


def test_another_jurisdiction_is_not_here(anyone: GeoReport) -> None:
    for resource in (*READ, "servicerequestupdates"):
        told = anyone.refused(anyone.ask(resource, jurisdiction_id="sfgov.org"), 404)
        assert "sfgov.org" in told


def test_the_jurisdiction_may_be_named_or_not(anyone: GeoReport) -> None:
    assert anyone.get("services", jurisdiction_id="haiphong.gov.vn") == anyone.get("services")
    assert anyone.get("services", jurisdiction_id="") == anyone.get("services")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_formats_and_paths_are_not_here(client: FlaskClient) -> None:
    for path in ("services", "services.csv", "requests.yaml", "nothing.xml"):
        answer = client.get(f"/open311/v2/{path}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert answer.data.count(b"<error><code>404</code><description>") == 1


def test_a_method_that_there_is_not(anyone: GeoReport) -> None:
    answer = anyone.client.delete(f"/open311/v2/services.{anyone.fmt}")
    anyone.refused(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_caches_may_keep_what_seldom_changes(client: FlaskClient) -> None:
    first = client.get("/open311/v2/services.json")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/open311/v2/services.json", headers=tag).status_code == 304
    assert client.get("/open311/v2/services.xml", headers=tag).status_code == 200


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_production_server_is_no_test_server(make_app: MakeApp) -> None:
    app = make_app(environment="production")
    found = GeoReport(app.test_client(), "json").get("discovery")
    assert [endpoint["type"] for endpoint in found["endpoints"]] == ["production"]
