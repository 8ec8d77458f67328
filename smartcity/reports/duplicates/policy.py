"""When two reports may mean the same trouble: the province's own figures and words.

From `duplicates.yaml`, read once an application; BadFile names what is wrong in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.fields import Number, Schema, Text
from smartcity.settings import Settings


@dataclass(frozen=True)
class Policy:
    """Thresholds are of 1, radii in metres by category; words stand without accents."""

    recent: timedelta
    shown_from: float
    likely_from: float
    radius: float
    radii: Mapping[str, float]
    stop_words: frozenset[str]
    short_words: Mapping[str, str]

    def radius_of(self, category: str) -> float:
        """How far apart two people may tell of one trouble of a category, in metres."""
        parent = self.radii.get(category.partition(".")[0], self.radius)
        return self.radii.get(category, parent)


_Share = partial(Number, min=0, max=1, required=True)
_Metres = partial(Number, min=1, max=5_000, required=True)
_Word = partial(Text, max=40)


class _PolicyFile(Schema):
    recent_days = ma.fields.Integer(required=True, validate=validate.Range(1, 365))
    shown_from = _Share()
    likely_from = _Share()
    radius = _Metres()
    radii = ma.fields.Dict(_Word(), _Metres(), required=True)
    stop_words = Text(max=10_000, required=True)
    short_words = ma.fields.Dict(_Word(), _Word(), required=True)

    @ma.post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Policy:
        recent = timedelta(days=loaded.pop("recent_days"))
        words = frozenset(loaded.pop("stop_words").split())
        return Policy(recent=recent, stop_words=words, **loaded)


@per_app
def policy(settings: Settings) -> Policy:
    """The figures of today."""
    found: Policy = read_yaml(settings.province_dir / "duplicates.yaml", _PolicyFile)
    return found
