"""From `opens` on, and before `closes`, by the server's clock."""

from datetime import UTC, datetime

import pytest

from smartcity.core import clock
from smartcity.core.errors import Conflict
from smartcity.participation.windows import refuse_outside

OPENS, CLOSES = "2026-12-01T08:00:00.000+07:00", "2026-12-05T17:00:00.000+07:00"


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (datetime(2026, 12, 1, 0, 59, 59, tzinfo=UTC), "participation.not_open_yet"),
        (datetime(2026, 12, 1, 1, tzinfo=UTC), None),
        (datetime(2026, 12, 5, 9, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 5, 10, tzinfo=UTC), "participation.closed"),
    ],
)
def test_the_window_is_open_from_its_begin_and_shut_at_its_end(at, refused) -> None:
    with clock.frozen(at):
        assert _refusal(OPENS, CLOSES) == refused
        assert _refusal(None, CLOSES) == (refused if refused == "participation.closed" else None)
        assert _refusal(None, None) is None


def test_instants_do_as_well_as_texts() -> None:
    with clock.frozen(datetime(2026, 12, 6, tzinfo=UTC)), pytest.raises(Conflict) as refused:
        refuse_outside(datetime.fromisoformat(OPENS), datetime.fromisoformat(CLOSES))
    assert refused.value.values == {"closes": "17:00 05/12/2026"}


def _refusal(opens: str | None, closes: str | None) -> str | None:
    try:
        refuse_outside(opens, closes)
    except Conflict as problem:
        return problem.code
    return None
