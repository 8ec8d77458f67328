"""Text files of Viet Nam, by the bytes they are made of."""

import unicodedata
from pathlib import Path

import pytest

from smartcity.core.tables.encodings import encoding_of, old_font
from smartcity.core.tables.unreadable import Unreadable

WORDS = "Tên,Loại\nBệnh viện Việt Tiệp,Bệnh viện\nĐường Trần Phú,Chợ\n"
# The same words as fonts before Unicode write them: TCVN 5712, and VNI with two bytes a letter.
TCVN3 = "BÖnh viÖn ®­êng TrÇn Phó\n".encode("latin-1")
VNI = "Beänh vieän ñöôøng Traàn Phuù\n".encode("latin-1")


def file_of(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    return file


def windows_1258(text: str) -> bytes:
    """As Windows writes it: a letter with its shape, then its tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    bare = "".join(unicodedata.normalize("NFD", text))
    shaped = "".join(
        char if char in tones else unicodedata.normalize("NFC", char) for char in _shaped(bare)
    )
    return shaped.encode("cp1258")


def _shaped(decomposed: str) -> list[str]:
    """Letters with circumflex, breve or horn; tones stay apart and come last."""
    found: list[str] = []
    for char in decomposed:
        if char in "\u0302\u0306\u031b":
            tones = []
            while found[-1] in "\u0300\u0301\u0303\u0309\u0323":
                tones.append(found.pop())
            found[-1] += char
            found += tones
        else:
            found.append(char)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    file = file_of(tmp_path, WORDS.encode(encoding))
    assert file.read_text(encoding_of(file)) == WORDS


def test_windows_1258_is_read(tmp_path: Path) -> None:
    file = file_of(tmp_path, windows_1258(WORDS))
    assert encoding_of(file) == "cp1258"
    assert unicodedata.normalize("NFC", file.read_text("cp1258")) == WORDS


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (TCVN3, "table.tcvn3"),
        (VNI, "table.vni"),
        ("Bệnh viện".encode("utf-16-le"), "table.not_unicode"),
    ],
)
def test_older_encodings_are_named(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(Unreadable) as refused:
        encoding_of(file_of(tmp_path, content))
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("BÖnh viÖn", "table.tcvn3"),
        ("Beänh vieän", "table.vni"),
        ("Bá»‡nh viá»‡n", "table.mojibake"),
        ("Bệnh viện", None),
        ("Nhà hàng", None),
        ("Quán Löwenbräu, phố Trần Phú", None),
        ("Hotline 113", None),
    ],
)
def test_letters_of_old_fonts_in_a_unicode_file(words: str, fault: str | None) -> None:
    assert old_font(words, None) == fault
