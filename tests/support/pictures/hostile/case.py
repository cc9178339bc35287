"""What a family of hostile files yields."""

from collections.abc import Callable, Iterator
from typing import Final

Case = tuple[str, bytes, tuple[str, ...]]
"""A file's name, its bytes, and the sizes that are asked of it."""

Family = Callable[[], Iterator[Case]]
"""Yields its files one by one, so that the large ones are never in memory together."""

SMALL: Final = ("24x18",)
LARGE: Final = ("300x200", "1500x.jpg")
"""For what is large when decoded: JPEG is decoded smaller for the first, and hardly for the second."""

SIDE: Final = 8000
"""Pixels: a square of it has exactly as many as the default MAX_ORIGINAL_PIXELS takes."""
