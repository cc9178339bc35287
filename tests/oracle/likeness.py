"""The error between two pictures: hidden colours do not count, and transparency also counts by itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.oracle.peers import Pixels

Premultiplied = npt.NDArray[np.float64]

_DARK, _LIGHT = 0.0, 255.0
"""Grounds on which pictures are compared."""


def premultiplied(pixels: Pixels) -> Premultiplied:
    """Colours times alpha, and alpha."""
    found = pixels.astype(np.float64)
    found[..., :3] *= found[..., 3:] / 255
    return found


def equal(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures look exactly the same."""
    return np.array_equal(premultiplied(one), premultiplied(other))


def opaque_or_not(pixels: Pixels) -> Pixels:
    """The pixels as a GIF can show them, opaque or transparent."""
    found = pixels.copy()
    found[..., 3] = np.where(found[..., 3] >= 128, 255, 0)
    return found


@dataclass(frozen=True)
class Error:
    """Mean squared errors, in levels: of the colours over black and over white, and of alpha."""

    colours: float
    alpha: float


def error(one: Pixels, other: Pixels) -> Error:
    """The error between two pictures of the same sides."""
    difference = premultiplied(one) - premultiplied(other)
    squares = [(difference[..., :3] - ground * difference[..., 3:] / 255) ** 2 for ground in (_DARK, _LIGHT)]
    return Error(float(np.mean(squares)), float((difference[..., 3] ** 2).mean()))


def decibels(squared: float) -> float:
    """PSNR; 99 if nothing differs."""
    return 99.0 if squared == 0 else min(99.0, float(10 * np.log10(255**2 / squared)))


def under(found: float, bar: float, margin: float) -> bool:
    """Whether a mean squared error is above another by more than `margin` decibels."""
    return found > bar * 10 ** (margin / 10)
