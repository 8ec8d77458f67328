"""What the core keeps for a time only; the core knows no jobs, so its sweeps stand here."""

from smartcity.core import quota
from smartcity.core.db import transaction
from smartcity.core.idempotency import forget_old_keys
from smartcity.jobs.service import periodic


@periodic("housekeeping.idempotency_keys", every=3600)
def sweep_idempotency_keys() -> None:
    """Forget the keys that are past their 72 hours."""
    with transaction() as session:
        forget_old_keys(session)


@periodic("housekeeping.quotas", every=3600)
def sweep_quotas() -> None:
    """Forget the limits' windows that are over."""
    with transaction() as session:
        quota.forget_over(session)
