"""Photos of real phones, with the places where they were taken."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageCms

from smartcity.core.errors import Invalid
from smartcity.media.derivatives import Broken, render
from smartcity.media.inspection import inspect
from tests.media.conftest import Upload
from tests.media.pictures import tells_nothing

PHOTOS = {
    "IMG_5195.HEIC": ("heic", 2566, 3313),
    "iphone_13_pro_max.HEIC": ("heic", 3024, 4032),
    "iphone_hdr_YES.jpg": ("jpeg", 3264, 2448),
    "DSCN0010.jpg": ("jpeg", 640, 480),
    "DSCN0042.jpg": ("jpeg", 640, 480),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_real_photo_is_shown_and_tells_no_place(photos: Path, name: str) -> None:
    original = (photos / name).read_bytes()
    header = inspect(io.BytesIO(original))
    assert (header.format, header.width, header.height) == PHOTOS[name]
    assert b"Exif" in original
    rendered = render(original, header.format)
    assert (rendered.width, rendered.height) == (header.width, header.height)
    for picture, content in rendered.pictures.items():
        assert tells_nothing(content)
        side = 1600 if picture.startswith("large") else 320
        longest = max(header.width, header.height)
        assert max(Image.open(io.BytesIO(content)).size) == min(side, longest)


def test_a_heic_photo_goes_all_the_way(
    photos: Path,
    client: FlaskClient,
    upload: Upload,
    work: Callable[[], int],
    me: dict[str, str],
) -> None:
    photo = upload((photos / "IMG_5195.HEIC").read_bytes()).json
    work()
    found = client.get(f"/api/v1/media/{photo['id']}", headers=me).json
    assert found["status"] == "ready"
    shown = client.get(found["links"]["small"].removeprefix("http://127.0.0.1:8000"))
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")


@pytest.mark.parametrize("kept", [200_000, 833_000])
def test_a_heic_that_was_cut_off_is_refused(photos: Path, kept: int) -> None:
    content = (photos / "IMG_5195.HEIC").read_bytes()[:kept]
    with pytest.raises(Invalid) as refused:
        inspect(io.BytesIO(content))
    assert refused.value.errors["file"] == ["media.broken"]


def test_a_photo_that_brings_its_decoder_down_leaves_the_worker_alone(photos: Path) -> None:
    content = (photos / "IMG_5195.HEIC").read_bytes()
    hostile = content.replace(b"\0\0Exif", b"\0\0\xffxif", 1)  # pi_heif 1.4 ends in SIGSEGV
    assert hostile != content
    assert inspect(io.BytesIO(hostile)).format == "heic"
    with contextlib.suppress(Broken):  # a mended pi_heif may show it
        render(hostile, "heic")


def test_a_phone_s_wide_colours_are_shown_in_srgb(photos: Path) -> None:
    profile = Image.open(io.BytesIO(_display_p3_jpeg(photos))).info["icc_profile"]
    srgb = ImageCms.createProfile("sRGB")
    p3 = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    wanted = ImageCms.profileToProfile(Image.new("RGB", (9, 9), (200, 100, 50)), p3, srgb)
    picture = render(_display_p3_jpeg(photos), "jpeg").pictures["large.jpg"]
    found = Image.open(io.BytesIO(picture)).getpixel((4, 4))
    assert max(abs(a - b) for a, b in zip(found, wanted.getpixel((4, 4)), strict=True)) <= 3
    assert found[0] > 205  # not the raw 200


def _display_p3_jpeg(photos: Path) -> bytes:
    import pi_heif

    phone = pi_heif.open_heif(photos / "IMG_5195.HEIC")
    file = io.BytesIO()
    image = Image.new("RGB", (64, 64), (200, 100, 50))
    image.save(file, "JPEG", quality=95, icc_profile=phone.info["icc_profile"])
    return file.getvalue()
