"""What a deployment decides for the rendering of all its variants."""

from dataclasses import dataclass
from typing import Final

from core.size import Format

_DECODING_MEMORY: Final = 6.75
_MEMORY: Final = 7.5
"""Bytes for each pixel of MAX_ORIGINAL_PIXELS: for its default of 64 million 432 and 480 MB. A pixel in RGB takes 4."""

_USUAL_PIXELS: Final = 64_000_000
"""The default of MAX_ORIGINAL_PIXELS. Encoders need as much for a large variant, however small originals are."""


@dataclass(frozen=True)
class ImagingSettings:
    """The settings of the imaging side; `core.settings` says what each of them means to a user.

    `format` is None where variants keep the original's own format. `quality` is 1 to 100. `max_side` is the longest
    side of a variant in pixels, `max_pixels` the most pixels of an original.
    """

    format: Format | None
    quality: int
    enlarge: bool
    max_side: int
    max_pixels: int

    @property
    def decoding_memory(self) -> float:
        """Bytes of memory that an original may take while it is decoded, those of its file included."""
        return self.max_pixels * _DECODING_MEMORY

    @property
    def memory(self) -> float:
        """Bytes of memory that a render may take for pixels, and for the bytes of its original and its variant."""
        return self.share * _USUAL_PIXELS * _MEMORY

    @property
    def share(self) -> float:
        """By what the limits of a render are multiplied where originals may be larger than by default; else 1."""
        return max(1.0, self.max_pixels / _USUAL_PIXELS)
