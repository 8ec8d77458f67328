"""What an upload says it is, read from its header; nothing is decoded.

Whatever is no picture, or would take too much memory to open, is refused here and at once. A good
header before broken content is found by the worker.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from smartcity.core.errors import Invalid, TooLarge
from smartcity.media.heif import upright_size

LARGEST = 15 * 1024 * 1024  # bytes
MOST_PIXELS = 50 * 1024 * 1024  # phones sold as "50 megapixels" give 8192 × 6144
ORIENTATION = 0x0112  # the EXIF tag; 5 to 8 lie on their side

# Major brands of ISO/IEC 23008-12 (HEIF) with HEVC pictures.
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png"}  # MPO: a JPEG with more behind it
# What Pillow raises over a hostile header.
_UNREADABLE = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, struct.error)


@dataclass(frozen=True)
class Header:
    """`format` is jpeg, png, webp or heic; width and height in pixels, as seen upright."""

    format: str
    width: int
    height: int


def inspect(file: BinaryIO) -> Header:
    """Tell format and size of a picture.

    Raises TooLarge over 15 MB, Invalid for anything but a JPEG, PNG, WebP or HEIC of at most
    50 megapixels; both name `file`.
    """
    if file.seek(0, 2) > LARGEST:
        raise TooLarge("media.too_large", errors={"file": ["media.too_large"]})
    file.seek(0)
    start = file.read(32)
    file.seek(0)
    header = _read_header(start, file)
    if not header.width or not header.height:
        raise Invalid(file="media.broken")
    if header.width * header.height > MOST_PIXELS:
        raise Invalid(file="media.too_many_pixels")
    return header


def _read_header(start: bytes, file: BinaryIO) -> Header:
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return _webp(start)
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS:
        return _heif(file)
    return _jpeg_or_png(file)


def _jpeg_or_png(file: BinaryIO) -> Header:
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as image:
            width, height = image.size
            if _lies_on_its_side(image):
                width, height = height, width
            return Header(_FORMATS[str(image.format)], width, height)
    except Image.DecompressionBombError:
        raise Invalid(file="media.too_many_pixels") from None
    except UnidentifiedImageError:
        raise Invalid(file="media.not_a_picture") from None
    except _UNREADABLE:
        raise Invalid(file="media.broken") from None


def _lies_on_its_side(image: Image.Image) -> bool:
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return exif.get(ORIENTATION, 1) in (5, 6, 7, 8)
    except _UNREADABLE:
        return False  # a picture with unreadable EXIF is a picture


def _webp(start: bytes) -> Header:
    """WebP container specification (RFC 9649); Pillow would reserve memory for every pixel."""
    kind = start[12:16]
    if kind == b"VP8X" and len(start) >= 30:
        width, height = (1 + int.from_bytes(start[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L" and start[20:21] == b"\x2f":
        bits = int.from_bytes(start[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 " and start[23:26] == b"\x9d\x01\x2a" and len(start) >= 30:
        width, height = (size & 0x3FFF for size in struct.unpack_from("<HH", start, 26))
    else:
        raise Invalid(file="media.broken")
    return Header("webp", width, height)


def _heif(file: BinaryIO) -> Header:
    if find_spec("pi_heif") is None:
        raise Invalid(file="media.heic_unsupported")
    try:
        return Header("heic", *upright_size(file))
    except ValueError:
        raise Invalid(file="media.broken") from None
