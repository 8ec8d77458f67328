"""Operations centres: one file a driver, each behind the interface of `driver`."""

from smartcity.adapters.centres.cloud_events import CloudEvents
from smartcity.adapters.centres.driver import Driver, Endpoint, Gone, Outgoing, Polled, Unfit
from smartcity.adapters.centres.open311 import Open311
from smartcity.adapters.centres.signatures import is_signed, keys

__all__ = [
    "DRIVERS",
    "Driver",
    "Endpoint",
    "Gone",
    "Outgoing",
    "Polled",
    "Unfit",
    "is_signed",
    "keys",
]
DRIVERS: dict[str, type[Driver]] = {"cloudevents": CloudEvents, "open311": Open311}
