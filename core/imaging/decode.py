"""From an original's bytes to its pixels."""

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
"""Factors by which libjpeg can shrink a JPEG while decoding, each with the smallest reduction for which the factor is
used. At a smaller reduction, too few pixels are left for Lanczos: the variant's SSIMULACRA2 score is up to 10 lower
(docs/quality.md)."""


def divisor(original: Original, plan: Plan) -> int:
    """The largest number by which decoding can divide both sides of an original without changing the variant's look.

    The number is 1 for every format except JPEG. The plan is for the original as it is stored.
    """
    if not original.contents.shrinks:
        return 1
    left, top, right, bottom = plan.box
    reduction = min((right - left) / plan.sides[0], (bottom - top) / plan.sides[1])
    return next((divisor for divisor, least in _DIVISORS if reduction >= least), 1)


def decoded(original: Original, shown: Shown, divided_by: int) -> Iterator[tuple[Image.Image, float]]:
    """The shown frames of an original, decoded one by one, in a mode that can be scaled, each with its duration in ms.

    A frame can be the decoder's own image, which the next frame replaces. Raises TooLarge and BrokenOriginal.
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
            # The profile of a grey PNG is for grey pixels.
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
        if contents.samples.planes:  # Pillow does not return the low bytes of planes: 128, the middle, is used instead.
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
    """The picture in the file of one part of an animation."""
    return workable(_loaded(opened_by(original.image.format or "", data), data, original.contents.key))


def _loaded(image: Image.Image, data: bytes, key: tuple[int, ...] | None = None) -> Image.Image:
    """An image with its pixels, from its file's data. Pixels of a PNG that have the colour `key` become transparent."""
    libtiff_failed()  # Earlier failures were of other images.
    if image.format == "JPEG":
        vars(image)["decodermaxblock"] = len(data)  # At the end of each piece, libjpeg decodes a row again.
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
