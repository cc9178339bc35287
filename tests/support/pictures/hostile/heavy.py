"""Ordinary pictures, not hostile, of the largest allowed size and length, in the slowest formats."""

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final

from PIL import Image

from tests.support.pictures.hostile.case import SIDE, Case
from tests.support.pictures.icc import ADOBE_RGB
from tests.support.pictures.samples import SUNSET

LARGEST: Final = ("4096x.jpg", "4096x.png", "4096x.webp", "4096x.avif", "4096x.gif")
TRANSPARENT: Final = ("4096x1000.webp", "4096x4096-smart.jpg", "4096x.avif", "4096x4096-contain.png")
MOVING: Final = ("4096x.png", "4096x.webp", "4096x.avif", "4096x.gif", "600x.avif")


@cache
def photograph(width: int, height: int) -> Image.Image:
    """The sample photograph, repeated to fill the sides."""
    sunset = Image.open(BytesIO(SUNSET))
    image = Image.new("RGB", (width, height))
    for left in range(0, width, sunset.width):
        for top in range(0, height, sunset.height):
            image.paste(sunset, (left, top))
    return image


def pan(frames: int, width: int, height: int) -> list[Image.Image]:
    """Frames of a camera that moves over a photograph."""
    wide = photograph(4272, 2848).resize((2136, 1424))
    corners = [(7 * number % (2136 - width), 5 * number % (1424 - height)) for number in range(frames)]
    return [wide.crop((left, top, left + width, top + height)) for left, top in corners]


def saved(pictures: Sequence[Image.Image], target: str, **options: Any) -> bytes:
    buffer = BytesIO()
    others = {"save_all": True, "append_images": pictures[1:], "duration": 50} if len(pictures) > 1 else {}
    pictures[0].save(buffer, target, **others, **options)
    return buffer.getvalue()


def gif(frames: int, width: int, height: int) -> bytes:
    pictures = pan(frames, width, height)
    return saved([picture.quantize(128, Image.Quantize.FASTOCTREE) for picture in pictures], "GIF")


def pictures() -> Iterator[Case]:
    square = photograph(SIDE, SIDE)
    yield "JPEG of 64 MP", saved([square], "JPEG", quality=85), LARGEST
    yield "progressive JPEG of 64 MP", saved([square], "JPEG", quality=85, progressive=True), ("4096x.avif",)
    yield "PNG of 24 MP", saved([photograph(6000, 4000)], "PNG", compress_level=1), ("4096x.png",)
    yield "WebP of 24 MP", saved([photograph(6000, 4000)], "WEBP", method=0), ("4096x.avif",)
    whole = saved([photograph(6240, 6240)], "AVIF", speed=10, subsampling="4:4:4")
    yield "AVIF of 39 MP", whole, ("4096x.avif",)
    yield "noise", _noise(4000), ("4096x.webp", "4096x.avif")
    yield "PNG of 32 MP with alpha", saved([_soft(4096, 8000)], "PNG", compress_level=1), TRANSPARENT
    yield "WebP of 16 MP with alpha", saved([_soft(4096, 4096)], "WEBP", method=0), ("4096x.webp", "4096x.avif")
    moving = [_soft(2136, 1424).crop((7 * at, 5 * at, 7 * at + 1000, 5 * at + 1000)) for at in range(20)]
    yield "WebP of 20 frames with alpha", saved(moving, "WEBP", method=0), ("1000x.webp", "1000x.avif", "1000x.png")
    yield "GIF of 64 frames of 1000x1000", gif(64, 1000, 1000), MOVING
    yield "GIF of 3,000 frames", gif(3000, 140, 150), ("4096x.gif", "4096x.avif")
    yield "WebP of 64 frames of 1000x1000", saved(pan(64, 1000, 1000), "WEBP", method=0), ("4096x.webp", "4096x.avif")
    yield "AVIF of 64 frames of 1000x1000", saved(pan(64, 1000, 1000), "AVIF", speed=10), ("4096x.webp", "4096x.avif")
    modes = ("RGB", "RGBA")
    frames = [Image.new(modes[number % 2], (9, 9), (number % 256, number // 256, 0)) for number in range(3000)]
    profile = ADOBE_RGB.profile(padding=2048)  # With a larger profile, the colours would be converted.
    yield (
        "APNG of 3,000 frames in a space of their own",
        saved(frames, "PNG", icc_profile=profile),
        ("8x.gif", "8x.png"),
    )


def _soft(width: int, height: int) -> Image.Image:
    """A photograph that is more transparent the darker it is, but nowhere fully transparent or fully opaque."""
    image = photograph(width, height).copy()
    image.putalpha(image.convert("L").point([max(1, min(level, 254)) for level in range(256)]))
    return image


def _noise(side: int) -> bytes:
    bands = [Image.effect_noise((side, side), 100) for _ in range(3)]
    return saved([Image.merge("RGB", bands)], "JPEG", quality=85)
