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
from smartcity.participation.drafts.personal import (
    authors_over,
    erase_author,
    forget_authors,
    held_comments,
)
from smartcity.participation.questions.personal import (
    erase_questions,
    forget_askers,
    held_questions,
    questions_over,
)
from smartcity.participation.questions.publication import KIND as QUESTION
from smartcity.participation.questions.publication import questions_for_phones
from smartcity.participation.surveys.personal import erase_responses, held_responses
from smartcity.participation.surveys.survey import SURVEY
from smartcity.participation.teams.activating import erase_referral, held_referral

KINDS = (ACTIVITY, CONTEST, SURVEY, DRAFT)

__all__ = [
    "ACTIVITY",
    "CONTEST",
    "KINDS",
    "QUESTION",
    "SURVEY",
    "attempts_over",
    "authors_over",
    "entrants_over",
    "erase_author",
    "erase_contests",
    "erase_questions",
    "erase_referral",
    "erase_registrations",
    "erase_responses",
    "forget_askers",
    "forget_authors",
    "held_comments",
    "held_contests",
    "held_questions",
    "held_referral",
    "held_registrations",
    "held_responses",
    "questions_for_phones",
    "questions_over",
    "registrations_over",
]
