"""The pieces of a stripped file."""

from collections.abc import Sequence

Pieces = Sequence[bytes | memoryview]
"""Parts of a file in order. Most parts are views of the original's bytes: a large file is not in memory twice."""
