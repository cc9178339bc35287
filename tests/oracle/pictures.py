"""Pictures by chance: what all generators fill their files with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.oracle.peers import Pixels

Generator = np.random.Generator
Levels = npt.NDArray[np.int64]
"""Rows by columns by channels."""


@dataclass(frozen=True)
class Case:
    """A file that a format allows.

    `converted` says that its colours are to be converted. A lossless variant may be `levels` off: two where colours are
    converted, and more where before that decoders may differ, as they enlarge chroma each in its own way. `shown` is
    what is to be seen where no other program shows it so.
    """

    kind: str
    data: bytes
    converted: bool = False
    levels: float = 1.0
    shown: Pixels | None = None


def sides(rng: Generator, most: int = 40) -> tuple[int, int]:
    """Width and height; odd and even ones, and single pixels."""
    return int(rng.integers(1, most)), int(rng.integers(1, most))


def levels(rng: Generator, width: int, height: int, channels: int, bits: int) -> Levels:
    """Noise, a few flat colours, or something smooth; of 16 bits also levels that differ in their low byte alone."""
    top = (1 << bits) - 1
    match int(rng.integers(0, 4)):
        case 0:
            found = rng.integers(0, top + 1, (height, width, channels))
        case 1:
            few = rng.integers(0, top + 1, (int(rng.integers(1, 6)), channels))
            found = few[rng.integers(0, len(few), (height, width))]
        case _:
            grid = rng.integers(0, 256, (int(rng.integers(1, 5)), int(rng.integers(1, 5)), channels), dtype=np.uint8)
            smooth = [
                Image.fromarray(grid[..., i]).resize((width, height), Image.Resampling.BILINEAR)
                for i in range(channels)
            ]
            found = np.stack([np.asarray(channel, np.int64) for channel in smooth], 2) * top // 255
    return found.astype(np.int64)


def chance(rng: Generator, one_in: int = 2) -> bool:
    """Whether something happens that does once in so many times."""
    return bool(rng.integers(0, one_in) == 0)


def one(rng: Generator, *choices: int) -> int:
    """One of some numbers."""
    return choices[int(rng.integers(0, len(choices)))]
