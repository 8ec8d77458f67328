"""What a photo looks like: its fingerprint, and whether it was taken off a screen.

Told from the pictures that our renderer made, never from what somebody sent.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

_PLAIN = 24  # levels of grey between the darkest and the lightest part of a picture with nothing on
_PHONE_SHAPE = 1.7  # long side to short side; no camera saves PNG, and no camera picture is longer
_SIDE = 512  # pixels of the middle that are looked at for a screen's grid
_LOWEST = 0.08  # cycles a pixel; below it are the things in the picture
_AXES = 3  # lines of the spectrum about its axes, where edges of things and of JPEG blocks are
_PEAKS, _ABOVE = 10, 4.5  # so many points stand so far (e-folds) above those equally fine


@dataclass(frozen=True)
class Appearance:
    """`fingerprint` has 64 bits, and is None for a picture with too little in it."""

    fingerprint: int | None
    of_screen: bool


def appearance(kind: str, large: bytes, small: bytes) -> Appearance:
    """Look at a photo by its pictures; `kind` is the format it came in."""
    with Image.open(BytesIO(small)) as picture:
        fingerprint = _fingerprint(picture)
    with Image.open(BytesIO(large)) as picture:
        of_screen = _is_screenshot(kind, picture.size) or _has_grid(picture)
    return Appearance(fingerprint, of_screen)


def _fingerprint(picture: Image.Image) -> int | None:
    """Whether each of 9 × 8 parts is lighter than the one to its right, row by row."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    parts = np.asarray(grey, dtype=int)
    if parts.max() - parts.min() < _PLAIN:
        return None
    bits = (parts[:, :-1] > parts[:, 1:]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _is_screenshot(kind: str, size: tuple[int, int]) -> bool:
    return kind == "png" and max(size) >= _PHONE_SHAPE * min(size)


def _has_grid(picture: Image.Image) -> bool:
    """Whether the finest detail repeats as no thing does, but the pixels of a screen."""
    if min(picture.size) < _SIDE:
        return False
    left, top = ((side - _SIDE) // 2 for side in picture.size)
    middle = picture.convert("L").crop((left, top, left + _SIDE, top + _SIDE))
    excess = _excess(np.asarray(middle, dtype=float))
    return bool(np.partition(excess, -_PEAKS)[-_PEAKS] > _ABOVE)


def _excess(grey: Any) -> Any:
    """How far each point of the spectrum stands above the median of those equally fine."""
    flat = (grey - grey.mean()) * np.outer(np.hanning(_SIDE), np.hanning(_SIDE))
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(flat))))
    pixels = np.mgrid[-_SIDE // 2 : _SIDE // 2, -_SIDE // 2 : _SIDE // 2]
    fineness = np.hypot(*pixels).astype(int)
    looked_at = (fineness > _SIDE * _LOWEST) & (fineness < _SIDE // 2 - 2)
    looked_at &= (np.abs(pixels) > _AXES).all(axis=0)
    fine, strength = fineness[looked_at], spectrum[looked_at]
    order = np.argsort(fine, kind="stable")
    rings = np.split(strength[order], np.flatnonzero(np.diff(fine[order])) + 1)
    return np.concatenate([ring - np.median(ring) for ring in rings])
