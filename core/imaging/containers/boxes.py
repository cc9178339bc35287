"""AVIF and HEIC: the contents of their boxes, among them colours and crops, which their decoders don't apply."""

from dataclasses import dataclass

from core.imaging.containers import av1
from core.imaging.containers.aperture import Area, area, mirrored, rotated, within
from core.imaging.containers.bounds import check_file, check_items
from core.imaging.containers.contents import Contents
from core.imaging.containers.demand import of_items
from core.imaging.containers.isobmff import Box, File
from core.imaging.containers.items import Items, Property, extents, items
from core.imaging.containers.locations import data as item_data
from core.imaging.containers.tracks import entry_properties, of_tracks, picture_track, track_sides, track_start
from core.imaging.fit import Sides
from core.imaging.formats import SIGNATURE_BYTES, sniff
from core.imaging.spaces import from_nclx


@dataclass(frozen=True)
class _Nclx:
    """Colours as code points of ITU-T H.273; 2 is unspecified."""

    primaries: int
    transfer: int


@dataclass(frozen=True)
class _Properties:
    """The properties of the shown picture.

    `aperture` is its visible part, in pixels of the picture that the decoder returns; None means all of it. Pillow
    returns an AVIF as it is coded, before `irot` and `imir`. pi_heif returns a HEIC upright, and uncropped if
    `_without_aperture` was applied. `nclx` counts only if there is no ICC profile.
    """

    nclx: _Nclx | None = None
    aperture: Area | None = None


def contents(data: bytes) -> Contents:
    """The contents of an AVIF or HEIC. The decoder gets a HEIC without its crop.

    Raises TooLarge for a file with more parts than any program writes, BrokenOriginal for a file that contradicts
    itself, and UnsupportedFormat for a HEIF with another coding than HEIC's.
    """
    avif, file = sniff(data) == "AVIF", File(data)
    check_file(file)
    found = items(file)
    coded = of_tracks(file)
    if found:
        check_items(file, found)
        coded = max(coded, of_items(file, found, avif=avif))
    shown = _properties(file, found)
    colours = from_nclx(shown.nclx.primaries, shown.nclx.transfer) if shown.nclx else None
    kept = data if avif or not found else _without_aperture(file, found)
    stated = _sides(file, found.boxes(found.primary)) if found else (0, 0)
    return Contents(kept, colours=colours, aperture=shown.aperture, stated=stated, coded=coded)


def _properties(file: File, found: Items | None) -> _Properties:
    """The properties of the primary item, or of an AVIF sequence's track. Invalid properties are left out."""
    if sniff(file.data) == "AVIF":
        in_track = _of_track(file) if _is_sequence(file.data) else None
        return in_track or (_of_avif(file, found) if found else _Properties())
    if not found:
        return _Properties()
    item = found.primary
    return _Properties(_stated(file, found, item), _upright(file, found) if _claps(file, found) else None)


def _without_aperture(file: File, found: Items) -> bytes:
    """A HEIC of the same length that decodes to its uncropped picture.

    libheif 1.23.0 refuses a crop that is over 64 pixels smaller than the picture. The bytes that associate the crop
    with the picture become 0, which means no property (ISO/IEC 14496-12, section 8.11.14).
    """
    claps = _claps(file, found)
    if not claps:
        return file.data
    changed = bytearray(file.data)
    for clap in claps:
        changed[clap.start : clap.end] = bytes(clap.end - clap.start)
    return bytes(changed)


def _is_sequence(data: bytes) -> bool:
    """Whether libavif decodes the tracks of an AVIF: its major brand decides, or else its compatible brands."""
    brands = data[16 : min(int.from_bytes(data[:4]), SIGNATURE_BYTES)]
    return data[8:12] == b"avis" or (data[8:12] != b"avif" and b"avis" in brands)


def _of_track(file: File) -> _Properties | None:
    """The properties of an AVIF sequence, which are in its sample entry."""
    track = picture_track(file)
    if not track:
        return None
    header, entry, table = track
    found = entry_properties(file, entry)
    nclx = _nclx(file, found) or _coded(track_start(file, table, av1.MOST_BYTES))
    return _Properties(nclx, _cropped(file, found, track_sides(file, header)))


def _of_avif(file: File, found: Items) -> _Properties:
    item = found.primary
    nclx = _stated(file, found, item)
    if not nclx:
        coded = next(iter(found.made_from(item)), item)
        nclx = _coded(item_data(file, found.locations.get(coded), av1.MOST_BYTES))
    boxes = found.boxes(item)
    return _Properties(nclx, _cropped(file, boxes, _sides(file, boxes)))


def _stated(file: File, found: Items, item: int) -> _Nclx | None:
    """The colours that an item's boxes state, or else those of a grid's first tile, as in libheif and Chromium."""
    nclx = _nclx(file, found.boxes(item))
    if not nclx and (parts := found.made_from(item)):
        nclx = _nclx(file, found.boxes(parts[0]))
    return nclx


def _coded(data: bytes) -> _Nclx | None:
    """The colours that the bitstream states, for files whose boxes state none (MIAF, section 7.3.6.4)."""
    found = av1.colours(data)
    return _Nclx(*found) if found else None


def _nclx(file: File, found: list[Box]) -> _Nclx | None:
    """The colours that the first `colr` of type nclx states (ISO/IEC 14496-12, section 12.1.5)."""
    for box in found:
        if box.kind == b"colr" and box.end - box.start >= 11 and file.data[box.start : box.start + 4] == b"nclx":
            return _Nclx(file.number(box.start + 4, 2), file.number(box.start + 6, 2))
    return None


def _sides(file: File, found: list[Box]) -> Sides:
    """Width and height that the first `ispe` states; 0 if there is none."""
    ispe = next((box for box in found if box.kind == b"ispe"), None)
    return extents(file, ispe) if ispe else (0, 0)


def _cropped(file: File, found: list[Box], sides: Sides) -> Area | None:
    """The first aperture. MIAF applies it before the picture is turned; libavif ignores the order of boxes."""
    clap = next((box for box in found if box.kind == b"clap"), None)
    part = area(file.contents(clap), sides) if clap else None
    return None if part == (0, 0, *sides) else part


def _upright(file: File, items: Items) -> Area | None:
    """The aperture in the upright picture, with the properties applied in order (ISO/IEC 23008-12, section 6.5)."""
    found = items.boxes(items.primary)
    sides = _sides(file, found)
    part: Area = (0, 0, *sides)
    for box in found:
        value = file.number(box.start, 1)
        if box.kind == b"clap":
            cropped = area(file.contents(box), (part[2] - part[0], part[3] - part[1]))
            part = within(cropped, part) if cropped else part
        elif box.kind == b"irot":
            part = rotated(part, sides, value & 3)
            sides = (sides[1], sides[0]) if value & 1 else sides
        elif box.kind == b"imir":
            part = mirrored(part, sides, value & 1)
    return None if part == (0, 0, *sides) else part


def _claps(file: File, found: Items) -> list[Property]:
    """The apertures of a HEIC's picture and its alpha plane that Sizewise applies instead of libheif.

    There are none if the alpha plane is cropped differently from the colours, or if the picture is made from one other
    item: the picture then has the sides of the other item's crop.
    """
    item = found.primary
    claps = _claps_of(found, item)
    if not claps or len(found.made_from(item)) == 1:
        return []
    crop = _geometry(file, found, item)
    for plane, pictures in found.alphas(file):
        if item in pictures:
            others = _claps_of(found, plane)
            if others and _geometry(file, found, plane) != crop:
                return []
            claps += others
    return claps


def _claps_of(found: Items, item: int) -> list[Property]:
    return [each for each in found.properties.get(item, ()) if each.box.kind == b"clap"]


def _geometry(file: File, found: Items, item: int) -> list[bytes]:
    """An item's sides and its apertures, as their bytes."""
    return [file.contents(box) for kind in (b"ispe", b"clap") for box in found.boxes(item, kind)]
