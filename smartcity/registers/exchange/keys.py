"""The key of a record that has none: made of its title and commune, the same each time."""

import re

from smartcity.core.text import fold

_LONGEST = 80
_OTHER = re.compile(r"[^a-z0-9]+")


def key_of(title: str, ward: str | None) -> str:
    """`nha-thuoc-an-khang-11359`; a long title is cut, its commune is not."""
    tail = f"-{ward}" if ward else ""
    slug = _OTHER.sub("-", fold(title)).strip("-")
    return f"{slug[: _LONGEST - len(tail)].rstrip('-') or 'muc'}{tail}"
