"""docs/guides/privacy.md tells what the code and the province's file say."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from smartcity.core.texts import text
from smartcity.identity.policy import policy
from smartcity.privacy.holdings import HOLDINGS
from smartcity.privacy.retention import CLASSES
from tests.docs.pages import GUIDES, table

PAGE = GUIDES / "privacy.md"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def code(name: str) -> str:
    return f"`{name}`"


def term(of: timedelta) -> str:
    if not of:
        return "at once"
    return f"{of.days} days" if of >= timedelta(days=5) else f"{of.total_seconds() / 3600:.0f} h"


def test_what_is_held(in_app: Flask) -> None:
    told = [row[:2] for row in table(PAGE, "data")]
    assert told == [[code(h.name), text(f"holding.{h.name}", "en")] for h in HOLDINGS]
    in_archive = {row[0]: row[2].startswith("yes") for row in table(PAGE, "data")}
    assert in_archive == {code(h.name): h.told is not None for h in HOLDINGS}
    stays = {row[0] for row in table(PAGE, "data") if row[3].startswith("stays")}
    assert stays == {code(h.name) for h in HOLDINGS if h.erase is None}


def test_what_for(in_app: Flask) -> None:
    assert table(PAGE, "purpose") == [
        [code(p.code), p.basis, "yes" if p.sensitive else "no", p.title_en]
        for p in policy().purposes.values()
    ]


def test_how_long(in_app: Flask) -> None:
    assert table(PAGE, "class") == list(terms())


def terms() -> Iterator[list[str]]:
    by_code = {kind.code: kind for kind in CLASSES}
    for kept in policy().retention.values():
        how_long = term(by_code[kept.code].term())
        yield [code(kept.code), kept.what_en, how_long, kept.from_en, kept.reason_en]
