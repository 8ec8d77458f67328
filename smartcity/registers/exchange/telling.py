"""A difference told line by line, in a language of the text catalogue."""

from collections.abc import Iterator, Mapping
from typing import Any

from smartcity.core.texts import message
from smartcity.registers.exchange.comparing import Difference
from smartcity.registers.exchange.drafts import Noted

_LONGEST = 90  # letters of a value
_NOTHING = "—"


def told(found: Difference) -> Iterator[str]:
    """New (+), changed (~), remarks (?), refused (!), and counts, in English."""
    for key, after in found.coming.items():
        yield f"{'~' if key in found.changes else '+'} {key}  {after['title']}"
        for change in changes_of(found, key):
            yield f"    {change['field']}: {change['before']} → {change['after']}"
    yield from (_line("?", noted) for noted in (*found.remarks, *found.twins))
    yield from (_line("!", noted) for noted in found.refused)
    yield ", ".join(f"{number} {name}" for name, number in found.counts.items())


def changes_of(found: Difference, key: str) -> list[dict[str, str]]:
    """What changes in a record: each field with the value before and after, shortened."""
    if key not in found.changes:
        return []
    before, after = found.before[key], found.coming[key]
    return [
        {"field": name, "before": short(before.get(name)), "after": short(after.get(name))}
        for name in found.changes[key]
    ]


def short(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        value = ", ".join(f"{name}: {part}" for name, part in value.items())
    elif isinstance(value, list):
        value = "; ".join(map(short, value))
    written = " ".join(str(value).split()) if value not in (None, "") else _NOTHING
    return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 1]}…"


def _line(sign: str, noted: Noted) -> str:
    place = f"line {noted.line}: " if noted.line else ""
    named = " ".join(part for part in (noted.key, noted.field) if part)
    return f"{sign} {place}{named}{': ' if named else ''}{message(noted.fault, 'en')}"
