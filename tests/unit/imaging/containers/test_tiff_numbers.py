"""TIFF with rare numbers: 12 bits, infinities, and samples that the file does not describe."""

import math

import numpy as np
import pytest

from core.errors import UnsupportedFormat
from core.imaging import depth
from tests.support.pictures.rendering import rendered, shown
from tests.support.pictures.tiffs import (
    BLACK_IS_ZERO,
    DEFLATE,
    FLOAT,
    NONE,
    PACKBITS,
    RGB,
    WHITE_IS_ZERO,
    Kind,
    Samples,
    tiff,
)

CODINGS = (NONE, DEFLATE, PACKBITS)
YCBCR = 6


def row(*values: float) -> Samples:
    """A picture of one row of greys."""
    return np.array(values, float).reshape(1, -1, 1)


@pytest.mark.parametrize("compression", CODINGS)
@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
def test_the_largest_number_of_12_bits_is_white(photometric: int, compression: int) -> None:
    samples = np.arange(0, 4096, 15).reshape(1, -1, 1)
    light = samples / 4095
    found = shown(tiff(samples, Kind(12, photometric, compression=compression)))
    wanted = 1 - light if photometric == WHITE_IS_ZERO else light
    assert np.abs(found[..., :3] - 255 * wanted).max() <= 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", CODINGS)
@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((math.nan, 0.5, 1.0), (0, 128, 255)),
        ((0.5, 1.0, math.nan), (128, 255, 0)),
        ((0.5, math.inf, 1.0, -math.inf), (128, 255, 255, 0)),
        ((-math.inf, 5e5, 1e6, math.nan), (0, 128, 255, 0)),
        ((-3.4e38, 0.5, 1.0), (0, 128, 255)),
        ((math.nan, math.nan), (0, 0)),
    ],
)
def test_infinite_and_missing_numbers_do_not_darken_the_others(
    values: tuple[float, ...], wanted: tuple[int, ...], compression: int, order: str
) -> None:
    """Measurements have such pixels where data is missing. White is the lightest number (docs/colours.md)."""
    found = shown(tiff(row(*values), Kind(32, BLACK_IS_ZERO, FLOAT, order, compression=compression)))
    assert np.abs(found[0, :, 0] - wanted).max() <= 1


def test_the_lightest_number_is_found_after_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "_BAND", 100)
    samples = np.full((300, 3, 1), math.nan)
    samples[270] = 2e6
    samples[10] = 1e6
    found = shown(tiff(samples, Kind(32, BLACK_IS_ZERO, FLOAT)))
    assert found[270, 0, 0] == 255
    assert abs(found[10, 0, 0] - 127.5) <= 1


@pytest.mark.parametrize("compression", CODINGS)
def test_colours_are_not_multiplied_by_an_unnamed_fourth_sample(compression: int) -> None:
    """TIFF 6.0, section 18: only associated alpha is. In separate planes the two look the same and are not decoded."""
    samples = np.broadcast_to(np.array([1, 3, 5, 128]), (4, 6, 4))
    found = shown(tiff(samples, Kind(8, RGB, compression=compression)))
    assert tuple(found[0, 0, :3]) == (1, 3, 5)
    with pytest.raises(UnsupportedFormat, match="RGB and 1 more samples in separate planes"):
        rendered(tiff(samples, Kind(8, RGB, planar=2, compression=compression)), "6x.png")


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compression", CODINGS)
def test_colours_of_16_bits_are_divided_by_all_bits_of_alpha(compression: int, order: str) -> None:
    """TIFF 6.0, section 18. The high bytes alone would give wrong colours where alpha is low."""
    rng = np.random.default_rng(5)
    alpha = rng.integers(300, 65536, (6, 9, 1)) >> rng.integers(0, 8, (6, 9, 1))
    colours = alpha * rng.integers(0, 65536, (6, 9, 3)) // 65535
    samples = np.concatenate([colours, alpha], 2)
    for tile in (0, 16):
        found = shown(tiff(samples, Kind(16, RGB, order=order, compression=compression, extra=(1,), tile=tile)))
        assert np.array_equal(found[..., 3], alpha[..., 0] >> 8)
        assert np.abs(found[..., :3] - 255 * colours / np.maximum(alpha, 1))[alpha[..., 0] > 255].max() <= 1


@pytest.mark.parametrize("compression", CODINGS)
def test_chroma_in_planes_with_another_sample_is_named(compression: int) -> None:
    samples = np.full((4, 6, 4), 128)
    data = tiff(samples, Kind(8, YCBCR, planar=2, compression=compression, extra=(0,)), {530: (3, [1, 1])})
    with pytest.raises(UnsupportedFormat, match="YCbCr and 1 more samples in separate planes"):
        rendered(data, "6x.png")
