"""What differs between a file as another program shows it and its variant."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from tests.oracle.peers import Pictures, Pixels, Shown

Premultiplied = npt.NDArray[np.float64]

_SHORTEST, _TOO_SHORT = 10.0, 100.0
"""Milliseconds: a GIF's delay up to the first counts as the second, as in browsers."""

_MARGIN, _MOVING_MARGIN = 1.0, 3.0
"""Decibels by which a lossy variant may be under sharp's, and by which the first frame of a moving AVIF may be, which
sharp does not write: its bar is a still AVIF, which has the full range."""

_ALIKE = 41.0
"""Decibels beyond which nobody sees a difference: less than three levels."""


def premultiplied(pixels: Pixels) -> Premultiplied:
    """Colours times alpha, and alpha: what is hidden does not count."""
    found = pixels.astype(np.float64)
    found[..., :3] *= found[..., 3:] / 255
    return found


def expected(pictures: Pictures, is_gif: bool) -> Pictures:
    """The original as its variants are to show it: with the delays of browsers, and equal neighbours joined."""
    delays = [frame.ms for frame in pictures.frames]
    if is_gif:
        delays = [delay if delay > _SHORTEST else _TOO_SHORT for delay in delays]
    if not any(delays):
        delays = [_TOO_SHORT] * len(delays)
    return joined(Pictures([Shown(f.pixels, d) for f, d in zip(pictures.frames, delays, strict=True)], pictures.plays))


def joined(pictures: Pictures) -> Pictures:
    """The same with equal neighbours as one: encoders do so."""
    frames: list[Shown] = []
    for frame in pictures.frames:
        if frames and np.array_equal(premultiplied(frames[-1].pixels), premultiplied(frame.pixels)):
            frames[-1] = Shown(frame.pixels, frames[-1].ms + frame.ms)
        else:
            frames.append(frame)
    return Pictures(frames, pictures.plays)


def lossless(original: Pictures, variant: Pictures, most: float) -> str:
    """What is wrong with a PNG variant, "" if nothing is; `most` levels may differ."""
    if original.sides != variant.sides:
        return f"sides {variant.sides} instead of {original.sides}"
    variant = joined(variant)
    if len(variant.frames) != len(original.frames):
        return f"{len(variant.frames)} frames instead of {len(original.frames)}"
    for index, (one, other) in enumerate(zip(original.frames, variant.frames, strict=True)):
        difference = np.abs(premultiplied(one.pixels) - premultiplied(other.pixels)).max()
        if difference > most + 0.01:
            return f"frame {index} is {difference:.1f} levels off"
    return _timing(original, variant, "png")


def _timing(original: Pictures, variant: Pictures, target: str) -> str:
    if 1 in (len(original.frames), len(variant.frames)):
        return ""  # One frame is left of an animation whose others are too short for a GIF, or all alike.
    wanted, found = ([0.0, *accumulate(f.ms for f in pictures.frames)] for pictures in (original, variant))
    # Chromium cuts off the parts of a millisecond of an APNG's frames.
    drift = len(found) + (10.0 if target == "gif" else 0.0)
    # A variant may lack frames for which it has no room or whose difference its encoder does not see; and being lossy,
    # it may show one frame as two that the original repeats.
    left = list(accumulate(frame.ms for frame in joined(variant).frames))
    apart = min(_apart(left[:-1], wanted), _apart(wanted[:-1], found))
    # The last frame of a GIF that does not go on for ever may come late: it remains to be seen.
    late = 20.0 if target == "gif" and original.plays else 0.0
    if apart > drift or abs(wanted[-1] - found[-1]) > drift + late:
        return f"frames end at {found} instead of {wanted} ms"
    return "" if original.plays == variant.plays else f"{variant.plays} plays instead of {original.plays}"


def _apart(ends: Sequence[float], others: Sequence[float]) -> float:
    """By how much the furthest of some times is from the nearest of others."""
    return max((min(abs(end - other) for other in others) for end in ends), default=0.0)


def lossy(original: Pictures, variant: Pictures, target: str, sharps: Pictures | None) -> str:
    """What is wrong with a lossy variant; `sharps` is sharp's, of the same or of its first frame."""
    if original.sides != variant.sides:
        return f"sides {variant.sides} instead of {original.sides}"
    if target == "avif":  # It has no count of plays.
        variant = Pictures(variant.frames, original.plays)
    drift = 10.0 if target == "gif" else 1.0
    if wrong := _timing(original, variant, target):
        return wrong
    if target == "gif":
        original = Pictures([Shown(_opaque_or_not(f.pixels), f.ms) for f in original.frames], original.plays)
    pairs = _paired(original, variant, drift)
    if wrong := _transparency(pairs, variant, target):
        return wrong
    if sharps is None:
        return ""
    bars = _paired(original, sharps, drift)
    reached, bar = psnr(pairs[: len(bars)]), psnr(bars)
    margin = _MOVING_MARGIN if target == "avif" and len(pairs) > 1 else _MARGIN
    return f"{reached:.1f} dB where sharp has {bar:.1f}" if reached < min(bar, _ALIKE) - margin else ""


def _transparency(pairs: Sequence[tuple[Pixels, Pixels]], variant: Pictures, target: str) -> str:
    if target == "gif":
        if len(variant.frames) > 1 and any(frame.ms % 10 or frame.ms < 20 for frame in variant.frames):
            return f"delays of {[frame.ms for frame in variant.frames]} ms"
        alike = all((one[..., 3] == other[..., 3]).all() for one, other in pairs)
    else:
        alike = all((one[..., 3].min() == 255) == (other[..., 3].min() == 255) for one, other in pairs)
    return "" if alike else "transparency differs"


def _opaque_or_not(pixels: Pixels) -> Pixels:
    """What GIF can hold of it."""
    found = pixels.copy()
    found[..., 3] = np.where(found[..., 3] >= 128, 255, 0)
    return found


def _paired(original: Pictures, variant: Pictures, drift: float) -> list[tuple[Pixels, Pixels]]:
    """Each of the variant's frames with the original's most like it of those shown at about that time."""
    variant = joined(variant)
    if drift < 10 and len(original.frames) == len(variant.frames):
        return [(one.pixels, other.pixels) for one, other in zip(original.frames, variant.frames, strict=True)]
    starts = [0.0, *accumulate(frame.ms for frame in original.frames)]
    pairs, now = [], 0.0
    for frame in variant.frames:
        then = now + frame.ms
        near = [
            candidate.pixels
            for candidate, start, end in zip(original.frames, starts, starts[1:], strict=False)
            if len(variant.frames) == 1 or (start < then + drift and end > now - drift)
        ] or [original.frames[-1].pixels]
        pairs.append((max(near, key=lambda pixels: psnr([(pixels, frame.pixels)])), frame.pixels))
        now = then
    return pairs


def psnr(pairs: Sequence[tuple[Pixels, Pixels]]) -> float:
    """Decibels over all pairs, over black and over white; 99 where they are equal."""
    errors = []
    for one, other in pairs:
        first, second = premultiplied(one), premultiplied(other)
        for light in (0.0, 255.0):
            over = [each[..., :3] + light * (1 - each[..., 3:] / 255) for each in (first, second)]
            errors.append(((over[0] - over[1]) ** 2).mean())
    error = float(np.mean(errors))
    return 99.0 if error == 0 else min(99.0, float(10 * np.log10(255**2 / error)))
