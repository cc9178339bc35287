"""The part of each frame that a GIF has to draw, because it is not shown already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageChops

from core.imaging.indexed import TRANSPARENT
from core.imaging.palettes import Indexed, differing

_NOTHING: Final = (0, 0, 1, 1)
"""The smallest patch: a picture has at least one pixel."""


@dataclass(frozen=True)
class Patch:
    """A part of a frame, and its place in pixels. If it `clears`, its area is cleared before the next frame."""

    drawn: Indexed
    left: int
    top: int
    clears: bool

    @property
    def draws_nothing(self) -> bool:
        """Whether the patch changes nothing."""
        return not self.clears and self.drawn.indices.getextrema()[0] == TRANSPARENT


def patches(pictures: Sequence[Indexed]) -> Iterator[Patch]:
    """The patch to draw for each picture of an animation. The first patch is the whole picture.

    Pixels that are shown already are transparent in a patch. If pixels become transparent in the next picture, the area
    of the patch is cleared before the next picture, so the patch also covers these pixels.
    """
    width, height = pictures[0].indices.size
    shown = Indexed(Image.new("L", (width, height), TRANSPARENT), pictures[0].palette)
    for number, picture in enumerate(pictures):
        changed = _changed(shown, picture)
        vanishing = _vanishing(picture, pictures[number + 1]) if number + 1 < len(pictures) else None
        # The box of pixels that are not black.
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
    """A mask in mode L: 255 where a picture differs from what is shown, else 0."""
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
    """A mask in mode L: 255 where a picture is visible and the following one is not, else 0. None if it is all 0."""
    if following.indices.getextrema()[1] != TRANSPARENT:
        return None
    vanishing = ImageChops.subtract(_hidden(following), _hidden(picture))
    return vanishing if vanishing.getbbox() else None


def _hidden(picture: Indexed) -> Image.Image:
    return picture.indices.point(lambda index: 255 * (index == TRANSPARENT))
