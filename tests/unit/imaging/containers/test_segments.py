"""JPEG: rare kinds, kinds that are not decoded, and files without their end."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import BrokenOriginal, UnsupportedFormat
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.jpegs import (
    GREYS,
    arithmetic,
    hierarchical,
    lossless,
    with_frame,
    with_lines_behind,
    with_sampling,
)
from tests.support.pictures.rendering import rendered

END = b"\xff\xd9"
KINDS: dict[str, tuple[str, tuple[int, int], dict[str, Any]]] = {
    "baseline": ("RGB", (240, 160), {}),
    "full chroma": ("RGB", (241, 163), {"subsampling": 0}),
    "grey": ("L", (121, 67), {}),
    "inks": ("CMYK", (97, 65), {}),
    "progressive": ("RGB", (240, 161), {"progressive": True}),
    "progressive grey": ("L", (240, 161), {"progressive": True}),
    "restarts": ("RGB", (199, 133), {"restart_marker_rows": 1}),
    "one block": ("RGB", (5, 3), {}),
}


def picture(mode: str, sides: tuple[int, int]) -> Image.Image:
    """Something with detail everywhere, down to the last pixel."""
    noise = np.random.default_rng(7).integers(0, 256, (*sides[::-1], 3), np.uint8)
    smooth = Image.fromarray(noise).resize((max(1, sides[0] // 6), max(1, sides[1] // 6)))
    return smooth.resize(sides, Image.Resampling.BICUBIC).convert(mode)


def made(kind: str) -> bytes:
    mode, sides, options = KINDS[kind]
    return saved(picture(mode, sides), "JPEG", quality=85, **options)


def pixels(data: bytes, size: str = "500x500-inside.png") -> bytes:
    return opened(rendered(data, size)).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_without_only_its_end_marker_is_shown_completely(kind: str) -> None:
    """Browsers show all of it."""
    data = made(kind)
    assert data.endswith(END)
    assert pixels(data[:-2]) == pixels(data)
    assert pixels(data[:-2], "20x.png") == pixels(data, "20x.png")


@pytest.mark.parametrize("kind", KINDS)
def test_a_jpeg_cut_in_its_pixels_is_refused(kind: str) -> None:
    """A cut that removed only padding bits would leave all pixels; none of these cuts does."""
    data = made(kind)
    whole, start = pixels(data), data.index(b"\xff\xda") + 14
    shown = 0
    for share in range(0, 100, 5):
        end = start + (len(data) - 2 - start) * share // 100
        try:
            assert pixels(data[:end]) == whole
            shown += 1
        except BrokenOriginal:
            pass
    assert not shown
    with pytest.raises(BrokenOriginal):
        rendered(data[:-6], "20x.jpg")


def test_a_progressive_jpeg_without_its_last_scans_is_refused() -> None:
    data = made("progressive")
    scans = [at for at in range(len(data)) if data.startswith(b"\xff\xda", at)]
    assert len(scans) > 5
    for at in scans[1:]:
        with pytest.raises(BrokenOriginal):
            rendered(data[:at], "20x.jpg")


def test_a_lossless_jpeg_is_shown_at_every_size() -> None:
    """Unlike other kinds, it can't be scaled down while it is decoded."""
    grey = np.asarray(picture("L", (160, 96)), np.int64)
    data = lossless(grey)
    assert np.array_equal(np.asarray(Image.open(BytesIO(data))), grey)
    assert np.array_equal(np.asarray(opened(rendered(data, "160x96.png")).convert("L")), grey)
    for width in (80, 20):
        wanted = Image.fromarray(grey.astype(np.uint8)).resize((width, width * 96 // 160), Image.Resampling.LANCZOS)
        found = opened(rendered(data, f"{width}x.png")).convert("L")
        assert np.abs(np.asarray(found, int) - np.asarray(wanted, int)).max() <= 4
    assert opened(rendered(data, "30x30-smart.png")).size == (30, 30)


@pytest.mark.parametrize("progressive", [False, True])
def test_an_arithmetic_coded_jpeg_is_shown(progressive: bool) -> None:
    """At every size. When it is decoded at a quarter of its size, each block has four pixels."""
    data = arithmetic(progressive)
    assert np.array_equal(np.asarray(opened(rendered(data, "32x8.png")).convert("L"))[4, 3::8], GREYS)
    quarter = Image.fromarray(np.repeat(np.repeat([GREYS], 2, 0), 2, 1).astype(np.uint8))
    wanted = quarter.resize((4, 1), Image.Resampling.LANCZOS)
    found = opened(rendered(data, "4x1.png")).convert("L")
    assert np.abs(np.asarray(found, int) - np.asarray(wanted, int)).max() <= 1


@pytest.mark.parametrize("factors", [(0x21, 0x11, 0x11), (0x22, 0x21, 0x12), (0x41, 0x11, 0x11), (0x31, 0x11, 0x11)])
def test_any_chroma_subsampling_by_a_whole_number_is_decoded(factors: tuple[int, ...]) -> None:
    """The blocks are those of another layout, so the test checks only that the file is decoded."""
    data = with_sampling(saved(Image.new("RGB", (96, 96), (90, 90, 90)), "JPEG", subsampling=0), *factors)
    assert opened(rendered(data, "96x96.png")).size == (96, 96)


@pytest.mark.parametrize(
    ("original", "said"),
    [
        (with_frame(made("baseline"), 0xC1, 12), "12 bits"),
        (with_frame(made("baseline"), 0xC2, 12), "12 bits"),
        (with_frame(made("baseline"), 0xC3, 16), "16 bits"),
        (with_frame(made("baseline"), 0xC5), "C5"),
        (with_frame(made("baseline"), 0xCB), "CB"),
        (with_frame(made("baseline"), 0xF7), "F7"),
        (hierarchical(made("baseline")), "DE"),
        (with_lines_behind(made("baseline")), "height"),
        (with_sampling(made("baseline"), 0x31, 0x21, 0x11), "multiples"),
        (with_sampling(made("baseline"), 0x13, 0x12, 0x11), "multiples"),
    ],
    ids=[
        *("12 bits", "progressive, 12 bits", "lossless, 16 bits", "differential", "lossless and arithmetic"),
        *("JPEG-LS", "hierarchical", "a number of lines after the scan", "thirds across", "thirds down"),
    ],
)
def test_the_error_names_an_unsupported_kind(original: bytes, said: str) -> None:
    with pytest.raises(UnsupportedFormat, match=said):
        rendered(original, "20x.jpg")


def test_the_error_names_a_number_of_two_components() -> None:
    data = made("grey")
    at = data.index(b"\xff\xc0")
    frame = b"\xff\xc0" + (14).to_bytes(2) + data[at + 4 : at + 9] + bytes([2, 1, 0x11, 0, 2, 0x11, 0])
    with pytest.raises(UnsupportedFormat, match="2 components"):
        rendered(data[:at] + frame + data[at + 13 :], "20x.jpg")
