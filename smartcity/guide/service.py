"""What other packages see of the city guide."""

from smartcity.guide.events.event import EVENT
from smartcity.guide.jobs.job import JOB
from smartcity.guide.notices.notice import NOTICE
from smartcity.guide.partners.partner import PARTNER
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.good import GOOD

KINDS = (PLACE, GOOD, JOB, EVENT, NOTICE, PARTNER)

__all__ = ["EVENT", "KINDS", "NOTICE"]
