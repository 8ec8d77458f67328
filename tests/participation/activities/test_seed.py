"""The demonstration's own activities."""

import pytest

from smartcity.core.db import reading, transaction
from smartcity.participation.activities import rolls
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.registers.models import Entry
from smartcity.registers.seeding import load_records
from smartcity.settings import ROOT
from tests.helpers import rows

FILE = ROOT / "config/province/participation/activities.yaml"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_they_come_in_once_each_with_its_places(app) -> None:
    with app.app_context(), transaction() as session:
        assert load_records(session, ACTIVITY, FILE).entered == 6
    entries = rows(app, Entry, Entry.kind == "activity")
    assert {entry.demo for entry in entries} == {True}
    with app.app_context(), reading() as session:
        free = [rolls.places(session, entry.id)["free"] for entry in entries]
        assert free == [entry.record["capacity"] for entry in entries]
