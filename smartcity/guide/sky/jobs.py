"""The job of the sky."""

from smartcity.guide.sky import forecasting
from smartcity.jobs.service import periodic


@periodic("sky.update", every=3_600, queue="sky", lease=300)
def update() -> None:
    """Take over what the source says of the next hours; tried again soon when it is away."""
    forecasting.update()
