"""Animations as a viewer sees them: which picture is shown for how long."""

from collections.abc import Iterable
from io import BytesIO
from itertools import accumulate

import numpy as np
from PIL import Image, ImageSequence

from tests.support.pictures.icc import Array

Played = list[tuple[Array, float]]
"""Pictures, rows of RGBA from 0 to 255, each with its duration in ms."""


def played(data: bytes) -> Played:
    """The frames of a file, by Pillow."""
    with Image.open(BytesIO(data)) as image:
        return merged((np.asarray(frame.convert("RGBA"), float), duration(frame)) for frame in frames(image))


def durations(data: bytes) -> list[float]:
    """For how long each frame of a file is shown, in ms."""
    with Image.open(BytesIO(data)) as image:
        return [duration(frame) for frame in frames(image)]


def frames(image: Image.Image) -> Iterable[Image.Image]:
    """Each frame in turn, loaded. A WebP's duration is known after it is loaded."""
    for frame in ImageSequence.Iterator(image):
        frame.load()
        yield frame


def duration(image: Image.Image) -> float:
    """How long the current frame is shown, in ms."""
    return float(image.info.get("duration", 0))


def merged(pictures: Iterable[tuple[Array, float]]) -> Played:
    """Frames that look the same as the one before them are one: Pillow's encoders merge them too."""
    found: Played = []
    for pixels, shown in pictures:
        if found and np.array_equal(premultiplied(found[-1][0]), premultiplied(pixels)):
            found[-1] = (found[-1][0], found[-1][1] + shown)
        else:
            found.append((pixels, shown))
    return found


def premultiplied(pixels: Array) -> Array:
    """Colours times alpha, beside alpha: what is invisible is all the same."""
    return np.concatenate([pixels[..., :3] * pixels[..., 3:] / 255, pixels[..., 3:]], axis=-1)


def seen(animation: Played, start: float, end: float) -> list[Array]:
    """The pictures that are shown between two times, in ms from the beginning; one that does not move stays."""
    if len(animation) == 1:
        return [animation[0][0]]
    ends = accumulate(shown for _, shown in animation)
    return [
        pixels for (pixels, shown), ended in zip(animation, ends, strict=True) if ended - shown < end and ended > start
    ]
