"""The worker's turn: pictures that show what the photo shows, and tell nothing else."""

import io
import math
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from smartcity.media.derivatives import Broken, render
from smartcity.media.links import PICTURES
from tests.media.conftest import Upload
from tests.media.pictures import (
    drawing,
    jpeg,
    png_claiming,
    saved,
    telling,
    tells_nothing,
)

Get = Callable[[str], dict[str, Any]]
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture
def get(client: FlaskClient, me: dict[str, str]) -> Get:
    return lambda photo: client.get(f"/api/v1/media/{photo}", headers=me).json


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def alike(found: Any, wanted: tuple[int, int, int], tolerance: float = 12) -> bool:
    """Whether two colours differ by no more than JPEG makes of them."""
    return math.dist(found, wanted) <= tolerance


def test_a_photo_becomes_ready_with_its_pictures(
    upload: Upload, work: Callable[[], int], get: Get, stored: Callable[[], list[str]]
) -> None:
    photo = upload(jpeg(2000, 1500)).json["id"]
    assert work() == 1
    assert get(photo)["status"] == "ready"
    assert stored() == sorted([*PICTURES, "original"])


@pytest.mark.parametrize(
    ("kind", "size", "large", "small"),
    [
        ("JPEG", (4000, 3000), (1600, 1200), (320, 240)),
        ("PNG", (4000, 3000), (1600, 1200), (320, 240)),
        ("WEBP", (1000, 2000), (800, 1600), (160, 320)),
        ("JPEG", (200, 100), (200, 100), (200, 100)),
        ("PNG", (5000, 2), (1600, 1), (320, 1)),
    ],
)
def test_the_longest_side_shrinks_and_never_grows(
    kind: str, size: tuple[int, int], large: tuple[int, int], small: tuple[int, int]
) -> None:
    rendered = render(saved(drawing(*size), kind), kind.lower())
    assert (rendered.width, rendered.height) == size
    sizes = {name: opened(content).size for name, content in rendered.pictures.items()}
    assert sizes == {
        "large.jpg": large, "large.webp": large, "small.jpg": small, "small.webp": small
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_picture_tells_of_its_owner(kind: str) -> None:
    original = telling(kind)
    assert not tells_nothing(original)
    for content in render(original, kind.lower()).pictures.values():
        assert tells_nothing(content)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    from PIL import ImageOps

    original = telling("JPEG", orientation)
    upright = ImageOps.exif_transpose(opened(original))
    rendered = render(original, "jpeg")
    picture = opened(rendered.pictures["large.jpg"])
    assert picture.size == upright.size == (rendered.width, rendered.height)
    width, height = upright.size
    for place in [(x * width // 4, y * height // 4) for x in (1, 3) for y in (1, 3)]:
        assert alike(picture.getpixel(place), upright.getpixel(place))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_every_way_of_storing_pixels_is_shown(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = drawing(400, 300, mode)
    shown = opened(render(saved(image, kind), kind.lower()).pictures["large.jpg"])
    assert shown.mode == "RGB"
    assert alike(shown.getpixel((100, 75)), image.convert("RGB").getpixel((100, 75)))


def test_sixteen_bits_are_shown_as_eight() -> None:
    grey = saved(Image.new("I;16", (40, 30), 0x8000), "PNG")
    shown = opened(render(grey, "png").pictures["large.jpg"])
    assert alike(shown.getpixel((9, 9)), (128, 128, 128))


def test_what_is_transparent_is_shown_on_white() -> None:
    original = saved(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")
    assert opened(render(original, "png").pictures["small.jpg"]).getpixel((9, 9)) == WHITE


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jpeg", jpeg()[:5000]),
        ("png", saved(drawing(), "PNG")[:-60]),
        ("webp", saved(drawing(), "WEBP")[:-60]),
        ("png", png_claiming(300, 300)),
        ("png", png_claiming(60_000, 60_000)),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("jpeg", b""),
    ],
)
def test_what_cannot_be_decoded_is_broken(kind: str, content: bytes) -> None:
    with pytest.raises(Broken):
        render(content, kind)


def test_a_photo_that_needs_too_much_memory_is_broken_and_costs_the_worker_nothing() -> None:
    claims = saved(Image.new("1", (30_000, 5_900)), "PNG")  # 22 kB; 700 MB in colour, and twice
    with pytest.raises(Broken):
        render(claims, "png")


def test_a_truncated_photo_is_taken_then_rejected_with_its_reason(
    app: Flask,
    upload: Upload,
    work: Callable[[], int],
    get: Get,
    stored: Callable[[], list[str]],
) -> None:
    answer = upload(jpeg()[:5000])
    assert (answer.status_code, answer.json["status"]) == (201, "pending")
    work()
    found = get(answer.json["id"])
    assert (found["status"], found["links"]) == ("rejected", None)
    assert "bị hỏng" in found["reason"]
    assert stored() == ["original"]


def test_an_original_that_was_lost_is_said(
    upload: Upload, work: Callable[[], int], get: Get, tmp_path: Any
) -> None:
    photo = upload(jpeg()).json["id"]
    for file in (tmp_path / "media").rglob("*-original"):
        file.unlink()
    work()
    assert get(photo)["status"] == "rejected"
