"""What sort of document an upload is, told by its content; nothing of it is unpacked to a disk.

What could run when a reader opens it is refused: macros, ActiveX, JavaScript, launched programs,
files within files; and what nobody can look into, because it is locked. This is no virus scanner.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

from smartcity.core.errors import Invalid, TooLarge
from smartcity.core.text import clean
from smartcity.media.file_packages import sort_of_package
from smartcity.media.file_pdf import check_pdf

LARGEST_FILE = 20 * 1024 * 1024  # bytes
_LONGEST_STEM = 80  # characters: of three bytes each, with its ending, a name that every disk takes
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}\Z")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%;]')
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Sort:
    """A sort of document: the ending of its name, and its media type."""

    extension: str
    content_type: str


SORTS = {
    sort.extension: sort
    for sort in (
        Sort("pdf", "application/pdf"),
        Sort("docx", f"{_OFFICE}.wordprocessingml.document"),
        Sort("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
        Sort("pptx", f"{_OFFICE}.presentationml.presentation"),
        Sort("odt", f"{_OPEN}.text"),
        Sort("ods", f"{_OPEN}.spreadsheet"),
    )
}


def inspect_file(file: BinaryIO) -> Sort:
    """The sort of a document.

    Raises TooLarge over 20 MB, Invalid for other sorts, broken, locked and active ones; both name
    `file`.
    """
    if file.seek(0, 2) > LARGEST_FILE:
        raise TooLarge("file.too_large", errors={"file": ["file.too_large"]})
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"%PDF-"):
        check_pdf(file.read())
        return SORTS["pdf"]
    if start.startswith(b"PK\3\4"):
        return SORTS[sort_of_package(file)]
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # Word 97, and anything with a password
        raise Invalid(file="file.old_or_locked")
    raise Invalid(file="file.unknown_sort")


def named(name: str, extension: str) -> str:
    """A name for who downloads it: no path, nothing a disk refuses, the ending of its sort."""
    last = re.split(r"[/\\]", name.encode(errors="ignore").decode())[-1]
    stem = _NOT_IN_NAMES.sub("_", _ENDING.sub("", clean(last)))
    return f"{stem[:_LONGEST_STEM].strip('. ') or 'tai-lieu'}.{extension}"
