"""Entries and their marks come and go together."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import text

from smartcity.core.db import reading, transaction
from smartcity.search.models import Entry
from smartcity.search.service import Indexed, put, put_all, remove
from tests.helpers import at_once, count
from tests.search.index import ask, entry, fill, refs


def marked(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalars(text("SELECT count(*) FROM search_words")).one()


def test_put_twice_is_one_entry_as_it_now_is(app: Flask) -> None:
    fill(app, entry("1", "Chợ hoa xuân", "cũ"))
    fill(app, entry("1", "Chợ hoa xuân", "cũ"), entry("1", "Chợ đêm", "mới", age=3))
    assert (count(app, Entry), marked(app)) == (1, 1)
    assert refs(app, "cũ") == refs(app, "hoa") == []
    assert refs(app, "chợ mới") == ["1"]


def test_removed_is_gone_whole(app: Flask) -> None:
    fill(app, entry("1", "Chợ hoa"), entry("1", "Chợ hoa", kind="document"))
    with app.app_context(), transaction() as session:
        remove(session, "news", "1")
        remove(session, "news", "never was")
    assert [hit.kind for hit in ask(app, "chợ").items] == ["document"]
    assert (count(app, Entry), marked(app)) == (1, 1)


def test_what_is_rolled_back_leaves_nothing(app: Flask) -> None:
    fill(app, entry("1", "Chợ hoa"))
    with app.app_context(), suppress(ZeroDivisionError), transaction() as session:
        put(session, entry("2", "Chợ đêm"))
        remove(session, "news", "1")
        1 / 0  # noqa: B018
    assert refs(app, "chợ") == ["1"]
    assert (count(app, Entry), marked(app)) == (1, 1)


def test_things_of_one_moment_do_not_displace_each_other(app: Flask) -> None:
    # crc32 gives both the same number within their second.
    twins = entry("3985819", "Một"), entry("4420602", "Hai")
    fill(app, *twins)
    fill(app, *twins)
    assert count(app, Entry) == 2


def test_the_same_thing_put_at_once(app: Flask) -> None:
    at_once(*(lambda n=n: fill(app, entry("1", f"Chợ {n}")) for n in range(4)))
    assert (count(app, Entry), marked(app)) == (1, 1)
    assert refs(app, "chợ") == ["1"]


def test_texts_are_cleaned(app: Flask) -> None:
    fill(app, entry("1", "Chợ\u200b hoa\x00", "a\x00b\u202e " + "dài " * 20_000))
    assert refs(app, "chợ hoa ab") == ["1"]
    with pytest.raises(ValueError, match="surrogates"):
        fill(app, entry("2", "Chợ \ud800"))


def test_a_long_document_of_many_words(app: Flask) -> None:
    fill(app, entry("1", "Nghị định", " ".join(f"điều{n}" for n in range(9_000))))
    assert refs(app, "dieu3000") == ["1"]
    assert refs(app, "dieu8999") == [], "beyond what is searched of a text"


def fill_at_once(app: Flask, *entries: Indexed) -> None:
    with app.app_context(), transaction() as session:
        put_all(session, entries)


def test_many_at_once_are_found_like_one_by_one(app: Flask) -> None:
    fill(app, entry("1", "Chợ hoa xuân", "cũ"), entry("1", "Chợ hoa", kind="document"))
    fill_at_once(app, entry("1", "Chợ đêm"), entry("2", "Chợ nổi"), entry("1", "Sổ", kind="guide"))
    assert (count(app, Entry), marked(app)) == (4, 4)
    assert refs(app, "hoa xuân") == []
    assert [hit.kind for hit in ask(app, "chợ hoa").items] == ["document"]
    assert sorted(refs(app, "chợ")) == ["1", "1", "2"]


def test_many_of_one_moment_do_not_displace_each_other(app: Flask) -> None:
    twins = entry("3985819", "Chợ một"), entry("4420602", "Chợ hai")
    fill(app, twins[0])
    for together in (twins[1:], twins, twins):
        fill_at_once(app, *together)
    assert (count(app, Entry), marked(app)) == (2, 2)
    assert sorted(refs(app, "chợ")) == ["3985819", "4420602"]


def test_nothing_at_once(app: Flask) -> None:
    fill_at_once(app)
    assert count(app, Entry) == 0
