"""How both time limits and fees are read: clause by clause, what stands in brackets as its own."""

import re
import unicodedata

_WORDS_OF_NUMBERS = (
    "không|một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|mốt|linh|lẻ|chẵn"
    "|trăm|nghìn|ngàn|triệu|đồng|ngày"
)
# "(hai)" says a number again, "(Nghị định 63/2024/NĐ-CP)" where it is written.
_ASIDE = re.compile(
    rf"\(\s*(?:(?:{_WORDS_OF_NUMBERS})\b\W*)+\)"
    r"|\(\s*(?:theo |quy định tại )?(?:nghị định|nghị quyết|thông tư|luật|quyết định)[^()]*\)"
)
_ENDS = re.compile(r"[;\n()\[\]]|\.(?=\s|$)|,(?=\s)")


def clauses(text: str) -> list[str]:
    """The clauses of a text in small letters and NFC, without those that are empty."""
    said = _ASIDE.sub(" ", unicodedata.normalize("NFC", text).casefold())
    kept = (" ".join(clause.split()).strip(" -+•*:.") for clause in _ENDS.split(said))
    return [clause for clause in kept if clause]
