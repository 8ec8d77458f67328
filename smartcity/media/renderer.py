"""A program of its own that turns one uploaded photo into the pictures that people see.

`python -I renderer.py FORMAT REGIONS < original` writes a line of JSON, and then the pictures it
names: `{"width", "height", "pictures": {"large.jpg": bytes, …}}`, or `{}` for a broken photo.
REGIONS are a JSON list of what is to be blurred. Apart, so that a hostile file costs this process
and not the worker; it knows no setting, secret or file.
"""

import contextlib
import io
import json
import math
import resource
import struct
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageFilter

LARGE, SMALL = 1600, 320  # longest side in pixels; never enlarged
MOST_MEMORY = 1536 * 1024 * 1024  # bytes of address space; 50 megapixels of WebP need 900 MB
MOST_CPU = 60  # seconds
PATCHES = 4  # along the longer side of what is blurred: too few to tell a face or a plate by
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UNREADABLE = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, struct.error)
_BROKEN = (*_UNREADABLE, RuntimeError, MemoryError, Image.DecompressionBombError)


def decode(kind: str, original: BinaryIO) -> tuple[Image.Image, tuple[int, int]]:
    """The large picture, and width and height of the original as seen upright."""
    image = _open(kind, original)
    orientation = 1 if kind == "heic" else _orientation(image)  # HEIF turns its pictures itself
    width, height = image.size
    large = _plain(_turned(_shrunk(image, LARGE), orientation))
    return large, (height, width) if orientation >= 5 else (width, height)


def blurred(large: Image.Image, regions: Iterable[dict[str, float]]) -> Image.Image:
    """The picture with each region gone but for a few patches of its mean colours."""
    for region in regions:
        box = _box(large, region)
        part = large.crop(box)
        scale = PATCHES / max(part.size) if max(part.size) > 8 * PATCHES else 1 / max(part.size)
        few = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
        patches = part.resize(few, Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
        large.paste(patches.filter(ImageFilter.GaussianBlur(max(part.size) / 16)), box)
    return large


def _box(image: Image.Image, region: dict[str, float]) -> tuple[int, int, int, int]:
    """A region in whole pixels, one at least; fractions of the picture as seen upright."""
    left = min(math.floor(region["left"] * image.width), image.width - 1)
    top = min(math.floor(region["top"] * image.height), image.height - 1)
    right = math.ceil((region["left"] + region["width"]) * image.width)
    bottom = math.ceil((region["top"] + region["height"]) * image.height)
    return (
        left,
        top,
        min(max(right, left + 1), image.width),
        min(max(bottom, top + 1), image.height),
    )


def encode(large: Image.Image) -> dict[str, bytes]:
    """The derivatives by name."""
    pictures = {}
    for name, picture in (("large", large), ("small", _shrunk(large.copy(), SMALL))):
        pictures[f"{name}.jpg"] = _saved(picture, "JPEG", quality=82, progressive=True)
        pictures[f"{name}.webp"] = _saved(picture, "WEBP", quality=80, method=2)
    return pictures


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _open(kind: str, original: BinaryIO) -> Image.Image:
    if kind == "heic":
        import pi_heif  # noqa: PLC0415  optional and heavy

        return pi_heif.open_heif(original).to_pillow()  # type: ignore[no-any-return]
    return Image.open(original, formats=(kind.upper(),))


def _orientation(image: Image.Image) -> int:
    with contextlib.suppress(*_UNREADABLE):
        found = image.getexif().get(_ORIENTATION, 1)
        return found if found in _UPRIGHT else 1
    return 1


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """The image with its longest side at most this long; a JPEG is decoded smaller at once."""
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA")  # a palette cannot be averaged
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits
    scale = min(1, side / max(image.size))
    image.draft(None, (round(image.width * scale), round(image.height * scale)))
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.load()
    return image


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in sRGB, without any of the metadata."""
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    image = _in_srgb(image, profile) if profile else image
    pixels = image.convert("RGB").copy()
    pixels.info.clear()  # a JPEG comment would be written again
    return pixels


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    with contextlib.suppress(ImageCms.PyCMSError, *_UNREADABLE):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    return image  # an unreadable profile changes colours a little; the picture is good


def main(kind: str, regions: list[dict[str, float]]) -> None:
    """Render standard input under limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    try:
        large, (width, height) = decode(kind, io.BytesIO(sys.stdin.buffer.read()))
    except _BROKEN:
        _tell({}, [])
        return
    pictures = encode(blurred(large, regions))
    sizes = {name: len(content) for name, content in pictures.items()}
    _tell({"width": width, "height": height, "pictures": sizes}, pictures.values())


def _tell(answer: dict[str, Any], contents: Iterable[bytes]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(contents))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
