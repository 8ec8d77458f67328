"""What goods and markets are called: by key in programs, by title in the files of officers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.text import fold
from smartcity.core.texts import LANGUAGES, text
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.good import GOOD
from smartcity.guide.prices.quotes import EVERYWHERE
from smartcity.registers.service import Entry, is_public


@dataclass(frozen=True)
class Names:
    """The published goods and markets, by key."""

    goods: Mapping[str, Entry]
    markets: Mapping[str, Entry]

    def good(self, written: str) -> str | None:
        """The key of a good, of its key or its title in either language."""
        return self._goods.get(fold(written).strip())

    def market(self, written: str) -> str | None:
        """The key of a market likewise; `all` for the whole province."""
        return self._markets.get(fold(written).strip())

    @cached_property
    def _goods(self) -> Mapping[str, str]:
        return dict(_called(self.goods))

    @cached_property
    def _markets(self) -> Mapping[str, str]:
        everywhere = [EVERYWHERE, *(fold(text("price.everywhere", each)) for each in LANGUAGES)]
        return {**dict(_called(self.markets)), **dict.fromkeys(everywhere, EVERYWHERE)}


def names(session: Session) -> Names:
    """Those of now."""
    goods = session.scalars(select(Entry).where(*is_public(GOOD)))
    markets = session.scalars(select(Entry).where(*is_public(PLACE), Entry.category == "market"))
    return Names(
        {entry.key: entry for entry in goods if entry.key},
        {entry.key: entry for entry in markets if entry.key},
    )


def _called(entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Titles first: where one is another's key, the key says what is meant."""
    for key, entry in entries.items():
        for title in (entry.record.get("title_en"), entry.title):
            if title:
                yield fold(title), key
    for key in entries:
        yield key, key
