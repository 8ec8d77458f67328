"""JSON and YAML, read procedure by procedure."""

import json
from pathlib import Path
from typing import Any

import pytest

from smartcity.core.datafile import BadFile
from tests.catalogue.exchange.sheets import drafts, read, refusals
from tests.catalogue.records_made import record

TWO = [record(), record("1.900002", 'Nuôi "hổ" {và} [gấu]')]


@pytest.mark.parametrize("content", [TWO, {"items": TWO}, {"total": 2, "items": TWO, "more": [1]}])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_lists(tmp_path: Path, content: Any, indent: int | None) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=indent), "utf-8")
    found = drafts(file)
    assert [draft.values for draft in found] == TWO
    assert all(draft.whole for draft in found)


def test_lines_of_json(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text('[\n{"code": "1.900001.000.00.00.H24"},\n\n{"code": 5}, 7, [1]\n]')
    assert [(draft.line, draft.code) for draft in drafts(file)] == [(2, "1.900001"), (4, "5")]
    assert refusals(file) == [(4, "is no record: it has no fields")]


def test_one_bad_item_is_refused_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_bytes(b'[{"code": "1.900001"},\n{"code": 1.9.1},\n{"name": "\xff"}]')
    assert [draft.line for draft in drafts(file)] == [1]
    assert [line for line, _ in refusals(file)] == [2, 3]


@pytest.mark.parametrize("content", ["", "{}", "[", '[{"code": "1"}', "nothing", '{"a": {"b": 1}}'])
def test_what_is_no_json_list(tmp_path: Path, content: str) -> None:
    file = tmp_path / "list.json"
    file.write_text(content)
    with pytest.raises(BadFile):
        read(file)


def test_a_deep_item_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text("[" + '{"a":' * 5_000 + "1" + "}" * 5_000 + "]")
    assert len(refusals(file)) == 1


def test_yaml_is_text_throughout(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text(
        "# Ours\n---\n- code: 1.900010\n  name: No\n\n- {code: 1.900020, name: 12:30}\n"
    )
    assert [(draft.line, dict(draft.values)) for draft in drafts(file)] == [
        (3, {"code": "1.900010", "name": "No"}),
        (6, {"code": "1.900020", "name": "12:30"}),
    ]


def test_one_bad_item_of_yaml_is_refused_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("- {code: 1.900010}\n- {code: *nobody}\n- just text\n")
    assert [draft.line for draft in drafts(file)] == [1]
    assert [line for line, _ in refusals(file)] == [2, 3]


@pytest.mark.parametrize("content", ["", "code: 1.900001\n", "items:\n- {code: 1.900001}\n"])
def test_what_is_no_yaml_list(tmp_path: Path, content: str) -> None:
    file = tmp_path / "list.yaml"
    file.write_text(content)
    with pytest.raises(BadFile):
        read(file)


def test_other_endings(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"must end in one of \.json, \.yaml, \.csv, \.xlsx"):
        read(tmp_path / "list.xls")
