"""How a text file is encoded: Unicode, or one of the encodings that came before it in Viet Nam.

Windows-1258 writes tones as bytes of their own and can be read. TCVN 5712 (fonts .VnTime) and VNI
give other letters the shapes of Vietnamese ones: nothing in the bytes says which, so they are
recognised by what they need in every sentence, and refused.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from smartcity.core.tables.unreadable import Unreadable

_PIECE = 1024 * 1024
_LETTERS = "ÀÁÂĂÈÉÊÍÓÔƠÙÚƯĐàáâăèéêíóôơùúưđ\u0300\u0301\u0303\u0309\u0323"  # the last are tones
_SIGNS = "“”‘’–—…•°²³€₫\xa0"
_WINDOWS_1258 = {*range(128), *(_LETTERS + _SIGNS).encode("cp1258", "ignore")}
_D_OF_TCVN3, _D_OF_VNI = {0xAE, 0xA7}, {0xF1, 0xD1}  # đ and Đ, without which nobody writes
_UNICODE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # letters that the older fonts do not have
_OLD_FONTS = (
    ("table.mojibake", re.compile("(?:á[º»]|Ä[‘\x90ƒ‚]|Æ[°¡¯\xa0]|Ã[\xa0-¿])")),
    ("table.tcvn3", re.compile("[a-z][µ¸¶·¹¨¾¼ªÖÞß](?![A-Z])|®[a-zµ-ÿ]")),
    ("table.vni", re.compile("[aeiouyôö][äåøûïëü]|ñ[aeiouyôö]", re.IGNORECASE)),
)


def encoding_of(file: Path) -> str:
    """The name by which Python decodes a file. Raises Unreadable for what it cannot."""
    with file.open("rb") as opened:
        head = opened.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if _is_utf_8(file):
        return "utf-8-sig"
    used = {byte for piece in _pieces(file) for byte in {*piece}}
    if used <= _WINDOWS_1258:
        return "cp1258"
    raise Unreadable(file, _older(used))


def old_font(*texts: str | None) -> str | None:
    """Why words are not Unicode though their file is: the message that says so; None if they are.

    A foreign name among Vietnamese words is none of it.
    """
    written = " ".join(text for text in texts if text)
    if written.isascii() or _UNICODE.search(written):
        return None
    return next((fault for fault, sign in _OLD_FONTS if sign.search(written)), None)


def _is_utf_8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(file):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _older(used: set[int]) -> str:
    if used & _D_OF_TCVN3:
        return "table.tcvn3"
    return "table.vni" if used & _D_OF_VNI else "table.not_unicode"
