"""What the claims of the province's provider make of an officer, and of his account here."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.identity.claims import check_map
from smartcity.identity.federation_models import OfficerIdentity
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.permissions import Role
from smartcity.identity.service import create_officer
from tests.helpers import count, rows
from tests.identity.provider import person, settings_of
from tests.identity.signing_on import came_in, deeds, officer, refused, signing_in


@pytest.fixture
def app(make_app, provider):
    return make_app(**settings_of(provider), password_limit_address="10000 per hour")


@pytest.fixture
def linh(provider):
    return officer(provider, "linh", "smartcity-ioc", name="Nguyễn Thùy Linh")


def test_the_first_rule_that_fits_decides(app, client, provider):
    both = officer(provider, "both", "smartcity-unit", "smartcity-ioc-lead", agency="so-y-te")
    assert came_in(signing_in(client, both))
    assert [(a.role, a.agency) for a in rows(app, Officer)] == [("ioc_lead", "ioc-lead")]


def test_an_agency_comes_from_a_claim(app, client, provider):
    unit = officer(provider, "unit", "smartcity-unit-leader", agency="so-xay-dung")
    assert came_in(signing_in(client, unit))
    assert [(a.role, a.agency) for a in rows(app, Officer)] == [("unit_leader", "so-xay-dung")]


@pytest.mark.parametrize("agency", ["so-bay", "", None, ["so-y-te"], {"a": 1}, 7])
def test_an_agency_that_is_not_ours_is_refused(app, client, provider, agency):
    unit = officer(provider, "unit", "smartcity-unit", agency=agency)
    assert refused(signing_in(client, unit), 403, "đơn vị chưa có")
    assert count(app, Officer) == 0


@pytest.mark.parametrize(
    "groups",
    [
        [],
        "smartcity-adm",
        ["smartcity-admin "],
        [["smartcity-admin"]],
        {"smartcity-admin": 1},
        None,
    ],
)
def test_who_fits_no_rule_is_refused(app, client, provider, groups):
    told = {"sub": str(new_id()), "groups": groups, "role": "admin", "amr": ["mfa"]}
    nobody = person(provider, "nobody", **told)
    assert refused(signing_in(client, nobody), 403, "chưa được cấp vai trò")
    assert count(app, Officer) == 0


def test_one_factor_is_not_enough(app, client, provider):
    for amr in (["pwd"], None, ["mfa-not"]):
        weak = officer(provider, "weak", "smartcity-ioc", amr=amr)
        assert refused(signing_in(client, weak), 403, "xác thực nhiều lớp")
    assert count(app, Officer) == 0


def test_a_province_may_trust_its_provider_with_it(make_app, provider, tmp_path):
    rule = "{claim: groups, contains: x, role: auditor, agency: ioc}"
    (tmp_path / "sso.yaml").write_text(f"multi_factor: []\nrules: [{rule}]\n")
    app = make_app(**settings_of(provider), province_dir=tmp_path)
    assert came_in(signing_in(app.test_client(), officer(provider, "x", "x", amr=["pwd"])))
    assert [a.role for a in rows(app, Officer)] == ["auditor"]


def test_a_new_role_holds_from_the_next_sign_in(app, client, provider):
    sub = str(new_id())
    officer(provider, "mai", "smartcity-unit", sub=sub, agency="so-y-te")
    assert came_in(signing_in(client, "mai"))
    officer(provider, "mai", "smartcity-ioc", sub=sub)
    assert came_in(signing_in(client, "mai"))
    [account] = rows(app, Officer)
    assert (account.role, account.agency, account.version) == ("ioc_operator", "ioc", 2)
    [change] = deeds(app, "officer.change")
    assert (change.before["role"], change.before["agency"]) == ("unit_officer", "so-y-te")
    assert (change.after["role"], change.after["agency"]) == ("ioc_operator", "ioc")


def test_who_lost_his_groups_is_refused(app, client, provider):
    sub = str(new_id())
    officer(provider, "mai", "smartcity-ioc", sub=sub)
    assert came_in(signing_in(client, "mai"))
    officer(provider, "mai", sub=sub)
    assert refused(signing_in(client, "mai"), 403, "chưa được cấp vai trò")


def test_a_deactivated_account_stays_shut(app, client, provider, linh):
    assert came_in(signing_in(client, linh))
    with app.app_context(), transaction() as session:
        session.execute(update(Officer).values(active=False, role="auditor"))
    assert refused(signing_in(client, linh), 403, "ngừng hoạt động")
    assert [(a.active, a.role) for a in rows(app, Officer)] == [(False, "auditor")]
    assert count(app, SignedIn) == 1


def local(app, username):
    with app.app_context(), transaction() as session:
        return create_officer(
            session,
            username,
            "cầu Hoàng Văn Thụ 2019",
            role=Role.ADMIN,
            agency="ioc",
            display_name="Quản trị",
        )


def test_a_local_account_of_the_same_name_is_another(app, client, provider):
    """Whatever the provider calls him."""
    admin = local(app, "linh")
    same = officer(
        provider, "linh", "smartcity-ioc", sub="linh", preferred_username="linh", username="linh"
    )
    assert came_in(signing_in(client, same))
    accounts = {account.id: account for account in rows(app, Officer)}
    assert (len(accounts), accounts[admin].role) == (2, "admin")
    assert rows(app, OfficerIdentity)[0].officer_id != admin


def test_a_local_account_is_never_taken_over(app, client, provider, linh):
    """Even one that somebody named like ours on purpose."""
    assert came_in(signing_in(client, linh))
    [ours] = rows(app, Officer)
    with app.app_context(), transaction() as session:
        session.execute(delete(OfficerIdentity))
    assert refused(signing_in(client, linh), 409, "tên đã có người dùng")
    assert rows(app, Officer)[0].role == ours.role


def test_no_password_opens_the_account(app, client, linh):
    assert came_in(signing_in(client, linh))
    [account] = rows(app, Officer)
    for password in ("x", "the password of an account that is not there"):
        tried = {"username": account.username, "password": password}
        assert app.test_client().post("/api/v1/officer/auth/tokens", json=tried).status_code == 401
    assert count(app, SignedIn) == 1


FAULTS = [
    ("{claim: a, contains: b, role: citizen, agency: ioc}", r"rules\[0\].role"),
    ("{claim: a, contains: b, role: newcomer, agency: ioc}", r"rules\[0\].role"),
    ("{claim: a, contains: b, role: auditor}", r"rules\[0\].agency"),
    ("{claim: a, contains: b, role: auditor, agency: x, agency_claim: y}", "agency"),
    ("{claim: a, contains: b, role: auditor, agency: so-bay}", "so-bay is no agency"),
    ("{claim: a, role: auditor, agency: ioc}", "contains"),
    ("{claim: a, contains: b, role: auditor, agency: ioc, extra: 1}", "extra"),
]


def test_a_map_with_a_fault_is_refused_whole(in_app, tmp_path):
    for rule, fault in FAULTS:
        (tmp_path / "sso.yaml").write_text(f"multi_factor: []\nrules: [{rule}]\n")
        with transaction() as session, pytest.raises(BadFile, match=fault):
            check_map(session, tmp_path)
