"""What comes with a move."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Told:
    """Words and choices beside the bare move; each move reads its own and leaves the others.

    `reason` is a code, `public_text` what the citizen reads, `agency` the unit it goes to. `days`
    is how long a question waits, `media_ids` are the actor's own photos, `parts` holds `agency` and
    `description` of each part, `verdict` is the citizen's on the result, `until` the date that a
    unit commits itself to, `parent` the id or code of the report that this one is a duplicate of.
    """

    reason: str | None = None
    public_text: str | None = None
    agency: str | None = None
    days: int | None = None
    media_ids: Sequence[uuid.UUID] = ()
    parts: Sequence[Mapping[str, Any]] = ()
    verdict: str | None = None
    until: datetime | None = None
    parent: str | None = None


NOTHING_TOLD = Told()
