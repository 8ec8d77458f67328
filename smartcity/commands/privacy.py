"""`smartcity privacy`: terms of retention."""

from datetime import timedelta

import click

from smartcity.commands.running import change, in_app
from smartcity.core.db import reading
from smartcity.identity.service import policy
from smartcity.privacy import retention


@click.group("privacy")
def group() -> None:
    """Personal data: how long it is kept."""


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count, as without any option.")
@click.option("--run", "running", is_flag=True, help="Destroy what is over.")
@in_app
def keep_terms(dry_run: bool, running: bool) -> None:
    """One line a class of data: its term, and how much of it is over."""
    if dry_run and running:
        raise click.UsageError("either --dry-run or --run")
    with reading() as session:
        counts = retention.counted(session)
    for kind in retention.CLASSES:
        what = policy().retention[kind.code].what_en
        click.echo(f"{kind.code}: {counts[kind.code]} over ({told(kind.term())}) – {what}")
    if running:
        with change() as (_session, audit):
            audit("retention.run", ("retention", None), rows=sum(counts.values()))
        retention.carry_out()


def told(term: timedelta) -> str:
    """A term in words."""
    if not term:
        return "at once"
    return (
        f"{term.days} days" if term >= timedelta(days=5) else f"{term.total_seconds() / 3600:.0f} h"
    )
