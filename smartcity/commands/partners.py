"""`smartcity partner`: keys of partners, such as a centre that cannot sign."""

import uuid
from datetime import timedelta

import click

from smartcity.commands.running import in_app, operator
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.identity import partners
from smartcity.identity.permissions import PARTNERS_MAY


@click.group("partner")
def group() -> None:
    """Keys of partners, such as a centre that cannot sign."""


@group.command("add")
@click.argument("name")
@click.option(
    "--grant",
    "grants",
    type=click.Choice([action.value for action in PARTNERS_MAY]),
    multiple=True,
    required=True,
)
@click.option("--per-minute", type=click.IntRange(1, 100_000), help="Requests in a minute.")
@click.option("--days", type=click.IntRange(1), help="For how long; until revoked when not given.")
@in_app
def add_partner(
    name: str, grants: tuple[str, ...], per_minute: int | None, days: int | None
) -> None:
    """Make a partner's key; it is shown this once."""
    over = clock.now() + timedelta(days=days) if days else None
    asked = {
        "name": name,
        "grants": sorted(set(grants)),
        "per_minute": per_minute,
        "expires_at": over,
    }
    with transaction() as session:
        _, key = partners.create(session, operator(), asked)
    click.echo(key)


@group.command("list")
@in_app
def list_partners() -> None:
    """The newest hundred partners whose keys are good: id, name, grants, last use."""
    with reading() as session:
        page = partners.listed(session, {"active": True, "limit": 100})
    for partner in page.items:
        used = partner.last_used_at.isoformat(timespec="minutes") if partner.last_used_at else "–"
        click.echo(f"{partner.id}  {partner.name}  {','.join(partner.grants)}  {used}")


@group.command("revoke")
@click.argument("partner", type=click.UUID)
@in_app
def revoke_partner(partner: uuid.UUID) -> None:
    """End a partner's keys, everywhere within a minute."""
    with transaction() as session:
        partners.revoke(session, operator(), partner)
