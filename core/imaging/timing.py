"""The durations of a variant's frames, in the units of its format."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil
from typing import Final

from core.imaging.frame import Frame
from core.size import Format

_UNTIMED: Final = 100.0
"""Milliseconds for which browsers show each frame if no frame has a duration."""

_HUNDREDTH: Final = 10
_SHORTEST: Final = 2
"""The shortest frame of a GIF, in hundredths of a second: browsers show shorter frames for a tenth of a second."""

_WHOLE: Final = 2**31 - 1
"""The longest animation, in milliseconds: Pillow's WebP encoder counts milliseconds in a signed 32-bit number."""

LONGEST: Final[dict[Format, int]] = {"gif": 655_350, "webp": 2**24 - 1, "png": 65_535_000}
"""The longest frame, in milliseconds (GIF89a, section 23; RFC 9649, section 2.7.1.1; PNG, third edition, section
11.3.6.2)."""

_LARGEST: Final = 65535
"""The largest numerator and denominator of a fraction in PNG."""

_MOST_DRIFT: Final = 10.0
"""Milliseconds by which a GIF's frame may end earlier or later than in the original."""


def timed(frames: Sequence[Frame], target: Format, for_ever: bool) -> list[Frame]:
    """The frames with durations that the format can state: hundredths of a second in GIF, fractions of a second in PNG.

    In other formats, durations are milliseconds. The running sum of durations follows the original's, except for frames
    that are too long for the format. A GIF leaves out frames that are too short for GIF. If an animation is not shown
    `for_ever`, its last frame stays visible: a GIF always has the last frame, even if this frame starts late.
    """
    longest = LONGEST.get(target, _WHOLE)
    # A decoder's times wrap around to negative numbers if an animation is too long for it.
    durations = [min(max(frame.duration, 0.0), longest) for frame in frames]
    if not any(durations):
        durations = [_UNTIMED] * len(frames)
    if target == "png":
        return [replace(frame, duration=_fraction(it)) for frame, it in zip(frames, durations, strict=True)]
    # Rounded, because sums of fractions are not exact, and some frames only just fit.
    ends = [round(end, 6) for end in accumulate(durations)]
    if target == "gif":
        return _in_hundredths(frames, ends, for_ever)
    steps = [min(round(end), _WHOLE) for end in ends]
    return [
        replace(frame, duration=min(end - start, longest))
        for frame, start, end in zip(frames, [0, *steps], steps, strict=False)
    ]


def _fraction(duration: float) -> float:
    """The closest duration in ms that PNG can state, as a fraction of a second."""
    from fractions import Fraction  # noqa: PLC0415 -- importing it takes three milliseconds of a cold start

    seconds = duration / 1000
    return float(1000 * Fraction(seconds).limit_denominator(int(_LARGEST / max(seconds, 1))))


def _in_hundredths(frames: Sequence[Frame], ends: Sequence[float], for_ever: bool) -> list[Frame]:
    """The frames of a GIF with their durations, given the milliseconds at which each frame ends in the original."""
    timed: list[Frame] = []
    now = 0
    for frame, end, following in zip(frames, ends, (*ends[1:], ends[-1] + _UNTIMED), strict=True):
        first = max(now + _SHORTEST, ceil((end - _MOST_DRIFT) / _HUNDREDTH))
        last = (end + _MOST_DRIFT) // _HUNDREDTH
        if frame is frames[-1] and not for_ever:
            last = max(last, first)
        if first > last:
            continue
        # A frame ends as near to its time as possible, but leaves time for the next frame, if it can. If frames are
        # shorter than GIF allows, each ends as early as allowed: then there is time for most of them.
        fast = following - end < _SHORTEST * _HUNDREDTH
        before_next = max(first, (following + _MOST_DRIFT) // _HUNDREDTH - _SHORTEST)
        then = int(min(first if fast else max(first, round(end / _HUNDREDTH)), last, before_next))
        timed.append(replace(frame, duration=min((then - now) * _HUNDREDTH, LONGEST["gif"])))
        now = then
    return timed or [frames[-1]]
