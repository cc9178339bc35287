"""GIF variants of what moves: each frame is there, without traces of the one before it."""

from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import GifImagePlugin, Image
from skimage.filters import gaussian

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.playing import durations, played
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def moving(frames: list[Array], seconds: tuple[int, int] = (1, 10)) -> bytes:
    """The frames for a fraction of a second each, the same ones too: Pillow's encoder would make one of them."""
    height, width = frames[0].shape[:2]
    return Apng((width, height), [Moving(frame.reshape(height, -1).tolist(), delay=seconds) for frame in frames]).data()


def from_afar(pixels: Array) -> Array:
    """The colours of pixels, each mixed with those beside it by a Gaussian of one pixel, as an eye mixes them."""
    found: Array = gaussian(pixels[..., :3].astype(float), sigma=1, channel_axis=-1, preserve_range=True)
    return found


def own_tables(data: bytes) -> list[bool]:
    """Whether each frame has a palette of its own."""
    found = []
    with GifImagePlugin.GifImageFile(BytesIO(data)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            found.append(image._frame_palette is not None and image._frame_palette is not image.global_palette)
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
    """Of under and over a million pixels together: scaled, it has as many colours."""
    frames = [np.kron(mosaic(8, 40, 30, 5)[..., :3], np.ones((20, 20, 1))).astype(np.uint8) for _ in range(count)]
    for number, frame in enumerate(frames):
        frame[number * 10 : number * 10 + 40, :40] = frame[0, 0]
    first = Image.fromarray(frames[0]).quantize(8)
    rest = [Image.fromarray(frame).quantize(palette=first) for frame in frames[1:]]
    palette = bytes(first.getpalette() or ())  # For all frames: by itself Pillow gives each its own.
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=100, palette=palette)
    found = played(rendered(original, "417x.gif"))
    colours = {tuple(colour) for pixels, _ in found for colour in np.unique(pixels.reshape(-1, 4), axis=0)}
    assert len(found) == count
    assert len(colours) == 8


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


def test_frames_that_look_the_same_are_written_once() -> None:
    """For as long as all of them, unless that is longer than a GIF's frame can be: 655 seconds."""
    still = mosaic(200, 40, 30)
    data = rendered(moving([still] * 30 + [still[::-1]] * 2), "40x30.gif")
    assert len(data) == len(rendered(moving([still, still[::-1]]), "40x30.gif"))
    assert durations(data) == [3000, 200]
    assert durations(rendered(moving([still] * 25, seconds=(60, 1)), "40x30.gif")) == [600_000, 600_000, 300_000]


def test_what_is_gone_before_a_pause_is_gone() -> None:
    disc = spots(alpha=True)[0]
    nothing = np.zeros_like(disc)
    found = played(rendered(moving([disc, nothing, nothing, disc]), "60x30.gif"))
    assert [(pixels[..., 3].max(), duration) for pixels, duration in found] == [(255, 100), (0, 200), (255, 100)]


def test_what_stays_between_two_changes_is_not_written_again() -> None:
    """Ten frames of a noise with a changing dot in two corners are hardly larger than one."""
    ground = mosaic(200, 100, 100)
    frames = [ground.copy() for _ in range(10)]
    for number, frame in enumerate(frames):
        frame[0, 0] = frame[99, 99] = ground[50, number]
    one = len(rendered(saved(Image.fromarray(ground), "PNG"), "100x100.gif"))
    assert len(rendered(moving(frames), "100x100.gif")) < 1.3 * one


@pytest.mark.parametrize("side", [40, 300])
def test_frames_of_many_colours_are_close(side: int) -> None:
    """A soft spot that wanders over a picture of many colours. From where pixels are not told apart it is smooth."""
    y, x = np.mgrid[0:side, 0:side]
    frames = []
    for index in range(5):
        spot = np.exp(-((x - index * side / 5) ** 2 + (y - side / 2) ** 2) / side)
        frames.append(np.stack([255 * x / side, 255 * y / side, 255 * spot, 255 + 0 * x], 2).astype(np.uint8))
    found = played(rendered(moving(frames), f"{side}x.gif"))
    assert len(found) == 5
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert psnr(pixels[..., :3], frame[..., :3].astype(float)) > 28
        assert psnr(from_afar(pixels), from_afar(frame)) > 36


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


def test_a_still_ground_does_not_flicker() -> None:
    """Where a pixel is the same in two frames, it is the same in the variant, though its colour is not exact."""
    frames = photographs(8)
    found = played(rendered(moving(frames), "160x120.gif"))
    assert len(found) == len(frames)
    for (one, two), (before, after) in zip(pairwise(frames), pairwise(found), strict=True):
        still = (one == two).all(-1)
        assert np.array_equal(before[0][still], after[0][still])


def test_a_ground_with_a_slight_noise_does_not_flicker() -> None:
    """As a camera's is, up to two levels from one frame to any other."""
    noise = np.random.default_rng(9)
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[..., :3] = (frame[..., :3].astype(int) + noise.integers(0, 3, frame[..., :3].shape)).clip(0, 255)
    found = [pixels for pixels, _ in played(rendered(moving(frames), "160x120.gif"))]
    away = np.s_[:40]  # The disc is below.
    assert all(np.array_equal(one[away], found[0][away]) for one in found)


def test_a_flat_ground_keeps_its_colour() -> None:
    """Beside a photograph of many colours, some of them a level away."""
    frames = [frame.copy() for frame in photographs(6)]
    for frame in frames:
        frame[:, 70:, :3] = (254, 255, 252)
        frame[50:54, 80:90, :3] = (255, 255, 255)
    for pixels, _ in played(rendered(moving(frames), "160x120.gif")):
        assert (pixels[:, 110:, :3] == (254, 255, 252)).all()


def test_a_slow_change_is_not_lost() -> None:
    """A level per frame, less than what is kept from one frame to the next."""
    frames = [frame.copy() for frame in photographs(2)[:1] * 60]
    for number, frame in enumerate(frames):
        frame[:, :80, :3] = (frame[:, :80, :3].astype(int) - number).clip(0)
    (last, _) = played(rendered(moving(frames), "160x120.gif"))[-1]
    assert psnr(from_afar(last), from_afar(frames[-1])) > 38


def test_a_photograph_that_moves_has_one_palette() -> None:
    """Palettes of frames take bytes, and what stands still changes with them."""
    data = rendered(moving(photographs(6)), "160x120.gif")
    assert own_tables(data) == [False] * 6


@pytest.mark.parametrize("sides", [(48, 36), (120, 90)])
def test_what_moves_over_something_clear_is_drawn_alone(sides: tuple[int, int]) -> None:
    """A ground below it is not written again with each frame, though the place that was left is cleared."""
    width, height = sides
    ground = mosaic(200, width, height)
    ground[: height // 2, :, 3] = 0
    frames = [ground.copy() for _ in range(12)]
    for number, frame in enumerate(frames):
        place = 3 * max(number - 1, 0)  # It sets out after the second frame.
        frame[2:8, place : place + 6] = (250, 20, 20, 255)
    size = f"{width}x{height}.gif"
    one, data = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), size)), rendered(moving(frames), size)
    assert len(data) < one + 12 * 60
    found = played(data)
    assert len(found) == 11
    for (pixels, _), frame in zip(found, frames[1:], strict=True):
        visible = frame[..., 3] > 0
        assert np.array_equal(pixels[..., 3] > 0, visible)
        assert np.array_equal(pixels[visible], frame[visible])


def test_a_hole_that_comes_late_is_one() -> None:
    """The frames before are opaque, and part of what they show is gone."""
    frames = [mosaic(200, 40, 30) for _ in range(3)]
    frames[1][:5, :5] = frames[0][0, 0]
    frames[2][10:20, 10:20, 3] = 0
    found = played(rendered(moving(frames), "40x30.gif"))
    for (pixels, _), frame in zip(found, frames, strict=True):
        assert np.array_equal(pixels[..., 3], frame[..., 3])


@pytest.mark.parametrize("size", ["80x", "120x90"])
def test_a_shrunk_gif_is_smaller_than_its_original(size: str) -> None:
    """A dithered photograph that moves, by Pillow's encoder."""
    first, *rest = [Image.fromarray(frame[..., :3]) for frame in photographs(10)]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=80)
    assert len(rendered(original, size)) < len(original)


def test_a_shrunk_gif_that_is_small_anyway_keeps_its_look() -> None:
    """It does not lose colours for no reason."""
    first, *rest = [Image.fromarray(frame[..., :3]).quantize(255) for frame in photographs(6)]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=80)
    found, wanted = (played(rendered(original, f"80x.{target}")) for target in ("gif", "png"))
    for (pixels, _), (exact, _) in zip(found, wanted, strict=True):
        assert psnr(from_afar(pixels), from_afar(exact)) > 42


def test_the_edge_of_many_frames_keeps_its_colours() -> None:
    """A frame around a photograph, two pixels wide, in frames so many that few pixels of each choose the palette."""
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


@pytest.mark.parametrize("size", ["140x", "100x", "130x100"])
def test_a_shrunk_gif_of_few_colours_is_smaller_than_its_original(size: str) -> None:
    """Its edges, which are sharp in the original, would take too many colours."""
    frames = [np.kron(mosaic(16, 40, 30, seed)[..., :3], np.ones((4, 4, 1))).astype(np.uint8) for seed in (2, 2, 2)]
    for number, frame in enumerate(frames):
        frame[40:60, 20 * number : 20 * number + 20] = frames[0][0, 0]
    first, *rest = [Image.fromarray(frame).quantize(16) for frame in frames]
    original = saved(first, "GIF", save_all=True, append_images=rest, duration=100)
    found = rendered(original, f"{size}.gif")
    assert len(found) <= len(original)
    assert len(played(found)) == 3


def test_what_two_palettes_show_alike_is_not_written_twice() -> None:
    """Frames of more than 255 colours together keep them all; of the second only its new corner is written."""
    frames = [mosaic(200, 100, 100, 3) for _ in range(2)]
    for number, frame in enumerate(frames):
        frame[:20, :20] = mosaic(50, 20, 20, number)
    data = rendered(moving(frames), "100x100.gif")
    alone = len(rendered(saved(Image.fromarray(frames[0]), "PNG"), "100x100.gif"))
    assert len(data) < alone + 2 * 20 * 20 + 3 * 64
    for (pixels, _), frame in zip(played(data), frames, strict=True):
        assert np.array_equal(pixels, frame)
