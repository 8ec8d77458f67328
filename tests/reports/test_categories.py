"""Categories, their limits, and the reasons a move may give."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from smartcity.core.datafile import BadFile
from smartcity.core.db import engine, transaction
from smartcity.core.errors import Invalid
from smartcity.reports.categories import Limit, Unit, category, check_reason, choices, parse_limit
from smartcity.reports.category_files import load_categories
from smartcity.reports.workflow import MOVES
from smartcity.settings import Settings

PROVINCE = Settings().province_dir
Edit = Callable[[str, str, str], Path]


def load(folder: Path) -> None:
    with transaction() as session:
        load_categories(session, folder)


@pytest.fixture
def restored(in_app: Flask) -> Iterator[None]:
    """Whatever categories the test loads, the next one finds those of the demo province."""
    yield
    load(PROVINCE)


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the demo province with one text replaced: `edited(file, old, new)`."""
    folder = tmp_path / "province"

    def edit(file: str, old: str, new: str) -> Path:
        shutil.copytree(PROVINCE, folder, dirs_exist_ok=True)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return edit


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("30min", Limit(30, Unit.MINUTES)),
        ("4h", Limit(4, Unit.HOURS)),
        ("04 h", Limit(4, Unit.HOURS)),
        ("3d", Limit(3, Unit.WORKING_DAYS)),
    ],
)
def test_a_limit_is_read_and_written(written: str, limit: Limit) -> None:
    assert parse_limit(written) == limit
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize("written", ["", "4", "h", "0h", "-1h", "1.5h", "4H", "4w", "٤h", "99999h"])
def test_what_is_no_limit_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"limit\.malformed"):
        parse_limit(written)


def test_a_subcategory_has_its_own_limits_and_inherits_the_rest(in_app: Flask) -> None:
    roads, manhole = category("traffic_infra"), category("traffic_infra.manhole")
    assert roads.resolve_limit(urgent=False) == Limit(3, Unit.WORKING_DAYS)
    assert roads.resolve_limit(urgent=True) == Limit(24, Unit.HOURS)
    assert manhole.resolve_limit(urgent=False) == Limit(24, Unit.HOURS)
    assert manhole.accept_limit() == roads.accept_limit() == Limit(4, Unit.HOURS)
    assert manhole.default_agency == roads.default_agency == "so-xay-dung"
    assert manhole.proof_photos is True


def test_without_an_urgent_limit_the_usual_one_holds(in_app: Flask) -> None:
    drainage = category("drainage")
    assert drainage.resolve_limit(urgent=True) == drainage.resolve_limit(urgent=False)


def test_codes_of_subcategories_may_repeat(in_app: Flask) -> None:
    assert category("power.outage").parent == "power"
    assert category("water_supply.outage").parent == "water_supply"


def test_an_unknown_category_is_refused(in_app: Flask) -> None:
    for code in ("", "nothing", "outage", "power.", "POWER", "power.nothing", "'"):
        with pytest.raises(Invalid) as refused:
            category(code)
        assert refused.value.errors == {"category": ["category.unknown"]}


def test_the_words_of_the_trade_are_all_there(in_app: Flask) -> None:
    tops = [c.code for c in choices().categories.values() if c.parent is None]
    assert len(tops) == 25
    assert (tops[0], tops[-1]) == ("traffic_infra", "other")
    assert category("disaster").accept_limit() == Limit(5, Unit.MINUTES)
    assert category("security").anonymous_allowed
    assert category("noise").default_agency is None  # the commune's own committee


def test_every_move_that_needs_a_reason_has_one(in_app: Flask) -> None:
    for move in (m.name for m in MOVES.values() if "reason" in m.needs):
        fitting = [reason for reason in choices().reasons.values() if move in reason.moves]
        assert fitting, move
        assert [check_reason(reason.code, move) for reason in fitting] == fitting


def test_a_reason_that_does_not_fit_is_refused(in_app: Flask) -> None:
    for code, move, fault in (
        ("boredom", "reject", "reason.unknown"),
        ("", "reject", "reason.unknown"),
        ("spam", "return_to_ioc", "reason.other_move"),
        ("spam", "accept", "reason.other_move"),
    ):
        with pytest.raises(Invalid) as refused:
            check_reason(code, move)
        assert refused.value.errors == {"reason": [fault]}


def test_choosing_spends_no_statement(in_app: Flask) -> None:
    category("power")
    statements: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    category("noise")
    check_reason("spam", "reject")
    assert statements == []


def test_loading_again_changes_nothing(restored: None) -> None:
    before = choices()
    load(PROVINCE)
    assert choices() == before
    assert choices() is not before


def test_what_left_the_files_can_be_chosen_no_more(restored: None, edited: Edit) -> None:
    folder = edited("categories.yaml", "code: pothole,", "code: hole,")
    edited_reasons = (
        (folder / "reasons.yaml").read_text("utf-8").replace("code: spam", "code: junk")
    )
    (folder / "reasons.yaml").write_text(edited_reasons, "utf-8")
    load(folder)
    assert category("traffic_infra.hole").name_en == "Pothole, damaged road"
    assert check_reason("junk", "reject").name_en == "Spam"
    with pytest.raises(Invalid):
        category("traffic_infra.pothole")
    with pytest.raises(Invalid):
        check_reason("spam", "reject")
    assert not choices().categories["traffic_infra.pothole"].active


BAD = {
    "a limit in weeks": (
        ("categories.yaml", 'resolve: "3d"', 'resolve: "3w"'),
        r"categories.yaml: categories\[0\].resolve: A limit reads",
    ),
    "a limit of nothing": (
        ("categories.yaml", 'accept: "4h"', 'accept: "0h"'),
        r"categories.yaml: categories\[0\].accept: A limit reads",
    ),
    "a flag that is none": (
        ("categories.yaml", "sensitive: false", "sensitive: perhaps"),
        r"categories.yaml: categories\[0\].sensitive: Must be true or false",
    ),
    "an agency that is not there": (
        ("categories.yaml", "default_agency: so-xay-dung", "default_agency: so-giao-thong"),
        "categories.yaml: traffic_infra.default_agency: no so-giao-thong in agencies.yaml",
    ),
    "a category that an agency has": (
        ("categories.yaml", "code: telecom", "code: internet"),
        "agencies.yaml: vien-thong.categories: no telecom in categories.yaml|"
        "agencies.yaml: so-khoa-hoc-cong-nghe.categories: no telecom",
    ),
    "a subcategory twice": (
        ("categories.yaml", "code: pavement,", "code: pothole,"),
        "categories.yaml: traffic_infra.pothole is there 2 times",
    ),
    "a code too long for a report": (
        ("categories.yaml", "code: pothole,", f"code: {'pothole' * 5},"),
        r"categories.yaml: traffic_infra.(pothole){5} is too long",
    ),
    "a move that nobody makes": (
        ("reasons.yaml", "moves: [reject, return_to_ioc]", "moves: [reject, burn]"),
        r"reasons.yaml: reasons\[0\].moves\[1\]: Must be one of: accept",
    ),
    "a reason without words": (
        ("reasons.yaml", "public_text_en: >-", "public_text_fr: >-"),
        r"reasons.yaml: reasons\[0\].public_text_en: Required",
    ),
}


def test_a_bad_file_is_refused_by_name_and_key(
    restored: None, edited: Edit, subtests: pytest.Subtests
) -> None:
    before = choices()
    for what, (edit, fault) in BAD.items():
        with subtests.test(what):
            folder = edited(*edit)
            with pytest.raises(BadFile, match=f"(?m)^({fault})"):
                load(folder)
            assert choices() == before


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    return answer.json["items"]


def test_the_app_reads_the_tree(client: FlaskClient) -> None:
    found = get(client, "categories")
    assert len(found) == 25
    roads = found[0]
    assert roads["subcategories"][0] == {
        "code": "traffic_infra.pothole",
        "name_vi": "Ổ gà, mặt đường hư hỏng",
        "name_en": "Pothole, damaged road",
        "accept": "4h",
        "resolve": "3d",
    }
    del roads["subcategories"]
    assert roads == {
        "code": "traffic_infra",
        "name_vi": "Hạ tầng giao thông",
        "name_en": "Roads and pavements",
        "icon": "road",
        "accept": "4h",
        "resolve": "3d",
        "urgent_resolve": "24h",
        "anonymous_allowed": False,
        "sensitive": False,
        "proof_photos": True,
        "hotline": None,
    }
    assert {c["hotline"] for c in found} == {None, "112", "113", "114", "115"}


def test_officers_read_the_reasons(client: FlaskClient) -> None:
    found = {reason["code"]: reason for reason in get(client, "reasons")}
    assert len(found) == 10
    assert found["spam"]["moves"] == ["reject"]
    assert found["spam"]["return_text_vi"] is None
    assert "Trung tâm" in found["outside_area"]["return_text_vi"]


def test_phones_keep_what_they_hold(client: FlaskClient) -> None:
    for path in ("categories", "reasons"):
        answer = client.get(f"/api/v1/{path}")
        assert "public, max-age=300" in answer.headers["Cache-Control"]
        tag = answer.headers["ETag"]
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
