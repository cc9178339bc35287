"""What an original's bytes say of it, read without a decoder."""

from dataclasses import dataclass
from typing import Final, Literal

from core.errors import TooLarge
from core.imaging.containers.aperture import Area
from core.imaging.fit import Sides
from core.imaging.spaces import ColourSpace

MOST_PARTS: Final = 1_000_000
"""Pieces that a file is read in: half a second of Pillow's loops. Photographs have a few hundred."""

MOST_FRAMES: Final = 3000
"""Of an animation. A frame costs time however few pixels it has."""

MAX_ORIGINAL_SIDE: Final = 65535
"""Pixels: JPEG's limit. Decoders hold rows, and lists of them, beside the pixels."""

Colours = bytes | ColourSpace | None
"""What a file says of its colours: an ICC profile, a space that is stated without one, or nothing."""


@dataclass(frozen=True)
class Part:
    """A picture of an animation, and how it is laid on the canvas (GIF89a, section 23; PNG, section 11.3.6.2).

    `data` is a file of its own, which holds that picture alone; it is empty for one without pixels. The picture is
    shown for `duration` milliseconds. It is `over` what the canvas shows, or else replaces it with its transparency.
    Afterwards it is kept, its place is cleared, or what was there before it is restored.
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
    """What the numbers of a TIFF's samples stand for.

    They have this many `bits`, at most, and are integers, `signed` or not, or `floating`. Of `inverted` ones 0 is
    white. In `planes` those of a colour stand together. If `multiplied`, they are RGB of 16 bits, multiplied by an
    alpha beside it.
    """

    bits: int
    signed: bool
    floating: bool
    inverted: bool
    planes: bool
    multiplied: bool


@dataclass(frozen=True)
class Contents:
    """What a file says of itself.

    `data` is what the decoder is given: the file without what the decoder would get wrong. The decoder says the sides
    where `canvas` is None. `parts` are those of an animation that the decoder does not compose right; `plays` is how
    often they are shown, 0 for ever. `colours` and `exif` are None where the decoder reads them. `aperture` is what is
    shown of the decoded picture, None for all of it. Of an AVIF or HEIC: the `stated` sides, and how many pixels are
    `coded` in what it is made from, 0 where they say nothing. Of a GIF: how many `shades` its colour tables have
    together, where each picture's own one counts. Of a JPEG: its `scans`, whether it has `ended` as it should, and
    whether it `shrinks` while it is decoded. Of a TIFF: its `samples`, and its `kind` in words; of one that is coded
    like a fax, the file with more data `beyond` each strip's. Of a PNG: whether its pixels are `damaged` or `grey`, and
    of one of 16 bits the `key`, its transparent colour.
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
    """The error for an original that is made of more parts than any program writes."""
    return TooLarge("The original is made of too many parts.")
