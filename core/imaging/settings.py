"""The settings for rendering all variants of a deployment."""

from dataclasses import dataclass
from typing import Final

from core.size import Format

_DECODING_MEMORY: Final = 6.75
"""Bytes for decoding, per pixel of MAX_ORIGINAL_PIXELS: 432 MB for its default of 64 million. A pixel in RGB needs 4
bytes."""

_MEMORY: Final = 7.5
"""Bytes for a whole render, per pixel of MAX_ORIGINAL_PIXELS: 480 MB for its default."""

_USUAL_PIXELS: Final = 64_000_000
"""The default of MAX_ORIGINAL_PIXELS. A lower number does not lower `memory`: encoders need it for a large variant."""


@dataclass(frozen=True)
class ImagingSettings:
    """The settings of core.imaging; `core.settings` has the settings that users can change.

    `format` is None if variants keep the original's own format. `quality` is 1 to 100. `max_side` is the longest
    side of a variant in pixels, `max_pixels` the most pixels of an original.
    """

    format: Format | None
    quality: int
    enlarge: bool
    max_side: int
    max_pixels: int

    @property
    def decoding_memory(self) -> float:
        """The most bytes of memory for decoding an original's pixels."""
        return self.max_pixels * _DECODING_MEMORY

    @property
    def memory(self) -> float:
        """The most bytes of memory for a render's pixels, and for the bytes of its original and its variant."""
        return self.share * _USUAL_PIXELS * _MEMORY

    @property
    def share(self) -> float:
        """The factor for a render's limits: above 1 if originals can be larger than by default, else 1."""
        return max(1.0, self.max_pixels / _USUAL_PIXELS)
