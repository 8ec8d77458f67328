"""What other packages may ask of areas and agencies."""

from smartcity.areas.boundaries import Summary, import_boundaries
from smartcity.areas.locate import METRES_PER_DEGREE, Located, locate
from smartcity.areas.province import load_province
from smartcity.areas.reference import (
    Agency,
    Area,
    Reference,
    agencies,
    agency,
    reference,
    reference_in,
)

__all__ = [
    "METRES_PER_DEGREE",
    "Agency",
    "Area",
    "Located",
    "Reference",
    "Summary",
    "agencies",
    "agency",
    "import_boundaries",
    "load_province",
    "locate",
    "reference",
    "reference_in",
]
