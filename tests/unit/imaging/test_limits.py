"""Durations, plays and sides that one format can state and another can't: the variant has the nearest possible number.

The limits of the formats are in GIF89a, section 23, and Netscape's extension; PNG, third edition, section 11.3.6; and
RFC 9649, section 2.7.1. Those of AVIF are libavif's, which counts milliseconds in 32 bits here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL import Image

from core.imaging.containers.contents import MOST_FRAMES
from core.settings import Settings
from core.size import FORMATS
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.playing import played
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered
from tests.support.pictures.stated import stated
from tests.support.pictures.webps import Still, webp

Numbers = list[tuple[int, int]]
"""For each frame: its grey, and its time in the original's units."""


@dataclass(frozen=True)
class Limits:
    """A format's limits: the milliseconds of the `longest` frame, in AVIF of all frames, and the number of plays."""

    longest: float
    plays: int


LIMITS = {
    "gif": Limits(655_350, 65_536),
    "png": Limits(65_535_000, 2**31 - 1),
    "webp": Limits(2**24 - 1, 65_535),
    "avif": Limits(2**31 - 1, 2**31),
}


def as_gif(frames: Numbers, plays: int) -> bytes:
    pictures = [Picture([[grey] * 8] * 8, delay=time) for grey, time in frames]
    repeats = None if plays == 1 else max(plays - 1, 0)
    return Gif((8, 8), pictures, [(grey,) * 3 for grey in range(256)], repeats).data()


def as_apng(frames: Numbers, plays: int, denominator: int = 1000) -> bytes:
    return Apng(
        (8, 8), [Moving([[grey] * 8] * 8, delay=(time, denominator)) for grey, time in frames], 8, 0, plays=plays
    ).data()


def as_webp(frames: Numbers, plays: int) -> bytes:
    return webp(
        (8, 8), [Still(Image.new("RGB", (8, 8), (grey,) * 3), duration=time) for grey, time in frames], False, plays
    )


def as_avif(frames: Numbers, _: int = 0) -> bytes:
    first, *rest = [Image.new("L", (8, 8), grey) for grey, _ in frames]
    return saved(first, "AVIF", save_all=True, append_images=rest, duration=[time for _, time in frames], speed=10)


def as_apng_of_seconds(frames: Numbers, plays: int) -> bytes:
    return as_apng(frames, plays, 1)


def as_apng_of_hundredths(frames: Numbers, plays: int) -> bytes:
    """A denominator of 0 means 100."""
    return as_apng(frames, plays, 0)


Writer = Callable[[Numbers, int], bytes]
TIMES: list[tuple[Writer, int, float]] = [
    (as_gif, 2, 20),
    (as_gif, 65_535, 655_350),
    (as_apng, 20, 20),
    (as_apng, 65_535, 65_535),
    (as_apng_of_hundredths, 65_535, 655_350),
    (as_apng_of_seconds, 65, 65_000),
    (as_apng_of_seconds, 66, 66_000),
    (as_apng_of_seconds, 656, 656_000),
    (as_apng_of_seconds, 65_535, 65_535_000),
    (as_webp, 65_536, 65_536),
    (as_webp, 655_351, 655_351),
    (as_webp, 2**24 - 1, 2**24 - 1),
    (as_avif, 655_351, 655_351),
    (as_avif, 2**24, 2**24),
    (as_avif, 2**31 - 1, 2**31 - 1),
    (as_avif, 2**31, 2**31),
    (as_avif, 2**32 - 1, 2**32 - 1),
]
"""For each format: times around the limits of all formats, in its own units and in milliseconds."""


def row(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("target", LIMITS)
@pytest.mark.parametrize(("write", "time", "milliseconds"), TIMES, ids=row)
def test_a_frame_is_shown_for_its_time_up_to_the_limit_of_the_format(
    write: Writer, time: int, milliseconds: float, target: str
) -> None:
    """After a frame of any length, all other frames are there, and each number is within the format's limit."""
    short = 1 if write is as_apng_of_seconds else 10 if write in (as_gif, as_apng_of_hundredths) else 100
    found = stated(rendered(write([(0, short), (120, time), (250, short)], 0), f"8x8.{target}")).durations
    expected = min(milliseconds, LIMITS[target].longest)
    # PNG's fractions of long times are coarse: 65535/1, 65534/1. An AVIF's frames together have the right time.
    precision = {"abs": 10} if target == "gif" else {"abs": 1, "rel": 1e-5} if target == "png" else {"abs": 101}
    assert len(found) == 3
    assert float(found[1]) == pytest.approx(expected, **precision)
    assert float(found[0]) == pytest.approx(1000 if short == 1 else 100, abs=1)
    assert max(found) <= LIMITS[target].longest


@pytest.mark.parametrize("target", LIMITS)
@pytest.mark.parametrize(("write", "time", "milliseconds"), TIMES, ids=row)
def test_equal_frames_are_shown_for_the_sum_of_their_times(
    write: Writer, time: int, milliseconds: float, target: str
) -> None:
    """Encoders join them, except for the time that one frame could not have."""
    data = rendered(write([(120, time)] * 5 + [(250, time)], 0), f"8x8.{target}")
    shown = 5 * min(milliseconds, LIMITS[target].longest)
    if target == "avif":
        shown = min(shown, LIMITS[target].longest)
    times = [time for pixels, time in played(data) if pixels[0, 0, 0] < 200]
    assert sum(times) == pytest.approx(shown, abs=10, rel=1e-5 * (target == "png"))
    assert max(stated(data).durations) <= LIMITS[target].longest


PLAYS: list[tuple[Writer, int]] = [
    *((as_gif, plays) for plays in (0, 1, 2, 65_535, 65_536)),
    *((as_webp, plays) for plays in (0, 1, 2, 65_535)),
    *((as_apng, plays) for plays in (0, 1, 2, 65_536, 65_537, 70_000, 2**31 - 1, 2**31, 2**32 - 1)),
    (as_avif, 0),
]


@pytest.mark.parametrize("target", LIMITS)
@pytest.mark.parametrize(("write", "plays"), PLAYS, ids=row)
def test_a_variant_is_played_as_often_as_the_original_or_endlessly(write: Writer, plays: int, target: str) -> None:
    data = rendered(write([(0, 100), (250, 100)], plays), f"8x8.{target}")
    assert stated(data).plays == (plays if plays <= LIMITS[target].plays else 0)


@pytest.mark.parametrize("target", LIMITS)
@pytest.mark.parametrize("plays", [0, 1, 3, 65_535, 65_536, 70_000, 2**31])
def test_the_plays_of_an_avif_are_kept(plays: int, target: str) -> None:
    original = rendered(as_apng([(0, 100), (250, 100)], plays), "8x8.avif")
    data = rendered(original, f"8x8.{target}")
    assert stated(data).plays == (plays if plays <= LIMITS[target].plays else 0)


@pytest.mark.parametrize("target", LIMITS)
def test_the_largest_number_of_frames_is_shown(target: str) -> None:
    frames = [(number % 2 * 250, 20) for number in range(MOST_FRAMES)]
    found = stated(rendered(as_apng(frames, 0), f"8x8.{target}")).durations
    assert len(found) == MOST_FRAMES
    assert sum(found) == 20 * MOST_FRAMES


SIDES = {"JPEG": 65_500, "PNG": 65_535, "WEBP": 16_383, "AVIF": 32_768, "GIF": 65_535, "TIFF": 65_535, "BMP": 65_535}
"""The longest sides that are read, in pixels: the limits of libjpeg, libwebp and libavif, and 65,535 here."""
LARGE = Settings(max_side=16_383)


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("name", SIDES)
def test_the_narrowest_pictures_are_rendered_in_the_lowest_and_the_highest_quality(name: str, target: str) -> None:
    """One side is the longest of the original's format or of variants, the other is one pixel."""
    long = min(SIDES[name], LARGE.max_side)
    for sides in ((SIDES[name], 1), (1, SIDES[name]), (1, 1)):
        original = saved(Image.new("RGB", sides, (200, 30, 30)), name)
        asked = f"{long}x" if sides[0] > 1 else f"x{min(long, sides[1])}"
        for quality in (1, 100):
            variant = opened(rendered(original, f"{asked}-q{quality}.{target}", LARGE))
            assert max(variant.size) == min(max(sides), long)
            assert min(variant.size) == 1
