"""What is written short is said in full; what no rule knows stays as it is."""

from pathlib import Path
from typing import Any

import pytest

from smartcity.core.datafile import BadFile
from smartcity.news.reading.pronunciation import load
from smartcity.news.reading.speech import speech_of

PROVINCE = Path(__file__).parents[3] / "config" / "province"
TABLE = load(PROVINCE)
SAID = {
    # abbreviations
    "UBND phường họp": "Ủy ban nhân dân phường họp",
    "HĐND, UBND thành phố": "Hội đồng nhân dân, Ủy ban nhân dân thành phố",
    "TP. Hải Phòng": "Thành phố Hải Phòng",
    "TP.Hải Phòng": "Thành phố Hải Phòng",
    "UBND TP Hải Phòng.": "Ủy ban nhân dân Thành phố Hải Phòng.",
    "TP.HCM và Q.1, P.5": "Thành phố Hồ Chí Minh và Quận 1, Phường 5",
    "Ông Nguyễn Q. Anh": "Ông Nguyễn Q. Anh",
    "Sở GD&ĐT, Sở TT&TT": "Sở Giáo dục và Đào tạo, Sở Thông tin và Truyền thông",
    "TS. Lê Văn Bình": "Tiến sĩ Lê Văn Bình",
    "PCCC & CNCH": "phòng cháy chữa cháy và cứu nạn cứu hộ",
    "lớp tập huấn UBNDX": "lớp tập huấn UBNDX",
    "rau, quả, v.v.": "rau, quả, vân vân.",
    # numbers of documents
    "số 12/2026/QĐ-UBND": "số 12 năm 2026 Quyết định Ủy ban nhân dân",
    "Thông tư 01/2026/TT-BTTTT": "Thông tư 01 năm 2026 Bộ Thông tin và Truyền thông",
    "Công văn 123/CV-BYT": "Công văn 123 Bộ Y tế",
    "Luật 91/2025/QH15": "Luật 91 năm 2025 Quốc hội khóa 15",
    "TT-BTTTT": "Thông tư Bộ Thông tin và Truyền thông",
    "Chỉ thị 15/CT-TTg": "Chỉ thị 15 Thủ tướng",
    "5/2026/XX-YYY": "5/2026/XX-YYY",
    # units and money
    "rộng 1.668 km²": "rộng 1.668 ki-lô-mét vuông",
    "rộng 25m2": "rộng 25 mét vuông",
    "tăng 8,5%": "tăng 8,5 phần trăm",
    "nóng 38°C": "nóng 38 độ C",
    "từ 20-25°C": "từ 20 đến 25 độ C",
    "gió 60 km/h": "gió 60 ki-lô-mét trên giờ",
    "giá 50.000đ": "giá 50.000 đồng",
    "giá 50.000 đ/kg.": "giá 50.000 đồng mỗi ki-lô-gam.",
    "phạt 2.000.000 đồng": "phạt 2.000.000 đồng",
    "lúa 6,2 tấn/ha": "lúa 6,2 tấn mỗi héc-ta",
    "thu 1.234.567 USD": "thu 1.234.567 đô la Mỹ",
    "5 mới": "5 mới",
    # dates
    "26/3/2026": "ngày 26 tháng 3 năm 2026",
    "ngày 05/03/2026": "ngày 5 tháng 3 năm 2026",
    "Ngày 26-3-2026 họp": "Ngày 26 tháng 3 năm 2026 họp",
    "sáng 26/3": "sáng 26 tháng 3",
    "ngày 26-28/3/2026": "ngày 26 đến ngày 28 tháng 3 năm 2026",
    "tháng 3/2026": "tháng 3 năm 2026",
    "3/4 số hộ": "3/4 số hộ",
    "45/13/2026": "45/13/2026",
    # times
    "7h30": "7 giờ 30 phút",
    "lúc 7h": "lúc 7 giờ",
    "07:30 đến 11:00": "7 giờ 30 phút đến 11 giờ",
    "8g15": "8 giờ 15 phút",
    "tỷ số 25:70": "tỷ số 25:70",
    # numbers
    "1.234.567 người": "1.234.567 người",
    "giai đoạn 2025-2030": "giai đoạn 2025 đến 2030",
    "gọi 1900-1022": "gọi 1900-1022",
    "gọi 0225-3842-135": "gọi 0225-3842-135",
}
ARTICLE: dict[str, Any] = {
    "language": "vi",
    "title": "Thông xe cầu mới 🎉",
    "lead": "Sáng 26/3, TP. Hải Phòng thông xe cầu.",
    "correction": None,
    "body_text": "Cầu dài 1,2 km. Xem tại https://haiphong.gov.vn/cau?a=1.\n• Xe tải: cấm\n",
}


@pytest.mark.parametrize(("written", "said"), SAID.items(), ids=SAID)
def test_it_is_said_in_full(written: str, said: str) -> None:
    assert TABLE.said(written) == said


def test_what_was_said_is_said_the_same_again() -> None:
    """Nothing that a rule wrote is taken for an abbreviation by another."""
    again = {said: TABLE.said(said) for said in SAID.values()}
    assert again == {said: said for said in again}


def test_an_article_is_read_sentence_by_sentence() -> None:
    assert speech_of(ARTICLE, TABLE).splitlines() == [
        "Thông xe cầu mới.",
        "Sáng 26 tháng 3, Thành phố Hải Phòng thông xe cầu.",
        "Cầu dài 1,2 ki-lô-mét.",
        "Xem tại liên kết.",
        "Xe tải: cấm.",
    ]


def test_a_correction_is_read_before_the_body() -> None:
    lines = speech_of({**ARTICLE, "correction": "giờ thông xe là 6h"}, TABLE).splitlines()
    assert lines[2] == "Đính chính: giờ thông xe là 6 giờ."


def test_english_keeps_its_words() -> None:
    body = "TP. and UBND at 7h30, 26/3/2026: 20°C. See www.haiphong.gov.vn/en, 5 km"
    english = {**ARTICLE, "language": "en", "title": "Opened", "lead": "", "body_text": body}
    assert speech_of(english, TABLE) == (
        "Opened.\nTP. and UBND at 7h30, 26/3/2026: 20°C.\nSee link, 5 km.\n"
    )


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    """Each rule looks at a place once: nothing here is tried over and over."""
    nasty = {**ARTICLE, "body_text": "1-" * 50_000 + "." * 50_000 + "A-" * 50_000}
    assert len(speech_of(nasty, TABLE)) > 200_000


def test_a_file_with_a_fault_is_refused(tmp_path: Path) -> None:
    (tmp_path / "speech.yaml").write_text("abbreviations: {TP: Thành phố}\nsymbols: {}\n")
    with pytest.raises(BadFile, match=r"symbols[\s\S]*units"):
        load(tmp_path)
