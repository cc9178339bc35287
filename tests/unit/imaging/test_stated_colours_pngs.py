"""Colours that a PNG states without an ICC profile, in every colour type and depth, still and animated."""

import struct
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures import light
from tests.support.pictures.charts import opened
from tests.support.pictures.hostile.png import CHANNELS, chunk
from tests.support.pictures.icc import Array
from tests.support.pictures.pngs import DEPTHS, Apng, Moving, png
from tests.support.pictures.rendering import rendered

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
P3: Sequence[float] = (70, 120, 162)
CHRM = chunk(b"cHRM", struct.pack(">8L", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
LINEAR = chunk(b"gAMA", struct.pack(">L", 100_000)) + CHRM
"""Linear light of Display P3's primaries."""


VALUES = {GREY: (0.5,), RGB: (0.5, 0.2, 0.1), PALETTE: (0.0,), GREY_ALPHA: (0.5, 0.4), RGB_ALPHA: (0.5, 0.2, 0.1, 0.4)}
KINDS = [(colour, depth) for colour, depths in DEPTHS.items() for depth in depths]


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def from_linear(colour: Sequence[float]) -> Array:
    """Linear light of Display P3, from 0 to 1, in sRGB, from 0 to 255. Grey stays grey."""
    lit = np.array(colour)
    return light.signal(lit if len(set(colour)) == 1 else lit @ light.matrix(12, 1).T)


def pixel(variant: bytes | Image.Image, x: int = 0, y: int = 0) -> tuple[int, ...]:
    image = opened(variant) if isinstance(variant, bytes) else variant
    found = image.convert("RGBA").getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def assert_near(found: Sequence[float], wanted: Sequence[float] | Array, levels: float = 1.5) -> None:
    assert np.abs(np.subtract(found, wanted)).max() <= levels, (found, wanted)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), KINDS)
def test_every_colour_type_and_depth_is_converted(colour: int, depth: int, interlaced: bool) -> None:
    """Half of the light is level 188 in sRGB. With a fifth and a tenth in other channels, the primaries count too."""
    top = 2**depth - 1
    samples = [0 if colour == PALETTE else round(value * top) for value in VALUES[colour]]
    before = LINEAR + (chunk(b"PLTE", bytes([128, 51, 26])) if colour == PALETTE else b"")
    variant = rendered(png([samples * 9] * 7, depth, colour, before, interlaced=interlaced), "9x7.png")
    if colour == PALETTE:
        wanted = from_linear((128 / 255, 51 / 255, 26 / 255))
    else:
        stated = [sample / top for sample in samples]
        wanted = from_linear(stated[:3] if colour in (RGB, RGB_ALPHA) else stated[:1] * 3)
    alpha = 255 * samples[-1] / top if colour in (GREY_ALPHA, RGB_ALPHA) else 255
    # One level of dark linear light, such as 26 of 255, is more than one of sRGB.
    assert_near(pixel(variant, 4, 3), (*wanted, alpha), 2)


@pytest.mark.parametrize(("colour", "depth"), [(GREY, 8), (GREY, 16), (RGB, 8), (RGB, 16)])
def test_a_transparent_colour_stays_transparent(colour: int, depth: int) -> None:
    """It is a colour of the file, not one of the converted colours."""
    top, count = 2**depth - 1, CHANNELS[colour]
    shown, key = [round(0.5 * top)] * count, [round(0.2 * top)] * count
    before = LINEAR + chunk(b"tRNS", struct.pack(f">{count}H", *key))
    variant = rendered(png([shown * 4 + key * 4] * 6, depth, colour, before), "8x6.png")
    assert_near(pixel(variant, 1, 3), (*from_linear((0.5, 0.5, 0.5)), 255))
    assert pixel(variant, 6, 3)[3] == 0


def test_a_palette_with_transparent_colours_is_converted() -> None:
    before = LINEAR + chunk(b"PLTE", bytes([128, 51, 26, 51, 128, 128])) + chunk(b"tRNS", bytes([102, 0]))
    variant = rendered(png([[0] * 4 + [1] * 4] * 6, 8, PALETTE, before), "8x6.png")
    assert_near(pixel(variant, 1, 3), (*from_linear((128 / 255, 51 / 255, 26 / 255)), 102))
    assert pixel(variant, 6, 3)[3] == 0


@pytest.mark.parametrize("gamma", [45_455, 100_000, 55_556, 38_000])
def test_gamma_with_chromaticities_is_applied(gamma: int) -> None:
    """PNG, section 11.3.2.2: light is the sample to the power of 1 / gamma."""
    stated = np.array(P3) / 255
    wanted = light.signal(stated ** (100_000 / gamma) @ light.matrix(12, 1).T)
    before = chunk(b"gAMA", struct.pack(">L", gamma)) + CHRM
    assert_near(pixel(rendered(png([[*map(int, P3)] * 4] * 4, 8, RGB, before), "4x4.png"))[:3], wanted, 1)


@pytest.mark.parametrize("primaries", [1, 9, 12])
@pytest.mark.parametrize("transfer", [16, 18])
def test_pq_and_hlg_are_tone_mapped(primaries: int, transfer: int) -> None:
    """Both follow SMPTE ST 2094-50, annex D, in BT.2020. HLG is first shown on a display of 1,000 cd/m2."""
    stated = np.array([P3]) / 255
    if transfer == 16:
        toned = light.toned(light.pq(stated) @ light.matrix(primaries, 9).T)
    else:
        scene = light.hlg_scene(stated) @ light.matrix(primaries, 9).T
        luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
        toned = light.toned(scene * luminance[..., None] ** 0.2 * 1000 / 203)
    wanted = light.signal(toned @ light.matrix(9, 1).T)[0]
    found = pixel(rendered(png([[*map(int, P3)] * 4] * 4, 8, RGB, cicp(primaries, transfer)), "4x4.png"))
    assert_near(found[:3], wanted, 1)


@pytest.mark.parametrize("target", ["png", "webp", "avif", "gif"])
@pytest.mark.parametrize("hidden", [False, True])
def test_every_frame_of_an_animation_is_converted_in_every_format(target: str, hidden: bool) -> None:
    """Each frame is a part of the canvas, over the one before it."""
    colours = [(0.5, 0.2, 0.1), (0.1, 0.4, 0.3), (0.3, 0.3, 0.3)]
    levels = [[round(255 * value) for value in colour] for colour in colours]
    frames = [
        Moving([levels[0] * 64] * 64),
        Moving([levels[1] * 32] * 64, left=32),
        Moving([levels[2] * 64] * 32, top=32),
    ]
    cover = [[255, 0, 0] * 64] * 64 if hidden else None
    original = Apng((64, 64), frames, colour=RGB, before=LINEAR, hidden=cover).data()
    variant = opened(rendered(original, f"64x64.{target}"))
    tolerance = {"png": 1.5, "gif": 1.5, "webp": 6, "avif": 6}[target]
    seen = [((16, 16), (0, 0, 0)), ((48, 16), (0, 1, 1)), ((16, 48), (0, 0, 2)), ((48, 48), (0, 1, 2))]
    for number in range(3):
        variant.seek(number)
        for place, which in seen:
            exact = np.array(levels[which[number]]) / 255
            wanted = light.signal(exact @ light.matrix(12, 1).T)
            assert_near(pixel(variant, *place)[:3], wanted, tolerance)
