"""What a coded bitstream makes its decoder do."""

from dataclasses import dataclass

from core.imaging.fit import Sides


@dataclass(frozen=True)
class Stream:
    """What the headers of a bitstream state.

    `sides` are the largest width and the largest height, in pixels, and `pixels` those of the largest picture that is
    possible. It has so many `pictures`, shown or not, which are coded in `pieces`, each of which can cover the picture.
    A pixel takes `weight` times the memory of one whose samples have 8 bits.
    """

    sides: Sides
    pixels: int
    pictures: int
    pieces: int
    weight: float = 1.0
