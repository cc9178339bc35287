"""Animated WebPs: areas that no frame covers, and cleared ones, are transparent, whatever the file's alpha flag."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.size import FORMATS
from tests.support.pictures.icc import Array
from tests.support.pictures.playing import played
from tests.support.pictures.rendering import rendered
from tests.support.pictures.webps import Still, webp

RED, LIME = (255, 0, 0), (0, 255, 0)
MOVING = ["png", "webp", "gif", "avif"]


def plain(width: int, height: int, colour: tuple[int, ...]) -> Image.Image:
    return Image.new("RGB" if len(colour) == 3 else "RGBA", (width, height), colour)


def shown(data: bytes, size: str) -> list[Array]:
    return [pixels for pixels, _ in played(rendered(data, size))]


def assert_alike(pixels: Array, colour: tuple[int, ...]) -> None:
    assert np.abs(pixels - (*colour, 255)).max() < 40


@pytest.mark.parametrize("target", MOVING)
@pytest.mark.parametrize("lossless", [True, False], ids=["VP8L", "VP8"])
@pytest.mark.parametrize("flagged", [False, True])
def test_a_margin_that_no_frame_covers_is_transparent(flagged: bool, lossless: bool, target: str) -> None:
    """Encoders remove transparent margins and set the flag by the remaining pixels (RFC 9649, section 2.7.1)."""
    frames = [
        Still(plain(16, 16, RED), 8, 8, lossless=lossless),
        Still(plain(16, 16, LIME), 8, 8, lossless=lossless),
    ]
    for pixels, colour in zip(shown(webp((32, 32), frames, flagged), f"32x32.{target}"), (RED, LIME), strict=True):
        assert pixels[:7, :, 3].max() == 0
        assert pixels[25:, :, 3].max() == 0
        assert pixels[:, :7, 3].max() == 0
        assert_alike(pixels[10:22, 10:22], colour)


@pytest.mark.parametrize("target", MOVING)
@pytest.mark.parametrize("lossless", [True, False], ids=["VP8L", "ALPH"])
@pytest.mark.parametrize("transparent", [0, 1, 2])
def test_one_frame_with_alpha_makes_its_picture_transparent(transparent: int, lossless: bool, target: str) -> None:
    """All frames cover the canvas. As in Chromium and sharp, the flag is only a hint (section 2.7.1)."""
    clear = plain(32, 32, (*LIME, 255))
    clear.paste((*LIME, 0), (0, 0, 32, 16))
    frames = [Still(plain(32, 32, colour), lossless=lossless, replaces=True) for colour in (RED, (0, 0, 255), RED)]
    frames[transparent] = Still(clear, lossless=lossless, replaces=True)
    pictures = shown(webp((32, 32), frames, False), f"32x32.{target}")
    assert [int(pixels[4, 4, 3]) for pixels in pictures] == [0 if at == transparent else 255 for at in range(3)]
    assert_alike(pictures[transparent][20:], LIME)


@pytest.mark.parametrize("target", MOVING)
@pytest.mark.parametrize("large", [0, 1, 2])
def test_one_smaller_frame_makes_the_canvas_transparent(large: int, target: str) -> None:
    """A frame that covers the canvas stays visible behind the others, unless it is cleared."""
    frames = [Still(plain(16, 16, LIME), 8, 8, clears=True) for _ in range(3)]
    frames[large] = Still(plain(32, 32, RED), clears=True)
    data = webp((32, 32), [*frames, Still(plain(8, 8, LIME), 24, 24)], False)
    pictures = shown(data, f"32x32.{target}")
    corners = [int(pixels[0, 0, 3]) for pixels in pictures]
    assert corners.count(255) == 1
    assert corners.count(0) == len(corners) - 1
    assert_alike(pictures[-1][26:31, 26:31], LIME)
    assert pictures[-1][12, 12, 3] == 0


@pytest.mark.parametrize("target", MOVING)
def test_a_variant_has_no_alpha_if_every_frame_covers_the_canvas(target: str) -> None:
    """Alpha would cost bytes, and quality in a lossy encoder."""
    data = webp((32, 32), [Still(plain(32, 32, RED)), Still(plain(32, 32, LIME))], False)
    with Image.open(BytesIO(rendered(data, f"16x16.{target}"))) as image:
        assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
        assert target == "gif" or image.mode == "RGB"


@pytest.mark.parametrize("target", ["png", "webp"])
def test_frames_are_blended_or_replaced(target: str) -> None:
    """Half-transparent frames blend with the canvas or replace it (section 2.7.1.1, "Blending method")."""
    half = plain(16, 16, (0, 0, 255, 128))
    data = webp((32, 32), [Still(plain(32, 32, RED)), Still(half), Still(half, 16, 16, replaces=True)], True)
    _, over, instead = shown(data, f"32x32.{target}")
    tolerance = 1 if target == "png" else 12
    assert np.abs(over[2:14, 2:14] - (127, 0, 128, 255)).max() <= tolerance
    assert np.abs(instead[18:30, 18:30] - (0, 0, 255, 128)).max() <= tolerance
    assert_alike(instead[2:14, 18:30], RED)


@pytest.mark.parametrize("target", FORMATS)
def test_a_still_variant_is_the_first_frame(target: str) -> None:
    """In a JPEG, the area without a frame is white."""
    data = webp((32, 32), [Still(plain(16, 16, RED), 8, 8), Still(plain(32, 32, LIME))], False)
    pixels = shown(data, f"32x32.{target}")[0]
    assert_alike(pixels[10:22, 10:22], RED)
    if target == "jpg":
        assert_alike(pixels[:4], (255, 255, 255))
    else:
        assert pixels[:4, :, 3].max() == 0
