"""Stacks: pictures of the same sides, one below the other in one image, for operations with a high fixed cost."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from PIL import Image

from core.imaging.pillow import forget

Timed = tuple[Image.Image, float]
"""A picture, and its duration in milliseconds."""

_PIXELS: Final = 1 << 20
"""The most pixels of a stack, unless a single picture has more."""


def stacked(pictures: Sequence[Image.Image]) -> Image.Image:
    """A stack of pictures of the same sides, with alpha if one of them has alpha. A single picture is not copied.

    Apart from alpha, their modes must be the same.
    """
    first, *others = pictures
    if not others:
        return first
    mode = max((picture.mode for picture in pictures), key=len)
    stack = Image.new(mode, (first.width, first.height * len(pictures)))
    for number, picture in enumerate(pictures):
        stack.paste(picture, (0, number * first.height))
    return stack


def parted(stack: Image.Image, height: int) -> list[Image.Image]:
    """The pictures of a stack, each of this height in pixels. A single picture is not copied."""
    if stack.height == height:
        return [stack]
    # Otherwise Pillow would use a whole large cached block for each of the first small pictures.
    forget()
    return [stack.crop((0, top, stack.width, top + height)) for top in range(0, stack.height, height)]


def most_stacked(picture: Image.Image) -> int:
    """The most pictures in a stack, if all have the sides of this picture."""
    return max(1, _PIXELS // (picture.width * picture.height))


def batches(pictures: Iterable[Timed]) -> Iterator[Sequence[Timed]]:
    """Pictures of the same sides, in order, in groups that can be stacked: apart from alpha, their modes are the same.

    Alpha starts no new group, because frames with and without alpha may alternate three thousand times.
    """
    batch: list[Timed] = []
    for picture, duration in pictures:
        other = batch and picture.mode.removesuffix("A") != batch[0][0].mode.removesuffix("A")
        if other or (batch and len(batch) == most_stacked(picture)):
            yield batch
            batch = []
        batch.append((picture, duration))
    yield batch
