"""Code points, gammas and chromaticities, compared with an `<img>` that Chromium 153 draws on a canvas."""

import numpy as np
import pytest
from PIL import Image

from core.imaging.spaces import SRGB, ColourSpace, from_cicp, from_gamma, from_nclx
from core.imaging.srgb import to_srgb
from tests.support.pictures.icc import Array

P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
COLOUR = (70, 120, 162)


def converted(pixels: Array, space: ColourSpace | None) -> Array:
    """Converts rows of three levels as a picture."""
    assert space
    return np.asarray(to_srgb(Image.fromarray(pixels.reshape(-1, 1, 3)), space), float).reshape(-1, 3)


@pytest.mark.parametrize(
    ("primaries", "transfer", "shown"),
    [
        (12, 13, (51, 122, 166)),
        (9, 13, (0, 124, 167)),
        (4, 13, (0, 125, 165)),
        (5, 13, (67, 120, 162)),
        (6, 13, (75, 120, 162)),
        (8, 13, (34, 121, 165)),
        (10, 13, (0, 153, 166)),
        (11, 13, (57, 121, 166)),
        (22, 13, (68, 121, 162)),
        (1, 1, (60, 113, 157)),
        (9, 14, (0, 117, 162)),
        (12, 15, (37, 114, 161)),
        (1, 4, (68, 121, 163)),
        (12, 5, (17, 99, 149)),
        (1, 7, (87, 134, 172)),
        (9, 8, (102, 186, 212)),
        (1, 11, (60, 113, 157)),
        (12, 17, (28, 111, 161)),
        (1, 16, (33, 107, 221)),
        (9, 16, (0, 108, 226)),
        (12, 16, (0, 106, 225)),
        (1, 18, (54, 92, 128)),
        (9, 18, (0, 94, 132)),
        (12, 18, (39, 93, 132)),
    ],
)
def test_colour_of_a_png_is_shown_as_by_chromium(primaries: int, transfer: int, shown: tuple[int, int, int]) -> None:
    found = converted(np.array([COLOUR], np.uint8), from_cicp(primaries, transfer, 0, 1))
    assert np.abs(found - shown).max() <= 1


@pytest.mark.parametrize(
    ("primaries", "transfer", "shown"),
    [
        (12, 13, (51, 122, 166)),
        (12, 1, (51, 122, 166)),
        (12, 6, (51, 122, 166)),
        (12, 14, (51, 122, 166)),
        (12, 15, (51, 122, 166)),
        (12, 2, (51, 122, 166)),
        (12, 19, (51, 122, 166)),
        (12, 3, COLOUR),
        (2, 13, COLOUR),
        (3, 13, COLOUR),
        (2, 2, COLOUR),
        (2, 8, (143, 183, 209)),
    ],
)
def test_colour_of_an_avif_is_shown_as_by_chromium(primaries: int, transfer: int, shown: tuple[int, int, int]) -> None:
    found = converted(np.array([COLOUR], np.uint8), from_nclx(primaries, transfer))
    assert np.abs(found - shown).max() <= 1


@pytest.mark.parametrize(
    "code_points",
    [(2, 13, 0, 1), (12, 2, 0, 1), (3, 13, 0, 1), (1, 9, 0, 1), (1, 12, 0, 1), (12, 13, 1, 1), (12, 13, 0, 0)],
)
def test_an_unsupported_cicp_is_ignored(code_points: tuple[int, int, int, int]) -> None:
    assert from_cicp(*code_points) is None


def test_code_points_of_srgb_change_nothing() -> None:
    image = Image.new("RGB", (1, 1), COLOUR)
    assert from_cicp(1, 13, 0, 1) == from_nclx(1, 13) == SRGB
    assert to_srgb(image, SRGB) is image


@pytest.mark.parametrize(
    ("gamma", "chromaticities", "shown"),
    [
        (100000, None, (143, 183, 209)),
        (100000, SRGB_CHROMATICITIES, (143, 183, 209)),
        (100000, P3, (132, 184, 212)),
        (45455, SRGB_CHROMATICITIES, (68, 121, 163)),
        (45455, P3, (47, 122, 167)),
        (43000, None, (63, 116, 159)),
        (47728, None, (73, 125, 167)),
        (10000, None, (0, 2, 27)),
        (220000, None, (197, 219, 233)),
        (1, None, (0, 0, 0)),
        (0xFFFFFFFF, None, (255, 255, 255)),
    ],
)
def test_gamma_is_applied_as_by_chromium(
    gamma: int, chromaticities: tuple[int, ...] | None, shown: tuple[int, int, int]
) -> None:
    found = converted(np.array([COLOUR], np.uint8), from_gamma(gamma, chromaticities))
    assert np.abs(found - shown).max() <= 1


@pytest.mark.parametrize("gamma", [0, 43182, 45455, 47727])
def test_a_gamma_of_zero_or_of_srgb_changes_nothing(gamma: int) -> None:
    assert from_gamma(gamma, None) is None


@pytest.mark.parametrize(
    "chromaticities",
    [
        (0,) * 8,
        (31270, 0, *P3[2:]),
        (31270, 32900, 10000, 10000, 20000, 20000, 30000, 30000),
        (31270, 32900, 64000, 33000, 64000, 33000, 15000, 6000),
        (31270, 32900, 68000, 32000, -26500, 69000, 15000, 6000),
        (31270, 32900, 168000, 32000, 26500, 69000, 15000, 6000),
    ],
)
def test_impossible_chromaticities_change_nothing(chromaticities: tuple[int, ...]) -> None:
    assert from_gamma(100000, chromaticities) is None


def test_random_chromaticities_and_gammas_raise_no_error() -> None:
    chance = np.random.default_rng(1)
    for _ in range(300):
        about = chance.choice([1, 100, 100_000, 2**32 - 1])
        numbers = tuple(chance.integers(0, about, 8, endpoint=True).tolist())
        space = from_gamma(int(chance.choice([1, 100_000, 2**32 - 1])), numbers)
        if space:
            assert converted(chance.integers(0, 256, (50, 3), np.uint8), space).shape == (50, 3)


@pytest.mark.parametrize("transfer", [1, 4, 8, 13, 16, 18])
def test_reserved_primaries_of_nclx_are_srgb(transfer: int) -> None:
    """This holds for every transfer function, as in Chromium."""
    assert from_nclx(0, transfer) == SRGB
