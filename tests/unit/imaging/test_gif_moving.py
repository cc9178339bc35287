"""Animated GIF variants: every frame is there, without traces of the one before it."""

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.moving import apng, spots
from tests.support.pictures.playing import durations, played
from tests.support.pictures.rendering import rendered


@pytest.mark.parametrize("size", ["60x30", "30x", "40x40-contain", "20x20"])
def test_a_moving_disc_leaves_no_trace_and_no_halo(size: str) -> None:
    """Each frame is as in the lossless variant with rounded opacity: the disc is red up to its edge."""
    data = apng(spots(alpha=True))
    gif, png = played(rendered(data, f"{size}.gif")), played(rendered(data, f"{size}.png"))
    assert len(gif) == len(png) == 5
    for (found, _), (wanted, _) in zip(gif, png, strict=True):
        assert np.array_equal(found[..., 3], 255 * (wanted[..., 3] >= 128))
        visible = found[..., 3] > 0
        assert np.abs(found - wanted)[visible, :3].max() <= 2


@pytest.mark.parametrize("size", ["60x30", "30x"])
def test_a_disc_that_moves_over_a_ground_leaves_no_trace(size: str) -> None:
    data = apng(spots(alpha=False))
    gif, png = played(rendered(data, f"{size}.gif")), played(rendered(data, f"{size}.png"))
    for (found, _), (wanted, _) in zip(gif, png, strict=True):
        assert np.abs(found - wanted).max() <= 2


def test_equal_frames_are_written_once() -> None:
    """One frame has the time of all, up to the limit of a GIF's frame, 655 seconds."""
    still = mosaic(200, 40, 30)
    data = rendered(apng([still] * 30 + [still[::-1]] * 2), "40x30.gif")
    assert len(data) == len(rendered(apng([still, still[::-1]]), "40x30.gif"))
    assert durations(data) == [3000, 200]
    assert durations(rendered(apng([still] * 25, seconds=(60, 1)), "40x30.gif")) == [600_000, 600_000, 300_000]


def test_a_disc_that_disappears_before_a_pause_stays_away() -> None:
    disc = spots(alpha=True)[0]
    nothing = np.zeros_like(disc)
    found = played(rendered(apng([disc, nothing, nothing, disc]), "60x30.gif"))
    assert [(pixels[..., 3].max(), duration) for pixels, duration in found] == [(255, 100), (0, 200), (255, 100)]


@pytest.mark.parametrize("sides", [(48, 36), (120, 90)])
def test_only_the_moving_part_over_transparency_is_written(sides: tuple[int, int]) -> None:
    """The ground below is not written again with each frame, although the old place of the square is cleared."""
    width, height = sides
    ground = mosaic(200, width, height)
    ground[: height // 2, :, 3] = 0
    frames = [ground.copy() for _ in range(12)]
    for number, frame in enumerate(frames):
        place = 3 * max(number - 1, 0)  # It starts after the second frame.
        frame[2:8, place : place + 6] = (250, 20, 20, 255)
    size = f"{width}x{height}.gif"
    one, data = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), size)), rendered(apng(frames), size)
    assert len(data) < one + 12 * 60
    found = played(data)
    assert len(found) == 11
    for (pixels, _), frame in zip(found, frames[1:], strict=True):
        visible = frame[..., 3] > 0
        assert np.array_equal(pixels[..., 3] > 0, visible)
        assert np.array_equal(pixels[visible], frame[visible])


def test_a_hole_in_a_later_frame_is_shown() -> None:
    """The earlier frames are opaque, and a part of their picture disappears."""
    frames = [mosaic(200, 40, 30) for _ in range(3)]
    frames[1][:5, :5] = frames[0][0, 0]
    frames[2][10:20, 10:20, 3] = 0
    found = played(rendered(apng(frames), "40x30.gif"))
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels[..., 3], frame[..., 3])
