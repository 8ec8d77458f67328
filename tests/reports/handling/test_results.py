"""A result needs words and proof, and is public once the centre publishes it."""

from flask.testing import FlaskClient

from tests.helpers import UNIT, Headers, file_report, move, moved, upload
from tests.reports.handling.ways import in_progress, moves

WORDS = {"public_text": "Đã vá bằng bê tông nhựa."}


def _working(client: FlaskClient, me: Headers, operator: Headers, unit: Headers) -> dict:
    report = file_report(client, me)  # of a category that wants proof
    report = moved(client, operator, report, "acceptance")
    report = moved(client, operator, report, "assignment", agency=UNIT)
    return moved(client, unit, report, "progress")


def test_where_the_category_wants_proof_a_photo_of_the_units_own_is_needed(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    report = _working(client, me, operator, unit)
    for ids in ([], [upload(client, me)], [upload(client, operator)]):
        answer = move(client, unit, report, "result", **WORDS, media_ids=ids)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {"media_ids"})
    proof = upload(client, unit)
    answer = moved(client, unit, report, "result", **WORDS, media_ids=[proof])
    assert [p["id"] for p in answer["result"]["media"]] == [proof]
    assert answer["media"] == []  # what was reported is another thing


def test_the_citizen_sees_the_result_once_it_is_published(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, leader: Headers
) -> None:
    report = _working(client, me, operator, unit)
    path = f"/api/v1/reports/{report['id']}"
    first, second = upload(client, unit), upload(client, unit)
    report = moved(client, unit, report, "result", **WORDS, media_ids=[first])
    wordless = move(client, leader, report, "correction")
    assert (wordless.status_code, wordless.json["errors"].keys()) == (422, {"public_text"})
    report = moved(client, leader, report, "correction", public_text="Ảnh mờ, chụp lại.")
    report = moved(client, unit, report, "result", public_text="Đã vá.", media_ids=[second])
    report = moved(client, leader, report, "approval")
    assert report["result"]["public_text"] == "Đã vá."
    assert client.get(path, headers=me).json["result"] is None
    moved(client, operator, report, "resolution", public_text="Đã vá xong ổ gà.")
    result = client.get(path, headers=me).json["result"]
    assert result["public_text"] == "Đã vá xong ổ gà."
    assert [p["id"] for p in result["media"]] == [second]  # not that of the one sent back


def test_without_words_of_its_own_the_centre_publishes_the_units(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, leader: Headers
) -> None:
    report = in_progress(client, me, operator, unit)
    report = moved(client, unit, report, "result", **WORDS)
    report = moved(client, leader, report, "approval")
    report = moved(client, operator, report, "resolution")
    assert report["result"] == {**WORDS, "media": []}
    assert moves(client, me, report)[-1]["public_text"] == WORDS["public_text"]
