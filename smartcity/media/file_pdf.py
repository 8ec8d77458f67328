"""PDF (ISO 32000-2): only what shows pages is taken.

Names are looked for where they may stand: in the file as it is, letters written as `#4a` too, and
in its object streams, which are compressed.
"""

import re
import zlib

from smartcity.core.errors import Invalid

_MOST_INFLATED = 64 * 1024 * 1024  # bytes, of all object streams together


def _name(word: bytes) -> bytes:
    """A pattern of a PDF name: any of its letters may stand as two hexadecimal digits."""
    letters = b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in word)
    return b"/" + letters + rb"(?![A-Za-z0-9#])"


_ACTIVE = re.compile(
    b"|".join(
        map(_name, (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia"))
    )
)
_LOCKED = re.compile(_name(b"Encrypt"))
_STREAMS = re.compile(b"(%s)|(%s)|endstream|stream\r?\n" % (_name(b"ObjStm"), _name(b"Filter")))


def check_pdf(content: bytes) -> None:
    """Raises Invalid naming `file` for a PDF that is broken off, locked, or more than pages."""
    if b"%%EOF" not in content[-2048:]:
        raise Invalid(file="file.broken")
    if _LOCKED.search(content):
        raise Invalid(file="file.locked")
    if _ACTIVE.search(content):
        raise Invalid(file="file.active")
    for part in _object_streams(content):
        if _ACTIVE.search(part):
            raise Invalid(file="file.active")


def _object_streams(content: bytes) -> list[bytes]:
    """What the compressed object streams hold; those that are not compressed lie open."""
    found, objects, packed, room = [], False, False, _MOST_INFLATED
    for token in _STREAMS.finditer(content):
        if token[1] or token[2]:
            objects, packed = objects or bool(token[1]), packed or bool(token[2])
        elif token[0] != b"endstream":
            if objects and packed:
                found.append(_inflated(content, token.end(), room))
                room -= len(found[-1])
            objects = packed = False
    return found


def _inflated(content: bytes, start: int, room: int) -> bytes:
    end = content.find(b"endstream", start)
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(content[start:end] if end > 0 else b"", room)
    except zlib.error:
        raise Invalid(file="file.broken") from None
    if inflater.unconsumed_tail or not inflated:
        raise Invalid(file="file.broken")
    return inflated
