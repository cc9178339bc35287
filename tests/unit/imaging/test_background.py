"""The background of a size: the colour of padding and behind transparency, in every format."""

from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.size import FITS, FORMATS
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import ADOBE_RGB, DISPLAY_P3, PROPHOTO, SRGB, Array, Space, gray_profile
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.rendering import rendered

BLUE = (0x1E, 0x90, 0xFF)
LOSS = {"png": 0, "gif": 0, "jpg": 3, "webp": 4, "avif": 3}
"""The levels by which a codec may change a plain colour at quality 100."""


def pixels(data: bytes) -> Array:
    """A variant's RGB; no pixel may be transparent."""
    rgba = np.asarray(opened(data).convert("RGBA"), int)
    assert rgba[..., 3].min() == 255
    return rgba[..., :3]


@pytest.mark.parametrize(("target", "mode"), [*product(FORMATS, ["RGB", "L", "LA", "RGBA", "P"])])
def test_padding_has_the_requested_colour(target: str, mode: str) -> None:
    """80x40 in a box of 40x40: ten rows above, ten below, and the picture's own black between them."""
    original = saved(Image.new("RGB", (80, 40), (0, 0, 0)).convert(mode), "PNG")
    shown = pixels(rendered(original, f"40x40-contain-bg1e90ff-q100.{target}"))
    assert np.abs(shown[[0, 5, 34, 39]] - BLUE).max() <= LOSS[target]
    assert shown[14:26].max() <= LOSS[target]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("target", FORMATS)
def test_the_background_is_behind_transparent_pixels(fit: str, target: str) -> None:
    """A third is transparent, a third half-transparent red, a third opaque red, as shown on a page of this colour."""
    image = Image.new("RGBA", (96, 96), (255, 0, 0, 0))
    image.paste((255, 0, 0, 128), (32, 0, 64, 96))
    image.paste((255, 0, 0, 255), (64, 0, 96, 96))
    shown = pixels(rendered(saved(image, "PNG"), f"48x48-{fit}-bg1e90ff-q100.{target}"))[24, [8, 24, 40]]
    share = 128 / 255
    mixed = [255 * share + BLUE[0] * (1 - share), BLUE[1] * (1 - share), BLUE[2] * (1 - share)]
    assert np.abs(shown - [BLUE, mixed, (255, 0, 0)]).max() <= LOSS[target] + 1


@pytest.mark.parametrize("target", FORMATS)
def test_a_size_of_one_side_has_the_background_behind_transparency(target: str) -> None:
    clear = saved(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "PNG")
    assert np.abs(pixels(rendered(clear, f"32x-bg1e90ff-q100.{target}")) - BLUE).max() <= LOSS[target]


@pytest.mark.parametrize("target", ["png", "webp", "gif"])
def test_every_picture_of_an_animation_has_the_background(target: str) -> None:
    """Three pictures, each with another third transparent."""
    pictures = []
    for number in range(3):
        picture = Image.new("RGBA", (96, 48), (200, 0, 0, 255))
        picture.paste((0, 0, 0, 0), (32 * number, 0, 32 * number + 32, 48))
        pictures.append(picture)
    original = saved(pictures[0], "PNG", save_all=True, append_images=pictures[1:], duration=100)
    shown = [
        np.asarray(frame.convert("RGBA"), int)
        for frame in ImageSequence.Iterator(opened(rendered(original, f"48x48-contain-bg1e90ff-q100.{target}")))
    ]
    assert len(shown) == 3
    for number, frame in enumerate(shown):
        assert frame[..., 3].min() == 255
        assert np.abs(frame[[3, 44]][..., :3] - BLUE).max() <= LOSS[target]
        for third in range(3):
            expected = BLUE if third == number else (200, 0, 0)
            assert np.abs(frame[24, 16 * third + 8, :3] - expected).max() <= LOSS[target] + 4


@pytest.mark.parametrize("target", ["jpg", "png"])
def test_a_grey_behind_greys_stays_grey(target: str) -> None:
    """No useless channels are added."""
    original = saved(Image.new("LA", (80, 40), (0, 255)), "PNG")
    variant = opened(rendered(original, f"40x40-contain-bg808080-q100.{target}"))
    assert len(variant.getbands()) == 1
    assert not variant.has_transparency_data
    assert abs(variant.convert("L").getpixel((2, 2)) - 0x80) <= LOSS[target]  # type: ignore[operator]


def test_greys_with_a_profile_get_a_colour_too() -> None:
    original = saved(Image.new("L", (80, 40), 0), "PNG", icc_profile=gray_profile(2.2))
    assert tuple(pixels(rendered(original, "40x40-contain-bg1e90ff.png"))[2, 2]) == BLUE


@pytest.mark.parametrize("space", [DISPLAY_P3, PROPHOTO], ids=lambda space: space.name)
@pytest.mark.parametrize("target", ["png", "jpg", "webp", "avif"])
def test_the_background_is_the_same_colour_in_a_wide_space(space: Space, target: str) -> None:
    """The profile is kept, so the padding is in its values too, as computed by the formulas of the spaces."""
    original = saved(Image.new("RGB", (80, 40), (200, 30, 90)), "PNG", icc_profile=space.profile())
    data = rendered(original, f"40x40-contain-bg1e90ff-q100.{target}")
    assert opened(data).info["icc_profile"] == space.profile()
    expected = space.encode(SRGB.decode(np.array(BLUE) / 255)) * 255
    assert np.abs(pixels(data)[3, 20] - expected).max() <= LOSS[target] + 1
    assert pixels(rendered(original, "40x40-contain-q100.jpg"))[3, 20].min() >= 252


@pytest.mark.parametrize("space", [DISPLAY_P3, PROPHOTO, ADOBE_RGB], ids=lambda space: space.name)
@pytest.mark.parametrize("target", FORMATS)
def test_colours_of_a_wide_space_are_blended_as_in_browsers(space: Space, target: str) -> None:
    """A browser converts the picture to sRGB and blends it with the page's colour in coded values."""
    picture = Image.new("RGBA", (64, 64), (128, 100, 110, 128))
    data = rendered(saved(picture, "PNG", icc_profile=space.profile()), f"32x-bg00ff00-q100.{target}")
    assert "icc_profile" not in opened(data).info
    own = SRGB.encode(space.decode(np.array([128, 100, 110]) / 255)).clip(0, 1) * 255
    expected = own * 128 / 255 + np.array([0, 255, 0]) * 127 / 255
    assert np.abs(pixels(data)[8, 8] - expected).max() <= LOSS[target] + 2


def test_an_opaque_picture_keeps_its_wide_space() -> None:
    """Also with an alpha that is opaque everywhere, as in a screenshot."""
    for mode in ("RGB", "RGBA"):
        original = saved(
            Image.new("RGB", (64, 64), (9, 200, 30)).convert(mode), "PNG", icc_profile=DISPLAY_P3.profile()
        )
        for size in ("32x.jpg", "32x-bg00ff00.png", "32x-bg00ff00.webp"):
            assert opened(rendered(original, size)).info["icc_profile"] == DISPLAY_P3.profile()


@pytest.mark.parametrize("target", ["png", "webp", "gif"])
def test_pictures_of_a_wide_animation_have_one_colour_space(target: str) -> None:
    """One of three has transparency: all are converted, so that a colour of all three stays the same."""
    pictures = [Image.new("RGBA", (900, 900), (128, 100, 110, 255)) for _ in range(3)]
    pictures[1].paste((0, 0, 0, 0), (0, 0, 450, 900))
    pictures[2].paste((200, 200, 200, 255), (0, 0, 450, 900))
    options = {"save_all": True, "append_images": pictures[1:], "duration": 100}
    original = saved(pictures[0], "PNG", icc_profile=DISPLAY_P3.profile(), **options)
    variant = opened(rendered(original, f"800x-bg00ff00-q100.{target}"))
    assert "icc_profile" not in variant.info
    expected = SRGB.encode(DISPLAY_P3.decode(np.array([128, 100, 110]) / 255)) * 255
    for number in range(3):
        variant.seek(number)
        assert np.abs(np.asarray(variant.convert("RGB"), float)[400, 700] - expected).max() <= LOSS[target] + 2


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF"])
def test_white_is_the_default_background_of_jpeg(name: str) -> None:
    """Byte for byte, so an explicit white needs no key of its own."""
    original = saved(Image.linear_gradient("L").resize((90, 40)).convert("RGB"), name)
    assert rendered(original, "40x40-contain-bgffffff.jpg") == rendered(original, "40x40-contain.jpg")


def test_an_opaque_picture_is_the_same_with_a_background() -> None:
    original = saved(Image.linear_gradient("L").resize((90, 40)).convert("RGB"), "PNG")
    assert rendered(original, "40x-bg1e90ff.png") == rendered(original, "40x.png")


def test_a_turned_picture_has_the_background() -> None:
    """An original of 80x40 is stored on its side: the padding is left and right of the upright picture."""
    shown = pixels(rendered(turned(Image.new("RGB", (40, 80), (0, 0, 0)), 6), "40x40-contain-bg1e90ff.png"))
    assert np.abs(shown[:, [0, 7, 32, 39]] - BLUE).max() == 0
    assert shown[:, 12:28].max() <= 2
