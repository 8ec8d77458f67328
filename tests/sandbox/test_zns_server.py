from __future__ import annotations

from urllib.parse import urlencode

import pytest
import urllib3

from smartcity.sandbox.zns import Zns


@pytest.fixture
def zalo():
    with Zns("app-1", "the-secret", "template-1", "first") as server:
        yield server


def renewed(zalo, refresh="first", secret="the-secret"):
    fields = {"app_id": "app-1", "grant_type": "refresh_token", "refresh_token": refresh}
    headers = {"secret_key": secret, "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{zalo.url}/v4/oa/access_token"
    return urllib3.request("POST", url, body=urlencode(fields), headers=headers).json()


def sent(zalo, access, **other):
    body = {
        "phone": "84912345678",
        "template_id": "template-1",
        "template_data": {"otp": "042917"},
        "tracking_id": "r-1",
        **other,
    }
    url = f"{zalo.url}/message/template"
    answer = urllib3.request("POST", url, json=body, headers={"access_token": access})
    assert answer.status == 200
    return answer.json()["error"]


def test_a_refresh_token_is_good_once(zalo):
    first = renewed(zalo)
    assert first.keys() == {"access_token", "refresh_token", "expires_in"}
    assert renewed(zalo)["error"] < 0
    assert renewed(zalo, first["refresh_token"])["access_token"] != first["access_token"]
    assert renewed(zalo, secret="another")["error"] < 0


def test_a_message_and_all_that_is_refused(zalo):
    access = renewed(zalo)["access_token"]
    assert sent(zalo, access) == 0
    assert sent(zalo, "another") == -124
    assert sent(zalo, access, template_id="template-2") < 0
    assert sent(zalo, access, phone="+84912345678") < 0
    assert sent(zalo, access, template_data={"code": "1"}) < 0
    zalo.without.add("84912345678")
    assert sent(zalo, access) == -118
    kept = urllib3.request("GET", f"{zalo.url}/messages").json()
    assert [(one["phone"], one["code"]) for one in kept] == [("+84912345678", "042917")]
