"""For how long the frames of a variant are shown, in the units that its format counts in."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil
from typing import Final

from core.imaging.frame import Frame
from core.size import Format

_UNTIMED: Final = 100.0
"""Milliseconds: what browsers show each frame for where no frame has a time."""

_HUNDREDTH: Final = 10
_SHORTEST: Final = 2
"""Hundredths of a second, for a frame of a GIF: browsers show a shorter one for a tenth of a second."""

_WHOLE: Final = 2**31 - 1
"""Milliseconds of an animation: Pillow's WebP encoder counts them in a signed number of 32 bits."""

LONGEST: Final[dict[Format, int]] = {"gif": 655_350, "webp": 2**24 - 1, "png": 65_535_000}
"""Milliseconds of a frame (GIF89a, section 23; RFC 9649, section 2.7.1.1; PNG, third edition, section 11.3.6.2)."""

_LARGEST: Final = 65535
"""Of both numbers of a fraction in PNG."""

_MOST_DRIFT: Final = 10.0
"""Milliseconds by which a frame of a GIF may end earlier or later than in the original."""


def timed(frames: Sequence[Frame], target: Format, for_ever: bool) -> list[Frame]:
    """The frames with durations that the format holds: milliseconds, in PNG fractions of them, hundredths in GIF.

    Their running sum follows the original's, but for frames that are longer than the format holds. A GIF leaves out
    frames for which it has no room. It has the last frame of an animation that is not shown `for_ever` in any case, if
    late: that frame remains to be seen.
    """
    longest = LONGEST.get(target, _WHOLE)
    # A decoder's times start again below 0 where an animation lasts too long for it.
    durations = [min(max(frame.duration, 0.0), longest) for frame in frames]
    if not any(durations):
        durations = [_UNTIMED] * len(frames)
    if target == "png":
        return [replace(frame, duration=_fraction(it)) for frame, it in zip(frames, durations, strict=True)]
    # Rounded, because a sum of fractions is not exact, and some frames just about have room.
    ends = [round(end, 6) for end in accumulate(durations)]
    if target == "gif":
        return _in_hundredths(frames, ends, for_ever)
    steps = [min(round(end), _WHOLE) for end in ends]
    return [
        replace(frame, duration=min(end - start, longest))
        for frame, start, end in zip(frames, [0, *steps], steps, strict=False)
    ]


def _fraction(duration: float) -> float:
    """The duration in ms that is closest, and a fraction of a second as PNG holds it."""
    from fractions import Fraction  # noqa: PLC0415 -- it takes three milliseconds of a cold start

    seconds = duration / 1000
    return float(1000 * Fraction(seconds).limit_denominator(int(_LARGEST / max(seconds, 1))))


def _in_hundredths(frames: Sequence[Frame], ends: Sequence[float], for_ever: bool) -> list[Frame]:
    """The same for GIF, given when each frame ends in the original, in milliseconds."""
    timed: list[Frame] = []
    now = 0
    for frame, end, following in zip(frames, ends, (*ends[1:], ends[-1] + _UNTIMED), strict=True):
        first = max(now + _SHORTEST, ceil((end - _MOST_DRIFT) / _HUNDREDTH))
        last = (end + _MOST_DRIFT) // _HUNDREDTH
        if frame is frames[-1] and not for_ever:
            last = max(last, first)
        if first > last:
            continue
        # As near as can be, but such that there is room for the next frame too, if that is possible. Where frames come
        # faster than a GIF shows them, each ends as soon as it may: most of them have room then.
        fast = following - end < _SHORTEST * _HUNDREDTH
        before_next = max(first, (following + _MOST_DRIFT) // _HUNDREDTH - _SHORTEST)
        then = int(min(first if fast else max(first, round(end / _HUNDREDTH)), last, before_next))
        timed.append(replace(frame, duration=min((then - now) * _HUNDREDTH, LONGEST["gif"])))
        now = then
    return timed or [frames[-1]]
