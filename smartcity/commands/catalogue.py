"""`smartcity catalogue`: procedures as files bring them and take them away."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue.exchange import columns as column_files
from smartcity.catalogue.exchange.applying import apply, of_file
from smartcity.catalogue.exchange.columns import Columns, read_columns
from smartcity.catalogue.exchange.comparing import Difference, compared
from smartcity.catalogue.exchange.differences import counts, report, told
from smartcity.catalogue.exchange.exporting import export, published
from smartcity.catalogue.exchange.reading.files import pieces
from smartcity.catalogue.models import Procedure
from smartcity.catalogue.records.codes import canonical
from smartcity.catalogue.register import publishing
from smartcity.catalogue.rules import rules
from smartcity.commands.running import acting, in_app
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import NotFound
from smartcity.core.text import fold

FILE = click.Path(dir_okay=False, path_type=Path)
GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN_EVERY = 1_000  # procedures


@click.group("catalogue")
def group() -> None:
    """The catalogue of procedures."""


@group.command("import")
@click.argument("file", type=GIVEN)
@click.option("--apply", "applied", is_flag=True, help="Do it; otherwise it is only shown.")
@click.option("--by", help="Who brings it, for the record; the account here when not given.")
@click.option("--reason", help="Kept with each version; the file's name when not given.")
@click.option("--columns", type=GIVEN, help="Another map of columns.")
@click.option("--strict", is_flag=True, help="Apply nothing when any row is refused.")
@click.option("--withdraw-missing", is_flag=True, help="Withdraw what the file lacks.")
@click.option("--restore", "restore_withdrawn", is_flag=True, help="Show withdrawn ones again.")
@click.option("--report", "into", type=FILE, help="Refused rows and remarks, as CSV.")
@in_app
def import_procedures(file: Path, **asked: Any) -> None:
    """Show what FILE (.json, .yaml, .csv, .xlsx) would change; with --apply, change it at once.

    Exit code 1 when a row was refused.
    """
    found = _compared(file, _columns(asked["columns"]))
    if asked["into"]:
        asked["into"].write_text(report(found), "utf-8")
    if asked["applied"]:
        _apply(file, found, asked)
    sys.exit(1 if found.refused else 0)


@group.command("export")
@click.argument("file", type=FILE)
@click.option("--columns", type=GIVEN, help="Another map of columns.")
@in_app
def export_procedures(file: Path, columns: Path | None) -> None:
    """Write the published procedures to FILE (.json, .yaml, .csv, .xlsx), as an import reads it."""
    with reading() as session:
        export(published(session), file, _columns(columns))


@group.command("list")
@click.option("--q", default="", help="Words of the code or the name, with or without accents.")
@in_app
def list_procedures(q: str) -> None:
    """The procedures, one a line: code, how it stands, name."""
    query = select(Procedure.code, Procedure.state, Procedure.name).order_by(Procedure.code)
    for word in fold(q).split():
        query = query.where(Procedure.folded.contains(word, autoescape=True))
    with reading() as session:
        for row in session.execute(query):
            click.echo("  ".join(row))


@group.command("render")
@in_app
def render_procedures() -> None:
    """Write the public texts again, after an upgrade; tells how many read otherwise now."""
    with transaction() as session:
        click.echo(f"{publishing.render_anew(session)} read otherwise now")


def _moving(name: str, deed: Callable[..., None], promise: str) -> None:
    """Register a command that moves one procedure, and wants to know why."""

    @in_app
    def command(code: str, reason: str, by: str | None) -> None:
        with transaction() as session:
            deed(session, acting(by), _known(session, code), reason)

    command.__doc__ = promise
    whose = click.option("--by", help="Who does it; the account here when not given.")
    why = click.option("--reason", required=True, help="Kept with the version.")
    group.command(name)(click.argument("code")(why(whose(command))))


_moving("withdraw", publishing.withdraw, "Take the procedure CODE out of the public's sight.")
_moving("restore", publishing.restore, "Show the withdrawn procedure CODE again.")


def _compared(file: Path, columns: Columns) -> Difference:
    with reading() as session:
        found = compared(session, pieces(file, columns), _progress)
    for line in told(found, columns):
        click.echo(line)
    return found


def _apply(file: Path, found: Difference, asked: dict[str, Any]) -> None:
    if found.refused and (asked["strict"] or asked["withdraw_missing"]):
        told = "--strict" if asked["strict"] else "--withdraw-missing: one of them may be missing"
        raise click.ClickException(f"nothing was applied, since rows were refused ({told})")
    chosen = {name: asked[name] for name in ("withdraw_missing", "restore_withdrawn")}
    with transaction() as session:
        apply(session, acting(asked["by"]), found, of_file(file, asked["reason"]), **chosen)
    click.echo(f"applied: {counts(found)}", err=True)


def _columns(file: Path | None) -> Columns:
    return read_columns(file or settings().province_dir / column_files.FILE, rules())


def _progress(number: int) -> None:
    if number % _SHOWN_EVERY == 0:
        click.echo(f"{number} procedures …", err=True)


def _known(session: Session, code: str) -> Procedure:
    found = session.get(Procedure, canonical(code) or code)
    if found is None:
        raise NotFound("catalogue.unknown_code")
    return found
