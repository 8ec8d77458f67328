"""The header of a HEIF picture (ISO/IEC 23008-12, boxes of ISO/IEC 14496-12), without its decoder.

A hostile header can bring libheif down, and this runs in the API's own process.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

_MOST_BOXES = 64  # at the top of a file; phones write four
_LARGEST_META = 256 * 1024  # bytes; phones write some thousand
Box = tuple[bytes, bytes]


def upright_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the primary picture in pixels, as seen upright.

    Raises ValueError for a file that is cut off or holds no picture: libheif would paint what is
    missing green.
    """
    try:
        return _size(dict(_boxes(_meta(file)[4:])))
    except (LookupError, struct.error):
        raise ValueError("no HEIF picture") from None


def _size(meta: dict[bytes, bytes]) -> tuple[int, int]:
    properties = _properties(meta[b"iprp"], _primary(meta[b"pitm"]))
    width, height = struct.unpack_from(">4xII", properties[b"ispe"])
    quarter_turns = properties.get(b"irot", b"\0")[0] & 3
    return (height, width) if quarter_turns % 2 else (width, height)


def _meta(file: BinaryIO) -> bytes:
    end, at, meta = file.seek(0, 2), 0, b""
    for _ in range(_MOST_BOXES):
        file.seek(at)
        size, kind, long_size = struct.unpack(">I4sQ", file.read(16).ljust(16, b"\0"))
        start = at + (16 if size == 1 else 8)
        at += {0: end - at, 1: long_size}.get(size, size)
        if at > end and kind in (b"meta", b"mdat"):
            raise ValueError("cut off")
        if kind == b"meta":
            file.seek(start)
            meta = file.read(min(at - start, _LARGEST_META))
        if at <= start or at >= end:
            break
    return meta


def _boxes(content: bytes) -> Iterator[Box]:
    at = 0
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if size < 8 or at + size > len(content):
            raise ValueError("a box that does not fit")
        yield kind, content[at + 8 : at + size]
        at += size


def _primary(pitm: bytes) -> int:
    item: int = struct.unpack_from(">4xI" if pitm[0] else ">4xH", pitm)[0]
    return item


def _properties(iprp: bytes, item: int) -> dict[bytes, bytes]:
    """The properties of one item by their kind."""
    known: list[Box] = []
    found: dict[bytes, bytes] = {}
    for kind, content in _boxes(iprp):
        if kind == b"ipco":
            known = list(_boxes(content))
        if kind == b"ipma":
            found.update(known[number - 1] for number in _associated(content, item) if number)
    return found


def _associated(ipma: bytes, item: int) -> list[int]:
    """The numbers of an item's properties, counted from 1."""
    wide_ids, wide_numbers = ipma[0] > 0, ipma[3] & 1
    head, each = ">IB" if wide_ids else ">HB", "H" if wide_numbers else "B"
    mask = 0x7FFF if wide_numbers else 0x7F  # the highest bit says "essential"
    (entries,) = struct.unpack_from(">4xI", ipma)
    at = 8
    for _ in range(entries):
        found, count = struct.unpack_from(head, ipma, at)
        at += struct.calcsize(head)
        numbers = struct.unpack_from(f">{count}{each}", ipma, at)
        at += struct.calcsize(f">{count}{each}")
        if found == item:
            return [number & mask for number in numbers]
    return []
