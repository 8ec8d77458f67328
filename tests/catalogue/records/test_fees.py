"""Fees as laws and portals write them: what is plain is understood, nothing is guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcity.catalogue.records.fees import Kind, span, understood
from smartcity.catalogue.records.wording import fee_words


@pytest.mark.parametrize(
    ("text", "kind", "least", "most"),
    [
        ("Không", Kind.FREE, 0, 0),
        ("Miễn phí", Kind.FREE, 0, 0),
        ("Không thu phí, lệ phí", Kind.FREE, 0, 0),
        ("Không mất phí", Kind.FREE, 0, 0),
        ("Lệ phí: Không", Kind.FREE, 0, 0),
        ("Phí, lệ phí: Không", Kind.FREE, 0, 0),
        ("0 đồng (Nghị quyết 23/2026/NQ-HĐND)", Kind.FREE, 0, 0),
        ("50.000 đồng", Kind.FIXED, 50_000, 50_000),
        ("50,000 VNĐ", Kind.FIXED, 50_000, 50_000),
        ("1.250.000 đ", Kind.FIXED, 1_250_000, 1_250_000),
        ("50.000 đồng (năm mươi nghìn đồng)", Kind.FIXED, 50_000, 50_000),
        ("8.000đ/trường hợp", Kind.FIXED, 8_000, 8_000),
        ("Lệ phí: 50.000 đồng/lần", Kind.FIXED, 50_000, 50_000),
        ("100 nghìn", Kind.FIXED, 100_000, 100_000),
        ("1,5 triệu", Kind.FIXED, 1_500_000, 1_500_000),
        ("1.5 triệu đồng", Kind.FIXED, 1_500_000, 1_500_000),
        ("50.000 - 120.000 đồng", Kind.VARIES, 50_000, 120_000),
        ("từ 50.000 đồng đến 120.000 đồng", Kind.VARIES, 50_000, 120_000),
        ("từ 1 đến 1,5 triệu", Kind.VARIES, 1_000_000, 1_500_000),
        ("250.000 đồng; 500.000 đồng khi phải xác minh", Kind.VARIES, 250_000, 500_000),
        ("8.000 đồng; miễn cho trẻ em, người cao tuổi, hộ nghèo", Kind.VARIES, 0, 8_000),
        ("Miễn phí khi đúng hạn; quá hạn 8.000 đồng", Kind.VARIES, 0, 8_000),
        # for each copy or page: nobody knows how many
        ("8.000 đồng/bản sao", Kind.VARIES, 8_000, None),
        (
            "2.000 đồng/trang, từ trang thứ 3 thu 1.000 đồng/trang, tối đa 200.000 đồng/bản",
            Kind.VARIES,
            2_000,
            None,
        ),
        ("từ 50.000 đồng", Kind.VARIES, 50_000, None),
        ("50.000 đồng, cộng chi phí đo đạc", Kind.VARIES, 50_000, None),
        ("Theo nghị quyết của HĐND; miễn cho hộ nghèo", Kind.VARIES, 0, None),
        ("Theo nghị quyết của HĐND", Kind.VARIES, None, None),
        ("Theo mức khai sinh: 8.000 đồng khi quá hạn", Kind.VARIES, None, None),
        # two sums that may have to be added up
        ("Phí: 50.000 đồng; lệ phí: 30.000 đồng", Kind.VARIES, None, None),
        ("50.000 đồng; giảm 50% khi nộp trực tuyến", Kind.VARIES, None, None),
        ("Không thu phí cấp giấy; phí in tem theo Thông tư 02", Kind.VARIES, None, None),
        ("50000", Kind.VARIES, None, None),
        ("1.500 triệu", Kind.VARIES, None, None),
        ("1.234,5 đồng", Kind.VARIES, None, None),
        ("12.5 đồng", Kind.VARIES, None, None),
        ("25 USD", Kind.VARIES, None, None),
        ("0,5% giá trị", Kind.VARIES, None, None),
        ("Không quy định", Kind.UNSPECIFIED, None, None),
        ("", Kind.UNSPECIFIED, None, None),
        (None, Kind.UNSPECIFIED, None, None),
    ],
)
def test_what_a_text_says_of_a_fee(
    text: str | None, kind: Kind, least: int | None, most: int | None
) -> None:
    found = understood(text)
    assert (found.kind, found.least, found.most) == (kind, least, most)


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="0123456789 ,.;-/()đồngnhìtrệuễpíkhôtừếcơ%", max_size=60))
def test_any_text_has_words(text: str) -> None:
    found = understood(text)
    if found.least is not None and found.most is not None:
        assert 0 <= found.least <= found.most
    assert fee_words(found, "en")


@pytest.mark.parametrize(
    ("texts", "vi", "en"),
    [
        (["Không", "Miễn phí"], "Miễn phí", "Free of charge"),
        (["50.000 đồng", None], "50.000 đ", "50,000 VND"),
        (
            ["50.000 đồng", "120.000 đồng"],
            "50.000 đ – 120.000 đ, tùy cách nộp",
            "50,000 VND – 120,000 VND, depending on how you apply",
        ),
        (
            ["Không", "8.000 đồng"],
            "Miễn phí – 8.000 đ, tùy cách nộp",
            "Free – 8,000 VND, depending on how you apply",
        ),
        # what is not understood may cost less than what is, but no less than nothing
        (
            ["50.000 đồng", "Theo nghị quyết"],
            "Tùy trường hợp, xem chi tiết",
            "Depends on the case, see the details",
        ),
        (
            ["Không", "Theo nghị quyết"],
            "Có trường hợp miễn phí, xem chi tiết",
            "Free for some, see the details",
        ),
        (
            ["8.000 đồng/bản"],
            "từ 8.000 đ, tùy cách nộp",
            "from 8,000 VND, depending on how you apply",
        ),
        ([], "Không quy định", "Not specified"),
    ],
)
def test_several_ways_are_one_span_in_words(texts: list[str | None], vi: str, en: str) -> None:
    whole = span(map(understood, texts))
    assert (fee_words(whole, "vi", "way"), fee_words(whole, "en", "way")) == (vi, en)
