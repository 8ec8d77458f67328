"""Looking after the days on which answers are due."""

from smartcity.jobs.service import periodic
from smartcity.participation.questions.reminding import remind


@periodic("questions.remind", every=300)
def remind_of_questions() -> None:
    """Send the reminders that are due."""
    remind()
