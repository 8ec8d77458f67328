"""What is found and covered in Vietnamese words, and what is no person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity.reports.publication.personal_data import COVER, covered, personal_data
from smartcity.reports.publication.places import coarse, without_house_number

FOUND = {
    "Gọi 0912345678 nhé": [("phone", "0912345678")],
    "LH: 0912.345.678, gấp": [("phone", "0912.345.678")],
    "sđt (+84) 912 345 678": [("phone", "+84) 912 345 678")],
    "máy bàn 0225 3842 123": [("phone", "0225 3842 123")],
    "CCCD 031 095 001 234": [("id_number", "031 095 001 234")],
    "số cccd 031095001234.": [("id_number", "031095001234")],
    "CMND: 142345678": [("id_number", "142345678")],
    "thư về nguyen.an+x@mail.com.vn.": [("email", "nguyen.an+x@mail.com.vn")],
    "xe 34A-123.45 đỗ bừa": [("plate", "34A-123.45")],
    "biển 15B1 234.56": [("plate", "15B1 234.56")],
    "xe máy 29-H1 1234": [("plate", "29-H1 1234")],
    "ô tô 34a12345 chạy ẩu": [("plate", "34a12345")],
    "chuyển vào STK 1903 4567 8901 23 Techcombank": [("bank_account", "1903 4567 8901 23")],
    "số tài khoản: 19034567890123": [("bank_account", "19034567890123")],
    "gửi 19034567890123 rồi": [("bank_account", "19034567890123")],
    "nhà ông Nguyễn Văn An đốt rác": [("name", "Nguyễn Văn An")],
    "Chị Đỗ Thị Út ở đó": [("name", "Đỗ Thị Út")],
}
NOTHING = [
    "Ổ gà sâu 20 cm trước cổng trường từ ngày 22/11/2026, dài 15 m",
    "Giá 10.000.000 đồng, tăng 1.500.000.000",
    "Quốc lộ 5, Km 12+300, đường 30/4, tổ 5",
    "Tọa độ 20.9412345, 106.3312345",
    "Anh Tuấn nói đèn tắt từ 18h30, xe buýt 24 không dừng",
    "đường Bà Triệu ngập 30 phút",
    "Năm 2025 và 2026 đã báo 3 lần, mã HP-2026-000123",
]


@pytest.mark.parametrize(("words", "wanted"), FOUND.items())
def test_what_tells_of_a_person_is_found(words: str, wanted: list[tuple[str, str]]) -> None:
    found = personal_data(words)
    assert [(each.kind, words[each.start : each.end]) for each in found] == wanted
    assert covered(words) == words.replace(wanted[0][1], COVER)


@pytest.mark.parametrize("words", NOTHING)
def test_what_tells_of_none_is_left(words: str) -> None:
    assert covered(words) == words


def test_homes_are_covered_where_the_place_is_coarsened() -> None:
    words = "Nhà số 15 và số nhà 12A/3 ồn, đường số 7, phố số 2, tổ số 4"
    assert covered(words) == words
    assert covered(words, homes=True) == (f"{COVER} và {COVER} ồn, đường số 7, phố số 2, tổ số 4")


ADDRESSES = {
    "12 Trần Phú": "Trần Phú",
    "12A/5 Trần Phú, phường Lê Lợi": "Trần Phú, phường Lê Lợi",
    "Số nhà 7, ngõ 15 Lê Lợi": "ngõ 15 Lê Lợi",
    "Số 12 Trần Phú": "Trần Phú",
    "SN 12-14 phố Huế": "phố Huế",
    "Trước số 12 Trần Phú": "Trước Trần Phú",
    "Đường 30/4": "Đường 30/4",
    "đường số 7, khu đô thị": "đường số 7, khu đô thị",
    "Quốc lộ 5 Km 12+300": "Quốc lộ 5 Km 12+300",
    "Chợ Con": "Chợ Con",
    "Căn hộ 1204, tòa A": "tòa A",
    "12": "12",
}


@pytest.mark.parametrize(("address", "street"), ADDRESSES.items())
def test_an_address_loses_its_house_number(address: str, street: str) -> None:
    assert without_house_number(address) == street


@given(st.floats(8, 24), st.floats(102, 110), st.floats(0, 1), st.floats(0, 1), st.floats(50, 1000))
def test_a_cell_tells_no_more_than_itself(
    latitude: float, longitude: float, up: float, right: float, metres: float
) -> None:
    middle = coarse(latitude, longitude, metres)
    half = metres / 2 / 111_320
    assert abs(middle[0] - latitude) <= half * 1.01
    assert abs(middle[1] - longitude) <= half * 1.2
    # All that lies in the cell is shown in its middle, and the middle itself, too.
    inside = middle[0] + (up - 0.5) * half * 1.9, middle[1] + (right - 0.5) * half * 1.9
    assert coarse(*inside, metres) == middle
    assert coarse(*middle, metres) == middle
