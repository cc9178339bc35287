"""The picture of an animation at each moment, in milliseconds from the beginning."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil, floor

from tests.oracle.likeness import equal
from tests.oracle.peers import Pictures, Pixels, Shown

SHORTEST = 20.0
"""A GIF's shortest delay: browsers show a frame of less for a tenth of a second."""

LATE = 20.0
"""By how much later the last frame of a GIF that ends may be: it stays visible."""

EXACT = 0.01
"""Sums of fractions are not exact."""

_ROUNDING, _HUNDREDTH = 1.0, 10.0

_TAKEN_FOR_NONE, _UNTIMED = 10.0, 100.0
"""As in browsers, a GIF's delay up to the first counts as the second, and so does each delay if no frame has one."""


def timed(pictures: Pictures, is_gif: bool) -> Pictures:
    """The original with the delays of browsers, as its variants should show it."""
    delays = [frame.ms for frame in pictures.frames]
    if is_gif:
        delays = [delay if delay > _TAKEN_FOR_NONE else _UNTIMED for delay in delays]
    if not any(delays):
        delays = [_UNTIMED] * len(delays)
    return replace(pictures, frames=[Shown(f.pixels, ms) for f, ms in zip(pictures.frames, delays, strict=True)])


def joined(pictures: Pictures) -> Pictures:
    """The same with equal neighbours joined, as encoders do."""
    frames: list[Shown] = []
    for frame in pictures.frames:
        if frames and equal(frames[-1].pixels, frame.pixels):
            frames[-1] = Shown(frame.pixels, frames[-1].ms + frame.ms)
        else:
            frames.append(frame)
    return replace(pictures, frames=frames)


def ends(pictures: Pictures) -> list[float]:
    """When each frame ends."""
    return list(accumulate(frame.ms for frame in pictures.frames))


def middles(pictures: Pictures) -> list[float]:
    """The middle of each frame's time."""
    return [end - frame.ms / 2 for end, frame in zip(ends(pictures), pictures.frames, strict=True)]


def showing(pictures: Pictures, moment: float) -> list[int]:
    """The frames shown at a moment: two if one ends and the other begins, and always that of a still picture."""
    if len(pictures.frames) == 1:
        return [0]
    found = [
        index
        for index, (end, frame) in enumerate(zip(ends(pictures), pictures.frames, strict=True))
        if end - frame.ms - EXACT <= moment <= end + EXACT
    ]
    return found or [len(pictures.frames) - 1]


def at(pictures: Pictures, moment: float) -> Pixels:
    """The picture at a moment; the first of two."""
    return pictures.frames[showing(pictures, moment)[0]].pixels


def seen_in(original: Pictures, variant: Pictures) -> Pictures:
    """The original's frames, each replaced by the variant's picture at its time."""
    frames = [
        Shown(at(variant, middle), frame.ms) for middle, frame in zip(middles(original), original.frames, strict=True)
    ]
    return replace(original, frames=frames)


def drift(target: str) -> float:
    """By how much a frame may end earlier or later than in the original: GIF counts in hundredths of a second."""
    return _HUNDREDTH if target == "gif" else _ROUNDING


def apart(times: Sequence[float], others: Sequence[float]) -> float:
    """The largest distance of the times from the nearest of the others."""
    return max((min(abs(time - other) for other in others) for time in times), default=0.0)


def first_hundredth(end: float) -> float:
    """The earliest time, in milliseconds, at which a GIF may end a frame that ends at `end`."""
    return _HUNDREDTH * ceil((end - _HUNDREDTH) / _HUNDREDTH - EXACT)


def last_hundredth(end: float) -> float:
    """The latest time, in milliseconds, at which a GIF may end a frame that ends at `end`."""
    return _HUNDREDTH * floor((end + _HUNDREDTH) / _HUNDREDTH + EXACT)


def most_with_room(original: Pictures) -> int:
    """The most frames that a GIF can show: those that have room if each ends as early as possible."""
    count, now = 0, 0.0
    for end in ends(original):
        soonest = max(now + SHORTEST, first_hundredth(end))
        if soonest <= last_hundredth(end):
            count, now = count + 1, soonest
    return count
