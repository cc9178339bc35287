"""Animations as a viewer sees them: which picture is shown, and for how long."""

from collections.abc import Iterable
from io import BytesIO
from itertools import accumulate

import numpy as np
from PIL import Image, ImageSequence

from tests.support.pictures.icc import Array

Played = list[tuple[Array, float]]
"""Pictures, as rows of RGBA from 0 to 255, each with its duration in ms."""


def played(data: bytes) -> Played:
    """The frames of a file, decoded by Pillow."""
    with Image.open(BytesIO(data)) as image:
        return merged((np.asarray(frame.convert("RGBA"), float), duration(frame)) for frame in frames(image))


def durations(data: bytes) -> list[float]:
    """The duration of each frame of a file in ms."""
    with Image.open(BytesIO(data)) as image:
        return [duration(frame) for frame in frames(image)]


def frames(image: Image.Image) -> Iterable[Image.Image]:
    """Each frame, loaded, since the duration of a WebP's frame is unknown before it is loaded."""
    for frame in ImageSequence.Iterator(image):
        frame.load()
        yield frame


def duration(image: Image.Image) -> float:
    """The duration of the current frame in ms."""
    return float(image.info.get("duration", 0))


def merged(pictures: Iterable[tuple[Array, float]]) -> Played:
    """Merges each frame into the previous one if they look the same, as Pillow's encoders do."""
    found: Played = []
    for pixels, shown in pictures:
        if found and np.array_equal(premultiplied(found[-1][0]), premultiplied(pixels)):
            found[-1] = (found[-1][0], found[-1][1] + shown)
        else:
            found.append((pixels, shown))
    return found


def premultiplied(pixels: Array) -> Array:
    """Colours times alpha, and alpha, so that all invisible pixels are equal."""
    return np.concatenate([pixels[..., :3] * pixels[..., 3:] / 255, pixels[..., 3:]], axis=-1)


def seen(animation: Played, start: float, end: float) -> list[Array]:
    """The pictures that are shown between two times in ms; a still picture is shown at all times."""
    if len(animation) == 1:
        return [animation[0][0]]
    ends = accumulate(shown for _, shown in animation)
    return [
        pixels for (pixels, shown), ended in zip(animation, ends, strict=True) if ended - shown < end and ended > start
    ]
