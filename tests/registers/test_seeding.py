"""The province's own records, loaded again and again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from smartcity.core import clock
from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.guide.events.event import EVENT
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from smartcity.registers.models import Entry, EntryVersion
from smartcity.registers.seeding import load_records
from smartcity.registers.service import Brought
from smartcity.seed import seed_guide, seed_participation
from tests.helpers import rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOADED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # the 23rd here
FAIR = """\
- key: hoi-cho
  title: {title}
  category: fair
  venue: Nhà thi đấu
  starts: "+6d 08:00"
  ends: "2026-12-31T17:00"
- key: le-hoi
  title: Lễ hội
  category: festival
  venue: Bến Bính
  starts: "+1d 08:00"
  ends: "+1d 17:00"
"""


def write(tmp_path: Path, title: str = "Hội chợ") -> Path:
    file = tmp_path / "events.yaml"
    file.write_text(FAIR.format(title=title), "utf-8")
    return file


def load(app: Flask, file: Path, at: datetime = LOADED) -> Brought:
    with app.app_context(), clock.frozen(at), transaction() as session:
        return load_records(session, EVENT, file)


def entry(app: Flask, key: str = "hoi-cho") -> Entry:
    (found,) = rows(app, Entry, Entry.key == key)
    return found


def test_times_are_of_here_and_relative_to_the_day_of_loading(app: Flask, tmp_path: Path) -> None:
    assert load(app, write(tmp_path)) == Brought(2, 0)
    fair = entry(app)
    assert (fair.state, fair.demo) == ("published", True)
    assert fair.record["starts"].startswith("2026-11-29T01:00")
    assert fair.record["ends"].startswith("2026-12-31T10:00")


def test_an_unchanged_file_does_nothing_on_another_day(app: Flask, tmp_path: Path) -> None:
    load(app, write(tmp_path))
    assert load(app, write(tmp_path), LOADED.replace(day=25)) == Brought(0, 0)
    assert len(rows(app, EntryVersion)) == 2


def test_what_an_officer_changed_is_left(app: Flask, tmp_path: Path) -> None:
    load(app, write(tmp_path))
    fair = entry(app)
    with app.app_context(), transaction() as session:
        mended = {**fair.record, "venue": "Quảng trường"}
        registers.change(session, EVENT, SYSTEM, fair.id, 1, mended, "dời chỗ")
    assert load(app, write(tmp_path, "Hội chợ xuân")) == Brought(0, 0)
    assert (entry(app).title, entry(app).record["venue"]) == ("Hội chợ", "Quảng trường")


def test_a_changed_file_changes_what_came_from_it(app: Flask, tmp_path: Path) -> None:
    load(app, write(tmp_path))
    assert load(app, write(tmp_path, "Hội chợ xuân")) == Brought(0, 1)
    assert entry(app).title == "Hội chợ xuân"


def test_faults_are_named_by_line_and_key(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path)
    file.write_text(file.read_text().replace("festival", "party").replace("+6d", "6d"))
    with pytest.raises(BadFile) as refused:
        load(app, file)
    assert "line 1, hoi-cho: starts: Must be an RFC 3339 time" in str(refused.value)
    assert "line 7, le-hoi: category: Must be one of" in str(refused.value)


def test_the_province_s_files_load(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        seed_guide(session)
        seed_participation(session)
    kinds = {each.kind for each in rows(app, Entry)}
    assert {"place", "job", "activity", "contest", "survey"} <= kinds
    assert sum(not each.demo for each in rows(app, Entry, Entry.kind == "place")) >= 60
