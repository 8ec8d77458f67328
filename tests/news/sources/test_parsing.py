"""Feeds as they come, one file for each quirk; `feeds/expected.yaml` says what each must give."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smartcity.core.texts import catalogue
from smartcity.news.sources.apart import parse_apart
from smartcity.news.sources.entries import LEAD, MOST, TITLE, Feed, Unfit
from smartcity.news.sources.links import absolute, link_key
from smartcity.news.sources.parsing import LARGEST, parse

FOLDER = Path(__file__).parent / "feeds"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
URL = "https://tin.example.vn/rss/tin.rss"
RSS = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>{}</title><guid>{}</guid><description><![CDATA[{}]]></description></item>"


def told(feed: Feed) -> dict[str, Any]:
    """A feed as expected.yaml writes it, each entry in full."""
    entries = [asdict(entry) for entry in feed.entries]
    for entry in entries:
        del entry["key"], entry["link_key"]
        at = entry["published_at"]
        entry["published_at"] = at and datetime.isoformat(at)
    return {"title": feed.title, "entries": entries}


def answer(read: Callable[..., Feed], content: bytes) -> Feed | str:
    """The feed, or the fault that it was refused for."""
    try:
        return read(content, "application/rss+xml", URL)
    except Unfit as refused:
        return refused.fault


def test_every_feed_of_the_folder_is_expected() -> None:
    names = {file.name for file in FOLDER.iterdir()} - {"expected.yaml"}
    assert names == set(EXPECTED["feeds"])
    assert len(names) > 25


@pytest.mark.parametrize("name", EXPECTED["feeds"])
def test_a_dirty_feed_gives_what_it_means(name: str) -> None:
    expected = EXPECTED["feeds"][name]
    content = (FOLDER / name).read_bytes()
    if "fault" in expected:
        with pytest.raises(Unfit) as refused:
            parse(content, None, URL)
        assert refused.value.fault == expected["fault"]
        assert expected["fault"].partition("|")[0] in catalogue()
        return
    entries = [{**EXPECTED["plain"], **entry} for entry in expected["entries"]]
    title = expected.get("title", "Cổng tin phường")
    found = told(parse(content, None, URL))
    assert found == {"title": title, "entries": entries}
    written = json.dumps(found, ensure_ascii=False)
    assert unicodedata.is_normalized("NFC", written)


@pytest.mark.parametrize("name", ["plain_rss.xml", "emoji.xml", "billion_laughs.xml", "page.html"])
def test_it_is_the_same_in_a_process_of_its_own(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert answer(parse, content) == answer(parse_apart, content)


def test_the_header_tells_an_encoding_that_the_document_does_not() -> None:
    text = RSS.format("<item><title>Thư viện Ñ: œuvre</title></item>").encode(
        "iso8859-15", "ignore"
    )
    titles = {
        kind: parse(text, f"text/xml; charset={kind}", URL).entries[0].title
        for kind in ("iso-8859-15", "windows-1258", "none-such")
    }
    assert titles["iso-8859-15"] == "Th vin Ñ: œuvre"
    assert titles["windows-1258"] == titles["none-such"] == "Th vin Ñ: ½uvre"


def test_no_more_than_two_hundred_entries_are_taken() -> None:
    items = "".join(ITEM.format(f"Tin {n}", n, "") for n in range(MOST + 50))
    assert len(parse(RSS.format(items).encode(), None, URL).entries) == MOST


def test_long_texts_are_cut() -> None:
    body = "<p>Một đoạn văn dài.</p>" * 12_000  # 260 KB, and more tags than an article may have
    entry = parse(RSS.format(ITEM.format("Tin " * 200, 1, body)).encode(), None, URL).entries[0]
    assert len(entry.title) <= TITLE
    assert len(entry.lead) <= LEAD
    assert entry.title.endswith("Tin…")
    assert 100_000 < len(entry.body) < 300_000
    with pytest.raises(Unfit, match="too_large"):
        parse(b" " * (LARGEST + 1), None, URL)


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_a_feed_or_refused(noise: bytes) -> None:
    for content in (noise, RSS.encode().replace(b"{}", noise), b'{"version":"' + noise):
        found = answer(parse, content)
        assert isinstance(found, Feed) or found.partition("|")[0] in catalogue()


@given(st.text(max_size=80))
def test_a_link_is_the_web_or_none(link: str) -> None:
    found = absolute(URL, link)
    assert found is None or found.startswith(("http://", "https://"))
    assert found is None or (found.isascii() and absolute(URL, found) == found)


def test_ways_to_write_one_address() -> None:
    alike = [
        "https://www.a.vn/tin/1/?b=2",
        "http://a.vn/tin/1?b=2",
        "http://A.VN:80/tin/1?utm_id=9&b=2#x",
    ]
    assert len({link_key(absolute(URL, link) or "") for link in alike}) == 1
    other = ["https://a.vn/tin/1?b=3", "https://a.vn/tin/2?b=2", "https://b.a.vn/tin/1?b=2"]
    assert len({link_key(absolute(URL, link) or "") for link in alike[:1] + other}) == 4
