"""Original bytes to pixels."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from PIL import Image

from core.errors import BrokenOriginal
from core.imaging import tiff
from core.imaging.animation import Shown, end
from core.imaging.compose import composed
from core.imaging.containers.contents import Contents
from core.imaging.depth import as_grey, divided, keyed, workable
from core.imaging.fit import Plan
from core.imaging.guard import opened_by
from core.imaging.original import Original, reading, supported
from core.imaging.pillow import let_go, libtiff_failed
from core.imaging.whole import check_rows, check_strips, mark

_DIVISORS: Final = ((8, 9.0), (4, 5.0), (2, 2.5))
"""By these factors libjpeg can shrink a JPEG while it decodes it, each with the least reduction for which it is to.
With less, too little is left for Lanczos: the variant's SSIMULACRA2 is up to 10 lower (docs/quality.md)."""


def divisor(original: Original, plan: Plan) -> int:
    """By what both sides of an original are divided while it is decoded: the most that leaves a plan's look as it is.

    It is 1 for everything but a JPEG. The plan is for the original as it is stored.
    """
    if not original.contents.shrinks:
        return 1
    left, top, right, bottom = plan.box
    reduction = min((right - left) / plan.sides[0], (bottom - top) / plan.sides[1])
    return next((divisor for divisor, least in _DIVISORS if reduction >= least), 1)


def decoded(original: Original, shown: Shown, divided_by: int) -> Iterator[tuple[Image.Image, float]]:
    """The frames that are shown of an original, decoded one by one, in a mode that scales well, each with its ms.

    A frame may be the decoder's own image, which moves on to the next one. Raises TooLarge and BrokenOriginal.
    """
    image = original.image
    if divided_by > 1:
        image.draft("", (max(1, image.width // divided_by), max(1, image.height // divided_by)))
    with reading():
        if shown.parts:
            pictures = composed(shown.parts, original.sides, partial(_picture, original))
            frames: Iterator[tuple[Image.Image, float]] = zip(
                pictures, (part.duration for part in shown.parts), strict=True
            )
        else:
            frames = _in_turn(original, shown.frames)
        for pixels, duration in frames:
            # Its profile is one of greys.
            yield as_grey(pixels) if original.contents.grey else pixels, duration


def _in_turn(original: Original, frames: int) -> Iterator[tuple[Image.Image, float]]:
    """The decoder's own frames, each with its duration in ms."""
    image, contents = original.image, original.contents
    ended = 0.0
    for index in range(frames):
        if frames > 1:
            image.seek(index)
        loaded = _tiff(image, contents) if contents.samples else _loaded(image, contents.data, contents.key)
        began, ended = ended, end(image)
        if frames == 1:
            let_go(image)
        cropped = loaded.crop(contents.aperture) if contents.aperture else loaded
        yield workable(cropped, contents.samples), ended - began


def _tiff(image: Image.Image, contents: Contents) -> Image.Image:
    """A TIFF's image with its pixels. Raises BrokenOriginal if some of them are missing."""
    if contents.samples and contents.samples.multiplied:
        if contents.samples.planes:  # Pillow does not give the low bytes of these: half of what they can be.
            return divided(_loaded(image, contents.data), Image.new("RGBA", image.size, (128,) * 4))
        low = supported("TIFF", contents)
        tiff.take_bytes(image, low=False)
        tiff.take_bytes(low, low=True)
        return divided(_loaded(image, contents.data), _loaded(low, contents.data))
    loaded = _loaded(image, contents.data)
    if contents.beyond:
        check_strips(loaded, _loaded(supported("TIFF", replace(contents, data=contents.beyond)), contents.beyond))
    return loaded


def _picture(original: Original, data: bytes) -> Image.Image:
    """The picture of a part's file."""
    return workable(_loaded(opened_by(original.image.format or "", data), data, original.contents.key))


def _loaded(image: Image.Image, data: bytes, key: tuple[int, ...] | None = None) -> Image.Image:
    """An image, given its file's data, with its pixels; those of the `key`, a PNG's transparent colour, transparent."""
    libtiff_failed()  # What came before is not about this image.
    if image.format == "JPEG":
        vars(image)["decodermaxblock"] = len(data)  # libjpeg decodes a row of blocks again where a piece of data ends.
    if image.format == "PNG":
        mark(image)
    image.load()
    if libtiff_failed():
        raise BrokenOriginal("The original, a TIFF, is damaged.")
    if image.format == "PNG":
        check_rows(image, data)
    if not key:
        return image
    low = opened_by("PNG", data)
    low.tile = [low.tile[0]._replace(args="RGB;16L")]
    low.load()
    return keyed(image, low, key)
