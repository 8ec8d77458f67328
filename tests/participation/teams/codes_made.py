"""A digital team with a code, for tests that are about something else."""

from flask import Flask

from smartcity.core.db import transaction
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import SYSTEM
from smartcity.participation.teams.keeping import make
from tests.registers.records_made import published

WARD = "11311"


def team_code(app: Flask) -> str:
    """A code of a new team."""
    team = published(app, PLACE, category="community_team", ward=WARD)
    with app.app_context(), transaction() as session:
        return str(make(session, SYSTEM, team.id, ["Chị Hoa"])[0]["code"])
