"""An animated GIF has few bytes: only changes are written, and a shrunk variant is smaller than its original."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.moving import apng, photographs
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered


@pytest.mark.parametrize("count", [3, 12])
def test_an_animated_gif_of_few_colours_stays_small(count: int) -> None:
    """All frames have less or more than a million pixels. The scaled variant has the same number of colours."""
    frames = [np.kron(mosaic(8, 40, 30, 5)[..., :3], np.ones((20, 20, 1))).astype(np.uint8) for _ in range(count)]
    for number, frame in enumerate(frames):
        frame[number * 10 : number * 10 + 40, :40] = frame[0, 0]
    first = Image.fromarray(frames[0]).quantize(8)
    rest = [Image.fromarray(frame).quantize(palette=first) for frame in frames[1:]]
    palette = bytes(first.getpalette() or ())  # For all frames: by default, Pillow gives each frame its own.
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=100, palette=palette)
    found = played(rendered(original, "417x.gif"))
    colours = {tuple(colour) for pixels, _ in found for colour in np.unique(pixels.reshape(-1, 4), axis=0)}
    assert len(found) == count
    assert len(colours) == 8


def test_an_unchanged_area_is_not_written_again() -> None:
    """Thirty frames of noise with a changing dot are hardly larger than one."""
    ground = mosaic(200, 100, 100)
    frames = [ground.copy() for _ in range(30)]
    for number, frame in enumerate(frames):
        frame[50, number * 3] = ground[0, 0] if (ground[50, number * 3] != ground[0, 0]).any() else ground[0, 1]
    one = len(rendered(saved(Image.fromarray(ground), "PNG"), "100x100.gif"))
    data = rendered(apng(frames), "100x100.gif")
    assert len(data) < 1.3 * one + 2000
    assert all(not np.array_equal(one, other) for (one, _), (other, _) in pairwise(played(data)))


def test_an_unchanged_area_between_two_changes_is_not_written_again() -> None:
    """Ten frames of noise with changing dots in two corners are hardly larger than one."""
    ground = mosaic(200, 100, 100)
    frames = [ground.copy() for _ in range(10)]
    for number, frame in enumerate(frames):
        frame[0, 0] = frame[99, 99] = ground[50, number]
    one = len(rendered(saved(Image.fromarray(ground), "PNG"), "100x100.gif"))
    assert len(rendered(apng(frames), "100x100.gif")) < 1.3 * one


@pytest.mark.parametrize("size", ["80x", "120x90"])
def test_a_shrunk_gif_is_smaller_than_its_original(size: str) -> None:
    """The original is an animated dithered photograph by Pillow's encoder."""
    first, *rest = [Image.fromarray(frame[..., :3]) for frame in photographs(10)]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=80)
    assert len(rendered(original, size)) < len(original)


@pytest.mark.parametrize("size", ["140x", "100x", "130x100"])
def test_a_shrunk_gif_of_few_colours_is_smaller_than_its_original(size: str) -> None:
    """Its edges, sharp in the original, would need too many colours."""
    frames = [np.kron(mosaic(16, 40, 30, seed)[..., :3], np.ones((4, 4, 1))).astype(np.uint8) for seed in (2, 2, 2)]
    for number, frame in enumerate(frames):
        frame[40:60, 20 * number : 20 * number + 20] = frames[0][0, 0]
    first, *rest = [Image.fromarray(frame).quantize(16) for frame in frames]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=100)
    found = rendered(original, f"{size}.gif")
    assert len(found) <= len(original)
    assert len(played(found)) == 3


def test_an_area_with_the_same_colours_in_two_palettes_is_not_written_twice() -> None:
    """Two frames with more than 255 colours keep them all. Of the second, only the new corner is written."""
    frames = [mosaic(200, 100, 100, 3) for _ in range(2)]
    for number, frame in enumerate(frames):
        frame[:20, :20] = mosaic(50, 20, 20, number)
    data = rendered(apng(frames), "100x100.gif")
    alone = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), "100x100.gif"))
    assert len(data) < alone + 2 * 20 * 20 + 3 * 64
    for (pixels, _), frame in zip(played(data), frames, strict=True):
        assert np.array_equal(pixels, frame)
