"""A JPEG that is cut short anywhere is refused, and never shown in part."""

import numpy as np
import pytest
from PIL import Image

from core.errors import BrokenOriginal
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.jpegs import arithmetic, lossless
from tests.support.pictures.rendering import rendered

END = b"\xff\xd9"


def picture(mode: str) -> Image.Image:
    """Something with detail down to the last pixel."""
    noise = np.random.default_rng(3).integers(0, 256, (6, 7, 3), np.uint8)
    return Image.fromarray(noise).resize((41, 35), Image.Resampling.BICUBIC).convert(mode)


def flat_below() -> Image.Image:
    """White from its middle on: blocks of few bits."""
    image = picture("RGB")
    image.paste((255, 255, 255), (0, 16, 41, 35))
    return image


KINDS = {
    "baseline": saved(picture("RGB"), "JPEG", quality=85),
    "grey": saved(picture("L"), "JPEG", quality=85),
    "inks": saved(picture("CMYK"), "JPEG", quality=50),
    "progressive": saved(picture("RGB"), "JPEG", quality=60, progressive=True),
    "flat": saved(Image.new("L", (64, 48), 200), "JPEG"),
    "flat and progressive": saved(Image.new("RGB", (64, 48), (200, 20, 90)), "JPEG", progressive=True),
    "flat below": saved(flat_below(), "JPEG", quality=80),
    "arithmetic": arithmetic(),
    "arithmetic and progressive": arithmetic(progressive=True),
    "lossless": lossless(np.asarray(picture("L"), np.int64)),
}


def pixels(data: bytes) -> bytes:
    return opened(rendered(data, "500x500-inside.png")).tobytes()


def parts_shown(data: bytes) -> list[int]:
    """The numbers of missing bytes with which the file is shown, but not completely."""
    whole, different = pixels(data), []
    for end in range(data.index(b"\xff\xda"), len(data)):
        try:
            if pixels(data[:end]) != whole:
                different.append(len(data) - end)
        except BrokenOriginal:
            pass
    return different


@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_cut_at_any_byte_is_refused_or_shown_completely(kind: str) -> None:
    assert not parts_shown(KINDS[kind])


@pytest.mark.parametrize(
    ("mode", "progressive"), [("L", False), ("RGB", False), ("CMYK", False), ("L", True), ("RGB", True)]
)
def test_a_jpeg_cut_before_a_restart_is_refused(mode: str, progressive: bool) -> None:
    data = saved(picture(mode), "JPEG", quality=50, restart_marker_blocks=2, progressive=progressive)
    assert data.count(b"\xff\xd1") > 0
    assert not parts_shown(data)


TRAILERS = [b"\0" * 9, b"\r\n", b"trailer" * 30, b"more\xff\xd9"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trailer", TRAILERS)
def test_bytes_after_the_end_change_nothing(kind: str, trailer: bytes) -> None:
    """Cameras and mail programs add such bytes."""
    assert pixels(KINDS[kind] + trailer) == pixels(KINDS[kind])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("arithmetic")])
@pytest.mark.parametrize("trailer", TRAILERS)
def test_bytes_in_place_of_the_end_marker_change_nothing(kind: str, trailer: bytes) -> None:
    """In arithmetic coding such bytes would count: an encoder may omit zeros at the end (section D.1.8)."""
    assert pixels(KINDS[kind][:-2] + trailer) == pixels(KINDS[kind])
