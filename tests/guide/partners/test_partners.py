"""Partners: only listed hosts, and told what the city has to do with them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.core.errors import Invalid
from smartcity.core.texts import message
from smartcity.guide.partners import hosts as listed
from smartcity.guide.partners.partner import DISCLOSURES, PARTNER
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from tests.guide.partners.partners_made import partner
from tests.registers.records_made import drafted, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


ADDRESSES = (
    ("javascript:alert(1)", "https"),
    ("http://tiki.vn/", "https"),
    ("//tiki.vn/", "https"),
    ("HTTPS://tiki.vn/", "https"),
    ("https://tiki.vn:8443/", "https"),
    ("https://tiki.vn@evil.vn/", "https"),
    ("https://tiki.vn\\.evil.vn/", "https"),
    ("https://tiki.vn?@evil.vn/", "https"),
    ("https://tiki.vn#.evil.vn/", "https"),
    ("https://tiki.vn/%0d%0a\r\nSet-Cookie: a=b", "https"),
    ("https://tiki.vn/giỏ-hàng", "https"),
    ("https://tiki.vn/\x00", "https"),
    ("https://", "https"),
    ("https://evil.vn/", "evil.vn"),
    ("https://tiki.vn.evil.vn/", "tiki.vn.evil.vn"),
    ("https://a.tiki.vn/", "a.tiki.vn"),
    ("https://tiki.vn./", "tiki.vn."),
    ("https://TIKI.vn/", "TIKI.vn"),
    ("https://ti\u043ai.vn/", "ti\\u043ai.vn"),  # a Cyrillic к
    ("https://tiki\u2024vn/", "tiki\\u2024vn"),  # one dot leader
    ("https://ti\u200bki.vn/", "ti\\u200bki.vn"),
    ("https://xn--tii-5cd.vn/", "xn--tii-5cd.vn"),
    ("https://127.0.0.1/", "127.0.0.1"),
    ("https://tiki%2evn/", "tiki%2evn"),
)


@SQLITE
def test_a_link_leads_to_a_listed_host_or_is_refused_by_name(in_app: Flask) -> None:
    for address, told in ADDRESSES:
        found = listed.fault(address)
        assert found, address
        assert told in message(found, "vi"), address
    for address in ("https://tiki.vn", "https://tiki.vn/a?b=c&d=%C3%A9#e", "https://vn.trip.com/"):
        assert listed.fault(address) is None


@SQLITE
def test_every_field_that_leads_elsewhere_is_named(in_app: Flask) -> None:
    bad = {"web": "javascript:alert(1)", "android": "https://evil.vn/", "ios": "https://tiki.vn/"}
    with pytest.raises(Invalid) as refused:
        drafted(in_app, PARTNER, **partner(**bad))
    assert list(refused.value.errors) == ["web", "android"]


@SQLITE
def test_whoever_publishes_is_asked_about_hosts_again(make_app: Any, tmp_path: Any) -> None:
    app = make_app(province_dir=province(tmp_path, "www.xanhsm.com", "play.google.com"))
    entry = drafted(app, PARTNER, **partner())
    after = make_app(province_dir=province(tmp_path, "www.xanhsm.com"))
    with after.app_context(), transaction() as session, pytest.raises(Invalid) as refused:
        registers.move(session, PARTNER, SYSTEM, entry.id, 1, registers.PUBLISH)
    assert list(refused.value.errors) == ["android"]


def province(tmp_path: Any, *hosts: str) -> Any:
    """A province's folder with these hosts."""
    (tmp_path / "guide").mkdir(exist_ok=True)
    (tmp_path / "guide/partner_hosts.yaml").write_text(f"hosts: [{', '.join(hosts)}]")
    return tmp_path


@SQLITE
def test_a_list_of_hosts_with_a_fault_is_refused(make_app: Any, tmp_path: Any) -> None:
    for hosts, told in (
        (["tiki.vn", "tiki.vn"], "tiki.vn is there 2 times"),
        (["https://tiki.vn"], "https://tiki.vn is no host"),
        (["*.tiki.vn"], "no host"),
        (["ti\u043ai.vn"], "no host"),
        (["localhost"], "no host"),
        (["tiki.vn/a"], "no host"),
    ):
        app = make_app(province_dir=province(tmp_path, *(f'"{host}"' for host in hosts)))
        with app.app_context(), pytest.raises(BadFile, match=r"partner_hosts\.yaml") as refused:
            listed.hosts()
        assert told in str(refused.value)


@SQLITE
def test_readers_are_told_what_the_city_has_to_do_with_it(app: Flask, client: FlaskClient) -> None:
    entries = [published(app, PARTNER, **partner(key=d, disclosure=d)) for d in DISCLOSURES]
    cards = client.get("/api/v1/partners?category=taxi").json["items"]
    wholes = [client.get(f"/api/v1/partners/{entry.id}").json for entry in entries]
    assert {told["disclosure"] for told in cards} == set(DISCLOSURES)
    for told in (*cards, *wholes):
        disclosure = told["disclosure"]
        assert told["disclosed"] == message(f"guide.partner.disclosure.{disclosure}", "vi")
        assert told["disclosed_en"] == message(f"guide.partner.disclosure.{disclosure}", "en")
    assert len({message(f"guide.partner.disclosure.{each}") for each in DISCLOSURES}) == 3


@pytest.mark.parametrize("phone", ["", "gọi tôi", "+", "tel:19002088", "1" * 16])
def test_a_telephone_number_is_one(phone: str) -> None:
    assert "phones" in PARTNER.schema().validate(partner(phones=[phone]))
