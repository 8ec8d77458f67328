"""A week of opening hours in words: to read in Vietnamese and English, and to hear."""

import re
from collections.abc import Callable
from functools import partial
from itertools import groupby

from smartcity.core.texts import LANGUAGES, text
from smartcity.guide.places.hours import (
    DAY,
    DAYS,
    EVERY_DAY,
    HOLIDAY,
    Span,
    Week,
    spans_of,
)

Say = Callable[..., str]


def in_all_words(week: Week) -> dict[str, str]:
    """The week in both languages, to read and to hear."""
    return {
        f"{prefix}{lang}": in_words(week, style, lang)
        for style, prefix in (("hours", ""), ("spoken", "spoken_"))
        for lang in LANGUAGES
    }


def in_words(week: Week, style: str, lang: str) -> str:
    """The week as `hours` to read or `spoken`; `hours` in Vietnamese are understood as it again."""
    say = partial(_say, style, lang)
    spans = spans_of(week)
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day in sorted(spans):
        alike.setdefault(spans[day], []).append(day)
    if alike == {((0, DAY),): [*range(8)]}:
        return say("always")
    parts = [
        say("statement", days=_days(days, say), spans=_spans(those, say))
        for those, days in alike.items()
    ]
    if list(alike.values()) == [[*EVERY_DAY]]:
        parts.append(say("no_holidays"))
    joined = say("then").join(parts)
    return re.sub(r"\A.|(?<=\. ).", lambda first: first[0].upper(), joined)


def _say(style: str, lang: str, key: str, **values: str) -> str:
    return text(f"place.{style}.{key}", lang, **values)


def _days(days: list[int], say: Say) -> str:
    """Every day in one word; runs of three days and more as from–to."""
    names = [say(DAYS[HOLIDAY])] if HOLIDAY in days else []
    if EVERY_DAY.issubset(days):
        return say("every_day")
    plain = [day for day in days if day != HOLIDAY]
    runs = [[day for _, day in run] for _, run in groupby(enumerate(plain), lambda e: e[1] - e[0])]
    return ", ".join([*(name for run in runs for name in _run(run, say)), *names])


def _run(run: list[int], say: Say) -> list[str]:
    names = [say(DAYS[day]) for day in run]
    return [say("run", first=names[0], last=names[-1])] if len(run) > 2 else names


def _spans(spans: tuple[Span, ...], say: Say) -> str:
    return say("and").join(_span(span, say) for span in spans)


def _span(span: Span, say: Say) -> str:
    opens, closes = span
    if span == (0, DAY):
        return say("all_day")
    key = "span" if closes <= DAY else "into_next_day"
    until = closes if closes <= DAY else closes - DAY
    return say(key, opens=_clock(opens, say), closes=_clock(until, say))


def _clock(minute: int, say: Say) -> str:
    key = "clock" if minute % 60 else "full_hour"
    return say(key, hour=str(minute // 60), minute=f"{minute % 60:02}")
