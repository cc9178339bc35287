"""GIF variants are as close to the picture as 255 colours and a transparent one allow."""

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import mosaic, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered
from tests.support.pictures.similarity import psnr


def still(data: bytes, size: str) -> Array:
    [(pixels, _)] = played(rendered(data, size))
    return pixels


def over_white(pixels: Array) -> Array:
    alpha = pixels[..., 3:] / 255
    flat: Array = pixels[..., :3] * alpha + 255 * (1 - alpha)
    return flat


def logo(side: int, edge: float = 1) -> bytes:
    """A disc with a gradient in a ring, under three bars. Coverage is by formula, edges are one pixel wide."""
    across, down = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    radius = np.hypot(across - side / 2, down - side / 2) / side

    def inside(distance: Array) -> Array:
        return (0.5 + distance * side / edge).clip(0, 1)

    disc, ring = inside(0.3 - radius), inside(0.04 - np.abs(radius - 0.42))
    bars = inside(0.02 - np.abs((down / side * 5) % 1 - 0.5) / 5) * inside(0.2 - np.abs(across / side - 0.5))
    shade = np.stack([200 - 120 * down / side, 40 + 160 * across / side, 220 + 0 * radius], axis=-1)
    colour = np.where(disc[..., None] > 0, shade, [20, 90, 40])
    colour = colour * (1 - bars[..., None]) + 255 * bars[..., None]
    alpha = np.maximum(np.maximum(disc, ring), bars)
    pixels = np.concatenate([colour, 255 * alpha[..., None]], axis=-1).round().astype(np.uint8)
    return saved(Image.fromarray(pixels), "PNG")


@pytest.mark.parametrize(
    ("side", "size"),
    [(64, "64x"), (64, "48x"), (128, "128x"), (128, "100x"), (300, "300x"), (300, "200x"), (300, "100x")],
)
def test_a_transparent_logo_keeps_its_look(side: int, size: str) -> None:
    """Its colours are those of the lossless variant; edge pixels are opaque or transparent. From 100 pixels: 24 dB."""
    lossless, found = (still(logo(side), f"{size}.{target}") for target in ("png", "gif"))
    edged = lossless.copy()
    edged[..., 3] = 255 * (lossless[..., 3] >= 128)
    assert np.array_equal(found[..., 3], edged[..., 3])
    assert psnr(over_white(found), over_white(edged)) > 38
    assert psnr(over_white(found), over_white(lossless)) > (24 if int(size[:-1]) >= 100 else 22)


@pytest.mark.parametrize("colours", [1, 2, 3, 16, 17, 100, 254, 255])
@pytest.mark.parametrize("sides", [(20, 20), (250, 150)])
def test_up_to_255_colours_are_exact(colours: int, sides: tuple[int, int]) -> None:
    pixels = mosaic(colours, *sides)
    size = f"{sides[0]}x{sides[1]}.gif"
    assert np.array_equal(still(saved(Image.fromarray(pixels).convert("RGB"), "PNG"), size), pixels)
    pixels[3:9, 5:11, 3] = 0
    found = still(saved(Image.fromarray(pixels), "PNG"), size)
    assert np.array_equal(found[..., 3], pixels[..., 3])
    visible = pixels[..., 3] > 0
    assert np.array_equal(found[visible], pixels[visible])


@pytest.mark.parametrize("colours", [2, 16, 200, 255])
@pytest.mark.parametrize("sides", [(32, 32), (1200, 900)])
def test_colours_one_level_apart_are_exact(colours: int, sides: tuple[int, int]) -> None:
    width, height = sides
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., 0] = np.arange(width * height).reshape(height, width) % colours
    pixels[..., 2] = 7
    assert np.array_equal(still(saved(Image.fromarray(pixels), "PNG"), f"{width}x{height}.gif"), pixels)


@pytest.mark.parametrize(("colours", "bits"), [(1, 2), (3, 2), (4, 3), (16, 5), (127, 7), (255, 8)])
def test_few_colours_need_few_bytes(colours: int, bits: int) -> None:
    """The table has room for a transparent colour, and indices have no more bits. LZW can't compress noise further."""
    data = rendered(saved(Image.fromarray(mosaic(colours, 60, 40)).convert("RGB"), "PNG"), "60x40.gif")
    assert len(data) < 40 + (3 << bits) + 1.75 * 60 * 40 * bits / 8


@pytest.mark.parametrize("side", [300, 700])
def test_a_graphic_of_some_thousand_shades_is_close(side: int) -> None:
    """Discs of flat colours with smooth edges: an error of 45 dB is invisible, and white stays white."""
    across, down = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    pixels = np.full((side, side, 3), 255.0)
    colours = np.random.default_rng(4).integers(0, 256, (14, 3))
    for number, colour in enumerate(colours):
        x, y = side * (0.1 + 0.8 * number / 14), side * (0.5 + 0.35 * np.sin(number))
        cover = (side / 12 - np.hypot(across - x, down - y) + 0.5).clip(0, 1)[..., None]
        pixels = pixels * (1 - cover) + colour * cover
    exact = pixels.round().astype(np.uint8)
    found = still(saved(Image.fromarray(exact), "PNG"), f"{side}x{side}.gif")[..., :3]
    assert psnr(found, exact.astype(float)) > 45
    assert np.abs(found - exact)[(exact == 255).all(-1)].max() <= 1


@pytest.mark.parametrize("colours", [2, 4, 16, 64])
def test_a_gif_of_few_colours_stays_small(colours: int) -> None:
    """A smaller variant has no more colours, or up to seven, some of which smooth its edges."""
    pixels = np.repeat(np.repeat(mosaic(colours, 30, 20), 10, 0), 10, 1)
    original = saved(Image.fromarray(pixels).convert("RGB").quantize(colours), "GIF")
    assert np.array_equal(still(original, "300x200.gif"), pixels)
    found, lossless = still(original, "130x.gif"), still(original, "130x.png")
    assert len(np.unique(found.reshape(-1, 4), axis=0)) <= max(colours, 7)
    palette = np.unique(pixels.reshape(-1, 4), axis=0).astype(float)
    distances = ((lossless[:, :, None, :] - palette) ** 2).sum(-1)
    assert psnr(found, lossless) > psnr(palette[distances.argmin(-1)], lossless)


def test_a_half_opaque_pixel_is_opaque() -> None:
    """Pixels less than half opaque are transparent, the others are opaque."""
    ramp = np.zeros((4, 256, 4), np.uint8)
    ramp[..., 3] = np.arange(256)
    ramp[..., 0] = 200
    found = still(saved(Image.fromarray(ramp), "PNG"), "256x4.gif")
    assert found[0, :, 3].tolist() == [0] * 128 + [255] * 128
    assert np.abs(found[0, 128:, :3] - (200, 0, 0)).max() <= 1


def test_a_hidden_colour_uses_none_of_the_255() -> None:
    """It does not tint the visible edge either."""
    pixels = mosaic(255, 40, 40)
    hidden = mosaic(400, 40, 40, 1)
    hidden[..., 3] = 0
    data = saved(Image.fromarray(np.concatenate([pixels, hidden])), "PNG")
    assert np.array_equal(still(data, "40x80.gif")[:40], pixels)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "1", "P"])
def test_padding_is_transparent(mode: str) -> None:
    data = saved(Image.linear_gradient("L").convert("RGB").convert(mode), "PNG")
    found = still(data, "60x40-contain.gif")
    assert found[:, :10, 3].max() == 0
    assert found[:, 50:, 3].max() == 0
    assert found[:, 10:50, 3].min() == 255


def test_a_gradient_has_no_steps() -> None:
    """If there are more colours than a GIF has, areas keep their mean colour."""
    across, down = np.meshgrid(np.arange(400), np.arange(300))
    smooth = np.stack([across * 0.6, down * 0.8, 255 - across * 0.3 - down * 0.3], axis=-1).round().astype(np.uint8)
    found = still(saved(Image.fromarray(smooth), "PNG"), "400x300.gif")[..., :3]
    blocks = [pixels.reshape(30, 10, 40, 10, 3).mean((1, 3)) for pixels in (found, smooth.astype(float))]
    assert np.abs(blocks[0] - blocks[1]).mean() < 1.2
    assert psnr(found, smooth) > 27
