"""Originals that are their own variants: their bytes are stored without their metadata."""

import importlib
from collections.abc import Callable
from typing import Final, cast

from PIL import Image

from core.imaging.animation import Shown
from core.imaging.colour import to_output
from core.imaging.decisions import Decisions, has_alpha
from core.imaging.depth import workable
from core.imaging.fit import Plan
from core.imaging.formats import own_format, sniff
from core.imaging.original import Original
from core.imaging.stripped.pieces import Pieces
from core.size import Format, Size

_STRIPPED: Final[dict[Format, str]] = {"jpg": "jpeg", "png": "png", "webp": "webp", "gif": "gif"}
"""The modules that leave out a format's metadata. They are loaded when they are needed."""


def unchanged(data: bytes, original: Original, size: Size, decisions: Decisions) -> Pieces | None:
    """The file of an original without its metadata, if a variant would be the same picture in the same format.

    None for another picture or format, and if something about the file is unclear.
    """
    width, height = original.sides
    as_it_is = Plan((0.0, 0.0, width, height), original.sides, original.sides)
    own = own_format(sniff(data))
    if own not in _STRIPPED or own != decisions.target or decisions.plan != as_it_is or original.turn != 1:
        return None
    if size.background and (has_alpha(original.image) or decisions.shown != Shown((), 1)):
        return None
    pixel = workable(Image.new(original.image.mode, (1, 1)))
    converted, profile = to_output(pixel, original.colours, wide=True)
    if converted is not pixel:
        return None
    module = importlib.import_module(f"core.imaging.stripped.{_STRIPPED[own]}")
    stripped = cast(Callable[[bytes, bytes | None], Pieces | None], module.stripped)
    return stripped(data, profile)
