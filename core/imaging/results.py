"""The results of core.imaging. Importing them loads no decoder."""

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
    """An original's sides, the box of it that a variant shows, both upright and in pixels, and the variant's format."""

    sides: Sides
    box: Box
    format: Format
