"""What comes first: accents as typed, the title, neighbours, whole words; then the newer."""

import unicodedata
from dataclasses import replace

from flask import Flask

from smartcity.search.service import Indexed
from tests.search.index import ask, entry, fill, refs


def test_no_accents_are_needed(app: Flask) -> None:
    fill(app, entry("scam", "Cảnh báo lừa đảo"), entry("rice", "Cảnh quan mùa lúa"))
    for words in ("canh bao lua dao", "CANH BÁO lua đao", "Cảnh báo lừa đảo"):
        assert refs(app, words) == ["scam"], words
    assert refs(app, unicodedata.normalize("NFD", "Cảnh báo lừa đảo")) == ["scam"]


def test_accents_as_typed_come_first(app: Flask) -> None:
    fill(app, entry("silk", "Làng lụa", age=900), *(entry(f"{n}", f"Lúa {n}") for n in range(30)))
    assert refs(app, "lụa")[0] == "silk"
    assert refs(app, "lúa")[-1] != "silk"
    assert refs(app, "lụ")[0] == "silk", "the beginning of a word too"
    fill(app, entry("text", "Tin", "Về làng lụa", age=900))
    assert refs(app, "lụa")[:2] == ["silk", "text"]


def test_order_of_one_word(app: Flask) -> None:
    fill(
        app,
        entry("exact title", "Chợ đêm", age=8),
        entry("exact text", "Tin", "mở chợ", age=7),
        entry("title", "Chó dại", age=6),
        entry("title begins", "Chơi cờ", age=5),
        entry("text", "Tin", "cho vay", age=4),
        entry("text begins", "Tin", "chong chóng", age=3),
        entry("nothing", "Tin", "c h o", age=2),
    )
    expected = ["exact title", "exact text", "title", "title begins", "text", "text begins"]
    assert refs(app, "chợ") == expected


SEVERAL = (
    entry("exact title", "Tin cấp nước sạch", age=20),
    entry("exact title, unfinished", "Tin cấp nước sạchhh", age=19),
    entry("exact title, scattered", "Nước đã sạch cấp", age=18),
    entry("exact text", "Tin", "sẽ cấp nước sạch", age=17),
    entry("title", "Tin cáp nuốc sách", age=16),
    entry("exact text, scattered", "Tin", "nước đã sạch cấp", age=15),
    entry("title, scattered", "Nuốc đã sách cáp", age=14),
    entry("text", "Tin", "sẽ cáp nuốc sách", age=13),
    entry("text, unfinished", "Tin", "sẽ cáp nuốc sáchhh", age=12),
    entry("text, scattered", "Tin", "nuốc đã sách cáp", age=11),
    entry("some of them", "Nước sạch", "nước sạch", age=10),
)


def test_order_of_several_words(app: Flask) -> None:
    fill(app, *SEVERAL)
    assert refs(app, "cấp nước sạch") == [each.ref for each in SEVERAL[:-1]]


def test_two_words_are_one_of_two_syllables(app: Flask) -> None:
    pairs = [replace(each, **_pair(each)) for each in SEVERAL[:-1]]
    fill(app, *pairs, entry("one of them", "Nước", "nước", age=10))
    assert refs(app, "cấp nước") == [
        "exact title",
        "exact title, unfinished",
        "exact text",
        "title",
        "exact title, scattered",
        "text",
        "text, unfinished",
        "exact text, scattered",
        "title, scattered",
        "text, scattered",
    ]


def _pair(each: Indexed) -> dict[str, str]:
    """The same without its third word."""
    texts = {"title": each.title, "body": each.body}
    shorter = {" nước sạch": " nước", " nuốc sách": " nuốc", "đã sạch": "đã", "đã sách": "đã"}
    for long, short in shorter.items():
        texts = {name: text.replace(long, short) for name, text in texts.items()}
    return texts


def test_words_may_stand_in_title_and_text(app: Flask) -> None:
    fill(app, entry("both", "Sở Y tế", "tiêm chủng cho trẻ"), entry("one", "Sở Y tế"))
    assert refs(app, "tiêm chủng y tế") == ["both"]


def test_the_newer_and_weightier_of_equals(app: Flask) -> None:
    fill(
        app,
        entry("old", "Lễ hội", age=400),
        entry("new", "Lễ hội"),
        entry("ancient", "Lễ hội", age=30_000),  # 1944
        entry("weighty", "Lễ hội", age=300, weight=2.0),
        entry("light", "Lễ hội", age=1, weight=0.5),
    )
    assert refs(app, "le hoi") == ["weighty", "new", "light", "old", "ancient"]


def test_pages_join_without_gap_or_repeat(app: Flask) -> None:
    fill(app, *(entry(str(n), "Lễ hội" if n % 3 else "Lê hối", age=n) for n in range(25)))
    whole = refs(app, "lễ hội", limit=100)
    assert len(whole) == 25
    paged, cursor = [], None
    while page := ask(app, "lễ hội", limit=4, cursor=cursor):
        paged += [hit.ref for hit in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert paged == whole


def test_two_hundred_are_shown_and_no_more(app: Flask) -> None:
    fill(app, *(entry(str(n), "Lễ hội", age=n) for n in range(205)))
    first = ask(app, "le hoi", limit=100)
    second = ask(app, "le hoi", limit=100, cursor=first.next_cursor)
    assert len(second.items) == 100
    assert second.items[-1].ref == "199"
    assert second.next_cursor is None


def test_narrowed(app: Flask) -> None:
    fill(
        app,
        entry("a", "Lễ hội", kind="document", agency="so-y-te", area="10507"),
        entry("b", "Lễ hội", language="en"),
        entry("c", "Lễ hội", area="10525", age=1),
    )
    assert refs(app, "le hoi", within={"kind": "document"}) == ["a"]
    assert refs(app, "le hoi", within={"agency": "so-y-te"}) == ["a"]
    assert refs(app, "le hoi", within={"language": "en"}) == ["b"]
    assert set(refs(app, "le hoi", within={"area": "10507"})) == {"a", "b"}, "b is everybody's"
    assert refs(app, "le hoi", within={"area": "10525", "language": "vi"}) == ["c"]
    for odd in ('"', "'", "a b", "so-y-te' | 'x", "*", "Đ"):
        assert refs(app, "le hoi", within={"agency": odd}) == [], odd
