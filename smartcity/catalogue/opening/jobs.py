"""The jobs of links: what was gone to is summed up, and where it leads is looked at, by night."""

from smartcity.catalogue.opening import checking, usage
from smartcity.core.db import transaction
from smartcity.jobs.service import Lease, handler, periodic

_AT_ONCE = 2  # portals, in the whole fleet


@periodic("catalogue.by_night", every=3_600)
def by_night() -> None:
    """Sum up the use of procedures and begin to look at their links, between 2 and 6 o'clock.

    What an hour did not get to, the next one does.
    """
    if not checking.is_night():
        return
    with transaction() as session:
        usage.sum_up(session)
    with transaction() as session:
        checking.begin(session)


@handler(checking.WALK, queue="links", cap=_AT_ONCE)
def walk(lease: Lease) -> None:
    """Look at the next page of a portal."""
    checking.walk(lease)


@handler(checking.LOOK, queue="links", cap=_AT_ONCE)
def look_at(lease: Lease) -> None:
    """Look at the link that an officer asks about."""
    checking.look_at(lease)
