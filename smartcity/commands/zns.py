"""`smartcity zns`: Zalo's token."""

import click

from smartcity.commands.running import change, in_app
from smartcity.core.context import settings
from smartcity.identity import zns_tokens


@click.group("zns")
def group() -> None:
    """Codes by Zalo."""


@group.command("token")
@click.option("--refresh-token", prompt=True, hide_input=True, help="Asked for when not given.")
@in_app
def put_token(refresh_token: str) -> None:
    """Put in the refresh token of Zalo's console; a worker renews it from then on."""
    if not settings().zns_app_id:
        raise click.ClickException("SMARTCITY_ZNS_APP_ID is empty")
    with change() as (session, audit):
        zns_tokens.put(session, refresh_token.strip())
        audit("zns.token", ("key", None))
