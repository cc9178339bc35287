"""What a deployment decides for the rendering of all its variants."""

from dataclasses import dataclass

from core.size import Format


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
