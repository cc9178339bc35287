"""Charts of known CIELAB colours keep their colours, measured as CIEDE2000 of each patch.

The core converts colours with LittleCMS; these tests do not. Their profiles are written by hand, and their expected
values are computed from the published primaries and curves of the spaces.
"""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.imaging.colour import _SMALL_PROFILE
from core.size import FORMATS
from tests.support.pictures.charts import (
    CHECKER,
    HALF,
    IN_SRGB,
    STEPS,
    YCBCR,
    assert_colours,
    difference,
    opened,
    picture,
    saved,
    shown,
    values,
)
from tests.support.pictures.icc import (
    ADOBE_RGB,
    D50,
    DISPLAY_P3,
    PROPHOTO,
    SRGB,
    WIDE,
    Space,
    cmyk_profile,
    gray_profile,
    xyz_to_lab,
)
from tests.support.pictures.rendering import rendered


def chart(space: Space, name: str = "PNG", padding: int = 0) -> bytes:
    """The chart in a space, with its profile."""
    options = {"quality": 98, "subsampling": 0} if name == "JPEG" else {}
    return saved(picture(values(space) * 255), name, icc_profile=space.profile(padding), **options)


def test_formulas_and_profiles_agree_with_published_values() -> None:
    """The tests' own formulas give the matrix of sRGB under D50 and a grey of IEC 61966-2-1 and ICC's sRGB profile."""
    published = [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
    assert np.abs(SRGB.matrix - published).max() < 3e-4
    assert np.abs(SRGB.decode(np.array([119, 119, 119]) / 255) - [50.03, 0, 0]).max() < 0.02
    assert np.abs(SRGB.decode(SRGB.encode(CHECKER)) - CHECKER).max() < 1e-9


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("space", WIDE, ids=lambda space: space.name)
def test_a_small_profile_is_kept_if_the_format_can_carry_it(space: Space, target: str) -> None:
    data = rendered(chart(space), f"{HALF}-q100.{target}")
    if target == "gif":
        assert "icc_profile" not in opened(data).info
        assert_colours(shown(data), IN_SRGB)
    else:
        assert opened(data).info["icc_profile"] == space.profile()
        assert_colours(shown(data, space), CHECKER, **(YCBCR if target in ("webp", "avif") else {}))


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("space", WIDE, ids=lambda space: space.name)
def test_a_picture_with_a_large_profile_becomes_srgb(space: Space, target: str) -> None:
    data = rendered(chart(space, padding=_SMALL_PROFILE), f"{HALF}-q100.{target}")
    assert "icc_profile" not in opened(data).info
    assert_colours(shown(data), IN_SRGB)


def test_pixels_with_a_long_profile_of_srgb_are_not_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most cameras embed sRGB in 3 kB. Converting it to itself would take as long as all other steps."""
    original = chart(SRGB, padding=_SMALL_PROFILE)
    rendered(original, f"{HALF}.png")
    monkeypatch.setattr(ImageCms.ImageCmsTransform, "apply", None)
    data = rendered(original, f"{HALF}.png")
    assert "icc_profile" not in opened(data).info
    assert shown(data) == pytest.approx(shown(rendered(chart(SRGB), f"{HALF}.png")))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_a_profile_is_read_from_every_format(name: str, padding: int) -> None:
    data = rendered(chart(ADOBE_RGB, name, padding), f"{HALF}.png")
    allowed = YCBCR if name in ("WEBP", "AVIF") else {}
    assert_colours(shown(data, SRGB if padding else ADOBE_RGB), IN_SRGB if padding else CHECKER, **allowed)


def test_colours_would_be_wrong_without_the_profile() -> None:
    """Read as sRGB, the values of the wide spaces are far off, so the chart shows an error."""
    for space in WIDE:
        assert difference(SRGB.decode(values(space)), IN_SRGB).mean() > 1.5


def test_a_profile_at_the_limit_is_kept_and_a_larger_one_is_converted() -> None:
    padding = _SMALL_PROFILE - len(DISPLAY_P3.profile(4)) + 4
    at_limit, over = DISPLAY_P3.profile(padding), DISPLAY_P3.profile(padding + 4)
    assert len(at_limit) == _SMALL_PROFILE
    image = picture(values(DISPLAY_P3) * 255)
    assert opened(rendered(saved(image, "PNG", icc_profile=at_limit), HALF)).info["icc_profile"] == at_limit
    assert "icc_profile" not in opened(rendered(saved(image, "PNG", icc_profile=over), HALF)).info


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_a_palette_with_a_profile_keeps_its_colours(padding: int) -> None:
    image = picture(values(DISPLAY_P3) * 255).quantize(24, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    exact = np.asarray(image.convert("RGB"))[24::48, 24::48] / 255
    data = rendered(saved(image, "PNG", icc_profile=DISPLAY_P3.profile(padding)), f"{HALF}.png")
    expected = DISPLAY_P3.decode(exact)
    assert_colours(
        shown(data, SRGB if padding else DISPLAY_P3), SRGB.decode(values(SRGB, expected)) if padding else expected
    )


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_transparency_with_a_profile_keeps_its_colours(padding: int) -> None:
    """A half-transparent chart keeps its colours and its alpha."""
    image = picture(values(PROPHOTO) * 255)
    image.putalpha(128)
    data = rendered(saved(image, "PNG", icc_profile=PROPHOTO.profile(padding)), f"{HALF}.png")
    assert opened(data).getchannel("A").getextrema() == (128, 128)
    assert_colours(shown(data, SRGB if padding else PROPHOTO), IN_SRGB if padding else CHECKER)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_with_a_profile_of_greys_keeps_its_shades(mode: str) -> None:
    image = picture(STEPS, "L")
    if mode == "LA":
        image.putalpha(255)
    data = rendered(saved(image, "PNG", icc_profile=gray_profile(1.8)), f"{HALF}.png")
    expected = xyz_to_lab(((STEPS / 255) ** 1.8) * D50)
    assert_colours(shown(data), expected)


def test_grey_with_a_profile_of_colours_stays_grey() -> None:
    """Grey pictures with the profile of sRGB or of a camera are common, against the rules of PNG."""
    for space in (SRGB, PROPHOTO):
        data = rendered(saved(picture(STEPS, "L"), "PNG", icc_profile=space.profile()), f"{HALF}.png")
        assert_colours(shown(data), SRGB.decode(STEPS.repeat(3, 2) / 255))


@pytest.mark.parametrize(
    "broken", [b"no profile", gray_profile(2.2), SRGB.profile()[:200], cmyk_profile([(50, 0, 0)] * 16)]
)
@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_a_broken_or_foreign_profile_is_dropped(broken: bytes, padding: int) -> None:
    """It does not describe the pixels. They count as sRGB, and no browser has to guess."""
    data = rendered(saved(picture(values(SRGB) * 255), "PNG", icc_profile=broken + bytes(padding)), f"{HALF}.png")
    assert "icc_profile" not in opened(data).info
    assert_colours(shown(data), IN_SRGB)


def test_a_lab_tiff_keeps_its_colours() -> None:
    lab = np.stack([CHECKER[..., 0] * 2.55, CHECKER[..., 1] % 256, CHECKER[..., 2] % 256], -1)
    for target in FORMATS:
        assert_colours(shown(rendered(saved(picture(lab, "LAB"), "TIFF"), f"{HALF}-q100.{target}")), IN_SRGB, limit=3)


def test_rendering_does_not_change_the_original() -> None:
    """The caller's bytes are not changed."""
    original = chart(DISPLAY_P3)
    kept = io.BytesIO(original).getvalue()
    assert rendered(original, HALF) == rendered(original, HALF)
    assert original == kept
