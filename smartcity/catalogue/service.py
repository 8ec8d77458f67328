"""What other packages see of the catalogue of procedures."""

from smartcity.catalogue.checklists.ticking import erase_checklists, held_checklists
from smartcity.catalogue.reading.listing import popular, services_for_phones
from smartcity.catalogue.reading.schemas import ServiceCardOut

__all__ = [
    "ServiceCardOut",
    "erase_checklists",
    "held_checklists",
    "popular",
    "services_for_phones",
]
