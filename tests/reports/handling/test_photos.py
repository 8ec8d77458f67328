"""Photos that come after their report."""

from flask.testing import FlaskClient

from smartcity.reports.handling import photos
from tests.helpers import Headers, file_report, moved, upload
from tests.reports.handling.ways import moves, put


def test_photos_follow_their_report_and_a_repeat_adds_nothing(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report = file_report(client, me)
    first, second = upload(client, me), upload(client, me)
    added = put(client, me, report, "photos", media_ids=[first])
    assert (added.status_code, added.json["version"]) == (200, 2)
    moved(client, operator, added.json, "acceptance")
    both = put(client, me, report, "photos", media_ids=[first, second])
    assert [p["id"] for p in both.json["media"]] == [first, second]
    assert (both.json["status"], both.json["version"]) == ("accepted", 4)
    again = put(client, me, report, "photos", media_ids=[second, first])
    assert (again.status_code, again.json["version"]) == (200, 4)
    steps = moves(client, me, report)
    assert [s["move"] for s in steps] == ["submit", "add_photos", "accept", "add_photos"]
    assert steps[-1]["details"] == {"media_ids": [second]}


def test_photos_that_are_refused(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    report, other = file_report(client, me), file_report(client, me)
    mine, anothers = upload(client, me), upload(client, stranger)
    for wrong in ([], [anothers], [mine, mine], [mine] * (photos.MOST + 1)):
        refused = put(client, me, report, "photos", media_ids=wrong)
        assert (refused.status_code, refused.json["errors"].keys()) == (422, {"media_ids"}), wrong
    assert put(client, stranger, report, "photos", media_ids=[anothers]).status_code == 404
    assert put(client, me, report, "photos", media_ids=[mine]).status_code == 200
    assert put(client, me, other, "photos", media_ids=[mine]).status_code == 422
    assert put(client, me, other, "withdrawal").status_code == 200
    ended = put(client, me, other, "photos", media_ids=[upload(client, me)])
    assert (ended.status_code, ended.json["type"]) == (409, "urn:problem:report.move_not_allowed")


def test_a_report_takes_so_many_photos(client: FlaskClient, me: Headers) -> None:
    report = file_report(client, me)
    for _ in range(photos.MOST // 10):
        ten = [upload(client, me) for _ in range(10)]
        assert put(client, me, report, "photos", media_ids=ten).status_code == 200
    one_more = put(client, me, report, "photos", media_ids=[upload(client, me)])
    assert one_more.json["errors"].keys() == {"media_ids"}
