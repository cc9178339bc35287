"""TIFF: strips and tiles (TIFF 6.0, sections 3 and 15) whose data is cut short, which libtiff does not report."""

from typing import Final

from core.errors import BrokenOriginal
from core.imaging.containers.tags import Directory, changed, numbers

_PLACES: Final = ((273, 279), (324, 325))
"""For strips, then for tiles: the tag of their places, and the tag of their numbers of bytes."""

_END_OF_IMAGE: Final = b"\xff\xd9"
_MOST_AFTER: Final = 4096
"""Bytes of a strip that may follow its JPEG: some writers fill up a sector, or a page."""

_MORE: Final = b"\x55" * 64
"""More data for any of the fax codings, after the last strip."""

_LARGEST_SHORT: Final = 0xFFFF


def check_ends(data: bytes, directory: Directory) -> None:
    """Raises BrokenOriginal if a strip or tile, each of which is a JPEG, has no end (ITU-T T.81, section B.2.1)."""
    for places, counts in _PLACES:
        for at, count in zip(numbers(data, directory, places), numbers(data, directory, counts), strict=False):
            end = at + count
            if count and _END_OF_IMAGE not in data[max(at, end - _MOST_AFTER) : end]:
                raise BrokenOriginal("The original, a TIFF, is cut short.")


def longer(data: bytes, directory: Directory) -> bytes:
    """The file with strips or tiles that include some bytes after them; empty if their lengths are not stated."""
    for _, counts in _PLACES:
        if stated := numbers(data, directory, counts):
            return changed(data + _MORE, directory, counts, tuple(map(_longer, stated)))
    return b""


def _longer(count: int) -> int:
    """A larger number of bytes, or the same number if the larger number would not fit into a SHORT."""
    return count if _LARGEST_SHORT - len(_MORE) < count <= _LARGEST_SHORT else count + len(_MORE)
