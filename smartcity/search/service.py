"""What domains write as they publish, and what anybody may ask of all of it."""

from smartcity.search.asking import Asked, Found, Hit, find
from smartcity.search.indexing import Indexed, put, put_all, remove
from smartcity.search.likeness import alike
from smartcity.search.suggesting import suggest

__all__ = [
    "Asked",
    "Found",
    "Hit",
    "Indexed",
    "alike",
    "find",
    "put",
    "put_all",
    "remove",
    "suggest",
]
