"""What a stripped file is put together from."""

from collections.abc import Sequence

Pieces = Sequence[bytes | memoryview]
"""Parts of a file in their order. Most are views of the original's bytes: a large file is not in memory twice."""
