"""How the product is told where events go: the one place that knows."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.centre import Centre


def settings_for(centres: Sequence[Centre]) -> dict[str, str]:
    """The settings that name the destinations."""
    (centre,) = centres
    return {"IOC_NAME": centre.name, "IOC_URL": centre.url, "IOC_SECRETS": centre.secret}
