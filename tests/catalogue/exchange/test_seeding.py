"""The province's own procedures come by the seed, and officers' work on them stays."""

from pathlib import Path

import pytest
import yaml
from flask import Flask

from smartcity.catalogue.exchange.seeding import FOLDER, load_procedures
from smartcity.catalogue.models import Procedure, ProcedureVersion
from smartcity.catalogue.register import publishing
from smartcity.catalogue.register.publishing import Brought
from smartcity.catalogue.rules import rules
from smartcity.core.context import settings
from smartcity.core.datafile import BadFile
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import SYSTEM
from tests.catalogue.records_made import bring, record
from tests.helpers import count, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def seeded(app: Flask, province: Path, **files: list[dict[str, object]]) -> Brought:
    (province / FOLDER).mkdir(exist_ok=True)
    for name, records in files.items():
        text = yaml.dump(records, allow_unicode=True)
        (province / FOLDER / f"{name}.yaml").write_text(text, "utf-8")
    with app.app_context(), transaction() as session:
        return load_procedures(session, province)


def names(app: Flask) -> dict[str, str]:
    return {procedure.code: procedure.name for procedure in rows(app, Procedure)}


def test_what_is_new_or_told_otherwise_comes_in(app: Flask, tmp_path: Path) -> None:
    one, two = record(), record("1.900002", "Nuôi hổ")
    assert seeded(app, tmp_path, a=[one], b=[two]) == Brought(2, 0)
    assert seeded(app, tmp_path) == Brought(0, 0)
    assert seeded(app, tmp_path, b=[{**two, "name": "Nuôi cọp"}]) == Brought(0, 1)
    assert seeded(app, tmp_path, b=[two]) == Brought(0, 1)
    assert names(app) == {"1.900001": "Cấp giấy phép nuôi voi", "1.900002": "Nuôi hổ"}
    version = rows(app, ProcedureVersion)[-1]
    assert (version.made_by, version.number) == ("system:system", 3)
    assert version.origin.startswith("seed:")


def test_what_an_officer_did_is_left(app: Flask, tmp_path: Path) -> None:
    three = [record(f"1.90000{n}", f"Nuôi {n}") for n in (1, 2, 3)]
    seeded(app, tmp_path, a=three)
    bring(app, record("1.900001", "Nuôi một"))
    with app.app_context(), transaction() as session:
        publishing.withdraw(session, SYSTEM, session.get_one(Procedure, "1.900002"), "Bãi bỏ")
    seeded(app, tmp_path, a=[{**each, "name": "Nuôi"} for each in three])
    assert names(app) == {"1.900001": "Nuôi một", "1.900002": "Nuôi 2", "1.900003": "Nuôi"}


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (record(), "1.900001 is there 2 times"),
        (record("1.900002", degree="half"), "b.yaml: line 1, 1.900002: degree: "),
        (record("1.900002", counter="zoo"), "b.yaml: line 1, 1.900002: counter: there is no zoo"),
    ],
)
def test_a_fault_refuses_all(
    app: Flask, tmp_path: Path, second: dict[str, object], fault: str
) -> None:
    with pytest.raises(BadFile, match=fault):
        seeded(app, tmp_path, a=[record()], b=[second])
    assert count(app, Procedure) == 0


def test_the_seed_of_the_province_is_sound(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        brought = load_procedures(session, settings().province_dir)
    assert brought.entered >= 120
    with app.app_context(), reading() as session:
        assert load_procedures(session, settings().province_dir) == Brought(0, 0)
    kept = rows(app, Procedure)
    assert all(procedure.demo == (procedure.checked_on is None) for procedure in kept)
    events = {event for procedure in kept for event in procedure.record["life_events"]}
    known = {procedure.code for procedure in kept}
    with app.app_context():
        assert events == rules().life_events.keys()
        essential = {code for each in rules().essentials.values() for code in each.services}
    assert essential <= known
