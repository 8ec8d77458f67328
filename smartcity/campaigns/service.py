"""What other packages ask of campaigns."""

from smartcity.campaigns import truth
from smartcity.campaigns.listing import listed
from smartcity.campaigns.scheduling import cancel, pause, resume
from smartcity.campaigns.states import ENDED, allowed

__all__ = ["ENDED", "allowed", "cancel", "listed", "pause", "resume", "truth"]
