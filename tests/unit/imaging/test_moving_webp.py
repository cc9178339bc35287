"""Animated WebP variants: few bytes, and each frame as close as the quality promises."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tests.oracle import png
from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.moving import apng
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import redrawn, rendered
from tests.support.pictures.similarity import psnr


def moving(frames: list[Array]) -> bytes:
    first, *others = [Image.fromarray(frame) for frame in frames]
    return saved(first, "PNG", save_all=True, append_images=others, duration=100, blend=0, compress_level=1)


def ground(width: int, height: int) -> Array:
    """A soft texture of many colours."""
    down, across = np.mgrid[:height, :width]
    grain = np.random.default_rng(3).normal(0, 6, (height, width, 3))
    soft = np.stack([128 + 90 * np.sin(across / 9), 128 + 90 * np.cos(down / 7), across + down], -1) + grain
    return np.dstack([soft.clip(0, 255), np.full((height, width), 255)]).round().astype(np.uint8)


def with_discs(still: Array, count: int) -> list[Array]:
    """A red disc that moves over a still ground."""
    down, across = np.mgrid[: still.shape[0], : still.shape[1]]
    frames = [still.copy() for _ in range(count)]
    for number, frame in enumerate(frames):
        frame[np.hypot(across - 15 - 6 * number, down - 30) < 9] = (220, 20, 30, 255)
    return frames


def test_a_still_ground_needs_few_bytes() -> None:
    """Twelve frames of a texture with a small disc have fewer bytes than three pictures of it."""
    frames = with_discs(ground(160, 120), 12)
    one = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), "160x120.webp"))
    assert len(rendered(moving(frames), "160x120.webp")) < 3 * one


def test_a_screen_of_few_colours_is_lossless() -> None:
    """For text and lines of a few colours, lossless is smaller."""
    still = np.full((120, 160, 4), 255, np.uint8)
    letters = np.random.default_rng(5).random((20, 40)) < 0.4
    still[10:90, :, :3][np.kron(letters, np.ones((4, 4))) > 0] = (20, 30, 60)
    frames = with_discs(still, 6)
    found = played(rendered(moving(frames), "160x120.webp"))
    assert len(found) == len(frames)
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels, frame)


def test_noise_of_few_colours_is_lossy() -> None:
    """For noise, as for a dithered photograph, lossy is smaller."""
    frames = [mosaic(200, 160, 120, seed) for seed in range(4)]
    data = rendered(moving(frames), "160x120.webp")
    buffer = BytesIO()
    first, *others = [Image.fromarray(frame) for frame in frames]
    first.save(buffer, "WEBP", save_all=True, append_images=others, lossless=True)
    assert len(data) < 0.9 * len(buffer.getvalue())


@pytest.mark.parametrize("alpha", [128, 200])
def test_repeated_half_transparent_frames_are_written_once(alpha: int) -> None:
    """One frame has the time of all. Each is a whole picture, because libwebp would blend it with the one before."""
    still = ground(80, 60)
    still[:, :40, 3] = alpha
    frames = [still] * 8 + [still[::-1]] * 2
    data = rendered(apng(frames), "80x60.webp")
    one = len(rendered(apng([still, still[::-1]]), "80x60.webp"))
    assert len(data) < 1.1 * one
    shown = [(pixels[0, 0, 3], duration) for pixels, duration in played(data)]
    assert shown == [(alpha, 8 * 100), (alpha, 2 * 100)]


def half_transparent(count: int) -> list[Array]:
    """Frames of a texture with a half-transparent stripe and two moving discs in opposite corners."""
    still = ground(160, 120)
    still[:, 70:90, 3] = 128
    down, across = np.mgrid[:120, :160]
    frames = [still.copy() for _ in range(count)]
    for number, frame in enumerate(frames):
        for left, top in ((12 + 4 * number, 12), (147 - 4 * number, 107)):
            frame[np.hypot(across - left, down - top) < 8] = (220, 20, 30, 255)
    return frames


def test_a_still_ground_between_two_changes_needs_few_bytes_next_to_transparency() -> None:
    frames = half_transparent(12)
    one = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), "160x120.webp"))
    assert len(rendered(moving(frames), "160x120.webp")) < 3 * one


def test_a_half_transparent_area_is_equally_opaque_in_each_frame() -> None:
    """It is in the same blocks as the discs that move past it."""
    frames = half_transparent(18)
    found = played(rendered(moving(frames), "160x120.webp"))
    assert len(found) == len(frames)
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels[..., 3], frame[..., 3])
        assert psnr(pixels[..., :3], frame[..., :3].astype(float)) > 28


def test_a_slight_noise_needs_few_bytes_next_to_transparency() -> None:
    noise = np.random.default_rng(6)
    frames = half_transparent(1) * 12
    frames = [
        np.dstack([(frame[..., :3] + noise.integers(0, 3, (120, 160, 3))).clip(0, 255), frame[..., 3]]).astype(np.uint8)
        for frame in frames
    ]
    one = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), "160x120.webp"))
    assert len(rendered(moving(frames), "160x120.webp")) < 2 * one


def test_a_slow_change_is_not_lost_next_to_transparency() -> None:
    """The change is one level per frame, less than the difference that counts as still."""
    frames = [frame.copy() for frame in half_transparent(1) * 40]
    for number, frame in enumerate(frames):
        frame[:, :60, :3] = (frame[:, :60, :3].astype(int) - number).clip(0)
    found = played(rendered(moving(frames), "160x120.webp"))
    first, last = (psnr(found[at][0][..., :3], frames[at][..., :3].astype(float)) for at in (0, -1))
    assert last > first - 1.5


def test_a_slow_pan_keeps_its_look() -> None:
    """The error of an area that is kept from frame to frame does not grow."""
    wide = ground(260, 120)
    frames = [wide[:, number : number + 160].copy() for number in range(40)]
    found = [pixels for pixels, _ in played(rendered(moving(frames), "160x120.webp"))]
    looks = [psnr(pixels[..., :3], frame[..., :3].astype(float)) for pixels, frame in zip(found, frames, strict=True)]
    assert min(looks[-5:]) > looks[0] - 1.5


def test_half_transparent_frames_of_a_webp_keep_their_alpha() -> None:
    """Libwebp's encoder blends a frame with the one before where both are similar, which makes it more opaque.

    The oracle found this file. test_compose.py compares the frames of PNG variants with a composer of the tests.
    """
    original = png.moving(np.random.default_rng([5, 85])).data
    shown, wanted = (
        [frame.convert("RGBA").getchannel("A").tobytes() for frame in ImageSequence.Iterator(Image.open(BytesIO(data)))]
        for data in (rendered(original, "500x500-inside.webp"), redrawn(original, "500x500-inside.png"))
    )
    assert shown == wanted
