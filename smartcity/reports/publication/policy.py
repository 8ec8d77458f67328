"""The province's own choice of how coarse a place is shown: `publication.yaml`."""

from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.fields import Number, Schema
from smartcity.settings import Settings


@dataclass(frozen=True)
class Policy:
    """`grid_metres`: the side of the cells that sensitive reports are shown in the middle of."""

    grid_metres: float


class _PolicyFile(Schema):
    grid_metres = Number(min=50, max=5_000, required=True)

    @ma.post_load
    def _made(self, loaded: dict[str, Any], **_: Any) -> Policy:
        return Policy(**loaded)


@per_app
def policy(settings: Settings) -> Policy:
    """The figures of today."""
    found: Policy = read_yaml(settings.province_dir / "publication.yaml", _PolicyFile)
    return found
