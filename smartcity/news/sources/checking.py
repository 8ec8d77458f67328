"""A look at an address before it becomes a source: what is there, or why it cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from smartcity.core.errors import Invalid
from smartcity.news.sources.fetching import Failed, fetch

_SHOWN = 5
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Found:
    """What a feed holds; `newest` is the youngest date in it, `titles` the first few."""

    title: str
    entries: int
    titles: list[str]
    newest: datetime | None
    moved_to: str | None


def looked(view: View) -> View:
    """Look at the address that a request names, if any, and hand what was found to the view.

    Stands above `idempotent`, whose transaction must not wait for another machine. Raises Invalid,
    which names the fault.
    """

    @wraps(view)
    def wrapper(asked: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        try:
            found = look(asked["url"]) if "url" in asked else None
        except Failed as fault:
            raise Invalid(url=fault.fault) from None
        return view({**asked, "found": found}, *args, **kwargs)

    return wrapper  # type: ignore[return-value]


def look(url: str) -> Found:
    """Fetch and read a feed once. Raises Failed."""
    fetched = fetch(url)
    assert fetched.feed is not None  # nothing was asked on a condition
    entries = fetched.feed.entries
    dates = [entry.published_at for entry in entries if entry.published_at]
    return Found(
        title=fetched.feed.title,
        entries=len(entries),
        titles=[entry.title for entry in entries[:_SHOWN]],
        newest=max(dates, default=None),
        moved_to=fetched.moved_to,
    )
