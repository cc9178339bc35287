"""Smart crop of JPEGs, which are decoded at a fraction of their size: the crop has the right place and shape."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.rendering import rendered


@lru_cache(maxsize=8)
def ramps(width: int, height: int, mode: str, place: float) -> bytes:
    """A JPEG that grows lighter by one level per `max(width, height) / 200` pixels, both across and down.

    Red grows across and green down; grey grows by the mean of both. The subject is stripes that do not change the mean,
    at a place from 0 to 1 along the longer side.
    """
    longest = max(width, height)
    across = np.linspace(20, 20 + 200 * width / longest, width)[None].repeat(height, 0)
    down = np.linspace(20, 20 + 200 * height / longest, height)[:, None].repeat(width, 1)
    planes = np.stack([across, down, 0 * down + 99] if mode == "RGB" else [(across + down) / 2], -1)
    long_planes = planes if width >= height else planes.swapaxes(0, 1)
    start = int(place * longest * 0.8)
    stripes = np.where(np.arange(long_planes.shape[0]) % 16 < 8, 20, -20)[:, None, None]
    long_planes[:, start : start + longest // 10] += stripes
    pixels = planes.round().astype(np.uint8)
    return saved(Image.frombytes(mode, (width, height), pixels.tobytes()), "JPEG", quality=95)


def steepness(variant: bytes, mode: str) -> tuple[float, float]:
    """The levels per pixel by which a variant grows lighter, across and down."""
    pixels = np.asarray(opened(variant).convert(mode), float).reshape(*opened(variant).size[::-1], -1)
    red, green = pixels[..., 0], pixels[..., 1 if mode == "RGB" else 0]
    return float(np.polyfit(*line(red.mean(0)), 1)[0]), float(np.polyfit(*line(green.mean(1)), 1)[0])


def line(levels: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[list[int], list[float]]:
    return list(range(len(levels))), [float(level) for level in levels]


@given(
    target=st.tuples(st.integers(60, 120), st.integers(60, 120)),
    divisor=st.sampled_from([2, 4, 8]),
    off=st.tuples(st.integers(-2, 2), st.integers(-2, 400)),
    place=st.floats(0, 1),
    on_its_side=st.booleans(),
    mode=st.sampled_from(["L", "RGB"]),
)
@example(target=(1819, 359), divisor=2, off=(0, 2229), place=0.3, on_its_side=False, mode="L")
@example(target=(1819, 359), divisor=2, off=(0, 2229), place=0.3, on_its_side=True, mode="RGB")
def test_a_crop_has_the_scale_of_the_picture_on_both_axes(
    target: tuple[int, int], divisor: int, off: tuple[int, int], place: float, on_its_side: bool, mode: str
) -> None:
    """One side of the original is about 2, 4 or 8 times the target's; the other is longer than needed."""
    width, height = target[0] * divisor + off[0], target[1] * divisor + off[1]
    if on_its_side:
        (width, height), target = (height, width), (target[1], target[0])
    variant = rendered(ramps(width, height, mode, place), f"{target[0]}x{target[1]}-smart.png")
    scale = max(target[0] / width, target[1] / height)
    assert opened(variant).size == tuple(max(1, int(side / max(scale, 1) + 0.5)) for side in target)
    expected = 200 / max(width, height) / min(scale, 1) / (1 if mode == "RGB" else 2)
    assert steepness(variant, mode) == pytest.approx((expected, expected), rel=0.25)


@pytest.mark.parametrize("on_its_side", [False, True])
@pytest.mark.parametrize("place", [0, 0.5, 1])
@pytest.mark.parametrize(("across", "divisor"), [(296, 8), (301, 8), (303, 8), (150, 4), (153, 4), (75, 2), (77, 2)])
def test_the_subject_is_found_if_a_side_is_no_multiple_of_the_divisor(
    across: int, divisor: int, place: float, on_its_side: bool
) -> None:
    """A side that the divisor does not divide is rounded up by the decoder, by a part of a pixel."""
    along, side = across * 4, across // divisor
    subject = round(place * (along - across / 2))
    picture = Image.new("RGB", (across, along), (120, 124, 128))
    picture.paste((230, 30, 40), (0, subject, across, subject + across // 2))
    if on_its_side:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    variant = opened(rendered(saved(picture, "JPEG", quality=95), f"{side}x{side}-smart.png"))
    red = np.asarray(variant.convert("RGB"), float)[..., 0]
    assert (red > 180).mean() > 0.4
