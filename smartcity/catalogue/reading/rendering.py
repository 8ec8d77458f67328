"""A procedure as texts: written once when its record changes, joined and given out from then on.

`related`, `links` and `served_by` depend on other things too: they are set in when it is read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from smartcity.catalogue.records import fees, limits
from smartcity.catalogue.records.record import Record
from smartcity.catalogue.records.wording import fee_words, limit_words
from smartcity.core.texts import LANGUAGES, text

_CARD = ("code", "name", "name_en", "degree", "levels", "field", "agency", "subjects")
_CARD_TOO = ("life_events", "essential", "source")
_WHOLE = (
    *("kind", "decision", "decided_by", "coordinated_by", "place"),
    *("steps", "results", "conditions", "legal_bases", "keywords"),
)
_DOCUMENT = ("name", "form", "originals", "copies", "case")


def card(record: Record) -> str:
    """The list's item as JSON, by ServiceCardOut."""
    return _json(_card(record))


def whole(record: Record, version: int, changed_at: datetime) -> str:
    """The procedure as JSON, by ServiceOut."""
    papers = documents(record)
    return _json(
        {
            **_card(record),
            **{name: record[name] for name in _WHOLE},
            "notice": _words("service.demo") if is_demo(record) else None,
            "channels": [_channel(each) for each in record["channels"]],
            "documents": papers,
            "forms": _forms(papers),
            "version": version,
            "changed_at": changed_at.isoformat(timespec="milliseconds"),
        }
    )


def is_demo(record: Record) -> bool:
    """Whether its facts carry no source."""
    return record["source"] is None


def documents(record: Record) -> list[dict[str, Any]]:
    """The papers to bring. Their ids stay for as long as their names do, in whatever order."""
    told: list[dict[str, Any]] = []
    for paper in record["documents"]:
        again = sum(each["name"] == paper["name"] for each in told)
        ident = hashlib.sha256(f"{paper['name']}\n{again}".encode()).hexdigest()[:10]
        told.append({"id": ident, **{name: paper[name] for name in _DOCUMENT}})
    return told


def _card(record: Record) -> dict[str, Any]:
    ways = record["channels"]
    times = [limits.understood(way["time_limit"]) for way in ways]
    costs = [fees.understood(way["fee"]) for way in ways]
    return {
        **{name: record[name] for name in (*_CARD, *_CARD_TOO)},
        "time": _limit(limits.span(times), _depends(times)),
        "fee": _fee(fees.span(costs), _depends(costs)),
        "demo": is_demo(record),
    }


def _channel(way: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "way": way["way"],
        "time": _limit(limits.understood(way["time_limit"])),
        "time_limit": way["time_limit"],
        "fee": _fee(fees.understood(way["fee"])),
        "fee_text": way["fee"],
        "note": way["note"],
    }


def _depends(found: Sequence[limits.Limit | fees.Fee]) -> str:
    """On what it depends: on the way alone, where each way says one thing."""
    return "case" if any(each.kind == "varies" for each in found) else "way"


def _limit(limit: limits.Limit, depends: str = "case") -> dict[str, Any]:
    return {**asdict(limit), **{lang: limit_words(limit, lang, depends) for lang in LANGUAGES}}


def _fee(fee: fees.Fee, depends: str = "case") -> dict[str, Any]:
    return {**asdict(fee), **{lang: fee_words(fee, lang, depends) for lang in LANGUAGES}}


def _forms(papers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = dict.fromkeys(paper["form"] for paper in papers if paper["form"])
    return [
        {"name": name, "documents": [paper["id"] for paper in papers if paper["form"] == name]}
        for name in names
    ]


def _words(key: str) -> dict[str, str]:
    return {lang: text(key, lang) for lang in LANGUAGES}


def _json(body: dict[str, Any]) -> str:
    return orjson.dumps(body).decode()
