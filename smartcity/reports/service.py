"""What other packages may ask of reports."""

from smartcity.identity.permissions import Role
from smartcity.reports.categories import Category, Limit, choices
from smartcity.reports.desk.comments import comments_over, erase_comments, held_comments
from smartcity.reports.desk.listing import listed, mine
from smartcity.reports.handling.moving import move, possible_moves
from smartcity.reports.handling.ratings import rate
from smartcity.reports.handling.told import Told
from smartcity.reports.intake.filing import Source, submit
from smartcity.reports.models import Report
from smartcity.reports.personal import (
    erase_reporter,
    forget_reporters,
    held_reports,
    reporters_over,
)
from smartcity.reports.relay import filing as relay
from smartcity.reports.relay import reading as relayed
from smartcity.reports.visible import event, find, hold, photos_of, subject
from smartcity.reports.workflow import MOVES

__all__ = [
    "CENTRE_MOVES",
    "Category",
    "Limit",
    "Report",
    "Source",
    "Told",
    "choices",
    "comments_over",
    "erase_comments",
    "erase_reporter",
    "event",
    "find",
    "forget_reporters",
    "held_comments",
    "held_reports",
    "hold",
    "listed",
    "mine",
    "move",
    "photos_of",
    "possible_moves",
    "rate",
    "relay",
    "relayed",
    "reporters_over",
    "subject",
    "submit",
]
CENTRE_MOVES = [m.name for m in MOVES.values() if Role.OPERATIONS_CENTRE in m.roles]
