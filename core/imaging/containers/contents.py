"""The contents of an original's file, read without a decoder."""

from dataclasses import dataclass
from typing import Final, Literal

from core.errors import TooLarge
from core.imaging.containers.aperture import Area
from core.imaging.fit import Sides
from core.imaging.spaces import ColourSpace

MOST_PARTS: Final = 1_000_000
"""The most pieces in which a file is read: they take Pillow half a second. Photographs have a few hundred pieces."""

MOST_FRAMES: Final = 3000
"""The most frames of an animation. A frame costs time even if it has few pixels."""

MAX_ORIGINAL_SIDE: Final = 65535
"""The longest side in pixels: JPEG's limit. In addition to pixels, decoders have rows, and lists of rows, in memory."""

Colours = bytes | ColourSpace | None
"""A file's colours: an ICC profile, a space that is stated without a profile, or nothing."""


@dataclass(frozen=True)
class Part:
    """A picture of an animation, and how it is laid on the canvas (GIF89a, section 23; PNG, section 11.3.6.2).

    `data` is a file with only this picture; it is empty if the picture has no pixels. The picture is shown for
    `duration` milliseconds. If it is `over`, it is blended with the canvas; otherwise it replaces its area,
    transparency included. Afterwards the picture is kept, its area is cleared, or the area's earlier content is
    restored.
    """

    data: bytes
    place: Area
    duration: float
    disposal: Literal["keep", "clear", "restore"]
    over: bool

    @property
    def pixels(self) -> int:
        """How many pixels the picture has."""
        left, top, right, bottom = self.place
        return (right - left) * (bottom - top)


@dataclass(frozen=True)
class Samples:
    """The meaning of the numbers in a TIFF's samples.

    The numbers have up to this many `bits`, and are integers, `signed` or not, or `floating`. In `inverted` samples 0
    is white. In `planes`, each colour is stored separately. If `multiplied`, the samples are RGB of 16 bits, multiplied
    by an alpha sample.
    """

    bits: int
    signed: bool
    floating: bool
    inverted: bool
    planes: bool
    multiplied: bool


@dataclass(frozen=True)
class Contents:
    """The contents of a file.

    `data` is the file for the decoder, without anything that the decoder would get wrong. If `canvas` is None, the
    decoder states the sides. `parts` are the pictures of an animation that the decoder does not compose correctly;
    `plays` is how often the animation is played, 0 for ever. `colours` and `exif` are None if the decoder reads them.
    `aperture` is the shown part of the decoded picture; None means the whole picture.

    For an AVIF or HEIC: the `stated` sides, and the number of `coded` pixels in all items (such as tiles) that the
    picture is made from; 0 if the file does not state them. For a GIF: the number of `shades`, which are the colours in
    its tables, including each picture's own table. For a JPEG: its number of `scans`, whether it has `ended` with its
    end marker, and whether the decoder can shrink it (`shrinks`). For a TIFF: its `samples`, and its `kind` in words;
    if it is coded like a fax, `beyond` is the file with more data in each strip. For a PNG: whether its pixels are
    `damaged` or `grey`, and with 16 bits the `key`, its transparent colour.
    """

    data: bytes
    canvas: Sides | None = None
    parts: tuple[Part, ...] = ()
    plays: int = 0
    shades: int = 0
    colours: Colours = None
    exif: bytes | None = None
    aperture: Area | None = None
    stated: Sides = (0, 0)
    coded: int = 0
    scans: int = 1
    ended: bool = True
    shrinks: bool = False
    samples: Samples | None = None
    kind: str = ""
    beyond: bytes = b""
    damaged: bool = False
    grey: bool = False
    key: tuple[int, ...] | None = None


def too_many_parts() -> TooLarge:
    """The error for an original with more parts than any program writes."""
    return TooLarge("The original is made of too many parts.")
