"""The oracle's own judgement: it sees a wrong level, a wrong time and a lost transparency, and nothing else."""

import numpy as np

from tests.oracle.compare import expected, lossless, lossy
from tests.oracle.peers import Pictures, Pixels, Shown


def pixels(*colour: int) -> Pixels:
    return np.full((8, 12, 4), colour, np.uint8)


def moving(*levels: int, ms: float = 100, plays: int = 0) -> Pictures:
    return Pictures([Shown(pixels(level, 50, 50, 255), ms) for level in levels], plays)


def test_equal_files_do_not_differ() -> None:
    assert lossless(moving(10, 200), moving(10, 200), 1) == ""
    assert lossy(moving(10, 200), moving(10, 200), "webp", moving(10, 200)) == ""


def test_one_level_is_allowed_and_two_are_not() -> None:
    assert lossless(moving(10, 200), moving(11, 200), 1) == ""
    assert "2.0 levels" in lossless(moving(10, 200), moving(10, 202), 1)


def test_what_is_hidden_does_not_count() -> None:
    hidden, other = (Pictures([Shown(pixels(level, 0, 0, 0), 0)], 1) for level in (9, 200))
    assert lossless(hidden, other, 1) == ""


def test_a_frame_that_is_missing_or_late_differs() -> None:
    assert "frames" in lossless(moving(10, 200, 90), moving(10, 90), 1)
    assert "end at" in lossless(moving(10, 200), moving(10, 200, ms=110), 1)
    assert "plays" in lossless(moving(10, 200), moving(10, 200, plays=3), 1)


def test_equal_neighbours_may_be_one() -> None:
    joined = Pictures([Shown(pixels(10, 50, 50, 255), 200), Shown(pixels(90, 50, 50, 255), 100)], 0)
    assert lossless(expected(moving(10, 10, 90), is_gif=False), joined, 1) == ""


def test_a_short_delay_of_a_gif_is_a_tenth_of_a_second() -> None:
    assert [frame.ms for frame in expected(moving(10, 200, ms=10), is_gif=True).frames] == [100, 100]
    assert [frame.ms for frame in expected(moving(10, 200, ms=10), is_gif=False).frames] == [10, 10]


def test_a_gif_may_leave_out_frames_without_room() -> None:
    fast = moving(10, 80, 150, 220, ms=8)
    slow = Pictures([Shown(pixels(80, 50, 50, 255), 20), Shown(pixels(150, 50, 50, 255), 20)], 0)
    assert lossy(fast, slow, "gif", None) == ""
    assert "delays" in lossy(moving(10, 200, ms=15), moving(10, 200, ms=15), "gif", None)


def test_lost_transparency_differs() -> None:
    clear, opaque = (Pictures([Shown(pixels(10, 50, 50, alpha), 0)], 1) for alpha in (60, 255))
    assert lossy(clear, opaque, "gif", None) == lossy(clear, opaque, "webp", None) == "transparency differs"


def test_what_looks_worse_than_sharps_differs() -> None:
    original, near, far = (Pictures([Shown(pixels(level, 50, 50, 255), 0)], 1) for level in (100, 101, 130))
    assert "dB" in lossy(original, far, "webp", near)
    assert lossy(original, near, "webp", far) == ""
