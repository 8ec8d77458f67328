"""`smartcity officer`: officers' accounts."""

import click

from smartcity.areas import service as areas
from smartcity.commands.running import change, in_app
from smartcity.identity import service as identity
from smartcity.identity.permissions import OFFICER_ROLES, Role


@click.group("officer")
def group() -> None:
    """Officers' accounts."""


@group.command("add")
@click.argument("username")
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in OFFICER_ROLES)), required=True
)
@click.option("--agency", required=True, help="Code of the officer's agency.")
@click.option("--name", required=True, help="Name to show.")
@click.password_option(help="At least 12 characters; asked for when not given.")
@in_app
def add_officer(username: str, role: str, agency: str, name: str, password: str) -> None:
    """Make an officer's account, or give it a new role, agency and password."""
    with change() as (session, audit):
        account = identity.create_officer(
            session,
            username,
            password,
            role=Role(role),
            agency=areas.agency(agency).code,
            display_name=name,
        )
        audit("officer.add", ("officer", account), role=role, agency=agency)
