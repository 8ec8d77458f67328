"""Pictures as phones send them, made on the spot, and a close look at what came out."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image
from PIL.Image import Exif

SECRETS = (b"Secret Street 5", b"SecretPhone", b"secret-comment", b"secret-xmp")
_ORIENTATION, _MAKER, _GPS = 0x0112, 0x010F, 0x8825


def drawing(width: int = 800, height: int = 600, mode: str = "RGB") -> Image.Image:
    """A red upper left quarter on blue, so that a turn shows."""
    image = Image.new("RGB", (width, height), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(width: int = 800, height: int = 600, **options: object) -> bytes:
    return saved(drawing(width, height), "JPEG", **options)


def telling_exif(orientation: int = 6) -> Exif:
    """What a phone tells of its owner: maker, place and words."""
    exif = Exif()
    exif[_ORIENTATION] = orientation
    exif[_MAKER] = "SecretPhone"
    place = {1: "N", 2: (20.0, 56.0, 24.0), 3: "E", 4: (106.0, 19.0, 48.0), 29: "Secret Street 5"}
    exif.get_ifd(_GPS).update(place)
    return exif


def telling(kind: str, orientation: int = 6) -> bytes:
    """A photo with EXIF, GPS, XMP, a colour profile and a comment, lying on its side."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {"exif": telling_exif(orientation), "icc_profile": profile}
    if kind in ("JPEG", "WEBP"):
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret-xmp</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = "secret-comment"
    return saved(drawing(), kind, **options)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels, with nothing behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 10)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data)


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header promises so many pixels."""
    small = jpeg(16, 16)
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def webp_claiming(width: int, height: int) -> bytes:
    """An extended WebP whose canvas promises so many pixels."""
    canvas = b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_claiming(width: int, height: int, quarter_turns: int = 0) -> bytes:
    """The header of a HEIC photo as phones write it, and pixels that are none."""
    size = _box(b"ispe", struct.pack(">III", 0, width, height))
    turn = _box(b"irot", bytes([quarter_turns]))
    of_item_49 = struct.pack(">IIHBBB", 0, 1, 49, 2, 0x80 | 1, 0x80 | 2)
    properties = _box(b"iprp", _box(b"ipco", size + turn) + _box(b"ipma", of_item_49))
    primary = _box(b"pitm", struct.pack(">IH", 0, 49))
    meta = _box(b"meta", b"\0" * 4 + primary + properties)
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta + _box(b"mdat", b"\0" * 100)


def jpeg_markers(content: bytes) -> Iterator[int]:
    """The markers before the pixels: 0xE1 is EXIF or XMP, 0xE2 a profile, 0xFE a comment."""
    at = 2
    while content[at + 1] != 0xDA:
        yield content[at + 1]
        at += 2 + int.from_bytes(content[at + 2 : at + 4])


def webp_chunks(content: bytes) -> Iterator[bytes]:
    """The names of the chunks: `EXIF`, `XMP ` and `ICCP` would be metadata."""
    at = 12
    while at < len(content):
        yield content[at : at + 4]
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2


def tells_nothing(content: bytes) -> bool:
    """Whether a picture holds pixels alone."""
    if any(secret in content for secret in SECRETS):
        return False
    image = Image.open(io.BytesIO(content))
    if image.getexif() or {"exif", "xmp", "icc_profile", "comment"} & set(image.info):
        return False
    if image.format == "JPEG":
        return set(jpeg_markers(content)) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4}
    return set(webp_chunks(content)) <= {b"VP8 ", b"VP8L"}


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
