"""Guided paths: the file, and what is given out."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.catalogue.finding.paths import load, open_to
from smartcity.catalogue.rules import rules
from smartcity.core.datafile import BadFile
from tests.catalogue.evaluation import PROVINCE
from tests.catalogue.records_made import bring, record

PATHS = """
paths:
  - id: baby
    life_event: child
    vi: Em bé
    en: A baby
    start: where
    questions:
      where:
        vi: Ở đâu?
        en: Where?
        answers:
          - {vi: Đây, en: Here, next: who}
          - {vi: Kia, en: There, services: ["1.900001", "1.900002"]}
      who:
        vi: Ai?
        en: Who?
        answers:
          - {vi: Tôi, en: I, services: ["1.900003"]}
          - {vi: Họ, en: They, services: ["1.900004"]}
"""
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _file(folder: Path, text: str = PATHS) -> Path:
    file = folder / "paths.yaml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (
            'services: ["1.900004"]',
            "next: where",
            "baby: where > who > where: comes back to itself",
        ),
        ("next: who", "next: when", "baby: where > when: is no question of it"),
        ("next: who", 'services: ["1.900001"]', "baby: who: is never asked"),
        ("next: who", "next: who, services: ['1.900001']", "where.answers[0]: needs next or"),
        (', services: ["1.900004"]', "", "baby: who.answers[1]: needs next or"),
        ("start: where", "start: when", "baby: when: is no question of it"),
        ("life_event: child", "life_event: party", "life_event: 'party' is none of"),
        ("vi: Họ, ", "", "answers[1].vi"),
    ],
)
def test_a_faulty_path_is_refused(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    with pytest.raises(BadFile, match=r"paths\.yaml: ") as refused:
        load(_file(tmp_path, PATHS.replace(was, becomes)), ["child"])
    assert told in str(refused.value)


def test_a_path_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    twice = PATHS + PATHS.replace("\npaths:\n", "")
    with pytest.raises(BadFile, match="baby is there 2 times"):
        load(_file(tmp_path, twice), ["child"])


def test_what_leads_nowhere_is_left_out(tmp_path: Path) -> None:
    path = load(_file(tmp_path), ["child"])["baby"]
    whole = open_to(path, ["1.900001", "1.900003"])
    assert whole
    assert [len(asked.answers) for asked in whole.questions.values()] == [2, 1]
    assert whole.questions["where"].answers[1].services == ("1.900001",)
    short = open_to(path, ["1.900002"])
    assert short
    assert list(short.questions) == ["where"]
    assert [each.en for each in short.questions["where"].answers] == ["There"]
    assert open_to(path, ["1.999999"]) is None


@sqlite
def test_a_phone_walks_a_path_by_itself(app: Flask, client: FlaskClient) -> None:
    bring(app, record("1.001193", "Đăng ký khai sinh"), record("1.014064", "Cấp lại căn cước"))
    listed = client.get("/api/v1/services/paths").json["items"]
    assert [each["id"] for each in listed] == ["new_child", "identity_papers", "lost_papers"]
    path = client.get("/api/v1/services/paths/new_child").json
    asked = {each["id"]: each for each in path["questions"]}
    (wish,) = (a for a in asked[path["start"]]["answers"] if a["next"] == "where_born")
    codes = {s["code"] for a in asked[wish["next"]]["answers"] for s in a["services"]}
    assert codes == {"1.001193"}


@sqlite
def test_an_unknown_path_is_not_found(client: FlaskClient) -> None:
    assert client.get("/api/v1/services/paths/nowhere").status_code == 404
    assert client.get("/api/v1/services/paths/land").status_code == 404  # leads nowhere yet


@sqlite
def test_the_provinces_paths_cover_what_happens_most(app: Flask) -> None:
    with app.app_context():
        found = load(PROVINCE / "paths.yaml", rules().life_events)
    assert len(found) >= 12
