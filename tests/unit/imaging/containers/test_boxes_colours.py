"""Colours that an AVIF or HEIC states without an ICC profile."""

import pytest

from core.imaging.containers import av1
from core.imaging.containers.boxes import contents
from core.imaging.spaces import from_nclx
from tests.support.pictures.bits import bits
from tests.support.pictures.cropped import avif, heic
from tests.support.pictures.icc import SRGB
from tests.support.pictures.isobmff import box, changed, icc, in_track, nclx, shifted, with_properties

P3 = from_nclx(12, 13)
SRGB_CODES = from_nclx(1, 13)
"""The codes that Pillow writes into the box and into the bitstream."""


@pytest.mark.parametrize("original", [avif(), heic()], ids=["AVIF", "HEIC"])
def test_the_colours_are_those_of_the_box(original: bytes) -> None:
    assert contents(with_properties(original, {1: [nclx(12, 13)]}, without=[b"colr"])).colours == P3


def test_colours_are_found_next_to_a_profile() -> None:
    profile = icc(SRGB.profile())
    assert contents(with_properties(avif(), {1: [profile, nclx(12, 13)]}, without=[b"colr"])).colours == P3


def test_a_sequence_has_the_colours_of_its_track() -> None:
    stills = with_properties(avif(frames=2), {1: [nclx(9, 16)]}, without=[b"colr"])
    assert contents(in_track(stills, nclx(12, 13), without=[b"colr"])).colours == P3


def test_an_avif_without_the_box_has_the_colours_of_its_bitstream() -> None:
    assert contents(with_properties(avif(), {}, without=[b"colr"])).colours == SRGB_CODES
    assert contents(in_track(avif(frames=2), b"", without=[b"colr"])).colours == SRGB_CODES


def test_a_heic_without_the_box_states_no_colours() -> None:
    assert contents(with_properties(heic(), {}, without=[b"colr"])).colours is None


def made_of_others(data: bytes) -> bytes:
    """The file with its first item made from the second, an alpha plane, as a grid is made from tiles."""
    references = box(b"iref", bytes(4) + box(b"dimg", bytes([0, 1, 0, 1, 0, 2])))
    return shifted(data, changed(data, [b"meta"], lambda meta: meta.replace(b"iref", b"free") + references))


def test_a_heic_grid_without_the_box_has_the_colours_of_its_first_tile() -> None:
    tiles = with_properties(heic("RGBA"), {2: [nclx(12, 13)]}, without=[b"colr"])
    assert contents(made_of_others(tiles)).colours == P3


def test_an_avif_grid_without_the_box_has_the_colours_of_its_first_tile() -> None:
    """Those of its box, as in Chromium, otherwise of its bitstream. Pillow writes none into that of an alpha plane."""
    tiles = with_properties(avif("RGBA"), {2: [nclx(12, 13)]}, without=[b"colr"])
    assert contents(tiles).colours == SRGB_CODES
    assert contents(made_of_others(tiles)).colours == P3
    assert contents(made_of_others(with_properties(avif("RGBA"), {}, without=[b"colr"]))).colours == from_nclx(2, 2)


SIZE = ((9, 4), (9, 4), (255, 10), (159, 10))
DESCRIBED = ((1, 1), (12, 8), (13, 8), (6, 8), (1, 1), (0, 2), (0, 1), (0, 1))
STILL = ((0, 3), (1, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (8, 5), (0, 1))
TIMED = ((0, 3), (0, 1), (0, 1), (1, 1), (1, 32), (25, 32), (1, 1), (0b00101, 5), (1, 1), (9, 5), (1, 32), (0, 10))
POINTS = ((1, 1), (1, 5), (0, 12), (8, 5), (1, 1), (1, 1), (7, 10), (7, 10), (0, 1), (1, 1), (3, 4))
POINTS_WITHOUT = ((0, 12), (3, 5), (0, 1), (0, 1))
TOOLS = ((0, 4), (1, 1), (3, 2), (0, 1), (1, 1), (0, 1), (1, 1), (6, 3))
FEW_TOOLS = ((0, 4), (0, 1), (1, 1), (1, 1))
HEADERS = {
    "reduced": ((0, 3), (1, 1), (1, 1), (8, 5), *SIZE, (0, 3), (0, 3), (0, 1), (0, 1), *DESCRIBED),
    "still": (*STILL, *SIZE, (0, 1), (0, 3), *FEW_TOOLS, (0, 3), (0, 1), (0, 1), *DESCRIBED),
    "timed": (
        *(*TIMED, *POINTS, *POINTS_WITHOUT, *SIZE, (1, 1), (0, 7), (0, 3), *TOOLS),
        *((0, 3), (0, 1), (0, 1), *DESCRIBED),
    ),
    "12 bits": ((2, 3), (1, 1), (1, 1), (3, 5), *SIZE, (0, 3), (0, 3), (1, 1), (1, 1), (0, 1), *DESCRIBED),
    "4:4:4": ((1, 3), (1, 1), (1, 1), (3, 5), *SIZE, (0, 3), (0, 3), (0, 1), *DESCRIBED),
}
"""Sequence headers (AV1 specification, section 5.5)."""


@pytest.mark.parametrize("name", HEADERS)
def test_every_kind_of_sequence_header_is_read(name: str) -> None:
    header = bits(*HEADERS[name])
    delimiter = bytes([0x12, 0])
    assert av1.colours(delimiter + bytes([0x0A, len(header)]) + header) == (12, 13)
    assert av1.colours(bytes([0x0E, 0x20, len(header) | 0x80, 0]) + header + b"\x32\0") == (12, 13)
    assert av1.colours(bytes([0x08]) + header) == (12, 13)


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\x12", b"\x12\0", b"\x0a\x02\x18\0", b"\x0a\xff\xff\xff\xff", b"\x12\0" * 3000]
)
def test_bytes_without_a_header_state_no_colours(data: bytes) -> None:
    assert av1.colours(data) is None
