"""`smartcity prices`: what goods cost, as files bring it."""

import sys
from pathlib import Path
from typing import Any

import click

from smartcity.commands.running import acting, in_app
from smartcity.core.db import reading, transaction
from smartcity.guide.prices import bringing


@click.group("prices")
def group() -> None:
    """What goods cost at the markets."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applied", is_flag=True, help="Do it; otherwise it is only shown.")
@click.option("--confirm", is_flag=True, help="Jumps over three times were looked at.")
@click.option("--by", help="Who brings it, for the record; the account here when not given.")
@click.option("--reason", help="Needed where a price is corrected.")
@in_app
def import_prices(file: Path, applied: bool, by: str | None, **why: Any) -> None:
    """Show what FILE (.csv) would change; with --apply, record it: all of it or nothing.

    Exit code 1 when a line is refused, or jumps and was not confirmed.
    """
    with reading() as session:
        shown = bringing.preview(session, file)
    _tell(shown)
    if shown["faults"] or (shown["jumps"] and not why["confirm"]):
        sys.exit(1)
    if applied:
        with transaction() as session:
            bringing.bring(session, acting(by), file, origin=file.name, **why)
        click.echo("applied", err=True)


def _tell(shown: dict[str, Any]) -> None:
    for kind in ("faults", "jumps"):
        for fault in shown[kind]:
            click.echo(f"line {fault['line']}, {fault['field']}: {fault['message']}")
    click.echo(", ".join(f"{shown[name]} {name}" for name in ("added", "corrected", "same")))
