"""What other packages see of taking part."""

from smartcity.participation.activities.activity import ACTIVITY
from smartcity.participation.activities.personal import (
    erase_registrations,
    held_registrations,
    registrations_over,
)
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.personal import (
    attempts_over,
    entrants_over,
    erase_contests,
    held_contests,
)
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.surveys.survey import SURVEY

KINDS = (ACTIVITY, CONTEST, SURVEY, DRAFT)

__all__ = [
    "ACTIVITY",
    "CONTEST",
    "KINDS",
    "SURVEY",
    "attempts_over",
    "entrants_over",
    "erase_contests",
    "erase_registrations",
    "held_contests",
    "held_registrations",
    "registrations_over",
]
