"""From pixels to a variant's bytes: calls each format's writer, for still and animated pictures."""

from collections.abc import Sequence
from typing import Final

from core.imaging import avif, gif, jpeg, moving, png, webp
from core.imaging.effort import Effort
from core.imaging.frame import Frame
from core.imaging.timing import timed
from core.size import Format

_MOST_PLAYS: Final[dict[Format, int]] = {"gif": 2**16, "webp": 2**16 - 1, "png": 2**31 - 1, "avif": 2**31}
"""The most plays that a format can state (GIF: Netscape's extension, which counts repetitions; WebP: RFC 9649, section
2.7.1.1; PNG, third edition, section 11.3.6.1). libavif counts an AVIF's repetitions in a signed 32-bit number."""


def encoded(
    frames: Sequence[Frame], plays: int, limits: gif.Limits, target: Format, quality: int, effort: Effort
) -> bytes:
    """The bytes of a still picture, which has one frame, or of an animation, whose frames have the same sides.

    The bytes include the ICC profile and no other metadata of the original. `plays` is how often an animation is
    played, 0 for ever. `limits` are for a GIF. `quality` is 1 to 100; PNG and GIF ignore it. Pictures for JPEG must
    have no alpha.
    """
    if len(frames) > 1:
        # A larger number than the format can count becomes "for ever".
        plays = plays if plays <= _MOST_PLAYS[target] else 0
        frames = timed(frames, target, for_ever=not plays)
    if target == "gif":
        return gif.write(frames, plays, limits, **effort.options)
    if len(frames) > 1:
        return moving.write(frames, plays, target, quality, effort.options)
    return _still(frames[0], target, quality, effort)


def _still(frame: Frame, target: Format, quality: int, effort: Effort) -> bytes:
    picture, profile = frame.pixels, frame.profile
    match target:
        case "png":
            return png.write(picture, profile)
        case "jpg":
            return jpeg.write(picture, profile, quality)
        case "avif":
            return avif.write(picture, profile, quality, effort.options)
        case _:
            return webp.write(picture, profile, quality, effort.options)
