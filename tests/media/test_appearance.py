"""Photos that look alike are known again; a screen is told from what only looks regular."""

import io
import math

import pytest
from PIL import Image

from smartcity.media.appearance import appearance
from smartcity.media.likeness import NEAR, distance
from tests.media.pictures import saved
from tests.media.scenes import scene


def fingerprint(picture: Image.Image, quality: int = 82) -> int | None:
    small = Image.open(io.BytesIO(saved(picture, "JPEG", quality=quality)))
    small.thumbnail((320, 320))
    shown = saved(small, "JPEG", quality=82)
    return appearance("jpeg", shown, shown).fingerprint


def printed(picture: Image.Image, quality: int = 82) -> int:
    found = fingerprint(picture, quality)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(20))
def test_a_photo_is_known_again_however_it_was_sent(seed: int) -> None:
    taken = scene(seed)
    for sent in (taken.resize((600, 450)), taken.resize((1000, 750))):
        assert distance(printed(taken), printed(sent, quality=50)) <= NEAR


def test_other_photos_are_other_photos() -> None:
    prints = [printed(scene(seed)) for seed in range(40)]
    apart = [distance(a, b) for n, a in enumerate(prints) for b in prints[:n]]
    assert min(apart) > NEAR


@pytest.mark.parametrize("colour", ["black", "white", (90, 120, 200)])
def test_a_picture_with_nothing_on_it_is_like_none(colour: str) -> None:
    assert fingerprint(Image.new("RGB", (640, 480), colour)) is None


@pytest.mark.parametrize(
    ("kind", "size", "screen"),
    [
        ("png", (540, 1200), True),
        ("png", (1600, 900), True),
        ("png", (1200, 900), False),
        ("jpeg", (540, 1200), False),
    ],
)
def test_a_screenshot_has_the_shape_of_a_screen(
    kind: str, size: tuple[int, int], screen: bool
) -> None:
    picture = saved(scene(7).resize(size), "JPEG")
    assert appearance(kind, picture, picture).of_screen is screen


def test_the_grid_of_a_screen_shows_and_tiles_do_not() -> None:
    taken = scene(8, (1024, 1024))
    for pattern, screen in ((None, False), (_tiles, False), (_grid, True)):
        picture = taken.copy()
        if pattern:
            pixels = picture.load()
            for x in range(1024):
                for y in range(1024):
                    light = pattern(x, y)
                    pixels[x, y] = tuple(int(c * light) for c in pixels[x, y])  # type: ignore[index]
        large = saved(picture, "JPEG", quality=88)
        assert appearance("jpeg", large, large).of_screen is screen, pattern


def _tiles(x: int, y: int) -> float:
    return 0.6 if x % 64 < 3 or y % 64 < 3 else 1.0


def _grid(x: int, y: int) -> float:
    """Rows and columns of a display 2.9 pixels apart, turned a little."""
    across, down = x * 0.995 + y * 0.1, y * 0.995 - x * 0.1
    return 0.7 + 0.3 * math.sin(across * 2.17) * math.sin(down * 2.17)
