"""Office documents that are zip archives: OOXML (ECMA-376) and OpenDocument (ISO/IEC 26300)."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from smartcity.core.errors import Invalid

_END = b"PK\5\6"
_END_SIZE = 22  # bytes, and a comment of at most 65,535 behind it
_LONGEST_INDEX = 1024 * 1024  # bytes: of a few thousand members
_LONGEST_MEMBER = 4 * 1024 * 1024  # bytes, unpacked
# What zipfile raises over a hostile archive; RuntimeError for a sort of packing it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, LookupError)
_MAIN_PART = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# Members that hold what runs: of Office, then of OpenDocument.
_ACTIVE = re.compile(
    r"(.*/)?(vbaProject|vbaData|activeX|oleObject|macrosheets)[^/]*(/.*)?"
    r"|(Basic|Scripts|Object [0-9]+/Basic)/.+"
    r"|.*\.(docm|dotm|xlsm|xlsb|xltm|xlam|pptm|potm|ppsm|exe|dll|js|vbs|hta|scr)",
    re.IGNORECASE,
)


def sort_of_package(file: BinaryIO) -> str:
    """`docx`, `xlsx`, `pptx`, `odt` or `ods`.

    Raises Invalid naming `file` for other archives, and for what is broken, locked or active.
    """
    _refuse_endless_index(file)
    try:
        with zipfile.ZipFile(file) as package:
            return _sort(package)
    except _BROKEN:
        raise Invalid(file="file.broken") from None


def _refuse_endless_index(file: BinaryIO) -> None:
    """zipfile reads the whole index into memory, hundreds of bytes for each of 50."""
    file.seek(-min(file.seek(0, 2), _END_SIZE + 65_535), 2)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise Invalid(file="file.broken")
    (size,) = struct.unpack_from("<L", tail, at + 12)
    wide = tail[max(0, at - 20) : at].startswith(b"PK\6\7")  # zip64: of more than 4 GB
    if size > _LONGEST_INDEX or wide:
        raise Invalid(file="file.broken")
    file.seek(0)


def _sort(package: zipfile.ZipFile) -> str:
    members = package.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Invalid(file="file.locked")
    names = {member.filename for member in members}
    sort = _open_document(package, names) or _office(package, names)
    if sort is None:
        raise Invalid(file="file.unknown_sort")
    if any(_ACTIVE.fullmatch(name) for name in names):
        raise Invalid(file="file.active")
    return sort


def _open_document(package: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" not in names:
        return None
    manifest = _read(package, "META-INF/manifest.xml")
    if "encrypted-package" in names or b"encryption-data" in manifest:
        raise Invalid(file="file.locked")
    return _OPEN_DOCUMENT.get(_read(package, "mimetype").strip())


def _office(package: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" not in names:
        return None
    types = _read(package, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Invalid(file="file.active")
    return next((sort for part, sort in _MAIN_PART.items() if part in types), None)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """A member, as long as it should be: its index may lie about its length."""
    with package.open(name) as member:
        content = member.read(_LONGEST_MEMBER + 1)
    if len(content) > _LONGEST_MEMBER:
        raise Invalid(file="file.broken")
    return content
