"""`smartcity keys`: what seals personal values; docs/runbooks/keys.md tells when to do what."""

import os
import secrets
from collections import Counter
from typing import Any

import click
from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from smartcity.commands.running import change, in_app
from smartcity.core import envelope
from smartcity.core.clock import now
from smartcity.core.db import reading
from smartcity.core.vault import PersonKey
from smartcity.identity.models import Officer, ZnsToken
from smartcity.ioc.models import Destination
from smartcity.participation.contests.models import Draw

# Every column sealed under the data keys for longer than a day, and its purpose.
SEALED: dict[InstrumentedAttribute[Any], str] = {
    PersonKey.sealed: "person",
    Officer.totp_secret: "totp",
    ZnsToken.access_sealed: "zns",
    ZnsToken.refresh_sealed: "zns",
    Destination.secret_sealed: "ioc",
    Destination.old_secret_sealed: "ioc",
    Draw.seed: "contest-draw",
}
_AT_ONCE = 500  # rows a transaction


@click.group("keys")
def group() -> None:
    """The keys of personal values."""


@group.command("make")
def make_keys() -> None:
    """Print new keys as lines for the environment; they are kept nowhere."""
    data_key = envelope.to_text(os.urandom(envelope.KEY_BYTES))
    click.echo(f"SMARTCITY_SECRET_KEY={secrets.token_urlsafe(32)}")
    click.echo(f"SMARTCITY_LOOKUP_KEY={secrets.token_urlsafe(32)}")
    click.echo(f"SMARTCITY_DATA_KEYS=k{now():%Y%m%d}:{data_key}")


@group.command("status")
@in_app
def key_status() -> None:
    """How many values each data key still seals."""
    used: Counter[str] = Counter()
    with reading() as session:
        for column in SEALED:
            held = select(column).where(column.is_not(None)).execution_options(yield_per=1_000)
            used.update(sealed.partition(".")[0] for sealed in session.scalars(held))
    for name, number in sorted(used.items()):
        click.echo(f"{name}: {number}")


@group.command("renew")
@in_app
def renew_keys() -> None:
    """Seal everything anew under the first data key; may be cut short and called again."""
    for column, purpose in SEALED.items():
        renewed = 0
        while batch := _renew(column, purpose):
            renewed += batch
        click.echo(f"{column.class_.__tablename__}: {renewed}")
    with change() as (_, audit):
        audit("keys.renew", ("key", None))


def _renew(column: InstrumentedAttribute[Any], purpose: str) -> int:
    """Seal some of a column's outdated values anew; how many."""
    table = column.class_.__table__
    (key,) = table.primary_key
    outdated = select(key, column).where(~column.startswith(envelope.newest_prefix()))
    with change() as (session, _):
        rows = session.execute(outdated.limit(_AT_ONCE).with_for_update()).all()
        for found, sealed in rows:
            value = envelope.unseal(purpose, sealed)
            if value is None:
                raise click.ClickException(f"{table.name} {found}: its data key is not given")
            row = update(table).where(key == found)
            session.execute(row.values({column.key: envelope.seal(purpose, value)}))
    return len(rows)
