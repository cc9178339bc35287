"""What the imaging side gives back; no more than these is needed to understand it."""

from dataclasses import dataclass

from core.imaging.fit import Box, Sides
from core.size import Format


@dataclass(frozen=True)
class Rendering:
    """A variant's bytes and their media type."""

    data: bytes
    content_type: str


@dataclass(frozen=True)
class Framing:
    """An original's sides and the box of it that a variant shows, upright and in pixels, and the variant's format."""

    sides: Sides
    box: Box
    format: Format
