"""portals.yaml is refused whole when one of its templates could lead elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from smartcity.app import create_app
from smartcity.catalogue.opening import links
from smartcity.catalogue.opening.portals import Portal, portals, read
from smartcity.core.datafile import BadFile
from smartcity.settings import Settings
from tests.catalogue.portals_made import IDS, link, national, province

APP = {"id": "vn.gov.cong", "link": "cong://thu-tuc/{id}", "minimum": "2.1"}
LOCAL = {"hosts": ["127.0.0.1:8099"], "web": "http://127.0.0.1:8099/t/{id}"}


def loaded(folder: Path, *written: dict[str, Any], **settings: Any) -> Mapping[str, Portal]:
    return read(Settings(province_dir=province(folder / "province", *written), **settings))


@pytest.mark.parametrize(
    "changes",
    [
        {"web": "https://dichvucong.gov.vn.evil.vn/t/{id}"},
        {"web": "https://evil.vn/t/{id}"},
        {"web": "http://dichvucong.gov.vn/t/{id}"},
        {"web": "https://{id}.dichvucong.gov.vn/t"},
        {"web": "https://{id}/t", "hosts": ["{id}"]},
        {"web": "https://dichvucong.gov.vn@evil.vn/{id}"},
        {"web": "https://a:b@dichvucong.gov.vn/{id}"},
        {"web": "https://dichvucong.gov.vn:8443/{id}"},
        {"web": "https://dichvucong.gov.vn{id}"},
        {"web": "https://dichvucong.gov.vn/#/{id}"},
        {"web": "https://dichvucong.gov.vn?t={id}"},
        {"web": "https://dichvucong.gov.vn/..\\{id}"},
        {"web": "//dichvucong.gov.vn/{id}"},
        {"web": "javascript://dichvucong.gov.vn/{id}"},
        {"web": "https://dichvucong.gov.vn/t-{id}"},
        {"web": "https://dichvucong.gov.vn/{id.__class__}"},
        {"web": "https://dichvucong.gov.vn/{}/{id}"},
        {"web": "https://dichvucong.gov.vn/{id}/{code}"},
        {"web": "https://dichvucong.gov.vn/t"},
        {"web": "https://dịchvụcông.gov.vn/{id}", "hosts": ["dịchvụcông.gov.vn"]},
        {"hosts": ["*.gov.vn"], "web": "https://*.gov.vn/{id}"},
        {"hosts": []},
        {"values": {"id": "anything"}},
        {"app": {"android": {**APP, "link": "javascript://x/{id}"}}},
        {"app": {"android": {**APP, "link": "intent://x/{id}"}}},
        {"app": {"android": {**APP, "link": "https://evil.vn/{id}"}}},
        {"app": {"android": {**APP, "link": "cong://x/{code}"}}},
        {"app": {"android": {**APP, "link": "cong:x"}}},
        {"app": {"android": {**APP, "minimum": "new"}}},
        {"app": {"android": {"id": "vn.gov.cong", "minimum": "2.1"}}},
        {"app": {"android": {**APP, "id": "vn.gov.cong&url=//evil.vn"}}},
        {"app": {"ios": {**APP, "id": "id15/../evil"}}},
        {"app": {"symbian": APP}},
        {"url": "https://evil.vn"},
    ],
)
def test_what_could_lead_elsewhere_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(BadFile, match=r"^portals\.yaml: "):
        loaded(tmp_path, national(**changes))


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="2 times"):
        loaded(tmp_path, national(), national())


def test_this_machine_is_for_development(tmp_path: Path) -> None:
    assert loaded(tmp_path, national(**LOCAL))
    with pytest.raises(BadFile, match=r"127\.0\.0\.1 is for development"):
        loaded(tmp_path / "2", national(**LOCAL), environment="production")


def test_the_provinces_own_file_holds_what_the_seed_names() -> None:
    app = create_app(Settings(environment="production"))
    with app.app_context():
        assert {"national_portal", "national_search", "vneid"} <= portals().keys()
        code = {"template": "national_search", "values": {"code": "1.012789"}}
        found = links.address(code)
        assert str(found).startswith("https://dichvucong.gov.vn/tra-cuu-thu-tuc/danh-sach?")
        assert "keyword=1.012789&" in str(found)
        vneid = links.links_of({"link": {"template": "vneid", "values": {}}})
    assert [(way["platform"], way["kind"], way["app"]) for way in vneid] == [
        ("web", "web", None),
        ("android", "store", "com.vnid"),
        ("android", "web", None),
        ("ios", "store", "1582750372"),
        ("ios", "web", None),
    ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"template": "nowhere", "values": {}}, "link.template: there is no portal nowhere"),
        ({"template": "national_portal", "values": {}}, "link.values.id: is missing"),
        (link("../../evil"), "link.values.id: is no uuid"),
        (link("//evil.vn"), "link.values.id: is no uuid"),
        (link(f"{IDS[0]}\n"), "link.values.id: is no uuid"),
        (link(IDS[0].upper() + "A"), "link.values.id: is no uuid"),
        (
            {"template": "national_portal", "values": {"id": IDS[0], "url": "x"}},
            "link.values.url: national_portal has no such gap",
        ),
    ],
)
def test_a_link_that_does_not_fit_its_portal_leads_nowhere(
    tmp_path: Path, written: dict[str, Any], fault: str
) -> None:
    app = create_app(Settings(province_dir=province(tmp_path / "province", national())))
    with app.app_context():
        assert links.check(written) == [fault]
        assert links.address(written) is None
        assert links.links_of({"link": written}) == []
        assert links.check(link()) == []
        assert links.check(None) == []


def test_links_are_told_by_platform_the_best_first(tmp_path: Path) -> None:
    apps = {"android": APP, "ios": {"id": "123456789"}}
    app = create_app(Settings(province_dir=province(tmp_path / "province", national(app=apps))))
    with app.app_context():
        told = links.links_of({"link": link()})
    web = {"kind": "web", "url": f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{IDS[0]}"}
    play = {"kind": "store", "url": "https://play.google.com/store/apps/details?id=vn.gov.cong"}
    assert told == [
        {"platform": "web", **web, "minimum_version": None, "app": None},
        {
            "platform": "android",
            "kind": "app",
            "url": f"cong://thu-tuc/{IDS[0]}",
            "minimum_version": "2.1",
            "app": "vn.gov.cong",
        },
        {"platform": "android", **play, "minimum_version": "2.1", "app": "vn.gov.cong"},
        {"platform": "android", **web, "minimum_version": None, "app": None},
        {
            "platform": "ios",
            "kind": "store",
            "url": "https://apps.apple.com/vn/app/id123456789",
            "minimum_version": None,
            "app": "123456789",
        },
        {"platform": "ios", **web, "minimum_version": None, "app": None},
    ]
