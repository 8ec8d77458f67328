"""Pictures with as much in them as photos have, each seed another."""

import random

from PIL import Image, ImageDraw, ImageFilter


def scene(seed: int, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """Sky, ground, and things of all sizes in front of them."""
    made = random.Random(seed)
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = made.randrange(size[0]), made.randrange(size[1])
        width, height = made.randrange(10, 400), made.randrange(10, 400)
        colour = tuple(made.randrange(256) for _ in range(3))
        shape = made.choice([draw.rectangle, draw.ellipse])
        shape([x, y, x + width, y + height], fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1.5))
