"""A portal on this machine, and an application that sends people there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from smartcity.sandbox.portal import Portal
from tests.catalogue.portals_made import national, province
from tests.conftest import MakeApp

APP = {"id": "vn.gov.cong", "link": "cong://thu-tuc/{id}", "minimum": "2.1"}


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, portal: Portal, tmp_path: Path) -> Flask:
    host = portal.url.removeprefix("http://")
    written = national(
        hosts=[host],
        web=f"{portal.url}/thu-tuc-hanh-chinh/{{id}}",
        app={"android": APP, "ios": {"id": "123456789"}},
        absent=["Không tìm thấy thủ tục"],
        walls=["/TSPD/"],
    )
    search = national(
        id="national_search",
        hosts=[host],
        web=f"{portal.url}/tra-cuu?ma={{code}}",
        values={"code": "code"},
    )
    folder = province(tmp_path / "province", written, search)
    return make_app(province_dir=folder, link_check_pace=0.0)
