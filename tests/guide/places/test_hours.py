"""Opening hours: read as people write them, refused where in doubt, told in words again."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcity.core.clock import LOCAL
from smartcity.core.texts import LANGUAGES, message
from smartcity.guide.places.hours import DAY, HOLIDAY, Week, as_json, open_at, spans_of, week_of
from smartcity.guide.places.opening_text import understood
from smartcity.guide.places.opening_words import Unclear
from smartcity.guide.places.wording import in_all_words, in_words

ALWAYS = dict.fromkeys(range(8), "0-24")
SHOPS = dict.fromkeys(range(8), "7-11, 13.5-17")
OFFICE = dict.fromkeys(range(5), "7.5-11.5, 13.5-17")


def every(hours: str, days: str = "01234567") -> dict[int, str]:
    return {int(day): hours for day in days}


def read(written: str) -> dict[int, str]:
    """The hours by day, as decimals: above 24 they are the next day's."""
    spans = spans_of(understood(written))
    return {
        day: ", ".join(f"{opens / 60:g}-{closes / 60:g}" for opens, closes in those)
        for day, those in spans.items()
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24/24", ALWAYS),
        ("24/7", ALWAYS),
        ("24h", ALWAYS),
        ("Cả ngày", ALWAYS),
        ("mở cửa cả ngày và đêm", ALWAYS),
        ("7h–11h, 13h30–17h", SHOPS),
        ("7:00 - 11:00; 13:30 - 17:00", SHOPS),
        ("Sáng: 7h–11h; Chiều: 1h30–5h", SHOPS),
        ("buổi sáng từ 7 giờ đến 11 giờ, buổi chiều từ 1 giờ rưỡi đến 5 giờ", SHOPS),
        ("7.00-11.00 và 13.30-17.00 hàng ngày", SHOPS),
        ("7h - 11h sáng, 13h30’ - 5h chiều", SHOPS),
        ("6:00-22:00 hằng ngày", every("6-22")),
        ("6h sáng đến 9h tối", every("6-21")),
        ("6h sáng tới 9h tối", every("6-21")),
        ("7h-5h chiều", every("7-17")),
        ("8am - 5pm", every("8-17")),
        ("7-11h", every("7-11")),
        ("7 giờ 30 phút đến 22 giờ", every("7.5-22")),
        ("06:00-02:00", every("6-26")),
        ("18h–2h", every("18-26")),
        ("18h–0h", every("18-24")),
        ("6h–2h hôm sau", every("6-26")),
        ("T2–T6: 7h30-11h30; T7: 7h-11h", every("7.5-11.5", "01234") | {5: "7-11"}),
        ("7h30–11h30, 13h30–17h T2–T6", OFFICE),
        ("Thứ Hai đến thứ Sáu: 7h30–11h30, 13h30–17h", OFFICE),
        ("T2-6 7h30–11h30; 13h30–17h", OFFICE),
        ("Ngày thường (7h30–11h30, 13h30–17h)", OFFICE),
        ("7h–11h T2–T6, 8h-10h T7", every("7-11", "01234") | {5: "8-10"}),
        ("T2–T6 7h–17h, T7, CN nghỉ", every("7-17", "01234")),
        ("thứ 2, 4, 6: 8h-11h", every("8-11", "024")),
        ("8:00-11:00 T3, T5, T7", every("8-11", "135")),
        ("T7–T2: 8h-9h", every("8-9", "560")),
        ("cuối tuần 8h-20h", every("8-20", "56")),
        ("6h-22h; CN: 8h-20h", every("6-22", "012345") | {6: "8-20"}),
        ("8h-17h, nghỉ thứ Hai", every("8-17", "123456")),
        ("8h đến 17h hằng ngày (trừ thứ Hai)", every("8-17", "123456")),
        ("CN nghỉ, T2–T7: 8h–17h", every("8-17", "012345")),
        ("8h–17h, Lễ, Tết nghỉ", every("8-17", "0123456")),
        ("8h–17h; nghỉ các ngày lễ, Tết và thứ Ba", every("8-17", "023456")),
        ("T2-CN: 6h–18h", every("6-18")),
        ("8h–17h CN, lễ", every("8-17", "67")),
        ("T2–CN: 8h–17h; lễ, Tết: 9h–11h", every("8-17", "0123456") | {7: "9-11"}),
        ("7h-11h, 10h-12h", every("7-12")),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, meant: dict[int, str]) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("nghỉ thứ Hai", "incomplete"),
        ("Lễ, Tết nghỉ", "incomplete"),
        ("T2–T6", "incomplete"),
        ("T2–T6: 7h-11h, CN", "incomplete"),
        ("", "incomplete"),
        ("7h–17h T2–T6, T7 nghỉ", "incomplete"),  # nghỉ of T7 alone?
        ("nghỉ CN, T2–T6: 8h–17h", "incomplete"),
        ("hằng ngày nghỉ, 8h-9h", "incomplete"),
        ("nghỉ trưa 11h-13h", "incomplete"),
        ("6h-9h tối", "ambiguous"),
        ("1h chiều - 5h", "ambiguous"),
        ("7h sáng - 5h", "ambiguous"),
        ("10h-2h", "ambiguous"),
        ("7h-7h", "ambiguous"),
        ("7h–17h CN 8h–11h", "ambiguous"),
        ("8-17", "unclear"),
        ("25h-30h", "unclear"),
        ("7h60-8h", "unclear"),
        ("6h–7h hôm sau", "unclear"),
        ("19h-19h", "unclear"),
        ("abc", "unclear"),
        ("giờ hành chính", "unclear"),
        ("8h-17h nếu trời đẹp", "unclear"),
        ("T2-7h30", "unclear"),
    ],
)
def test_what_could_mean_two_things_is_refused_and_says_how_to_write(
    written: str, why: str
) -> None:
    with pytest.raises(Unclear, match=rf"\Aplace\.hours_{why}\|") as refused:
        understood(written)
    for language in LANGUAGES:
        assert re.search(r"\d+h–\d+h.*T2–T6", message(str(refused.value), language))


def test_the_refusal_quotes_what_was_not_understood() -> None:
    with pytest.raises(Unclear) as refused:
        understood("8h-17h nếu trời đẹp")
    assert "“nếu trời đẹp”" in message(str(refused.value))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    starts = st.integers(0, DAY - 1)
    lasting = st.integers(1, DAY)
    span = st.tuples(starts, lasting).map(lambda pair: (pair[0], sum(pair)))
    usual = draw(st.lists(span, min_size=1, max_size=3))
    own = st.dictionaries(st.integers(0, HOLIDAY), st.lists(span, max_size=3), max_size=3)
    days = draw(st.sets(st.integers(0, HOLIDAY), min_size=1))
    week = week_of({**dict.fromkeys(days, usual), **draw(own)})
    return week or week_of({0: usual})


@settings(max_examples=60, deadline=None)
@given(weeks())
def test_what_is_told_is_understood_as_the_same_week(week: Week) -> None:
    assert understood(in_words(week, "hours", "vi")) == week
    assert all(in_all_words(week).values())


@settings(max_examples=60, deadline=None)
@given(weeks(), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_open_is_what_the_minutes_of_the_week_say(week: Week, naive: datetime) -> None:
    at = naive.replace(tzinfo=LOCAL)

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=LOCAL)

    spans = spans_of(week)
    expected = any(
        midnight(day) + timedelta(minutes=opens) <= at < midnight(day) + timedelta(minutes=closes)
        for day in (at.date(), at.date() - timedelta(days=1))
        for opens, closes in spans.get(HOLIDAY if day.day == 2 else day.weekday(), ())
    )
    assert open_at(week, at, lambda day: day.day == 2) is expected


@settings(max_examples=150, deadline=None)
@given(st.text("0123456789hg:–-,;() TtCcNnáếđ", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_week_or_is_refused(written: str) -> None:
    try:
        week = understood(written)
    except Unclear as refused:
        message(str(refused))  # whose values are all there
    else:
        assert all(0 <= p.opens < p.closes <= p.opens + DAY and p.opens < DAY for p in week)


def test_a_night_is_told_as_one_that_ends_on_the_next_day() -> None:
    week = understood("18h–2h T7, CN")
    assert as_json(week) == [{"days": ["sat", "sun"], "from": "18:00", "to": "02:00"}]
    assert in_all_words(week) == {
        "vi": "Thứ Bảy, Chủ nhật: 18h–2h hôm sau",
        "en": "Saturday, Sunday: 18:00–2:00 the next day",
        "spoken_vi": "Thứ Bảy, Chủ nhật từ 18 giờ đến 2 giờ hôm sau",
        "spoken_en": "Saturday, Sunday from 18:00 to 2:00 the next day",
    }
