"""A PNG's transparent colour (third edition, section 11.3.1.1) hides the pixels of that colour and no others."""

import random
import struct
from collections.abc import Sequence

import numpy as np
import pytest

from tests.support.pictures.charts import opened
from tests.support.pictures.hostile.png import CHANNELS, chunk
from tests.support.pictures.icc import Array
from tests.support.pictures.pngs import Apng, Moving, Samples, png
from tests.support.pictures.rendering import redrawn, rendered


def key(*colour: int) -> bytes:
    return chunk(b"tRNS", struct.pack(f">{len(colour)}H", *colour))


def alphas(data: bytes, width: int, height: int) -> Array:
    """The alpha of a variant drawn from the pixels. In the original, Pillow compares 2 and 4 bits of grey with 8."""
    return np.asarray(opened(redrawn(data, f"{width}x{height}.png")).convert("RGBA"))[..., 3]


def hidden(rows: Samples, colour: Sequence[int]) -> Array:
    """The expected alpha: 0 for pixels of the colour, otherwise 255."""
    pixels = np.array(rows).reshape(len(rows), -1, len(colour))
    alpha: Array = 255 * (pixels != colour).any(axis=2)
    return alpha


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_each_grey_can_be_transparent(depth: int, interlaced: bool) -> None:
    levels = 1 << depth
    rows = [[level] for level in range(levels)]
    for level in range(0, levels, 1 if depth < 8 else 5):
        data = png(rows, depth, 0, key(level), interlaced=interlaced)
        assert alphas(data, 1, levels).tolist() == hidden(rows, [level]).tolist()


GREYS_16 = [0, 1, 255, 256, 257, 0x1234, 0x1235, 0x1334, 0x7FFF, 0x8000, 0xFEFF, 0xFF00, 0xFFFE, 0xFFFF]


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("grey", GREYS_16)
def test_grey_of_16_bits_is_compared_with_its_low_byte(grey: int, interlaced: bool) -> None:
    rows = [GREYS_16, GREYS_16[::-1]]
    data = png(rows, 16, 0, key(grey), interlaced=interlaced)
    assert alphas(data, len(GREYS_16), 2).tolist() == hidden(rows, [grey]).tolist()


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(
    ("depth", "colour"),
    [(8, (9, 9, 9)), (8, (0, 0, 0)), (8, (255, 0, 128)), (16, (0x1234, 0x5678, 0x9ABC)), (16, (0, 0, 0))],
)
def test_rgb_is_compared_in_every_channel(depth: int, colour: tuple[int, ...], interlaced: bool) -> None:
    """Colours that differ by one bit of one channel stay visible."""
    near = [
        tuple(level ^ (bit if channel == place else 0) for place, level in enumerate(colour))
        for channel in range(3)
        for bit in (1 << shift for shift in range(depth))
    ]
    rows = [[level for pixel in (colour, *near, colour) for level in pixel]] * 2
    data = png(rows, depth, 2, key(*colour), interlaced=interlaced)
    assert alphas(data, len(near) + 2, 2).tolist() == hidden(rows, colour).tolist()


@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (0, 2), (0, 4), (0, 8), (2, 8)])
def test_bits_beyond_the_depth_do_not_count(colour: int, depth: int) -> None:
    """Decoders must mask them."""
    channels = CHANNELS[colour]
    rows = [[level] * channels for level in range(1 << depth)]
    over = [1 | 1 << depth + shift for shift in range(channels)]
    assert alphas(png(rows, depth, colour, key(*over)), 1, 1 << depth)[:2, 0].tolist() == [255, 0]


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_each_colour_of_a_palette_has_its_alpha(depth: int) -> None:
    """Those after the end of tRNS are opaque."""
    chance = random.Random(depth)
    count = 1 << depth
    colours = [[chance.randrange(256) for _ in range(3)] for _ in range(count)]
    opacities = [chance.randrange(256) for _ in range(count - 1)]
    extras = chunk(b"PLTE", bytes(level for colour in colours for level in colour)) + chunk(b"tRNS", bytes(opacities))
    data = png([[index] for index in range(count)], depth, 3, extras)
    pixels = np.asarray(opened(rendered(data, f"1x{count}.png")).convert("RGBA"))[:, 0]
    assert pixels[:, 3].tolist() == [*opacities, 255]
    visible = pixels[:, 3] > 0
    assert pixels[visible, :3].tolist() == np.array(colours)[visible].tolist()


@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16)])
def test_the_transparent_colour_applies_to_every_frame(colour: int, depth: int) -> None:
    channels, most = CHANNELS[colour], (1 << depth) - 1
    whole, part = [[most] * 4 * channels] * 4, [[0] * channels + [most] * channels] * 2
    apng = Apng((4, 4), [Moving(whole), Moving(part, 1, 1, blend=0)], depth, colour, key(*[0] * channels))
    variant = opened(rendered(apng.data(), "4x4.png"))
    variant.seek(1)
    alpha = np.asarray(variant.convert("RGBA"))[..., 3]
    assert alpha[1:3].tolist() == [[255, 0, 255, 255]] * 2
    assert alpha[::3].tolist() == [[255] * 4] * 2


@pytest.mark.parametrize("depth", [8, 16])
def test_a_hidden_colour_leaves_no_fringe(depth: int) -> None:
    """At half the size, a white disc in hidden black stays white: hidden pixels do not darken its edge."""
    most = (1 << depth) - 1
    rows = [[most if (x // 3 - 20) ** 2 + (y - 20) ** 2 < 200 else 0 for x in range(120)] for y in range(40)]
    variant = np.asarray(opened(rendered(png(rows, depth, 2, key(0, 0, 0)), "20x20.png")).convert("RGBA"))
    visible = variant[variant[..., 3] > 0]
    assert len(visible) > 100
    assert visible[:, :3].min() >= 254
