"""Where this server is and what it speaks (https://wiki.open311.org/Service_Discovery)."""

from typing import Any

from smartcity.core.context import settings
from smartcity.open311.jurisdiction import jurisdiction
from smartcity.open311.wire import JSON, XML, moment

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery() -> dict[str, Any]:
    """The discovery document.

    Outside production this server is its own test endpoint: nobody acts on what is sent to it.
    """
    here = f"{settings().public_url.rstrip('/')}/open311/v2"
    trial = jurisdiction().test_url or (None if settings().production else here)
    endpoints = [_endpoint(here, "production")] + ([_endpoint(trial, "test")] if trial else [])
    return {
        "changeset": moment(jurisdiction().changeset),
        "contact": jurisdiction().contact,
        "key_service": jurisdiction().key_service,
        "endpoints": endpoints,
    }


def _endpoint(url: str, kind: str) -> dict[str, Any]:
    return {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": moment(jurisdiction().changeset),
        "type": kind,
        "formats": [XML, JSON],
    }
