"""A difference as an operator reads it, line by line."""

from collections.abc import Iterator, Mapping, Sequence, Sized
from typing import Any

from smartcity.catalogue.exchange.columns import GROUPED, Columns
from smartcity.catalogue.exchange.comparing import Difference
from smartcity.core.spreadsheet import BOM, csv_text

_LONGEST = 90  # letters of a value
_NOTHING = "—"


def told(found: Difference, columns: Columns) -> Iterator[str]:
    """New (+), changed (~), withdrawn here or missing (-), remarks (?), refused (!), and counts."""
    for code in found.new:
        yield f"+ {code}  {found.coming[code]['name']}"
    for code, fields in found.changes.items():
        before, after = found.before[code], found.coming[code]
        yield f"~ {code}  {after['name']}"
        yield from (f"    {line}" for line in changed(before, after, fields, columns))
    for code in found.withdrawn:
        yield f"- {code}  is withdrawn here, and stays so without --restore"
    for code, name in found.missing.items():
        yield f"- {code}  {name}: is not in the file"
    yield from (_at(remark.line, remark.code, "?", remark.text) for remark in found.remarks)
    yield from (_at(refused.line, refused.code, "!", refused.fault) for refused in found.refused)
    yield counts(found)


def counts(found: Difference) -> str:
    """`12 new, 3 changed, 140 the same, 2 refused`"""
    numbers: dict[str, Sized] = {"new": found.new, "changed": found.changes, "the same": found.same}
    numbers |= {"refused": found.refused, "withdrawn here": found.withdrawn}
    numbers |= {"not in the file": found.missing}
    return ", ".join(f"{len(each)} {name}" for name, each in numbers.items())


def changed(
    before: Mapping[str, Any], after: Mapping[str, Any], fields: Sequence[str], columns: Columns
) -> Iterator[str]:
    """`time_limit (Trực tiếp): 5 ngày → 3 ngày`"""
    for field in fields:
        old, new = before.get(field), after.get(field)
        if field == "channels":
            yield from _channels(old or [], new or [], columns)
        elif isinstance(new or old, list):
            yield from _items(field, old or [], new or [])
        else:
            yield f"{field}: {_short(old)} → {_short(new)}"


def report(found: Difference) -> str:
    """What was refused and what is worth a look, as a CSV file."""
    refused = [(each.line, each.code, "refused", each.fault) for each in found.refused]
    remarks = [(each.line, each.code, "remark", each.text) for each in found.remarks]
    return BOM + csv_text([("line", "code", "what", "why"), *refused, *remarks])


def _channels(old: list[Any], new: list[Any], columns: Columns) -> Iterator[str]:
    """Those of one way and note are the same one."""
    was, is_ = _by_way(old), _by_way(new)
    for key, channel in is_.items():
        way = columns.spelt.get("channels.way", {}).get(channel["way"], channel["way"])
        former = was.pop(key, None)
        if former is None:
            yield f"channels: + {way}: {_short(channel['time_limit'])}; {_short(channel['fee'])}"
            continue
        for name in GROUPED["channels"][1:]:
            if former[name] != channel[name]:
                yield f"{name} ({way}): {_short(former[name])} → {_short(channel[name])}"
    yield from (f"channels: - {_short(channel)}" for channel in was.values())


def _by_way(channels: list[Any]) -> dict[tuple[str, str | None, int], Any]:
    found: dict[tuple[str, str | None, int], Any] = {}
    for channel in channels:
        key = channel["way"], channel["note"]
        found[*key, sum(known[:2] == key for known in found)] = channel
    return found


def _items(field: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    gone = [item for item in old if item not in new]
    come = [item for item in new if item not in old]
    yield from (f"{field}: - {_short(item)}" for item in gone)
    yield from (f"{field}: + {_short(item)}" for item in come)
    if not gone and not come:
        yield f"{field}: in another order"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(str(part) for part in value.values() if part not in (None, 0, {}))
    text = " ".join(str(value).split()) if value not in (None, "") else _NOTHING
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _at(line: int, code: str, sign: str, what: str) -> str:
    place = f"line {line}: " if line else ""
    return f"{sign} {place}{code}{': ' if code else ''}{what}"
