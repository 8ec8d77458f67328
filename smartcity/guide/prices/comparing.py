"""Prices that are brought, held against those that are known: what is new, wrong, or a jump."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.texts import filled
from smartcity.guide.models import Price
from smartcity.guide.prices.names import Names
from smartcity.guide.prices.quotes import EVERYWHERE, LEAST, MOST, Fault, Quote

FIRST_DAY = date(2000, 1, 1)
JUMP = 3  # times the price before, or a third of it
_LOOK_BACK = timedelta(days=366)
Key = tuple[str, str, date]


@dataclass(frozen=True)
class Change:
    """A price that differs from what is kept; `before` is None for a new one."""

    quote: Quote
    before: int | None


@dataclass(frozen=True)
class Compared:
    """What bringing some prices would do."""

    changes: Sequence[Change]
    same: int
    faults: Sequence[Fault]
    jumps: Sequence[Fault]

    @property
    def corrections(self) -> int:
        """How many take the place of another price, or take one back."""
        return sum(change.before is not None for change in self.changes)


def compared(session: Session, quotes: Sequence[Quote], known: Names) -> Compared:
    """Hold prices against the rules and against what is kept of the same goods."""
    kept = _kept(session, quotes)
    faults = [*_wrong(quotes, known), *_repeated(quotes)]
    changes = [
        Change(quote, before.price if before else None)
        for quote in quotes
        if _differs(quote, before := kept.get(_key(quote)))
    ]
    jumps = [] if faults else list(_jumps([change.quote for change in changes], kept))
    return Compared(changes, len(quotes) - len(changes), faults, jumps)


def today() -> date:
    """The day it is here."""
    return clock.now().astimezone(clock.LOCAL).date()


def _kept(session: Session, quotes: Sequence[Quote]) -> Mapping[Key, Price]:
    """What is kept of these goods on these days, and in the year before."""
    if not quotes:
        return {}
    days = [quote.day for quote in quotes]
    since = max(min(days), FIRST_DAY) - _LOOK_BACK
    goods = Price.good.in_(sorted({quote.good for quote in quotes}))
    query = select(Price).where(goods, Price.day.between(since, max(days)))
    return {(price.good, price.market, price.day): price for price in session.scalars(query)}


def _key(quote: Quote) -> Key:
    return quote.good, quote.market, quote.day


def _differs(quote: Quote, before: Price | None) -> bool:
    if before is None or quote.price is None:
        return (before is None) != (quote.price is None)
    return (before.price, before.source) != (quote.price, quote.source)


def _wrong(quotes: Iterable[Quote], known: Names) -> Iterator[Fault]:
    until = today()
    for quote in quotes:
        if quote.good not in known.goods:
            yield Fault(quote.place, "good", "price.good.unknown")
        if quote.market not in known.markets and quote.market != EVERYWHERE:
            yield Fault(quote.place, "market", "price.market.unknown")
        if not FIRST_DAY <= quote.day <= until:
            yield Fault(quote.place, "day", "price.day.outside")
        if quote.price is not None and not LEAST <= quote.price <= MOST:
            yield Fault(quote.place, "price", filled("price.out_of_range", least=LEAST, most=MOST))


def _repeated(quotes: Iterable[Quote]) -> Iterator[Fault]:
    first: dict[Key, int] = {}
    for quote in quotes:
        place = first.setdefault(_key(quote), quote.place)
        if place != quote.place:
            yield Fault(quote.place, "good", filled("price.repeated", first=place))


def _jumps(quotes: Sequence[Quote], kept: Mapping[Key, Price]) -> Iterator[Fault]:
    """Those far from the last price of their good there, or else at any market."""
    prices = {key: price.price for key, price in kept.items()}
    prices |= {_key(quote): quote.price for quote in quotes if quote.price is not None}
    there: dict[tuple[str, str], list[tuple[date, int]]] = {}
    anywhere: dict[str, list[tuple[date, int]]] = {}
    for (good, market, day), price in sorted(prices.items(), key=lambda item: item[0][2]):
        there.setdefault((good, market), []).append((day, price))
        anywhere.setdefault(good, []).append((day, price))
    for quote in quotes:
        last = _before(there.get((quote.good, quote.market), ()), quote.day)
        last = last or _before(anywhere.get(quote.good, ()), quote.day)
        if quote.price and last and not last <= quote.price * JUMP <= last * JUMP * JUMP:
            told = filled("price.jump", last=last, price=quote.price)
            yield Fault(quote.place, "price", told)


def _before(series: Sequence[tuple[date, int]], day: date) -> int | None:
    """The newest price before a day."""
    at = bisect_left(series, (day, 0))
    return series[at - 1][1] if at else None
