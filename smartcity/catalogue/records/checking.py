"""What a record must be beyond its shape, and what is worth a look, in English for a report."""

from collections.abc import Container, Iterator
from itertools import combinations

from smartcity.catalogue.opening import links
from smartcity.catalogue.records.record import Record
from smartcity.catalogue.records.schemas import Degree, Way
from smartcity.catalogue.rules import Rules
from smartcity.core.text import fold

_ONLINE = (Degree.FULL, Degree.PARTIAL)


def faults(record: Record, rules: Rules) -> list[str]:
    """What keeps a record out: names that nothing stands behind, and channels that contradict."""
    return [
        *_unknown(record, "life_events", rules.life_events),
        *_unknown(record, "subjects", rules.subjects),
        *_no_counter(record, rules),
        *links.check(record["link"]),
        *_contradictions(record),
    ]


def remarks(record: Record, known: Container[str]) -> list[str]:
    """What an officer should look at; `known` are the codes of the register and of the file."""
    ways = {channel["way"] for channel in record["channels"]}
    told = [f"related: {code} is nowhere" for code in record["related"] if code not in known]
    if record["degree"] in _ONLINE and Way.ONLINE not in ways:
        told.append(f"degree: is {record['degree']}, but no channel is online")
    return told


def _unknown(record: Record, field: str, known: Container[str]) -> Iterator[str]:
    return (f"{field}: there is no {each}" for each in record[field] if each not in known)


def _no_counter(record: Record, rules: Rules) -> Iterator[str]:
    if record["counter"] is not None and record["counter"] not in rules.counters:
        yield f"counter: there is no {record['counter']}"


def _contradictions(record: Record) -> Iterator[str]:
    """Two channels of one way differ in limit or fee, and no note says when each holds."""
    for (m, one), (n, other) in combinations(enumerate(record["channels"]), 2):
        if one["way"] != other["way"] or _plain(one["note"]) != _plain(other["note"]):
            continue
        for name in ("time_limit", "fee"):
            told = one[name], other[name]
            if all(told) and _plain(told[0]) != _plain(told[1]):
                where = f"channels[{m}] and channels[{n}] ({one['way']}) contradict each other"
                yield f"{where} in {name}: “{told[0]}”, “{told[1]}”; a note may say when each holds"


def _plain(text: str | None) -> str:
    return " ".join(word.lstrip("0") or "0" for word in fold(text or "").split())
