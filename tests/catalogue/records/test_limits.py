"""Time limits as laws and portals write them: what is plain is understood, nothing is guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcity.catalogue.records.limits import Kind, Length, Limit, Unit, span, understood
from smartcity.catalogue.records.wording import limit_words

UNITS = {
    "m": Unit.MINUTE,
    "h": Unit.HOUR,
    "d": Unit.DAY,
    "w": Unit.WORKING_DAY,
    "M": Unit.MONTH,
}


def bounds(written: str) -> tuple[Length | None, Length | None]:
    """`3w-8d`, `5w-` for no known end, `-` for neither."""
    least, _, most = written.partition("-") if "-" in written else (written, "", written)
    return length(least), length(most)


def length(written: str) -> Length | None:
    return Length(float(written[:-1]), UNITS[written[-1]]) if written else None


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("20 Ngày làm việc", Kind.FIXED, "20w"),
        ("20 ngày làm việc.", Kind.FIXED, "20w"),
        ("02 (hai) ngày", Kind.FIXED, "2d"),
        ("24 giờ", Kind.FIXED, "24h"),
        ("15 phút", Kind.FIXED, "15m"),
        ("1 tháng", Kind.FIXED, "1M"),
        ("2 tuần", Kind.FIXED, "14d"),
        ("1/2 ngày", Kind.FIXED, "0.5d"),
        ("1,5 ngày", Kind.FIXED, "1.5d"),
        ("nửa ngày", Kind.FIXED, "0.5d"),
        ("08 giờ làm việc", Kind.FIXED, "1w"),
        ("Không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", Kind.FIXED, "5w"),
        ("10 ngày (kể từ ngày nhận đơn)", Kind.FIXED, "10d"),
        ("03 ngày làm việc (Nghị định 63/2024/NĐ-CP)", Kind.FIXED, "3w"),
        ("Trong ngày", Kind.WITHIN_DAY, "0w"),
        ("Trong ngày làm việc", Kind.WITHIN_DAY, "0w"),
        ("Ngay sau khi nhận đủ hồ sơ", Kind.WITHIN_DAY, "0w"),
        ("từ 3 đến 5 ngày làm việc", Kind.VARIES, "3w-5w"),
        ("05 - 07 ngày", Kind.VARIES, "5d-7d"),
        ("Từ 03 ngày làm việc đến 05 ngày làm việc", Kind.VARIES, "3w-5w"),
        ("03 ngày làm việc; trường hợp phải xác minh không quá 08 ngày", Kind.VARIES, "3w-8d"),
        ("05 ngày làm việc; 10 ngày làm việc nếu phải đo đạc lại", Kind.VARIES, "5w-10w"),
        (
            "Ngay trong ngày làm việc; nhận sau 15 giờ thì trả ngày làm việc tiếp theo",
            Kind.VARIES,
            "0w-1w",
        ),
        (
            "03 ngày làm việc; nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo",
            Kind.VARIES,
            "3w-3w",
        ),
        ("05 ngày làm việc; thêm thời gian chờ nếu phải xác minh", Kind.VARIES, "5w-"),
        ("15 ngày, chưa kể thời gian nộp tiền", Kind.VARIES, "15d-"),
        ("19 ngày với trợ cấp một lần, mai táng; 24 ngày với tuất", Kind.VARIES, "19d-24d"),
        ("từ 5 ngày", Kind.VARIES, "5d-"),
        # it begins later than with the papers
        ("07 ngày sau khi có kết quả sát hạch", Kind.VARIES, "7d-"),
        # steps one after the other, not cases
        ("17 ngày làm việc để đăng ký, 03 ngày làm việc để cấp", Kind.VARIES, "-"),
        ("05 ngày làm việc; 03 ngày sau khi có kết quả thẩm định", Kind.VARIES, "-"),
        ("05 ngày làm việc; phối hợp với công an xác minh 10 ngày", Kind.VARIES, "-"),
        ("Kiểm tra không quá 5 ngày; thẩm định không quá 10 ngày", Kind.VARIES, "-"),
        ("3 ngày; 5 ngày", Kind.VARIES, "-"),
        ("Chậm nhất ngày 05 tháng 3", Kind.VARIES, "-"),
        ("1.000 ngày", Kind.VARIES, "-"),
        ("1/0 ngày", Kind.VARIES, "-"),
        ("7 đến 5 ngày", Kind.VARIES, "-"),
        ("Theo giấy hẹn", Kind.VARIES, "-"),
        ("Ngay khi yêu cầu; 03 ngày làm việc khi cơ quan đề nghị", Kind.VARIES, "0w-3w"),
        ("Không quy định", Kind.UNSPECIFIED, "-"),
        ("Không có", Kind.UNSPECIFIED, "-"),
        ("", Kind.UNSPECIFIED, "-"),
        (None, Kind.UNSPECIFIED, "-"),
    ],
)
def test_what_a_text_says_of_a_time(text: str | None, kind: Kind, wanted: str) -> None:
    found = understood(text)
    assert (found.kind, (found.least, found.most)) == (kind, bounds(wanted))


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="0123456789 ,.;-/()ngàylmviệctrokhôuthá½", max_size=60))
def test_any_text_has_words(text: str) -> None:
    found = understood(text)
    if found.least and found.most:
        assert found.least.about <= found.most.about
    assert limit_words(found, "vi")


@pytest.mark.parametrize(
    ("texts", "vi", "en"),
    [
        (["3 ngày", "3 ngày"], "3 ngày", "3 days"),
        (["1 ngày làm việc"], "1 ngày làm việc", "1 working day"),
        (
            ["1 ngày làm việc", "3 ngày làm việc"],
            "từ 1 đến 3 ngày làm việc, tùy cách nộp",
            "1 to 3 working days, depending on how you apply",
        ),
        (
            ["15 phút", "1 ngày làm việc", None],
            "từ 15 phút đến 1 ngày làm việc, tùy cách nộp",
            "15 minutes to 1 working day, depending on how you apply",
        ),
        (["Trong ngày", "Ngay"], "Trong ngày", "Within the day"),
        (
            ["Trong ngày", "1/2 ngày"],
            "trong ngày đến 1/2 ngày, tùy cách nộp",
            "within the day to 1/2 day, depending on how you apply",
        ),
        # what is not understood may be sooner and later
        (
            ["3 ngày", "Theo giấy hẹn"],
            "Tùy trường hợp, xem chi tiết",
            "Depends on the case, see the details",
        ),
        ([None, "Không quy định"], "Không quy định", "Not specified"),
        ([], "Không quy định", "Not specified"),
    ],
)
def test_several_ways_are_one_span_in_words(texts: list[str | None], vi: str, en: str) -> None:
    whole = span(map(understood, texts))
    assert (limit_words(whole, "vi", "way"), limit_words(whole, "en", "way")) == (vi, en)


def test_a_number_is_written_as_each_language_does() -> None:
    limit = Limit(Kind.FIXED, *[Length(1.5, Unit.MONTH)] * 2)
    assert (limit_words(limit, "vi"), limit_words(limit, "en")) == ("1,5 tháng", "1.5 months")
