"""The oracle's comparison: it reports every wrong variant, and no right one."""

import numpy as np
import pytest

from tests.oracle.compare import lossless, lossy
from tests.oracle.peers import Pictures, Pixels, Shown
from tests.oracle.png import delays
from tests.oracle.timeline import timed
from tests.support.pictures.hostile.png import SIGNATURE, chunk

SIX = (10, 60, 110, 160, 210, 250)


def pixels(*colour: int) -> Pixels:
    return np.full((8, 12, 4), colour, np.uint8)


def moving(*levels: int, ms: float = 100, plays: int = 0) -> Pictures:
    return Pictures([Shown(pixels(level, 50, 50, 255), ms) for level in levels], plays)


def in_time(*frames: tuple[int, float], plays: int = 0) -> Pictures:
    """Frames of one level each, with their durations in milliseconds."""
    return Pictures([Shown(pixels(level, 50, 50, 255), ms) for level, ms in frames], plays)


def still(*colour: int) -> Pictures:
    return Pictures([Shown(pixels(*colour), 0)], 1)


def wrong(original: Pictures, variant: Pictures, target: str, sharps: Pictures | None = None) -> str:
    """The oracle's complaint about a lossy variant. Sharp's variant has no loss, or is `sharps`."""
    return lossy(original, variant, target, [frame.pixels for frame in (sharps or original).frames])


def test_equal_files_do_not_differ() -> None:
    assert lossless(moving(10, 200), moving(10, 200), 1) == ""
    assert wrong(moving(10, 200), moving(10, 200), "webp") == ""


def test_one_level_is_allowed_and_two_are_not() -> None:
    assert lossless(moving(10, 200), moving(11, 200), 1) == ""
    assert "2 levels" in lossless(moving(10, 200), moving(10, 202), 1)


def test_colours_of_transparent_pixels_do_not_count() -> None:
    assert lossless(still(9, 0, 0, 0), still(200, 0, 0, 0), 1) == ""


def test_a_frame_that_is_missing_or_late_differs() -> None:
    assert "frames" in lossless(moving(10, 200, 90), moving(10, 90), 1)
    assert "end at" in lossless(moving(10, 200), moving(10, 200, ms=110), 1)
    assert "plays" in lossless(moving(10, 200), moving(10, 200, plays=3), 1)


def test_equal_neighbouring_frames_can_be_one() -> None:
    assert lossless(moving(10, 10, 90), in_time((10, 200), (90, 100)), 1) == ""
    assert wrong(moving(10, 10, 90), in_time((10, 200), (90, 100)), "webp", moving(10, 90)) == ""


def test_a_short_delay_of_a_gif_is_a_tenth_of_a_second() -> None:
    assert [frame.ms for frame in timed(moving(10, 200, ms=10), is_gif=True).frames] == [100, 100]
    assert [frame.ms for frame in timed(moving(10, 200, ms=10), is_gif=False).frames] == [10, 10]


@pytest.mark.parametrize("target", ["gif", "webp", "avif"])
def test_a_variant_without_half_of_the_frames_differs(target: str) -> None:
    half = in_time((10, 200), (110, 200), (210, 200))
    assert "frame 1 of 6 is not shown" in wrong(moving(*SIX), half, target)


@pytest.mark.parametrize("target", ["gif", "webp", "avif"])
@pytest.mark.parametrize("plays", [0, 1, 4])
def test_a_variant_with_one_of_six_frames_differs(target: str, plays: int) -> None:
    assert "is not shown" in wrong(moving(*SIX), moving(10, plays=plays), target)


@pytest.mark.parametrize("target", ["gif", "webp"])
def test_another_number_of_plays_differs(target: str) -> None:
    assert "4 plays" in wrong(moving(10, 200), moving(10, 200, plays=4), target)


def test_frames_in_another_order_differ() -> None:
    assert "is not shown" in wrong(moving(10, 200, 90), moving(10, 90, 200), "webp")


def test_an_additional_frame_differs() -> None:
    more = in_time((10, 90), (150, 10), (200, 100))
    assert "not in the original" in wrong(moving(10, 200), more, "webp")


def test_a_frame_that_changes_early_differs() -> None:
    assert "not in the original" in wrong(moving(10, 200), in_time((10, 70), (200, 130)), "webp")


def test_neighbours_that_loss_made_equal_can_be_one() -> None:
    """Sharp's variant is equally far from the second frame."""
    assert wrong(moving(10, 12, 90), in_time((11, 200), (90, 100)), "webp", moving(11, 11, 90)) == ""
    assert "is not shown" in wrong(moving(10, 30, 90), in_time((10, 200), (90, 100)), "webp")


def test_a_gif_can_leave_out_frames_that_are_too_short_for_it() -> None:
    fast = moving(10, 80, 150, 220, ms=8)
    assert wrong(fast, in_time((80, 20), (220, 20)), "gif") == ""
    assert "frame 3 of 4 is not shown" in wrong(fast, in_time((80, 20), (150, 20)), "gif")
    assert "delays" in wrong(moving(10, 200, ms=15), moving(10, 200, ms=15), "gif")


def test_a_gif_can_not_leave_out_frames_that_are_long_enough() -> None:
    """A GIF shows 50 of 60 frames per second."""
    fast = moving(10, 40, 70, 100, 130, 160, ms=1000 / 60)
    assert wrong(fast, in_time((10, 20), (40, 20), (70, 20), (130, 20), (160, 20)), "gif") == ""
    assert "frame 1 of 6 is not shown" in wrong(fast, in_time((10, 20), (70, 40), (130, 20), (160, 20)), "gif")
    assert "is not shown" in wrong(fast, moving(10, plays=1), "gif")


def test_the_last_frame_of_a_gif_that_ends_is_shown() -> None:
    short = in_time((10, 100), (200, 8), plays=1)
    assert wrong(short, in_time((10, 100), (200, 20), plays=1), "gif") == ""
    assert "frame 1 of 2 is not shown" in wrong(short, in_time((10, 110), (10, 20), plays=1), "gif")


def test_lost_transparency_differs() -> None:
    clear, opaque = still(10, 50, 50, 60), still(10, 50, 50, 255)
    assert wrong(clear, opaque, "gif") == "alpha is 255 levels off"
    assert wrong(clear, opaque, "webp") == "alpha is 195 levels off"
    assert "dB of alpha" in wrong(clear, opaque, "avif")


@pytest.mark.parametrize("target", ["webp", "avif"])
def test_alpha_that_is_far_off_differs(target: str) -> None:
    """The colours do not reveal it, because sharp's are even further off."""
    thin, thick, sharps = still(0, 0, 0, 120), still(0, 0, 0, 200), still(255, 255, 255, 121)
    assert "alpha" in wrong(thin, thick, target, sharps)
    assert "alpha" in lossless(thin, thick, 100)


def test_the_tolerance_of_png_is_allowed_even_if_sharps_variant_is_exact() -> None:
    exact = still(100, 50, 50, 255)
    assert wrong(still(100, 50, 50, 35), still(101, 51, 51, 36), "avif") == ""
    assert wrong(exact, still(102, 52, 52, 255), "avif") == ""
    assert "dB" in wrong(exact, still(103, 53, 53, 255), "avif")
    for target in ("webp", "gif"):
        assert wrong(exact, still(101, 51, 51, 255), target) == ""
        assert "dB" in wrong(exact, still(102, 52, 52, 255), target)


def test_a_variant_that_looks_worse_than_sharps_differs() -> None:
    original, near, far = (still(level, 50, 50, 255) for level in (100, 102, 130))
    assert "dB" in wrong(original, far, "webp", near)
    assert wrong(original, near, "webp", far) == ""


def test_delays_of_an_apng_are_read_exactly() -> None:
    control = bytes(20) + (1).to_bytes(2) + (60).to_bytes(2) + bytes(2)
    assert delays(SIGNATURE + chunk(b"fcTL", control) + chunk(b"IEND", b"")) == [1000 / 60]
