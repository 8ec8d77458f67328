"""Procedures and sayings as the search holds them, without a database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smartcity.catalogue.finding.answers import answer
from smartcity.catalogue.finding.everyday import load
from smartcity.catalogue.finding.procedures import Procedures
from smartcity.catalogue.records.record import read_record
from tests.catalogue.records_made import record

BIRTH, BIRTH_AGAIN, BIRTH_ABROAD = "1.900001", "1.900002", "1.900003"
LAND, TAX, LEASE, DEATH, PASSPORT = "1.900004", "1.900005", "1.900006", "1.900007", "1.900008"
NAMES = {
    BIRTH: "Đăng ký khai sinh",
    BIRTH_AGAIN: "Đăng ký lại khai sinh",
    BIRTH_ABROAD: "Đăng ký khai sinh có yếu tố nước ngoài",
    LAND: "Cấp lại Giấy chứng nhận quyền sử dụng đất",
    TAX: "Khai thuế đất",
    LEASE: "Cho thuê đất",
    DEATH: "Đăng ký khai tử",
    PASSPORT: "Cấp hộ chiếu phổ thông ở trong nước",
}
SAYINGS = """
words:
  - {says: [sổ đỏ, bìa đỏ], means: [giấy chứng nhận quyền sử dụng đất]}
  - {says: [chồng Tây], means: [yếu tố nước ngoài]}
  - {says: [đk], means: [đăng ký]}
situations:
  - {says: [con mới sinh, vợ mới đẻ], services: ["1.900001", "1.900008"]}
  - {says: [ông mất], services: ["1.900007"]}
fillers: [cho hỏi, tôi muốn, làm, cần giấy gì]
special: [đăng ký lại, yếu tố nước ngoài]
"""


def sayings_in(folder: Path, text: str = SAYINGS) -> Path:
    """A file of sayings."""
    file = folder / "everyday.yaml"
    file.write_text(text, "utf-8")
    return file


def procedures(folder: Path, **others: Mapping[str, Any]) -> Procedures:
    """The procedures above, some with other fields by their code with _ for its point."""
    found = Procedures(load(sayings_in(folder)), {"child": "Có con nhỏ Having a child"})
    for code, name in NAMES.items():
        raw = record(code, name, **others.get(f"c{code[-1]}", {}))
        found.put(read_record(raw), f'{{"code":"{code}"}}')
    return found


def first(known: Procedures, question: str) -> str | None:
    """The code of what answers best."""
    found = answer(known, question, {}).matches
    return found[0].code if found else None
