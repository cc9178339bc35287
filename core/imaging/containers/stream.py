"""A coded bitstream, and the work that it gives its decoder."""

from dataclasses import dataclass

from core.imaging.fit import Sides


@dataclass(frozen=True)
class Stream:
    """The statements in a bitstream's headers.

    `sides` are the largest width and the largest height, in pixels; `pixels` is the number of pixels of the largest
    possible picture. `pictures` is the number of pictures, shown or not. They are coded in `pieces`, each of which can
    cover a picture. A pixel needs `weight` times the memory of a pixel whose samples have 8 bits.
    """

    sides: Sides
    pixels: int
    pictures: int
    pieces: int
    weight: float = 1.0

    def largest(self, stated: Sides) -> int:
        """The pixels of a picture by its stated sides, or those of the stream, whichever are more."""
        return max(stated[0] * stated[1], self.pixels)
