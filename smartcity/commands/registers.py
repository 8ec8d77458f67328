"""`smartcity register`: the records of a register as files bring them and take them away."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from smartcity.commands.running import in_app, operator
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.texts import text
from smartcity.guide import service as guide
from smartcity.identity.permissions import Principal, Role
from smartcity.participation import service as participation
from smartcity.registers.bringing import render_anew
from smartcity.registers.exchange import columns as column_files
from smartcity.registers.exchange.applying import apply, import_of
from smartcity.registers.exchange.columns import Columns, read_columns
from smartcity.registers.exchange.comparing import Difference, compared
from smartcity.registers.exchange.exporting import export, published
from smartcity.registers.exchange.reading import pieces
from smartcity.registers.exchange.telling import told
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*guide.KINDS, *participation.KINDS)}
_NAMED = click.argument("kind", type=click.Choice(list(KINDS)))
_FILE = click.Path(dir_okay=False, path_type=Path)
_GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN_EVERY = 10_000  # records


@click.group("register")
def group() -> None:
    """Registers of the city guide and of taking part."""


@group.command("import")
@_NAMED
@click.argument("file", type=_GIVEN)
@click.option("--apply", "applied", is_flag=True, help="Do it; else only show what would change.")
@click.option("--strict", is_flag=True, help="Refuse records that seem to be one thing, too.")
@click.option("--by", help="Who brings it, for the record; the account here when not given.")
@click.option("--reason", help="Kept with each version; the file's name when not given.")
@in_app
def import_records(kind: str, file: Path, **asked: Any) -> None:
    """Show what FILE (.csv, .xlsx, .geojson, .json, .yaml) would change; with --apply, change it.

    Whole, or not at all: exit code 1 when a record is refused.
    """
    register = KINDS[kind]
    found = _compared(register, file)
    if found.refused or (asked["strict"] and found.twins):
        told = "register.import.refused" if found.refused else "register.import.doubtful"
        click.echo(text(told, "en"), err=True)
        sys.exit(1)
    if asked["applied"]:
        with transaction() as session:
            named = import_of(file, file.name, asked["reason"])
            apply(session, register, _who(asked["by"]), found, named)
        click.echo("applied", err=True)


@group.command("export")
@_NAMED
@click.argument("file", type=_FILE)
@in_app
def export_records(kind: str, file: Path) -> None:
    """Write what is published to FILE (.csv, .json, .geojson), as an import reads it."""
    with reading() as session:
        export(published(session, KINDS[kind]), file, _columns(KINDS[kind]))


@group.command("render")
@_NAMED
@in_app
def render_records(kind: str) -> None:
    """Write what the public reads of a register anew: once after an upgrade that says so."""
    with transaction() as session:
        click.echo(f"{render_anew(session, KINDS[kind])} read otherwise now")


@group.command("list")
@in_app
def list_registers() -> None:
    """The registers, one a line: name, what it holds, how many entries in each state."""
    query = select(Entry.kind, Entry.state, func.count()).group_by(Entry.kind, Entry.state)
    with reading() as session:
        counts = {(kind, state): number for kind, state, number in session.execute(query)}
    for kind in KINDS.values():
        states = [
            f"{number} {state}" for (name, state), number in counts.items() if name == kind.name
        ]
        click.echo("  ".join((kind.name, kind.title, ", ".join(states) or "empty")))


def _compared(kind: Kind, file: Path) -> Difference:
    columns = _columns(kind)
    with reading() as session:
        found = compared(session, kind, pieces(file, columns), columns, _progress)
    for line in told(found):
        click.echo(line)
    return found


def _columns(kind: Kind) -> Columns:
    return read_columns(settings().province_dir / column_files.FILE, kind)


def _progress(number: int) -> None:
    if number % _SHOWN_EVERY == 0:
        click.echo(f"{number} records …", err=True)


def _who(name: str | None) -> Principal:
    """The operator of this machine, or who he says it is."""
    return _Operator(Role.SYSTEM, f"operator:{name}"[:80] if name else operator())


class _Operator(Principal):
    @property
    def key(self) -> str:
        return self.id
