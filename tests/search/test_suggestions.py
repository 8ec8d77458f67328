"""Titles for what has been typed so far."""

from flask import Flask

from tests.search.index import entry, fill, suggested


def test_titles_that_hold_a_word_which_begins_so(app: Flask) -> None:
    fill(
        app,
        entry("1", "Thủ tục cấp thẻ căn cước", "lụa"),
        entry("2", "Thu hoạch lúa", age=1),
        entry("3", "Làng lụa", age=2),
        entry("4", "Làng lụa", kind="place", age=3),
    )
    assert suggested(app, "th") == ["Thủ tục cấp thẻ căn cước", "Thu hoạch lúa"]
    assert suggested(app, "thủ") == ["Thủ tục cấp thẻ căn cước", "Thu hoạch lúa"]
    assert suggested(app, "thu h") == ["Thu hoạch lúa"]
    assert suggested(app, "lụ") == ["Làng lụa", "Thu hoạch lúa"]
    assert suggested(app, "l") == ["Thu hoạch lúa", "Làng lụa"]
    assert suggested(app, "căn t") == ["Thủ tục cấp thẻ căn cước"]
    assert suggested(app, "x") == suggested(app, "") == suggested(app, "?!") == []


def test_eight_at_most(app: Flask) -> None:
    fill(app, *(entry(str(n), f"Lễ hội {n}", age=n) for n in range(12)))
    assert suggested(app, "le") == [f"Lễ hội {n}" for n in range(8)]
