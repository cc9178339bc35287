"""Random pictures for all generators of files."""

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

    `converted` says that its colours have to be converted. A lossless variant may be off by `levels`: two if colours
    are converted, and more if decoders differ before that, since each enlarges chroma in its own way. `shown` is the
    expected picture if no other program shows it.
    """

    kind: str
    data: bytes
    converted: bool = False
    levels: float = 1.0
    shown: Pixels | None = None


def sides(rng: Generator, most: int = 40) -> tuple[int, int]:
    """Width and height: odd ones, even ones and single pixels."""
    return int(rng.integers(1, most)), int(rng.integers(1, most))


def levels(rng: Generator, width: int, height: int, channels: int, bits: int) -> Levels:
    """Noise, a few flat colours, or a smooth picture. With 16 bits, some levels differ only in their low byte."""
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
    """True once in `one_in` times."""
    return bool(rng.integers(0, one_in) == 0)


def one(rng: Generator, *choices: int) -> int:
    """One of the numbers."""
    return choices[int(rng.integers(0, len(choices)))]
