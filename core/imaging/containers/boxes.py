"""What the boxes of an AVIF or HEIC original say of its picture and its decoder does not do: colours and crop."""

from dataclasses import dataclass
from typing import Final

from core.imaging.containers import av1
from core.imaging.containers.aperture import Area, area, mirrored, rotated, within
from core.imaging.containers.contents import Contents
from core.imaging.containers.isobmff import Box, File
from core.imaging.containers.items import (
    Property,
    check_coding,
    item_properties,
    item_start,
    made_from,
    primary_item,
    references,
)
from core.imaging.containers.tracks import entry_properties, picture_track, track_sides, track_start
from core.imaging.fit import Sides
from core.imaging.formats import SIGNATURE_BYTES, sniff
from core.imaging.spaces import from_nclx

_ALPHA: Final = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
"""What an auxiliary image is called that is an alpha plane (MIAF, section 7.3.5; ISO/IEC 23008-12, annexes B and E)."""


@dataclass(frozen=True)
class Nclx:
    """Colours as code points of ITU-T H.273; 2 is unspecified."""

    primaries: int
    transfer: int


@dataclass(frozen=True)
class Properties:
    """What the boxes say of the picture that is shown.

    `aperture` is the part of it that is to be shown, in pixels of the picture as the decoder gives it; None: all of
    it. Pillow gives an AVIF as it is coded, before `irot` and `imir`. pi_heif gives a HEIC upright, and uncropped if
    `without_aperture` was applied. `nclx` counts only where there is no ICC profile.
    """

    nclx: Nclx | None = None
    aperture: Area | None = None


def contents(data: bytes) -> Contents:
    """What an AVIF or HEIC says of itself. A HEIC's decoder is given it without the crop.

    Raises TooLarge, and UnsupportedFormat for a picture that is coded in another way than HEIC's.
    """
    avif = sniff(data) == "AVIF"
    if not avif:
        check_coding(File(data))
    found = properties(data)
    colours = from_nclx(found.nclx.primaries, found.nclx.transfer) if found.nclx else None
    return Contents(data if avif else without_aperture(data), colours=colours, aperture=found.aperture)


def properties(data: bytes) -> Properties:
    """What an AVIF or HEIC says of its primary item, an AVIF sequence of its track. Raises TooLarge.

    What makes no sense is not there.
    """
    file = File(data)
    if sniff(data) == "AVIF":
        return (_of_track(file) if _is_sequence(data) else None) or _of_avif(file)
    meta = file.first(file.whole, b"meta")
    if not meta:
        return Properties()
    item = primary_item(file, meta)
    nclx = _stated(file, meta, item, [found.box for found in item_properties(file, meta, item)])
    return Properties(nclx, _upright(file, meta, item) if _claps(file, meta, item) else None)


def without_aperture(data: bytes) -> bytes:
    """A HEIC that decodes to its uncropped picture, of the same length. Raises TooLarge.

    libheif 1.23.0 refuses a crop that is over 64 pixels smaller than the picture. The bytes that associate the crop
    with the picture become 0, which stands for no property (ISO/IEC 14496-12, section 8.11.14).
    """
    file = File(data)
    meta = file.first(file.whole, b"meta")
    claps = _claps(file, meta, primary_item(file, meta)) if meta else []
    if not claps:
        return data
    changed = bytearray(data)
    for clap in claps:
        changed[clap.start : clap.end] = bytes(clap.end - clap.start)
    return bytes(changed)


def _is_sequence(data: bytes) -> bool:
    """Whether libavif decodes the tracks of an AVIF: its major brand decides, else whether it is a sequence at all."""
    brands = data[16 : min(int.from_bytes(data[:4]), SIGNATURE_BYTES)]
    return data[8:12] == b"avis" or (data[8:12] != b"avif" and b"avis" in brands)


def _of_track(file: File) -> Properties | None:
    """The properties of an AVIF sequence, which stand in its sample entry."""
    track = picture_track(file)
    if not track:
        return None
    header, entry, table = track
    found = entry_properties(file, entry)
    nclx = _nclx(file, found) or _coded(track_start(file, table, av1.MOST_BYTES))
    return Properties(nclx, _cropped(file, found, track_sides(file, header)))


def _of_avif(file: File) -> Properties:
    meta = file.first(file.whole, b"meta")
    if not meta:
        return Properties()
    item = primary_item(file, meta)
    found = [each.box for each in item_properties(file, meta, item)]
    nclx = _stated(file, meta, item, found)
    if not nclx:
        coded = next(iter(made_from(file, meta, item)), item)
        nclx = _coded(item_start(file, meta, coded, av1.MOST_BYTES))
    return Properties(nclx, _cropped(file, found, _sides(file, found)))


def _stated(file: File, meta: Box, item: int, found: list[Box]) -> Nclx | None:
    """The colours by an item's boxes, which were found; by its first tile's where a grid states none.

    libheif and Chromium, too, take them from there.
    """
    nclx = _nclx(file, found)
    if not nclx and (parts := made_from(file, meta, item)):
        nclx = _nclx(file, [each.box for each in item_properties(file, meta, parts[0])])
    return nclx


def _coded(data: bytes) -> Nclx | None:
    """The colours by the bitstream, where no box states them (MIAF, section 7.3.6.4)."""
    found = av1.colours(data)
    return Nclx(*found) if found else None


def _nclx(file: File, found: list[Box]) -> Nclx | None:
    """The colours by the first `colr` of that type (ISO/IEC 14496-12, section 12.1.5)."""
    for box in found:
        if box.kind == b"colr" and box.end - box.start >= 11 and file.data[box.start : box.start + 4] == b"nclx":
            return Nclx(file.number(box.start + 4, 2), file.number(box.start + 6, 2))
    return None


def _sides(file: File, found: list[Box]) -> Sides:
    """Width and height by the `ispe` (ISO/IEC 23008-12, section 6.5.3); 0 where there is none."""
    ispe = next((box for box in found if box.kind == b"ispe"), None)
    return (file.number(ispe.start + 4, 4), file.number(ispe.start + 8, 4)) if ispe else (0, 0)


def _cropped(file: File, found: list[Box], sides: Sides) -> Area | None:
    """The first aperture. MIAF has it applied before the picture is turned, and so does libavif in any order."""
    clap = next((box for box in found if box.kind == b"clap"), None)
    part = area(file.contents(clap), sides) if clap else None
    return None if part == (0, 0, *sides) else part


def _upright(file: File, meta: Box, item: int) -> Area | None:
    """The aperture in the upright picture, its properties applied in their order (ISO/IEC 23008-12, section 6.5)."""
    found = [each.box for each in item_properties(file, meta, item)]
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


def _claps(file: File, meta: Box, item: int) -> list[Property]:
    """The apertures of a HEIC's picture and of its alpha plane that are applied here instead of in libheif.

    There are none where its alpha plane is cropped in another way than its colours, or where the picture is another
    item's output, whose sides are those of that one's crop.
    """
    claps = [found for found in item_properties(file, meta, item) if found.box.kind == b"clap"]
    if not claps or len(made_from(file, meta, item)) == 1:
        return []
    crop = _geometry(file, meta, item)
    for kind, source, targets in references(file, meta):
        if kind == b"auxl" and item in targets and _is_alpha(file, meta, source):
            others = [found for found in item_properties(file, meta, source) if found.box.kind == b"clap"]
            if others and _geometry(file, meta, source) != crop:
                return []
            claps += others
    return claps


def _geometry(file: File, meta: Box, item: int) -> list[bytes]:
    """An item's sides and its apertures, as their bytes."""
    found = [each.box for each in item_properties(file, meta, item)]
    return [file.contents(box) for kind in (b"ispe", b"clap") for box in found if box.kind == kind]


def _is_alpha(file: File, meta: Box, item: int) -> bool:
    found = [each.box for each in item_properties(file, meta, item) if each.box.kind == b"auxC"]
    return any(file.contents(box)[4:].split(b"\0")[0] in _ALPHA for box in found)
