"""The part of an original that a variant shows, without rendering it."""

from dataclasses import replace

from core.imaging.decisions import decide
from core.imaging.decode import decoded
from core.imaging.orient import as_upright, upright_sides
from core.imaging.original import opened
from core.imaging.results import Framing
from core.imaging.settings import ImagingSettings
from core.imaging.smart import placed
from core.size import Size


def framing(original: bytes, size: Size, settings: ImagingSettings) -> Framing:
    """The part of an original that the variant of a size shows, from its bytes. Raises the same errors as `render`."""
    source = opened(original, settings)
    decisions = decide(source, size, settings)
    stored = decisions.plan
    if size.fit == "smart":
        first, _ = next(decoded(source, decisions.shown, decisions.divided_by))
        stored = replace(stored, box=placed(first, stored.box, size.fit))
    upright = as_upright(stored.multiplied(decisions.divided_by), source.turn, source.sides)
    return Framing(upright_sides(source.sides, source.turn), upright.box, decisions.target)
