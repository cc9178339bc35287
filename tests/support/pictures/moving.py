"""Animations as arrays of pixels: an APNG of them, and sample frames in which something moves."""

import numpy as np
from skimage.filters import gaussian

from tests.support.pictures.icc import Array
from tests.support.pictures.pngs import Apng, Moving


def moving(frames: list[Array], seconds: tuple[int, int] = (1, 10)) -> bytes:
    """The frames for a fraction of a second each, the same ones too: Pillow's encoder would make one of them."""
    height, width = frames[0].shape[:2]
    return Apng((width, height), [Moving(frame.reshape(height, -1).tolist(), delay=seconds) for frame in frames]).data()


def from_afar(pixels: Array) -> Array:
    """The colours of pixels, each mixed with those beside it by a Gaussian of one pixel, as an eye mixes them."""
    found: Array = gaussian(pixels[..., :3].astype(float), sigma=1, channel_axis=-1, preserve_range=True)
    return found


def photographs(count: int) -> list[Array]:
    """Frames of a still ground with a gradient and a grain of many colours, over which a red disc moves."""
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
    """A disc on its way across, with an edge of many opacities, or over white."""
    down, across = np.mgrid[:30, :60]
    pictures = []
    for place in range(5):
        cover = (7.5 - np.hypot(across - 10 * place - 10, down - 15)).clip(0, 1)[..., None]
        colour = np.broadcast_to([230.0, 40.0, 20.0], (30, 60, 3))
        flat = colour if alpha else colour * cover + 255 * (1 - cover)
        pictures.append(np.concatenate([flat, 255 * cover if alpha else 255 + 0 * cover], -1).round().astype(np.uint8))
    return pictures
