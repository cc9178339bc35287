"""Animations as arrays of pixels, and APNGs of them."""

import numpy as np
from skimage.filters import gaussian

from tests.support.pictures.icc import Array
from tests.support.pictures.pngs import Apng, Moving


def apng(frames: list[Array], seconds: tuple[int, int] = (1, 10)) -> bytes:
    """The frames, each for a fraction of a second. Pillow's encoder would join equal ones."""
    height, width = frames[0].shape[:2]
    return Apng((width, height), [Moving(frame.reshape(height, -1).tolist(), delay=seconds) for frame in frames]).data()


def from_afar(pixels: Array) -> Array:
    """The colours of pixels, mixed with their neighbours by a Gaussian of one pixel, as an eye mixes them."""
    found: Array = gaussian(pixels[..., :3].astype(float), sigma=1, channel_axis=-1, preserve_range=True)
    return found


def photographs(count: int) -> list[Array]:
    """Frames in which a red disc moves over a still ground: a gradient with a grain of many colours."""
    down, across = np.mgrid[:120, :160]
    grain = np.random.default_rng(8).normal(0, 9, (120, 160, 3))
    ground = np.stack([across * 1.5, down * 2, 255 - across - down / 2], -1) + grain
    frames = []
    for number in range(count):
        disc = np.hypot(across - 20 - 12 * number, down - 60) < 14
        pixels = np.where(disc[..., None], [220, 30, 40], ground).clip(0, 255).round().astype(np.uint8)
        frames.append(np.dstack([pixels, np.full(disc.shape, 255, np.uint8)]))
    return frames


def spots(alpha: bool) -> list[Array]:
    """Frames of a moving disc, whose edge has many opacities or is over white."""
    down, across = np.mgrid[:30, :60]
    pictures = []
    for place in range(5):
        cover = (7.5 - np.hypot(across - 10 * place - 10, down - 15)).clip(0, 1)[..., None]
        colour = np.broadcast_to([230.0, 40.0, 20.0], (30, 60, 3))
        flat = colour if alpha else colour * cover + 255 * (1 - cover)
        pictures.append(np.concatenate([flat, 255 * cover if alpha else 255 + 0 * cover], -1).round().astype(np.uint8))
    return pictures
