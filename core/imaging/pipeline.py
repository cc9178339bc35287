"""From an original's bytes to a variant's bytes: the steps, in order."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from core.errors import Outdone
from core.imaging.animation import plays
from core.imaging.canvas import background, laid, shows_through
from core.imaging.colour import in_profile, to_output
from core.imaging.decisions import Decisions, decide
from core.imaging.decode import decoded
from core.imaging.effort import KEPT_PIXELS, SMALL, STILL
from core.imaging.encode import encoded
from core.imaging.fit import Box
from core.imaging.formats import CONTENT_TYPES
from core.imaging.frame import Frame
from core.imaging.gif import Limits
from core.imaging.orient import turned
from core.imaging.original import Original, opened
from core.imaging.pillow import give_back
from core.imaging.results import Rendering
from core.imaging.scale import scaled
from core.imaging.settings import ImagingSettings
from core.imaging.smart import placed
from core.imaging.stack import Timed, batches, parted, stacked
from core.imaging.unchanged import unchanged
from core.size import Format, Size

_WEIGHED_PIXELS: Final = 1_000_000
"""The most pixels of an AVIF with few bits per pixel for which WebP is tried too."""

_WEIGHED_BITS: Final = 1.0
"""The most bits per pixel of an AVIF for which WebP can be smaller: the picture is smooth or flat."""


def render(original: bytes, size: Size, settings: ImagingSettings, rival: Format | None = None) -> Rendering:
    """Renders the variant of a size from an original's bytes.

    Raises TooLarge, UnsupportedFormat and BrokenOriginal; SizeRefused if the variant's encoder is not installed; and
    Outdone if the variant is an AVIF and would be smaller as WebP, the `rival`.
    """
    source = opened(original, settings)
    decisions = decide(source, size, settings)
    kept = unchanged(original, source, size, decisions)
    if kept and not size.quality:
        deque(decoded(source, decisions.shown, decisions.divided_by), maxlen=0)  # To refuse damaged files.
        del source
        return Rendering(b"".join(kept), CONTENT_TYPES[decisions.target])
    often = plays(source.image, source.contents)
    limits, quality = _limits(source, len(original), decisions), size.quality or settings.quality
    target, effort = decisions.target, decisions.effort
    frames = _frames(source, size, decisions)
    if source.image.width * source.image.height > KEPT_PIXELS:
        del source  # The encoder may need as much memory as these pixels.
        give_back()
    data = encoded(frames, often, limits, target, quality, effort)
    if target == "avif" and rival == "webp" and _may_be_outdone(data, frames):
        other = encoded(frames, often, limits, rival, quality, STILL[rival][0])
        if len(other) < len(data):
            raise Outdone("The variant is smaller as WebP.")
    # Frames are freed before the original. Pillow reuses the memory that was freed last: the next original then uses
    # this original's memory, without new pages from the system.
    del frames
    if kept and sum(map(len, kept)) <= len(data):
        data = b"".join(kept)
    return Rendering(data, CONTENT_TYPES[target])


def _may_be_outdone(data: bytes, frames: Sequence[Frame]) -> bool:
    """Whether WebP may be smaller than an AVIF's still picture. Small pictures are always tried: it takes no time."""
    picture = frames[0].pixels
    pixels = picture.width * picture.height
    light = pixels <= _WEIGHED_PIXELS and 8 * len(data) <= _WEIGHED_BITS * pixels
    return len(frames) == 1 and (pixels <= SMALL or light)


def _limits(original: Original, size: int, decisions: Decisions) -> Limits:
    """The limits of a GIF's variant in GIF. A smaller variant should have at most `size` bytes, the original's."""
    width, height = decisions.plan.canvas
    shrunk = original.image.format == "GIF" and width * height < original.sides[0] * original.sides[1]
    return Limits(original.contents.shades, size if shrunk else 0)


def _frames(original: Original, size: Size, decisions: Decisions) -> list[Frame]:
    """The frames of the variant, each decoded once.

    Converting colours takes ten milliseconds per picture, however few pixels it has: small pictures are converted
    together.
    """
    plan, target = decisions.plan, decisions.target
    behind = background(size.background, target)
    frames: list[Frame] = []
    for batch in batches(_scaled(original, size, decisions)):
        together = stacked([picture for picture, _ in batch])
        # All pictures of an animation get the same colour space, whether or not the background shows through each.
        mixed = behind is not None and (decisions.shown.frames > 1 or shows_through(together))
        together, profile = to_output(together, original.colours, wide=target != "gif" and not mixed)
        pictures = parted(together, batch[0][0].height)
        colour = in_profile(behind, profile) if behind and profile else behind
        for picture, (_, duration) in zip(pictures, batch, strict=True):
            frames.append(Frame(laid(picture, plan.canvas, colour), profile, duration))
    return frames


def _scaled(original: Original, size: Size, decisions: Decisions) -> Iterator[Timed]:
    """Each decoded frame, scaled and turned upright. The first frame decides the place of a smart crop."""
    box: Box | None = None
    for pixels, duration in decoded(original, decisions.shown, decisions.divided_by):
        box = box or placed(pixels, decisions.plan.box, size.fit)
        finished = turned(scaled(pixels, decisions.plan.sides, box), original.turn)
        if finished is pixels and decisions.shown.frames > 1:
            finished = pixels.copy()  # It may be the decoder's own image, which the next frame replaces.
        yield finished, duration
