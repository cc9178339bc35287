"""CMYK: inks are shown with the colours that they have in print, with and without a profile."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.size import FORMATS
from tests.support.pictures.charts import INK_STEPS, assert_colours, difference, opened, picture, saved, shown, values
from tests.support.pictures.icc import (
    D50,
    PERCEPTUAL,
    RELATIVE,
    SRGB,
    Array,
    cmyk_profile,
    gray_profile,
    lab_to_xyz,
    xyz_to_lab,
)
from tests.support.pictures.rendering import rendered

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sharp"

# The sixteen solids: inks and overprints of ISO 12647-2:2004/Amd 1:2007, table 2 (paper types 1 and 2). The paper is
# relative to itself; the overprints of black are invented.
SOLIDS: dict[tuple[int, ...], tuple[int, int, int]] = {
    (0, 0, 0, 0): (100, 0, 0),
    (1, 0, 0, 0): (55, -37, -50),
    (0, 1, 0, 0): (48, 74, -3),
    (0, 0, 1, 0): (91, -5, 93),
    (0, 1, 1, 0): (47, 68, 48),
    (1, 0, 1, 0): (50, -65, 27),
    (1, 1, 0, 0): (24, 17, -46),
    (1, 1, 1, 0): (23, 0, 0),
    (0, 0, 0, 1): (16, 0, 0),
    (1, 0, 0, 1): (14, -6, -8),
    (0, 1, 0, 1): (13, 10, 0),
    (0, 0, 1, 1): (15, 0, 9),
    (0, 1, 1, 1): (12, 8, 6),
    (1, 0, 1, 1): (12, -9, 4),
    (1, 1, 0, 1): (9, 3, -9),
    (1, 1, 1, 1): (6, 0, 0),
}
INKS = np.array([[(c, m, y, k) for y in (0, 1) for k in (0, 1)] for c in (0, 1) for m in (0, 1)])
INKS_LAB = np.array([[SOLIDS[tuple(inks)] for inks in row] for row in INKS.tolist()], dtype=float)
INKS_PROFILE = cmyk_profile([tuple(lab) for lab in INKS_LAB.reshape(16, 3)])


def as_ycck(cmyk: Image.Image) -> bytes:
    """A YCCK JPEG, which Pillow can't write: YCbCr of the inks in a CMYK file whose Adobe marker is changed to YCCK.

    ITU-T T.872, section 6.5.3: transform 2 is YCCK, of inverted inks.
    """
    inks = Image.merge("RGB", cmyk.split()[:3])
    planes = [band.point(lambda value: 255 - value) for band in inks.convert("YCbCr").split()]
    data = saved(
        Image.merge("CMYK", [*planes, cmyk.getchannel("K")]),
        "JPEG",
        quality=98,
        icc_profile=cmyk.info.get("icc_profile"),
    )
    transform = data.index(b"Adobe") + 11
    return data[:transform] + b"\x02" + data[transform + 1 :]


def without_adobe(data: bytes) -> bytes:
    """A JPEG without its Adobe marker."""
    start = data.index(b"\xff\xee")
    (length,) = struct.unpack(">H", data[start + 2 : start + 4])
    return data[:start] + data[start + 2 + length :]


def cmyk_file(kind: str, profile: bytes | None) -> bytes:
    image = picture(INKS * 255, "CMYK")
    if profile:
        image.info["icc_profile"] = profile
    if kind == "YCCK":
        return as_ycck(image)
    if kind == "TIFF":
        return saved(image, "TIFF", icc_profile=profile)
    data = saved(image, "JPEG", quality=98, icc_profile=profile)
    return without_adobe(data) if kind == "bare JPEG" else data


KINDS = ["Adobe JPEG", "YCCK", "bare JPEG", "TIFF"]


def test_the_test_file_is_ycck() -> None:
    """Pillow, too, reads the file made here as YCCK and not as plain CMYK."""
    image = opened(cmyk_file("YCCK", None))
    assert (image.mode, image.info["adobe_transform"]) == ("CMYK", 2)
    assert "adobe_transform" not in opened(cmyk_file("bare JPEG", None)).info


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_cmyk_with_a_profile_has_the_colours_of_its_inks(kind: str, target: str) -> None:
    data = rendered(cmyk_file(kind, INKS_PROFILE), f"96x96-q100.{target}")
    assert "icc_profile" not in opened(data).info
    assert_colours(shown(data, rows=4), SRGB.decode(values(SRGB, INKS_LAB)), limit=3)


def without_profile(inks: Array) -> Array:
    """The expected colours of CMYK without a profile, for cyan, magenta and yellow at 0 or 1, without black.

    They are the standard's solids relative to the paper, darkened so that all four inks together are black.
    """
    paper, black, all_colours = (lab_to_xyz(np.array(lab, float)) for lab in ((95, 0, -2), (16, 0, 0), (23, 0, 0)))
    darkest = all_colours * black / paper**2
    lights = np.array([lab_to_xyz(np.array(SOLIDS[tuple(ink)], float)) for ink in inks.reshape(-1, 4).tolist()]) / paper
    lights[inks.reshape(-1, 4).sum(1) == 0] = 1
    shown = xyz_to_lab(((lights - darkest) / (1 - darkest)).clip(0) * D50)
    return SRGB.decode(values(SRGB, shown.reshape(*inks.shape[:2], 3)))


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_cmyk_without_a_profile_has_the_colours_of_printed_inks(kind: str, target: str) -> None:
    data = rendered(cmyk_file(kind, None), f"96x96-q100.{target}")
    found = shown(data, rows=4)
    colours = INKS[..., 3] == 0
    apart = difference(found, without_profile(INKS * (INKS[..., 3:] == 0)))[colours]
    assert apart.max() < 3, np.round(apart, 2)
    assert found[~colours][:, 0].max() < 20
    assert found[3, 3, 0] < 1


@pytest.mark.parametrize("broken", [b"no profile", SRGB.profile(), gray_profile(2.2)])
def test_cmyk_with_a_foreign_profile_is_shown_as_without_one(broken: bytes) -> None:
    assert rendered(cmyk_file("TIFF", broken), "96x96.png") == rendered(cmyk_file("TIFF", None), "96x96.png")


def test_cmyk_without_a_profile_is_close_to_sharps() -> None:
    """Sharp has a built-in measured profile. The result is at most half as far from it as inverted RGB is."""
    sharp = SRGB.decode(np.asarray(Image.open(FIXTURES / "inks.png"), float) / 255)
    image = picture(INK_STEPS * 255, "CMYK")
    naive = shown(saved(image.convert("RGB"), "PNG"), rows=9, columns=9)
    ours = shown(rendered(saved(image, "TIFF"), "216x216.png"), rows=9, columns=9)
    assert difference(ours, sharp).mean() < 5
    assert difference(ours, sharp).mean() < difference(naive, sharp).mean() / 2


def test_the_intent_of_the_profile_is_used() -> None:
    """With the perceptual intent, the darkest ink becomes black; with the colorimetric one, it stays its grey."""
    for intent, darkest in {PERCEPTUAL: 0, RELATIVE: 6}.items():
        profile = cmyk_profile([tuple(lab) for lab in INKS_LAB.reshape(16, 3)], intent)
        lightness = shown(rendered(cmyk_file("TIFF", profile), "96x96.png"), rows=4)[3, 3, 0]
        assert abs(lightness - darkest) < 1
