"""The files of config/deploy against the application and the operator's guide, without nginx."""

import re

import pytest
from flask import Flask

from smartcity.settings import ROOT
from tests.deploy.edge import SHIPPED

OPERATOR = (ROOT / "docs" / "guides" / "operator.md").read_text("utf-8")
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite
def test_all_that_editors_publish_outlives_an_outage(app: Flask) -> None:
    kept = [*re.findall(r"location ~ (\^.*feeds.*) \{", (SHIPPED / "routes.conf").read_text())]
    assert len(kept) == 1
    shared = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and app.view_functions[rule.endpoint].__module__.startswith(
            ("smartcity.news", "smartcity.home")
        )
        and not re.match("/api/v1/(officer|admin|me)/", rule.rule)
    }
    assert {"/api/v1/news", "/api/v1/home", "/api/v1/sync", "/feeds/news.rss"} <= shared
    assert [rule for rule in sorted(shared) if not re.match(kept[0], rule)] == []


def test_the_guide_names_every_file_and_no_other() -> None:
    named = set(re.findall(r"`([a-z]+\.conf)`", OPERATOR.partition("## Behind nginx")[2]))
    assert named == {file.name for file in SHIPPED.iterdir()}


def test_the_guide_tells_of_the_same_limits() -> None:
    rates = re.findall(r"rate=(\d+)r/s", (SHIPPED / "nginx.conf").read_text())
    told = re.search(r"(\d+) requests a second, (\d+) of them changes", OPERATOR)
    assert told
    assert list(told.groups()) == rates
