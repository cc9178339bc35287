"""GIF variants of what moves: each frame is there, without traces of the one before it."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.playing import played
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def moving(frames: list[Array]) -> bytes:
    height, width = frames[0].shape[:2]
    return Apng((width, height), [Moving(frame.reshape(height, -1).tolist()) for frame in frames]).data()


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


@pytest.mark.parametrize("size", ["60x30", "30x", "40x40-contain", "20x20"])
def test_what_moves_leaves_neither_trace_nor_halo(size: str) -> None:
    """Each frame is that of the lossless variant, its opacity rounded: the disc is red up to its edge."""
    data = moving(spots(alpha=True))
    gif, png = played(rendered(data, f"{size}.gif")), played(rendered(data, f"{size}.png"))
    assert len(gif) == len(png) == 5
    for (found, _), (wanted, _) in zip(gif, png, strict=True):
        assert np.array_equal(found[..., 3], 255 * (wanted[..., 3] >= 128))
        visible = found[..., 3] > 0
        assert np.abs(found - wanted)[visible, :3].max() <= 2


@pytest.mark.parametrize("size", ["60x30", "30x"])
def test_what_moves_over_a_ground_leaves_no_trace(size: str) -> None:
    data = moving(spots(alpha=False))
    gif, png = played(rendered(data, f"{size}.gif")), played(rendered(data, f"{size}.png"))
    for (found, _), (wanted, _) in zip(gif, png, strict=True):
        assert np.abs(found - wanted).max() <= 2


@pytest.mark.parametrize("clear", [False, True])
def test_frames_of_255_colours_together_stay_as_they_are(clear: bool) -> None:
    frames = np.split(mosaic(255, 30, 80), 4)
    if clear:
        for number, frame in enumerate(frames):
            frame[number : number + 9, 3 * number :, 3] = 0
    found = played(rendered(moving(frames), "30x20.gif"))
    assert len(found) == 4
    for (pixels, _), frame in zip(found, frames, strict=True):
        visible = frame[..., 3] > 0
        assert np.array_equal(pixels[..., 3] > 0, visible)
        assert np.array_equal(pixels[visible], frame[visible])


@pytest.mark.parametrize("sides", [(20, 20), (120, 90)])
def test_frames_of_255_colours_each_stay_as_they_are(sides: tuple[int, int]) -> None:
    """As in a GIF whose frames have palettes of their own, some of which serve two frames."""
    frames = [mosaic(255, *sides, seed) for seed in (1, 1, 2, 3, 4, 4)]
    frames[1][:4] = frames[0][-4:]
    frames[5][:4] = frames[4][-4:]
    found = played(rendered(moving(frames), f"{sides[0]}x{sides[1]}.gif"))
    assert len(found) == len(frames)
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels, frame)


@pytest.mark.parametrize("count", [3, 12])
def test_an_animated_gif_of_few_colours_stays_small(count: int) -> None:
    """Of under and over a million pixels together: scaled, it has twice as many colours at the most."""
    frames = [np.kron(mosaic(8, 40, 30, 5)[..., :3], np.ones((20, 20, 1))).astype(np.uint8) for _ in range(count)]
    for number, frame in enumerate(frames):
        frame[number * 10 : number * 10 + 40, :40] = frame[0, 0]
    first, *rest = [Image.fromarray(frame).quantize(8) for frame in frames]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=100)
    found = played(rendered(original, "417x.gif"))
    colours = {tuple(colour) for pixels, _ in found for colour in np.unique(pixels.reshape(-1, 4), axis=0)}
    assert len(found) == count
    assert 8 <= len(colours) <= 15


def test_what_does_not_change_is_not_written_again() -> None:
    """Thirty frames of a noise with a changing dot are hardly larger than one."""
    ground = mosaic(200, 100, 100)
    frames = [ground.copy() for _ in range(30)]
    for number, frame in enumerate(frames):
        frame[50, number * 3] = ground[0, 0] if (ground[50, number * 3] != ground[0, 0]).any() else ground[0, 1]
    one = len(rendered(saved(Image.fromarray(ground), "PNG"), "100x100.gif"))
    data = rendered(moving(frames), "100x100.gif")
    assert len(data) < 1.3 * one + 2000
    assert all(not np.array_equal(one, other) for (one, _), (other, _) in pairwise(played(data)))


@pytest.mark.parametrize("side", [40, 300])
def test_frames_of_many_colours_are_close(side: int) -> None:
    """A soft spot that wanders over a picture of many colours."""
    y, x = np.mgrid[0:side, 0:side]
    frames = []
    for index in range(5):
        spot = np.exp(-((x - index * side / 5) ** 2 + (y - side / 2) ** 2) / side)
        frames.append(np.stack([255 * x / side, 255 * y / side, 255 * spot, 255 + 0 * x], 2).astype(np.uint8))
    found = played(rendered(moving(frames), f"{side}x.gif"))
    assert len(found) == 5
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert psnr(pixels[..., :3], frame[..., :3].astype(float)) > 30


@pytest.mark.parametrize("clear", [False, True])
def test_few_close_colours_of_a_large_animation_stay_as_they_are(clear: bool) -> None:
    """Over four million pixels together, some of whose colours are in the last frame only."""
    frames = [np.full((300, 400, 4), 255, np.uint8) for _ in range(36)]
    for number, frame in enumerate(frames):
        frame[..., :3] = 100 + number % 12 + (np.arange(400) // 25 + number)[None, :, None] % 3
        frame[200:, 100 : 100 + number, 3] = 0 if clear else 255
    frames[-1][:40, :40, :3] = (240, 2, 13)
    first, *rest = [Image.fromarray(frame) for frame in frames]
    original = saved(first, "PNG", save_all=True, append_images=rest, duration=100, blend=0, compress_level=1)
    found = played(rendered(original, "400x300.gif"))
    assert len(found) == len(frames)
    for (pixels, _), frame in zip(found, frames, strict=True):
        visible = frame[..., 3] > 0
        assert np.array_equal(pixels[..., 3] > 0, visible)
        assert np.array_equal(pixels[visible], frame[visible])
