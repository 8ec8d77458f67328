"""What other packages may ask of reports."""

from smartcity.identity.permissions import Role
from smartcity.reports.categories import Category, Limit, choices
from smartcity.reports.desk.comments import comments_over, erase_comments, held_comments
from smartcity.reports.desk.listing import listed, mine
from smartcity.reports.duplicates.personal import (
    erase_following,
    erase_supports,
    followers_over,
    held_following,
    held_supports,
    supports_over,
)
from smartcity.reports.handling.moving import move, possible_moves
from smartcity.reports.handling.photos import add as add_photos
from smartcity.reports.handling.ratings import rate
from smartcity.reports.handling.schemas import photo_ids
from smartcity.reports.handling.told import Told
from smartcity.reports.intake.blocks import blocks_over, devices_over
from smartcity.reports.intake.devices import device, names_device
from smartcity.reports.intake.filing import Source, submit
from smartcity.reports.intake.personal import forget_devices, held_devices
from smartcity.reports.mirror import ids_of, with_steps
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.personal import (
    erase_reporter,
    forget_reporters,
    held_reports,
    reporters_over,
)
from smartcity.reports.publication.personal_data import covered, personal_data
from smartcity.reports.publication.reading import find_published, list_published
from smartcity.reports.publication.states import is_published, published
from smartcity.reports.relay import filing as relay
from smartcity.reports.relay import reading as relayed
from smartcity.reports.visible import codes, event, find, hold, identify, photos_of, subject
from smartcity.reports.workflow import MOVES

__all__ = [
    "CENTRE_MOVES",
    "MOVES",
    "Category",
    "Limit",
    "Report",
    "ReportEvent",
    "Source",
    "Told",
    "add_photos",
    "blocks_over",
    "choices",
    "codes",
    "comments_over",
    "covered",
    "device",
    "devices_over",
    "erase_comments",
    "erase_following",
    "erase_reporter",
    "erase_supports",
    "event",
    "find",
    "find_published",
    "followers_over",
    "forget_devices",
    "forget_reporters",
    "held_comments",
    "held_devices",
    "held_following",
    "held_reports",
    "held_supports",
    "hold",
    "identify",
    "ids_of",
    "is_published",
    "list_published",
    "listed",
    "mine",
    "move",
    "names_device",
    "personal_data",
    "photo_ids",
    "photos_of",
    "possible_moves",
    "published",
    "rate",
    "relay",
    "relayed",
    "reporters_over",
    "subject",
    "submit",
    "supports_over",
    "with_steps",
]
CENTRE_MOVES = [m.name for m in MOVES.values() if Role.OPERATIONS_CENTRE in m.roles]
