"""Amounts and files as officers write them."""

from datetime import date
from pathlib import Path

import pytest

from smartcity.core.tables.unreadable import Unreadable
from smartcity.guide.prices.money import dong
from smartcity.guide.prices.names import Names
from smartcity.guide.prices.quotes import Quote
from smartcity.guide.prices.reading import read
from smartcity.registers.service import Entry


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("85000", 85_000),
        ("85.000", 85_000),
        ("85,000", 85_000),
        ("85 000", 85_000),
        ("1.250.000", 1_250_000),
        ("85.000 đ", 85_000),
        ("85.000đồng", 85_000),
        ("85000.0", 85_000),
        ("85.000,00", 85_000),
        ("85 nghìn", 85_000),
        ("85 NGÀN", 85_000),
        ("85k", 85_000),
        ("85,5k", 85_500),
        ("1,2 triệu", 1_200_000),
        ("1.25tr", 1_250_000),
        ("0", 0),
        ("1000000000000", 10**12),
    ],
)
def test_an_amount_is_read_as_it_is_meant(written: str, amount: int) -> None:
    assert dong(written) == amount


@pytest.mark.parametrize(
    "written", ["", "-85000", "85.5", "85.000k", "1.25.000", "85.000,5", "8e4", "giá", "85-90k"]
)
def test_what_may_mean_two_things_is_no_amount(written: str) -> None:
    assert dong(written) is None


@pytest.fixture
def known() -> Names:
    good = Entry(key="ca-chep", title="Cá chép", record={"title_en": "Carp"})
    market = Entry(key="cho-ga", title="Chợ Ga", record={})
    return Names({"ca-chep": good}, {"cho-ga": market})


def written(folder: Path, content: bytes) -> Path:
    file = folder / "gia.csv"
    file.write_bytes(content)
    return file


DAY = date(2026, 11, 20)
ROW = Quote(2, DAY, "cho-ga", "ca-chep", 85_000)


@pytest.mark.parametrize(
    "content",
    [
        b"day,good,market,price\n2026-11-20,ca-chep,cho-ga,85000\n",
        "\ufeffNgày;Mặt hàng;Chợ;Giá\r\n20/11/2026;Cá chép;CHỢ GA;85 nghìn\r\n".encode(),
        "Ngày\tHàng hóa\tChợ\tĐơn giá\n20-11-2026\tcarp\tchợ ga\t85k\n".encode(),
        b'day,good,market,price,source\n2026-11-20,ca-chep,cho-ga,"85.000",\n',
    ],
)
def test_the_same_price_in_many_forms(known: Names, tmp_path: Path, content: bytes) -> None:
    found = read(written(tmp_path, content), known)
    assert (found.quotes, found.faults) == ([ROW], [])


def test_windows_own_vietnamese_is_read(known: Names, tmp_path: Path) -> None:
    content = "Ngày;Mặt hàng;Chợ;Giá\n20/11/2026;Cá chép;Chợ Ga;85.000\n"
    letters = {"ặ": "ă\u0323", "ợ": "ơ\u0323"}  # as cp1258 writes them: letter, then mark
    for letter, parts in letters.items():
        content = content.replace(letter, parts)
    assert read(written(tmp_path, content.encode("cp1258")), known).quotes == [ROW]


def test_each_fault_has_its_line(known: Names, tmp_path: Path) -> None:
    content = (
        "day,good,market,price,source\n"
        "\n"
        '2026-11-20,"ca-chep",cho-ga,85.5,\n'
        "hôm qua,ca-tram,cho-troi,85000,http://example.com\n"
        "2026-11-20,ca-chep\n"
    )
    faults = [
        (fault.place, fault.field)
        for fault in read(written(tmp_path, content.encode()), known).faults
    ]
    bad_fields = ["day", "good", "market", "source"]
    assert faults == [(3, "price"), *[(4, f) for f in bad_fields], (5, "market"), (5, "price")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "price.file.columns"),
        (b"a,b\n1,2\n", "price.file.columns"),
        (b"\xff\xfed\x00a\x00", "price.file.columns"),
        (b"day,good,market,price\n\x8f\x8f", "table.not_unicode"),
        (b"day,good,market,price\n" + b"x" * 1_100_000, "table.no_csv"),
        (b"day,good,market,price\n" + b"1,2,3,4\n" * 10_001, "price.file.too_long"),
    ],
)
def test_what_is_no_table_of_prices(
    known: Names, tmp_path: Path, content: bytes, fault: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(written(tmp_path, content), known)
    assert refused.value.fault.partition("|")[0] == fault


def test_all_means_the_whole_province(known: Names) -> None:
    for written in ("all", "Toàn thành phố", "everywhere"):
        assert known.market(written) == "all"
