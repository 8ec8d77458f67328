"""Areas and agencies over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

PUBLIC = "public, max-age=300, stale-while-revalidate=86400"


def get(client: FlaskClient, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def test_all_areas_come_at_once(client: FlaskClient) -> None:
    page = get(client, "areas")
    assert len(page["items"]) == 115
    assert page["next_cursor"] is None
    assert page["items"][0] == {
        "code": "10507",
        "name_vi": "Phường Thành Đông",
        "name_en": "Thanh Dong Ward",
        "kind": "ward",
        "parent": "31",
        "latitude": 20.95957,
        "longitude": 106.32514,
        "former_province": "Hải Dương",
    }


def test_names_are_found_without_accents(client: FlaskClient) -> None:
    for q in ("thành đông", "THANH DONG", "Tha\u0300nh \u0110o\u0302ng", "nh đo"):
        assert "10507" in [area["code"] for area in get(client, "areas", q=q)["items"]]


def test_both_spellings_of_a_tone_find_the_same(client: FlaskClient) -> None:
    new, old = (get(client, "areas", q=q)["items"] for q in ("Thuỷ Nguyên", "Thủy Nguyên"))
    assert [area["name_vi"] for area in new] == ["Phường Thuỷ Nguyên"]
    assert new == old


def test_a_kind_can_be_asked_for(client: FlaskClient) -> None:
    zones = get(client, "areas", kind="special_zone")["items"]
    assert [zone["code"] for zone in zones] == ["11914", "11948"]
    assert [area["code"] for area in get(client, "areas", kind="city")["items"]] == ["31"]


@pytest.mark.parametrize(("path", "number"), [("areas", 115), ("agencies", 137)])
def test_pages_lose_and_repeat_nothing(client: FlaskClient, path: str, number: int) -> None:
    codes: list[str] = []
    query: dict[str, Any] = {"limit": 10}
    while True:
        page = get(client, path, **query)
        codes += [thing["code"] for thing in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(codes) == number
    assert codes == sorted(set(codes))


def test_a_bad_question_is_refused(client: FlaskClient, subtests: pytest.Subtests) -> None:
    for query, status, field in (
        ({"q": "x" * 100_000}, 422, "q"),
        ({"q": "a\x00b"}, 422, "q"),
        ({"kind": "district"}, 422, "kind"),
        ({"limit": 0}, 422, "limit"),
        ({"limit": 201}, 422, "limit"),
        ({"offset": 10}, 422, "offset"),
        ({"cursor": "forged"}, 400, None),
    ):
        with subtests.test(field):
            answer = client.get("/api/v1/areas", query_string=query)
            assert answer.status_code == status
            assert answer.content_type == "application/problem+json"
            assert field is None or field in answer.json["errors"]


def test_a_cursor_belongs_to_its_filters(client: FlaskClient) -> None:
    cursor = get(client, "areas", limit=10)["next_cursor"]
    answer = client.get("/api/v1/areas", query_string={"cursor": cursor, "kind": "ward"})
    assert answer.status_code == 400


def test_phones_keep_what_they_hold(client: FlaskClient) -> None:
    for path in ("areas", "areas/locate?latitude=20.95957&longitude=106.32514", "agencies"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.headers["Cache-Control"] == PUBLIC
        tag = answer.headers["ETag"]
        assert tag.startswith('"')
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        other = client.get(f"/api/v1/{path}", headers={"If-None-Match": '"other"'})
        assert other.data == answer.data


def test_a_place_is_located(client: FlaskClient) -> None:
    found = get(client, "areas/locate", latitude=20.95957, longitude=106.32514)
    assert found["ward"]["code"] == "10507"
    assert found["province"]["code"] == "31"
    assert found["exact"] is False
    assert found["agency"] == {
        "code": "ubnd-10507",
        "name_vi": "UBND Phường Thành Đông",
        "name_en": "People's Committee of Thanh Dong Ward",
        "kind": "ward",
        "area": "10507",
    }


def test_no_place_is_no_answer(client: FlaskClient, subtests: pytest.Subtests) -> None:
    for latitude, longitude, field in (
        ("nan", "106.3", "latitude"),
        ("20.9", "inf", "longitude"),
        ("20.9", "-1e400", "longitude"),
        ("91", "106.3", "latitude"),
        ("20.9", "181", "longitude"),
        ("north", "106.3", "latitude"),
        ("", "106.3", "latitude"),
        (None, "106.3", "latitude"),
        ("21.0285", "105.8542", "longitude"),
    ):
        with subtests.test(field, latitude=latitude):
            place = {"latitude": latitude, "longitude": longitude}
            answer = client.get("/api/v1/areas/locate", query_string=place)
            assert answer.status_code == 422
            assert field in answer.json["errors"]


def test_outside_the_province_is_told_clearly(client: FlaskClient) -> None:
    words = {"vi": "nằm ngoài địa bàn Hải Phòng", "en": "is outside Hải Phòng"}
    for language, told in words.items():
        answer = client.get(
            "/api/v1/areas/locate?latitude=21.0285&longitude=105.8542",
            headers={"Accept-Language": language},
        )
        assert told in answer.json["errors"]["latitude"][0]


def test_agencies_of_a_kind(client: FlaskClient) -> None:
    units = get(client, "agencies", kind="utility")["items"]
    assert {unit["kind"] for unit in units} == {"utility"}
    assert "dien-luc" in [unit["code"] for unit in units]
