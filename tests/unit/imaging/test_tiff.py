"""Every supported kind of TIFF is shown with its colours, and the error for any other kind names it."""

import struct
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from core.errors import BrokenOriginal, UnsupportedFormat
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.rendering import rendered, shown
from tests.support.pictures.tiffs import (
    BLACK_IS_ZERO,
    DEFLATE,
    FLOAT,
    NONE,
    PACKBITS,
    RGB,
    SEPARATED,
    SIGNED,
    UNSIGNED,
    WHITE_IS_ZERO,
    Kind,
    tiff,
)

HEIGHT, WIDTH = 23, 37
ASSOCIATED, UNASSOCIATED = 1, 2
LAYOUTS: list[dict[str, Any]] = [
    {"order": order, "compression": compression, **cut}
    for order, compression, cut in product("<>", (NONE, DEFLATE, PACKBITS), ({}, {"rows": 5}, {"tile": 16}))
]


def ramp(channels: int) -> npt.NDArray[np.float64]:
    """Slanting ramps from 0 to 1, in another direction for each channel."""
    y, x, channel = np.mgrid[0:HEIGHT, 0:WIDTH, 0:channels]
    return np.asarray(((x * (channel + 1) + 3 * y) % 64) / 63)


def assert_grey(data: bytes, expected: npt.NDArray[np.float64]) -> None:
    """`expected` is from 0 to 1."""
    assert np.abs(shown(data)[..., :3] - 255 * expected.clip(0, 1)).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("extra", [(), (UNASSOCIATED,)])
def test_rgb_in_pixels_and_in_planes_is_shown(bits: int, planar: int, extra: tuple[int, ...]) -> None:
    samples = np.round(ramp(3 + len(extra)) * (2**bits - 1)).astype(np.int64)
    for layout in LAYOUTS:
        found = shown(tiff(samples, Kind(bits, RGB, planar=planar, extra=extra, **layout)))
        wanted = samples / (2**bits - 1) * 255
        assert np.abs(found[..., : 3 + len(extra)] - wanted).max() <= 1, layout


@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_grey_with_white_at_either_end_is_shown(photometric: int, bits: int) -> None:
    samples = np.round(ramp(1) * (2**bits - 1)).astype(np.int64)
    light = samples / (2**bits - 1)
    for layout in LAYOUTS:
        data = tiff(samples, Kind(bits, photometric, **layout))
        assert_grey(data, 1 - light if photometric == WHITE_IS_ZERO else light)


@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_floats_are_shown(photometric: int, white: float) -> None:
    samples = ramp(1) * white
    light = samples / white
    for layout in LAYOUTS:
        data = tiff(samples, Kind(32, photometric, FLOAT, **layout))
        assert_grey(data, 1 - light if photometric == WHITE_IS_ZERO else light)


@pytest.mark.parametrize("lightest", [255, 65535, 2**31 - 1, 2**31, 2**32 - 1])
def test_unsigned_integers_of_32_bits_are_shown(lightest: int) -> None:
    """White is 255 or 65535 if no pixel exceeds it, otherwise the lightest pixel (docs/colours.md)."""
    samples = np.round(ramp(1) * lightest).astype(np.int64)
    for layout in LAYOUTS:
        assert_grey(tiff(samples, Kind(32, BLACK_IS_ZERO, UNSIGNED, **layout)), samples / lightest)


@pytest.mark.parametrize(("bits", "white"), [(8, 255), (16, 65535), (32, 65535)])
def test_signed_integers_are_black_below_zero(bits: int, white: int) -> None:
    """Sharp reads those of 8 and 16 bits as unsigned, too."""
    most = min(white, 2 ** (bits - 1) - 1)
    samples = np.round((2 * ramp(1) - 1) * most).astype(np.int64)
    for layout in LAYOUTS:
        assert_grey(tiff(samples, Kind(bits, BLACK_IS_ZERO, SIGNED, **layout)), samples / white)


@pytest.mark.parametrize(("bits", "photometric", "planar"), [(1, 0, 1), (4, 1, 1), (8, 1, 1), (8, RGB, 1), (8, RGB, 2)])
def test_bits_in_reverse_order_are_shown(bits: int, photometric: int, planar: int) -> None:
    channels = 3 if photometric == RGB else 1
    samples = np.round(ramp(channels) * (2**bits - 1)).astype(np.int64)
    light = samples / (2**bits - 1)
    for compression in (NONE, DEFLATE, PACKBITS):
        data = tiff(samples, Kind(bits, photometric, planar=planar, compression=compression, fill_order=2))
        assert_grey(data, 1 - light if photometric == WHITE_IS_ZERO else light)


@pytest.mark.parametrize("bits", [8, 16])
def test_differences_between_neighbours_are_decoded(bits: int) -> None:
    samples = np.round(ramp(3) * (2**bits - 1)).astype(np.int64)
    for order in "<>":
        data = tiff(samples, Kind(bits, RGB, order=order, compression=DEFLATE, predictor=2))
        assert np.abs(shown(data)[..., :3] - samples / (2**bits - 1) * 255).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
def test_colours_multiplied_by_alpha_are_divided_by_it(bits: int) -> None:
    top = 2**bits - 1
    straight = np.round(ramp(4) * top)
    samples = straight.copy()
    samples[..., :3] *= straight[..., 3:] / top
    found = shown(tiff(np.round(samples).astype(np.int64), Kind(bits, RGB, extra=(ASSOCIATED,))))
    assert np.abs(found[..., :3] * found[..., 3:] / 255 - samples[..., :3] / top * 255).max() <= 2
    assert np.abs(found[..., 3] - samples[..., 3] / top * 255).max() <= 1


@pytest.mark.parametrize(
    ("channels", "kind", "said"),
    [
        (5, Kind(8, SEPARATED, extra=(UNASSOCIATED,)), "CMYK and 1 more"),
        (2, Kind(16, BLACK_IS_ZERO, extra=(UNASSOCIATED,)), "grey and 1 more.*16 bits"),
        (3, Kind(32, RGB, FLOAT), "RGB.*32 bits.*floating-point"),
        (3, Kind(32, RGB), "RGB.*32 bits.*unsigned"),
        (2, Kind(8, BLACK_IS_ZERO, extra=(UNASSOCIATED,), planar=2), "planes"),
        (4, Kind(8, RGB, extra=(0,), planar=2), "planes"),
        (1, Kind(64, BLACK_IS_ZERO, FLOAT), "64 bits"),
        (5, Kind(8, RGB, extra=(UNASSOCIATED, 0), planar=2, compression=DEFLATE), "planes"),
        (3, Kind(8, 6), "YCbCr"),
        (10, Kind(8, BLACK_IS_ZERO, extra=(0,) * 9), "grey and 9 more"),
    ],
)
def test_the_error_names_an_unsupported_kind(channels: int, kind: Kind, said: str) -> None:
    with pytest.raises(UnsupportedFormat, match=said):
        rendered(tiff(ramp(channels), kind), "20x.png")


@pytest.mark.parametrize("rows", [HEIGHT + 1, 2**24, 2**31, 2**32 - 1])
@pytest.mark.parametrize("compression", [NONE, DEFLATE])
def test_a_strip_can_state_more_rows_than_the_picture_has(rows: int, compression: int) -> None:
    """TIFF 6.0, section 8: the default is 2^32 - 1."""
    samples = np.round(ramp(3) * 255).astype(np.int64)
    data = tiff(samples, Kind(8, RGB, compression=compression))
    entry = struct.pack("<HHLL", 278, 4, 1, HEIGHT)
    assert data.count(entry) == 1
    found = shown(data.replace(entry, struct.pack("<HHLL", 278, 4, 1, rows)))
    assert np.abs(found[..., :3] - samples).max() <= 1


@pytest.mark.parametrize("compression", [34712, 50001])
def test_the_error_names_an_unsupported_compression(compression: int) -> None:
    data = tiff(ramp(1), Kind(8, BLACK_IS_ZERO, compression=compression))
    with pytest.raises(UnsupportedFormat, match=str(compression)):
        rendered(data, "20x.png")


def test_an_error_after_which_libtiff_continues_is_damage() -> None:
    """CCITT's codes have no checksum: libtiff reports one that does not exist, and decodes what follows."""
    white = Image.new("1", (64, 32), 1)
    white.paste(0, (8, 8, 40, 20))
    data = saved(white, "TIFF", compression="group4")
    assert opened(rendered(data, "64x32.png")).size == (64, 32)
    start = Image.open(BytesIO(data)).tag_v2[273][0]  # type: ignore[attr-defined]
    damaged = data[: start + 8] + bytes(1) + data[start + 9 :]
    with pytest.raises(BrokenOriginal):
        rendered(damaged, "64x32.png")


def test_a_bad_code_word_of_a_fax_is_damage() -> None:
    """ITU-T T.4: no code word begins with 24 zeros."""
    data = saved(Image.linear_gradient("L").resize((48, 36)).convert("1"), "TIFF", compression="tiff_ccitt")
    start = int.from_bytes(data[4:8], "little") // 2
    with pytest.raises(BrokenOriginal):
        rendered(data[:start] + b"\0\0\0" + data[start + 3 :], "20x.png")
