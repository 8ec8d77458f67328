"""Files of prices: shown first, brought whole or not at all, by call, command line and seed."""

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.guide.models import Price
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.bringing import load_prices
from smartcity.guide.prices.good import GOOD
from smartcity.registers.seeding import load_records
from smartcity.settings import Settings
from tests.guide.prices.test_prices import DESK, MARKET, SQLITE, carp, editor, put
from tests.helpers import Headers, count, rows

__all__ = ["carp", "editor"]  # fixtures
HEAD = "day,good,market,price\n"
TWO = f"{HEAD}2026-11-20,ca-chep,{MARKET},85k\n2026-11-20,gao-te,all,18.000\n"


def send(client: FlaskClient, who: Headers, content: str, **form: Any) -> Any:
    form["file"] = io.BytesIO(content.encode()), "gia.csv"
    return client.post(f"{DESK}/import", data=form, headers=who)


@pytest.mark.usefixtures("carp")
def test_a_file_is_shown_then_brought(app: Flask, client: FlaskClient, editor: Headers) -> None:
    told = {"added": 2, "corrected": 0, "same": 0, "faults": [], "jumps": []}
    assert send(client, editor, TWO).json == {"applied": False, **told}
    assert count(app, Price) == 0
    assert send(client, editor, TWO, apply="true").json == {"applied": True, **told}
    assert [price.price for price in rows(app, Price)] == [85_000, 18_000]
    deeds = rows(app, AuditEntry, AuditEntry.action == "price.record")
    assert {deed.detail["origin"] for deed in deeds} == {"gia.csv"}
    assert send(client, editor, TWO, apply="true").json["same"] == 2


@SQLITE
@pytest.mark.usefixtures("carp")
def test_faults_name_their_lines_and_stop_it_all(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    content = (
        f"{TWO}2026-11-20,ca-chep,{MARKET},86k\n2026-11-21,ca-tram,all,0\n2026-11-21,gao-te,all,0"
    )
    shown = send(client, editor, content).json["faults"]
    assert [(fault["line"], fault["field"]) for fault in shown] == [
        (4, "good"),
        (5, "good"),
        (6, "price"),
    ]
    refused = send(client, editor, content, apply="true")
    assert (refused.status_code, list(refused.json["errors"]["lines"])) == (422, ["4", "5", "6"])
    assert count(app, Price) == 0
    assert send(client, editor, "1,2\n").json["errors"].keys() == {"file"}


@SQLITE
@pytest.mark.usefixtures("carp")
def test_a_jump_within_the_file_is_to_be_confirmed(client: FlaskClient, editor: Headers) -> None:
    content = f"{TWO}2026-11-21,ca-chep,{MARKET},850k\n2026-11-22,ca-chep,{MARKET},860k\n"
    assert [jump["line"] for jump in send(client, editor, content).json["jumps"]] == [4]
    assert send(client, editor, content, apply="true").status_code == 409
    done = send(client, editor, content, apply="true", confirm="true").json
    assert (done["added"], len(done["jumps"])) == (4, 1)


@SQLITE
@pytest.mark.usefixtures("carp")
def test_the_command_line_brings_it_too(app: Flask, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "gia.csv"
    file.write_text(TWO, "utf-8")

    def run(*words: str) -> tuple[int, str]:
        env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
        ran = CliRunner().invoke(main, ["prices", "import", str(file), *words], env=env)
        return ran.exit_code, ran.output

    assert run() == (0, "2 added, 0 corrected, 0 same\n")
    assert count(app, Price) == 0
    assert run("--apply", "--by", "lan")[0] == 0
    assert {price.changed_by for price in rows(app, Price)} == {"operator:lan"}
    file.write_text(f"{TWO}2026-11-21,ca-chep,{MARKET},10.000\n", "utf-8")
    code, output = run("--apply")
    assert (code, output.splitlines()[0][:14]) == (1, "line 4, price:")
    file.write_text(HEAD + f"2026-11-20,ca-chep,{MARKET},80k\n", "utf-8")
    assert (run("--apply")[0], run("--apply", "--reason", "Gõ nhầm")[0]) == (1, 0)


@SQLITE
@pytest.mark.usefixtures("carp")
def test_the_seed_adds_what_is_new_and_leaves_what_officers_said(
    app: Flask, client: FlaskClient, editor: Headers, tmp_path: Path
) -> None:
    file = tmp_path / "guide" / "prices.csv"
    file.parent.mkdir()
    file.write_text(TWO, "utf-8")
    put(client, editor, "2026-11-20", {"ca-chep": 81_000})

    def load() -> None:
        with app.app_context(), transaction() as session:
            load_prices(session, tmp_path)

    load()
    load()
    assert [price.price for price in rows(app, Price)] == [81_000, 18_000]
    file.write_text(f"{TWO}2026-11-21,ca-tram,all,1\n", "utf-8")
    with pytest.raises(BadFile, match=r"line\.4\.good"):
        load()


@SQLITE
def test_the_provinces_own_file_fits_its_registers(app: Flask, settings: Settings) -> None:
    folder = settings.province_dir
    with app.app_context(), transaction() as session:
        load_records(session, GOOD, folder / "guide/prices.yaml")
        load_records(session, PLACE, folder / "guide/places/market.yaml")
        load_prices(session, folder)
    kept = rows(app, Price)
    assert len(kept) > 1_000
    assert all(len({p.day for p in kept if p.good == good}) >= 4 for good in {p.good for p in kept})
