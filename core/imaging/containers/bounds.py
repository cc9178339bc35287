"""Limits on the parts of an AVIF or HEIC, and on the bytes that may be read more than once.

libheif and libavif read all parts while they open a file, and some parts once for every other part. The limits are far
beyond what any program writes. libheif's own limits only keep its memory below 4 GB.
"""

from collections import Counter
from typing import Final

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers.isobmff import FULL, File
from core.imaging.containers.items import Items

MOST_ITEMS: Final = 4096
"""The most items: pictures, tiles and metadata. A photograph of 64 million pixels has about 250 tiles of 512 x 512, or
1,000 of 256 x 256, and as many tiles of alpha."""

_MOST_REFERENCES: Final = 3 * MOST_ITEMS
"""The most references between items: one for each tile, each plane of alpha, and each piece of metadata."""

_MOST_EXTENTS: Final = 32
"""The most extents of an item, which are pieces of its data. One is usual; libheif has the same limit."""

_MOST_PROPERTIES: Final = 32
"""The most properties of an item. Ten are many."""

_MOST_TURNS: Final = 6
"""The most crops, rotations and reflections of an item. Each takes a pass over the pixels. MIAF allows one of each."""

_MOST_GROUPED: Final = 65536
"""The most bytes of the table of item groups: about 16,000 items."""

_MOST_METADATA: Final = 64 * 1024 * 1024
"""The most bytes of Exif, XMP and other data. They count once, and once more for each picture that they describe."""

_MOST_PROFILES: Final = 32 * 1024 * 1024
"""The most bytes of colour profiles. A profile counts for each visible picture: pi_heif makes a copy for each."""

SHARED: Final = 16 * 1024 * 1024
"""Bytes by which the data of all pictures may exceed twice the file's size: writers store shared data only once."""

_DEFLATED: Final = 1032
"""The most bytes to which one byte can unpack (zlib's technical details)."""

_PACKED: Final = (b"", b"deflate", b"compress_zlib")
"""The allowed compressions of items with a media type. The largest ratio of other compressions is not known."""

TURNS: Final = frozenset({b"clap", b"irot", b"imir", b"iscl"})
"""Properties that turn or crop a picture (ISO/IEC 23008-12, section 6.5)."""

CODED: Final = frozenset({b"hvc1", b"av01", b"avc1", b"vvc1", b"evc1", b"jpeg", b"j2k1", b"unci", b"mski"})
"""Codings of items whose data is read only when they are decoded."""


def check_file(file: File) -> None:
    """Raises TooLarge for a file that announces too many items, BrokenOriginal for a second `meta` or `moov`.

    Raises UnsupportedFormat for a file in the short form (ISO/IEC 23008-12, amendment of the box `mini`).
    """
    kinds = Counter(box.kind for box in file.inside(file.whole))
    if kinds[b"mini"]:
        raise UnsupportedFormat("The original is a minimized HEIF or AVIF, which is not supported.")
    for kind in (b"meta", b"moov"):
        if kinds[kind] > 1:
            raise _repeated(kind.decode())
    iinf = file.first(file.first(file.whole, b"meta"), b"iinf", FULL)
    if iinf:
        wide = 4 if file.number(iinf.start, 1) else 2
        _check("items", file.number(iinf.start + FULL, wide), MOST_ITEMS)


def check_items(file: File, items: Items) -> None:
    """Raises TooLarge for more items, or more parts of items, than any program writes.

    Raises BrokenOriginal for two tables of a kind that must be unique, UnsupportedFormat for unknown compressions.
    """
    if items.repeated:
        raise _repeated(items.repeated[0])
    named = items.entries.keys() | items.properties.keys() | items.locations.keys()
    _check("items", len(named), MOST_ITEMS)
    references = sum(1 + len(each.targets) for each in items.references)
    _check("references between its items", references, _MOST_REFERENCES)
    for found in items.properties.values():
        _check("properties of an item", len(found), _MOST_PROPERTIES)
        _check("crops and turns of an item", sum(each.box.kind in TURNS for each in found), _MOST_TURNS)
    for place in items.locations.values():
        _check("pieces of an item", len(place.extents), _MOST_EXTENTS)
    groups = file.first(items.meta, b"grpl", FULL)
    _check("bytes of groups", groups.end - groups.start if groups else 0, _MOST_GROUPED)
    _check_bytes(file, items)


def _check_bytes(file: File, items: Items) -> None:
    """Raises TooLarge for too many bytes, UnsupportedFormat for metadata in an unknown compression."""
    about: Counter[int] = Counter()
    for each in items.references:
        if each.kind == b"cdsc":
            about[each.source] += len(each.targets)
    metadata, pictures, profiles = 0, 0, 0
    for item, place in items.locations.items():
        entry = items.entries.get(item)
        if entry and entry.coding in CODED:
            pictures += place.size
            continue
        packed = entry.packed if entry else b""
        if packed not in _PACKED:
            raise UnsupportedFormat("The original has metadata that is compressed in a way that is not supported.")
        metadata += place.size * (_DEFLATED if packed else 1) * (1 + about[item])
    for item, entry in items.entries.items():
        if not entry.hidden:
            profiles += sum(box.end - box.start for box in items.boxes(item, b"colr"))
    _check("bytes of metadata", metadata, _MOST_METADATA)
    _check("bytes of colour profiles", profiles, _MOST_PROFILES)
    _check("bytes of pictures", pictures, 2 * len(file.data) + SHARED)


def _check(what: str, count: int, most: int) -> None:
    if count > most:
        raise TooLarge(f"The original has {count:,} {what}; up to {most:,} are allowed.")


def _repeated(kind: str) -> BrokenOriginal:
    return BrokenOriginal(f"The original is damaged: it has more than one {kind}, but only one is allowed.")
