"""Which frames of an original a lossy variant shows: at each moment, both must show the same picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.oracle.likeness import Error, error, opaque_or_not
from tests.oracle.peers import Pictures, Pixels, Shown
from tests.oracle.timeline import (
    EXACT,
    LATE,
    SHORTEST,
    drift,
    ends,
    first_hundredth,
    joined,
    last_hundredth,
    middles,
    most_with_room,
    showing,
)

_SEEN, _CLEARLY = 0.1, 0.4
"""Factors of mean squared errors. Two frames can be told apart if they differ by more than a tenth of the loss. A right
frame's error against its original is below its error against another frame, by about the difference of those two. A
frame is wrong if the former error is above the latter by more than two fifths of that difference."""


@dataclass(frozen=True)
class Pair:
    """A frame of an original, the variant's picture of it, and the error of sharp's picture."""

    wanted: Pixels
    shown: Pixels
    sharps: Error


@dataclass(frozen=True)
class Match:
    """An original and its variant in the format `target`.

    `wanted` is the original as far as the format can show it, with equal neighbours joined. `sharps` has the error of
    sharp's picture of each of its frames.
    """

    original: Pictures
    wanted: Pictures
    variant: Pictures
    target: str
    sharps: Sequence[Error]

    def is_last(self, index: int) -> bool:
        """Whether a wanted frame stays visible after the animation has ended."""
        return bool(self.wanted.plays) and index == len(self.wanted.frames) - 1

    def is_right(self, index: int, pixels: Pixels) -> bool:
        """Whether pixels show a wanted frame: as close to it as sharp's, or not clearly closer to another frame."""
        frame = self.wanted.frames[index].pixels
        own = error(frame, pixels).colours
        if own <= self.sharps[index].colours:
            return True
        for other in self.wanted.frames:
            apart = error(frame, other.pixels).colours
            if apart > _SEEN * own and own - error(other.pixels, pixels).colours > _CLEARLY * apart:
                return False
        return True


def match(original: Pictures, variant: Pictures, target: str, bars: Sequence[Pixels]) -> Match:
    """The frames to compare. `bars` has sharp's picture of each joined() frame of the original."""
    wanted = joined(original)
    if target == "gif":
        wanted = replace(wanted, frames=[Shown(opaque_or_not(frame.pixels), frame.ms) for frame in wanted.frames])
    sharps = [error(frame.pixels, bar) for frame, bar in zip(wanted.frames, bars, strict=True)]
    return Match(original, wanted, variant, target, sharps)


def pairs(it: Match) -> list[Pair]:
    """Each wanted frame that the variant has, with the variant's picture of it."""
    shown = [_shown_for(it, index) for index in range(len(it.wanted.frames))]
    return [
        Pair(frame.pixels, pixels, it.sharps[index])
        for index, (frame, pixels) in enumerate(zip(it.wanted.frames, shown, strict=True))
        if it.is_right(index, pixels)
    ]


def owned(it: Match) -> list[Pair]:
    """Each frame of the variant that shows a wanted frame, with that frame."""
    return [
        min(
            (Pair(it.wanted.frames[other].pixels, frame.pixels, it.sharps[other]) for other in those),
            key=lambda pair: error(pair.wanted, pair.shown).colours,
        )
        for frame, those in zip(it.variant.frames, _owners(it), strict=True)
        if those
    ]


def wrong_frames(it: Match) -> str:
    """The first wanted frame that is missing without need, or the first additional frame, or ""."""
    owners = _owners(it)
    for index, frame in enumerate(it.wanted.frames):
        excused = (
            it.target == "gif" and frame.ms < SHORTEST and not it.is_last(index) and not _has_room(it, index, owners)
        )
        if not excused and not it.is_right(index, _shown_for(it, index)):
            return f"frame {index} of {len(it.wanted.frames)} is not shown, in {len(it.variant.frames)} frames"
    if [] in owners:
        return (
            f"frame {owners.index([])}, of those that end at {ends(it.variant)} ms, is not in the original at that time"
        )
    return ""


def _shown_for(it: Match, index: int) -> Pixels:
    """The variant's picture in the middle of a wanted frame's time; the closest one if there are several."""
    if it.is_last(index):
        return it.variant.frames[-1].pixels
    frame, end = it.wanted.frames[index], ends(it.wanted)[index]
    candidates = showing(it.variant, middles(it.wanted)[index])
    if it.target == "gif" and frame.ms < SHORTEST:
        near = drift(it.target)
        candidates += [other for other, then in enumerate(ends(it.variant)) if abs(then - end) <= near + EXACT]
    return min(
        (it.variant.frames[i].pixels for i in candidates), key=lambda pixels: error(frame.pixels, pixels).colours
    )


def _owners(it: Match) -> list[list[int]]:
    """For each frame of the variant, the wanted frames that it shows and ends with, or with a part of."""
    return [
        [
            other
            for other in range(len(it.wanted.frames))
            if (len(it.variant.frames) == 1 or _ends_with(it, end, other)) and it.is_right(other, frame.pixels)
        ]
        for end, frame in zip(ends(it.variant), it.variant.frames, strict=True)
    ]


def _ends_with(it: Match, end: float, index: int) -> bool:
    """Whether a frame that ends at `end` ends with a wanted frame, or with a frame that was joined to it."""
    start, stop = [0.0, *ends(it.wanted)][index : index + 2]
    near, late = drift(it.target), LATE if it.target == "gif" and it.is_last(index) else 0.0
    parts = [then for then in ends(it.original) if start + EXACT < then <= stop + EXACT]
    return any(-near - EXACT <= end - then <= near + late + EXACT for then in parts)


def _has_room(it: Match, index: int, owners: Sequence[Sequence[int]]) -> bool:
    """Whether a GIF has room for a wanted frame if the shown frame before it ends as early as possible."""
    if len(it.variant.frames) == 1:
        return most_with_room(it.wanted) > 1
    times = [0.0, *ends(it.variant)]
    before = max((k for k, those in enumerate(owners) if min(those, default=index) < index), default=None)
    soonest = 0.0
    if before is not None:
        start, stop = times[before : before + 2]
        near = [then for then in ends(it.original) if abs(then - stop) <= drift(it.target) + EXACT]
        earliest = first_hundredth(max((then for then in near if then < ends(it.wanted)[index] - EXACT), default=stop))
        soonest = min(stop, max(start + SHORTEST, earliest))
    return soonest + SHORTEST <= last_hundredth(ends(it.wanted)[index])
