"""The colours of an animated GIF: exact if its palettes have room for them, otherwise close."""

from io import BytesIO

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.moving import apng, from_afar, photographs
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def own_tables(data: bytes) -> list[bool]:
    """Whether each frame has its own palette."""
    found = []
    with GifImagePlugin.GifImageFile(BytesIO(data)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            found.append(image._frame_palette is not None and image._frame_palette is not image.global_palette)
    return found


@pytest.mark.parametrize("clear", [False, True])
def test_up_to_255_colours_of_all_frames_are_exact(clear: bool) -> None:
    frames = np.split(mosaic(255, 30, 80), 4)
    if clear:
        for number, frame in enumerate(frames):
            frame[number : number + 9, 3 * number :, 3] = 0
    found = played(rendered(apng(frames), "30x20.gif"))
    assert len(found) == 4
    for (pixels, _), frame in zip(found, frames, strict=True):
        visible = frame[..., 3] > 0
        assert np.array_equal(pixels[..., 3] > 0, visible)
        assert np.array_equal(pixels[visible], frame[visible])


@pytest.mark.parametrize("sides", [(20, 20), (120, 90)])
def test_up_to_255_colours_of_each_frame_are_exact(sides: tuple[int, int]) -> None:
    """The frames need their own palettes, some of which two frames share."""
    frames = [mosaic(255, *sides, seed) for seed in (1, 1, 2, 3, 4, 4)]
    frames[1][:4] = frames[0][-4:]
    frames[5][:4] = frames[4][-4:]
    found = played(rendered(apng(frames), f"{sides[0]}x{sides[1]}.gif"))
    assert len(found) == len(frames)
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels, frame)


@pytest.mark.parametrize("side", [40, 300])
def test_frames_of_many_colours_are_close(side: int) -> None:
    """A soft spot moves over a picture of many colours. From a distance at which pixels merge, it is smooth."""
    y, x = np.mgrid[0:side, 0:side]
    frames = []
    for index in range(5):
        spot = np.exp(-((x - index * side / 5) ** 2 + (y - side / 2) ** 2) / side)
        frames.append(np.stack([255 * x / side, 255 * y / side, 255 * spot, 255 + 0 * x], 2).astype(np.uint8))
    found = played(rendered(apng(frames), f"{side}x.gif"))
    assert len(found) == 5
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert psnr(pixels[..., :3], frame[..., :3].astype(float)) > 28
        assert psnr(from_afar(pixels), from_afar(frame)) > 36


@pytest.mark.parametrize("clear", [False, True])
def test_a_few_similar_colours_of_a_large_animation_are_exact(clear: bool) -> None:
    """All frames have over four million pixels, and some colours are only in the last frame."""
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


def test_an_animated_photograph_has_one_palette() -> None:
    """Palettes of frames cost bytes, and a still ground would change with them."""
    data = rendered(apng(photographs(6)), "160x120.gif")
    assert own_tables(data) == [False] * 6


def test_a_shrunk_gif_of_few_bytes_keeps_its_look() -> None:
    """It loses no colours without a reason."""
    first, *rest = [Image.fromarray(frame[..., :3]).quantize(255) for frame in photographs(6)]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=80)
    found, wanted = (played(rendered(original, f"80x.{target}")) for target in ("gif", "png"))
    for (pixels, _), (exact, _) in zip(found, wanted, strict=True):
        assert psnr(from_afar(pixels), from_afar(exact)) > 42


def test_the_edge_of_many_frames_keeps_its_colours() -> None:
    """The edge is two pixels wide. Of so many frames, only a few pixels each are used to choose the palette."""
    still = photographs(1)[0]
    still[:2, :, :3] = still[-2:, :, :3] = (250, 0, 250)
    still[:, :2, :3] = still[:, -2:, :3] = (0, 250, 0)
    frames = [still.copy() for _ in range(60)]
    for number, frame in enumerate(frames):
        frame[20:60, 20:60, :3] = np.roll(still[20:60, 20:60, :3], number, 0)
    first, *others = [Image.fromarray(frame[..., :3]) for frame in frames]
    original = saved(first, "PNG", save_all=True, append_images=others, duration=100, blend=0, compress_level=1)
    for pixels, _ in played(rendered(original, "160x120.gif"))[::20]:
        assert np.abs(pixels[60:80, 0, :3] - (0, 250, 0)).max() < 12
        assert np.abs(pixels[0, 40:80, :3] - (250, 0, 250)).max() < 12
