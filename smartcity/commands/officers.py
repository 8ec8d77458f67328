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


@group.command("reset-factor")
@click.argument("username")
@click.option("--reason", required=True, help="Why, for the audit.")
@in_app
def reset_factor(username: str, reason: str) -> None:
    """Take an officer's second factor away and sign him out: for an admin who lost his own."""
    with change() as (session, audit):
        officer = identity.officers.find(session, username)
        if officer is None:
            raise click.ClickException(f"there is no officer {username}")
        identity.second_factor.reset(session, officer)
        identity.sessions.end_all(session, officer.id)
        audit("officer.reset_second_factor", ("officer", officer.id), reason=reason)
