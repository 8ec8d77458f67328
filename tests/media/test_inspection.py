"""Headers: what they say is believed, how they lie is survived."""

import contextlib
import io
import random
import time

import pytest

from smartcity.core.errors import Invalid, Problem
from smartcity.media.inspection import Header, inspect
from tests.media.pictures import (
    drawing,
    heic_claiming,
    jpeg,
    jpeg_claiming,
    png_claiming,
    saved,
    telling,
    webp_claiming,
)

SEEDS = [
    telling("JPEG"),
    telling("PNG"),
    telling("WEBP"),
    jpeg(progressive=True),
    saved(drawing(50, 50, "P"), "PNG"),
    saved(drawing(50, 50), "WEBP", lossless=True),
    heic_claiming(800, 600),
]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (jpeg_claiming(8192, 6144), Header("jpeg", 8192, 6144)),
        (png_claiming(8192, 6400), Header("png", 8192, 6400)),
        (webp_claiming(8192, 6144), Header("webp", 8192, 6144)),
        (saved(drawing(50, 40), "WEBP"), Header("webp", 50, 40)),
        (saved(drawing(50, 40), "WEBP", lossless=True), Header("webp", 50, 40)),
        (heic_claiming(8160, 6120), Header("heic", 8160, 6120)),
        (heic_claiming(8160, 6120, quarter_turns=2), Header("heic", 8160, 6120)),
        (heic_claiming(8160, 6120, quarter_turns=3), Header("heic", 6120, 8160)),
        (telling("JPEG", orientation=8), Header("jpeg", 600, 800)),
    ],
)
def test_format_and_upright_size_are_read_from_the_header(content: bytes, header: Header) -> None:
    assert inspect(io.BytesIO(content)) == header


@pytest.mark.parametrize("missing", [1, 50, 99])
def test_a_heic_that_was_cut_off_is_refused_at_once(missing: int) -> None:
    with pytest.raises(Invalid):
        inspect(io.BytesIO(heic_claiming(800, 600)[:-missing]))


@pytest.mark.parametrize("kind", [b"ispe", b"pitm", b"ipma", b"iprp", b"meta"])
def test_a_heic_without_one_of_its_boxes_is_refused(kind: bytes) -> None:
    with pytest.raises(Invalid):
        inspect(io.BytesIO(heic_claiming(800, 600).replace(kind, b"free")))


def test_boxes_without_end_take_no_time() -> None:
    ftyp = heic_claiming(800, 600)[:24]
    boxes = b"\0\0\0\x08free" * 1_900_000
    meta = (len(boxes) + 12).to_bytes(4) + b"meta\0\0\0\0"
    began = time.perf_counter()
    for content in (ftyp + boxes, ftyp + meta + boxes):
        with pytest.raises(Invalid):
            inspect(io.BytesIO(content))
    assert time.perf_counter() - began < 0.5


@pytest.mark.filterwarnings("ignore:::PIL")
def test_no_header_brings_the_program_down() -> None:
    chance = random.Random(2)
    for _ in range(2000):
        content = bytearray(chance.choice(SEEDS))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(min(600, len(content) - 8))
            changes = {"set": 1, "cut": chance.randint(1, 8), "add": 0}
            change = chance.choice(list(changes))
            new = chance.randbytes(0 if change == "cut" else chance.randint(1, 8))
            content[at : at + changes[change]] = new[:1] if change == "set" else new
        with contextlib.suppress(Problem):  # anything else would be a 500
            inspect(io.BytesIO(bytes(content)))
