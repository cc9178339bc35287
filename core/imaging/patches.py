"""What a GIF draws of each frame: the part of it that is not shown already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageChops

from core.imaging.indexed import TRANSPARENT
from core.imaging.palettes import Indexed, differing

_NOTHING: Final = (0, 0, 1, 1)
"""A picture has one pixel at least."""


@dataclass(frozen=True)
class Patch:
    """A part of a frame, and its place in pixels. What it covers `clears` before the next frame, or else stays."""

    drawn: Indexed
    left: int
    top: int
    clears: bool

    @property
    def draws_nothing(self) -> bool:
        """Whether what was shown stays as it was."""
        return not self.clears and self.drawn.indices.getextrema()[0] == TRANSPARENT


def patches(pictures: Sequence[Indexed]) -> Iterator[Patch]:
    """For each picture of an animation what is drawn of it: the first one is whole.

    What is shown already is transparent in it. Where pixels are transparent in the next picture and not in this one,
    all that the patch covers is cleared, so it covers these too.
    """
    width, height = pictures[0].indices.size
    shown = Indexed(Image.new("L", (width, height), TRANSPARENT), pictures[0].palette)
    for number, picture in enumerate(pictures):
        changed = _changed(shown, picture)
        vanishing = _vanishing(picture, pictures[number + 1]) if number + 1 < len(pictures) else None
        # In a difference, all that a patch covers is what is not black.
        box = (changed if vanishing is None else ImageChops.lighter(changed, vanishing)).getbbox() or _NOTHING
        if number == 0:
            box = (0, 0, width, height)
        indices = picture.indices.crop(box)
        indices.paste(TRANSPARENT, mask=ImageChops.invert(changed.crop(box)))
        yield Patch(replace(picture, indices=indices), box[0], box[1], vanishing is not None)
        shown = picture
        if vanishing is not None:
            shown = replace(picture, indices=picture.indices.copy())
            shown.indices.paste(TRANSPARENT, box)


def _changed(shown: Indexed, picture: Indexed) -> Image.Image:
    """Where a picture is not what is shown: 255 there, in mode L, else 0."""
    if picture.palette == shown.palette:
        return differing(shown.indices, picture.indices)
    return differing(_pixels(shown), _pixels(picture))


def _pixels(picture: Indexed) -> Image.Image:
    """A picture in mode RGBA."""
    image = Image.frombytes("P", picture.indices.size, picture.indices.tobytes())
    image.putpalette(picture.palette)
    pixels = image.convert("RGBA")
    pixels.paste((0, 0, 0, 0), mask=_hidden(picture))
    return pixels


def _vanishing(picture: Indexed, following: Indexed) -> Image.Image | None:
    """Where a picture is visible and the following one is not, None if nowhere: 255 there, in mode L, else 0."""
    if following.indices.getextrema()[1] != TRANSPARENT:
        return None
    vanishing = ImageChops.subtract(_hidden(following), _hidden(picture))
    return vanishing if vanishing.getbbox() else None


def _hidden(picture: Indexed) -> Image.Image:
    return picture.indices.point(lambda index: 255 * (index == TRANSPARENT))
