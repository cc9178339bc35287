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

_LONGEST: Final = 65535
"""Hundredths of a second (GIF89a, section 23)."""

_MOST_DRIFT: Final = 10.0
"""Milliseconds by which a frame of a GIF may end earlier or later than in the original."""


def timed(frames: Sequence[Frame], target: Format, for_ever: bool) -> list[Frame]:
    """The frames with durations that the format holds: milliseconds, in PNG fractions of them, hundredths in GIF.

    Their running sum follows the original's. A GIF leaves out frames for which it has no room. It has the last frame of
    an animation that is not shown `for_ever` in any case, if late: that frame remains to be seen.
    """
    durations = [frame.duration for frame in frames]
    if not any(durations):
        durations = [_UNTIMED] * len(frames)
    if target == "png":
        return [replace(frame, duration=duration) for frame, duration in zip(frames, durations, strict=True)]
    ends = list(accumulate(durations))
    if target == "gif":
        return _in_hundredths(frames, ends, for_ever)
    steps = [round(end) for end in ends]
    return [replace(frame, duration=end - start) for frame, start, end in zip(frames, [0, *steps], steps, strict=False)]


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
        # As near as can be, but such that there is room for the next frame too, if that is possible.
        before_next = max(first, (following + _MOST_DRIFT) // _HUNDREDTH - _SHORTEST)
        then = int(min(max(first, round(end / _HUNDREDTH)), last, before_next))
        timed.append(replace(frame, duration=min(then - now, _LONGEST) * _HUNDREDTH))
        now = then
    return timed or [frames[-1]]
