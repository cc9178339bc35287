"""The pixels that are decoded for the picture of an AVIF or HEIC, whatever its shown size.

An item is an image in the file: a coded one has a stream of data, a derived one is made from other items.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers import av1, hevc
from core.imaging.containers.bounds import MOST_ITEMS, TURNS
from core.imaging.containers.isobmff import File
from core.imaging.containers.items import Items, extents
from core.imaging.containers.locations import data
from core.imaging.containers.stream import Stream
from core.imaging.fit import Sides

_DEEPEST: Final = 6
"""The longest chain of items that are made from others. A camera's picture has two levels: a crop of a grid, and the
grid of its tiles."""

_MOST_VISITS: Final = 8 * MOST_ITEMS
"""The most visits to items while a decoder opens a file: it starts at each item, and visits all items from which that
item is made."""

_PADDING: Final = 128
"""Pixels by which a stream may exceed its item's sides: blocks have up to this size (AV1, section 5.5.2; HEVC's 64)."""

_MOST_PICTURES: Final = 8
"""The most pictures in the stream of an item. One is usual; AV1 allows four layers (section 6.10.5)."""

_MOST_WORK: Final = 1_000_000_000
"""The most work: decoded pixels times slices, because each slice can cover the whole picture again. It takes two
seconds."""

_WORK_OF_TURN: Final = 5
"""The work for each pixel that is turned or cropped, which takes 11 ns. A pixel in a slice of one colour takes 2 ns and
counts 1."""

_OTHER_CODINGS: Final = {
    b"av01": "AV1",
    b"avc1": "AVC",
    b"vvc1": "VVC",
    b"evc1": "EVC",
    b"jpeg": "JPEG",
    b"j2k1": "JPEG 2000",
    b"unci": "uncompressed samples",
}
"""Other codings of a HEIF (ISO/IEC 23008-12, annexes E, H and L; ISO/IEC 23001-17)."""


@dataclass(frozen=True)
class _Cost:
    """The pixels that are decoded for an item's colours and its alpha planes, and the `work` on them.

    The pixels are already multiplied by `weight`: the memory per pixel, relative to a pixel of 8 bits. A sum has the
    larger `weight`.
    """

    colours: int = 0
    alpha: int = 0
    work: int = 0
    weight: float = 1.0

    def __add__(self, other: "_Cost") -> "_Cost":
        weight = max(self.weight, other.weight)
        return _Cost(self.colours + other.colours, self.alpha + other.alpha, self.work + other.work, weight)


def of_items(file: File, items: Items, *, avif: bool) -> int:
    """The pixels that a decoder processes for the primary item: those of all items that it is made from.

    Raises TooLarge over a limit; BrokenOriginal if an item is made from itself, or if its data is larger than the file
    states; and UnsupportedFormat for a HEIC in another coding than HEVC.
    """
    tree = _Tree(file, items, avif=avif)
    tree.check()
    cost = tree.cost(items.primary)
    for item, entry in items.entries.items():
        # libavif decodes a sample transform instead of the primary item, or in addition.
        if entry.coding == b"sato":
            cost += tree.cost(item)
    if cost.work > _MOST_WORK:
        raise TooLarge("The original has pictures of too many pieces, or with too many rotations or crops.")
    # An alpha plane takes 4.7 bytes per pixel, colours 11 (measured). It can be coded as three planes of full size.
    return max(cost.colours, cost.alpha) + min(cost.colours, cost.alpha) * 2 // 5


def checked(sides: Sides, stream: Stream) -> None:
    """Raises BrokenOriginal for a stream whose pictures are larger than the file states."""
    if min(sides) and any(coded > side + _PADDING for coded, side in zip(stream.sides, sides, strict=True)):
        raise BrokenOriginal(
            f"The original is damaged: it states that a picture has {sides[0]}x{sides[1]} pixels; its data has"
            f" {stream.sides[0]}x{stream.sides[1]}."
        )


def held(sides: Sides, stream: Stream) -> int:
    """The pixels in a decoder's memory for a stream. Each picture kept after the first counts a fifth.

    An AV1 decoder keeps up to eight (section 7.20). A shown picture needs 11 bytes per pixel, a kept one 1.5 or 3.
    """
    kept = max(0, min(stream.pictures, 8) - 1)
    return int(stream.largest(sides) * stream.weight) * (5 + kept) // 5


class _Tree:
    """The items of a file. A decoder goes from an item to the items that it is made from, and to its alpha planes."""

    def __init__(self, file: File, items: Items, *, avif: bool) -> None:
        self._file, self._items, self._avif = file, items, avif
        self._parts = {each.source: each.targets for each in items.references if each.kind == b"dimg"}
        self._alphas: dict[int, list[int]] = {}
        for plane, pictures in items.alphas(file):
            for picture in pictures:
                self._alphas.setdefault(picture, []).append(plane)
        self._visits: dict[int, tuple[int, int]] = {}
        self._costs: dict[int, _Cost] = {}

    def check(self) -> None:
        """Raises BrokenOriginal if an item is made from itself, TooLarge if chains are too long or items too many."""
        visits = sum(self._visited(item, ()) for item in self._parts.keys() | self._alphas.keys())
        if visits > _MOST_VISITS or self._visited(self._items.primary, ()) > MOST_ITEMS:
            raise TooLarge("The original has pictures that are made from too many others.")

    def _visited(self, item: int, above: tuple[int, ...]) -> int:
        """How many items are visited from one; `above` is the chain of items that leads to it."""
        if item in above:
            raise BrokenOriginal("The original is damaged: a picture is made from itself.")
        known = self._visits.get(item)
        if len(above) + (known[1] if known else 0) > _DEEPEST:
            raise TooLarge(f"The original has pictures within pictures; up to {_DEEPEST} levels are allowed.")
        if not known:
            below = (*self._parts.get(item, ()), *self._alphas.get(item, ()))
            visits = 1 + sum(self._visited(each, (*above, item)) for each in below)
            known = visits, 1 + max((self._visits[each][1] for each in below), default=-1)
            self._visits[item] = known
        return known[0]

    def cost(self, item: int) -> _Cost:
        """The cost of decoding an item."""
        if item not in self._costs:
            alpha = sum((self.cost(each) for each in self._alphas.get(item, ())), _Cost())
            found = self._derived(item) if item in self._parts else self._coded(item)
            turns = sum(box.kind in TURNS for box in self._items.boxes(item))
            turned = max(self._area(item), found.colours) * turns * _WORK_OF_TURN
            self._costs[item] = found + _Cost(0, alpha.colours + alpha.alpha, alpha.work + turned)
        return self._costs[item]

    def _derived(self, item: int) -> _Cost:
        """The cost of an item that is made from others: the cost of these, and of the canvas that they are laid on."""
        parts = self._parts[item]
        total = sum((self.cost(each) for each in parts), _Cost())
        coding = self._coding(item)
        area = 0 if coding == b"iden" else max(self._area(item), _laid_on(coding, self._data(item, 64)))
        canvas = int(area * total.weight)
        if any(each in self._parts for each in parts):
            return total + _Cost(canvas)
        # Tiles extend beyond the right and lower edge of the canvas, and are not all in memory at once.
        pixels = total.colours * 4 // 5 if coding == b"grid" else total.colours
        return _Cost(max(canvas, pixels), total.alpha, total.work, total.weight)

    def _coded(self, item: int) -> _Cost:
        coding, sides = self._coding(item), self._sides(item)
        if not self._avif and coding in _OTHER_CODINGS:
            raise UnsupportedFormat(
                f"The original is a HEIF coded as {_OTHER_CODINGS[coding]}; only HEVC is supported."
            )
        stream = self._stream(item, coding)
        checked(sides, stream)
        if stream.pictures > _MOST_PICTURES:
            raise TooLarge(f"The original has a picture of {stream.pictures} layers; the limit is {_MOST_PICTURES}.")
        work = stream.largest(sides) * max(1, stream.pieces)
        return _Cost(held(sides, stream), 0, work, stream.weight)

    def _stream(self, item: int, coding: bytes) -> Stream:
        count: Callable[[], None] = self._file.count
        if coding == b"av01":
            return av1.stream(iter([self._data(item)]), count)
        if coding == b"hvc1":
            configured = [self._file.contents(box) for box in self._items.boxes(item, b"hvcC")]
            return hevc.stream(configured, self._data(item), count)
        return Stream((0, 0), 0, 0, 0)

    def _coding(self, item: int) -> bytes:
        entry = self._items.entries.get(item)
        return entry.coding if entry else b""

    def _data(self, item: int, most: int | None = None) -> bytes:
        return data(self._file, self._items.locations.get(item), most)

    def _sides(self, item: int) -> Sides:
        """The largest sides that an item states (ISO/IEC 23008-12, section 6.5.3). It should state them once."""
        found = [extents(self._file, box) for box in self._items.boxes(item, b"ispe")]
        return max((each[0] for each in found), default=0), max((each[1] for each in found), default=0)

    def _area(self, item: int) -> int:
        width, height = self._sides(item)
        return width * height


def _laid_on(coding: bytes, payload: bytes) -> int:
    """The pixels of a grid's or overlay's canvas, by its data (ISO/IEC 23008-12, sections 6.6.2.2 and 6.6.2.3)."""
    start = {b"grid": 4, b"iovl": 10}.get(coding)
    if start is None:
        return 0
    wide = 4 if payload[1:2] and payload[1] & 1 else 2
    return int.from_bytes(payload[start : start + wide]) * int.from_bytes(payload[start + wide : start + 2 * wide])
