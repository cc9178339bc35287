"""The cases of a family of hostile files."""

from collections.abc import Callable, Iterator
from typing import Final

Case = tuple[str, bytes, tuple[str, ...]]
"""A file's name, its bytes, and the sizes that are requested."""

Family = Callable[[], Iterator[Case]]
"""Yields files one by one, so that only one large file is in memory at a time."""

SMALL: Final = ("24x18",)
WIDE: Final = ("1500x.jpg",)
"""A size for pictures that are large when decoded."""

LARGE: Final = ("300x200", *WIDE)
"""Sizes for large JPEGs, whose decoder reduces much for the first, little for the second."""

SIDE: Final = 8000
"""Pixels: a square with this side has exactly the default MAX_ORIGINAL_PIXELS."""
