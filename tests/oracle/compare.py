"""The differences between a file as another program shows it and its variant."""

from collections.abc import Sequence

import numpy as np

from tests.oracle.frames import Pair, match, owned, pairs, wrong_frames
from tests.oracle.likeness import decibels, error, premultiplied, under
from tests.oracle.peers import Pictures, Pixels
from tests.oracle.timeline import EXACT, LATE, SHORTEST, apart, drift, ends, joined

_MARGIN, _MOVING_MARGIN = 1.0, 3.0
"""Decibels by which a lossy variant may be below sharp's, and by which an animated AVIF may be. Sharp does not write
these: their bar is still pictures, which have the full range."""

_ALIKE = {"gif": 1.0, "webp": 1.0, "avif": 2.0}
"""Levels, as root mean square, up to which a lossy variant is not compared with sharp's: the tolerance of PNG or, since
AVIF converts colours to those of video, of PNG with converted colours. They are 48 and 42 dB."""


def lossless(original: Pictures, variant: Pictures, most: float) -> str:
    """The first difference of a PNG variant, or "". Colours may differ by `most` levels, alpha by one."""
    if original.sides != variant.sides:
        return f"sides {variant.sides} instead of {original.sides}"
    wanted, found = joined(original).frames, joined(variant).frames
    if len(wanted) != len(found):
        return f"{len(found)} frames instead of {len(wanted)}"
    for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
        # Rounded, because a browser's canvas stores colours times alpha as whole levels.
        difference = np.abs(np.round(premultiplied(one.pixels)) - np.round(premultiplied(other.pixels)))
        if difference[..., 3].max() > 1:
            return f"alpha of frame {index} is {difference[..., 3].max():.0f} levels off"
        if difference.max() > most:
            return f"frame {index} is {difference.max():.0f} levels off"
    return _timing(original, variant, "png")


def lossy(original: Pictures, variant: Pictures, target: str, bars: Sequence[Pixels]) -> str:
    """The first difference of a lossy variant, or "". `bars` has sharp's picture of each joined() original frame."""
    if original.sides != variant.sides:
        return f"sides {variant.sides} instead of {original.sides}"
    found = match(original, variant, target, bars)
    if wrong := wrong_frames(found):
        return wrong
    compared = pairs(found)
    return (
        _transparency([*compared, *owned(found)], target)
        or _worse(compared, target, moves=len(found.wanted.frames) > 1)
        or _timing(original, variant, target)
    )


def _transparency(compared: Sequence[Pair], target: str) -> str:
    """The difference of alpha, which GIF and WebP keep, or "". AVIF's is lossy and compared with sharp's."""
    if target == "avif":
        return ""
    most = {"gif": 0.0, "webp": 1.0}[target]
    off = max(float(np.abs(it.wanted[..., 3].astype(float) - it.shown[..., 3]).max()) for it in compared)
    return f"alpha is {off:.0f} levels off" if off > most else ""


def _worse(compared: Sequence[Pair], target: str, moves: bool) -> str:
    """By how much the colours of all frames, or the alpha of an AVIF, are below sharp's, or "".

    An error within the tolerance of PNG is not compared with sharp's.
    """
    errors, sharps = [error(it.wanted, it.shown) for it in compared], [it.sharps for it in compared]
    margin, alike = _MOVING_MARGIN if target == "avif" and moves else _MARGIN, _ALIKE[target] ** 2
    if target == "avif":
        found, bar = (float(np.mean([it.alpha for it in each])) for each in (errors, sharps))
        if found > 1 and under(found, bar, margin):
            return f"{decibels(found):.1f} dB of alpha where sharp has {decibels(bar):.1f}"
    found, bar = (float(np.mean([it.colours for it in each])) for each in (errors, sharps))
    if found > alike and under(found, bar, margin):
        return f"{decibels(found):.1f} dB where sharp has {decibels(bar):.1f}"
    return ""


def _timing(original: Pictures, variant: Pictures, target: str) -> str:
    """The difference of delays and plays, or "".

    They are invisible if all frames of the original are equal, or if only one of them is rightly left.
    """
    if len(joined(original).frames) == 1 or len(variant.frames) == 1:
        return ""
    if target == "gif" and any(frame.ms % 10 or frame.ms < SHORTEST for frame in variant.frames):
        return f"delays of {[frame.ms for frame in variant.frames]} ms"
    near, late = drift(target) + EXACT, LATE if target == "gif" and original.plays else 0.0
    wanted, found = ends(original), ends(joined(variant))
    if apart(found[:-1], wanted) > near or not -near <= found[-1] - wanted[-1] <= near + late:
        return f"frames end at {found} instead of {wanted} ms"
    if target != "avif" and original.plays != variant.plays:  # AVIF's encoder has no option for it.
        return f"{variant.plays} plays instead of {original.plays}"
    return ""
