"""The sizes that AV1 and HEVC bitstreams state, in the headers that their decoders read."""

import pytest

from core.imaging.containers import av1, hevc
from core.imaging.containers.stream import Stream
from tests.support.pictures.bits import bits
from tests.support.pictures.hostile.boxed import avif, coded, detailed, heic

Runs = tuple[tuple[int, int], ...]


def unit(kind: int, data: bytes, *, sized: bool = True) -> bytes:
    """An OBU (AV1 specification, section 5.3)."""
    return bytes([kind << 3 | (2 if sized else 0)]) + (bytes([len(data)]) if sized else b"") + data


def nothing() -> None:
    pass


def of_av1(*samples: bytes) -> Stream:
    return av1.stream(iter(samples), nothing)


SIZE = ((11, 4), (9, 4), (1919, 12), (799, 10))
"""1920x800, in a header whose frames can state up to 4096x1024."""
LAST: Runs = ((0, 3), (0, 1), (0, 1), (0, 1))
REDUCED = bits((0, 3), (1, 1), (1, 1), (8, 5), *SIZE, (0, 3), *LAST)
FULL_START: Runs = ((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (8, 5), (0, 1))
TIMED_START: Runs = (
    *((0, 3), (0, 1), (0, 1), (1, 1), (1, 32), (25, 32), (0, 1), (1, 1), (9, 5), (1, 32), (4, 5), (7, 5)),
    *((0, 1), (0, 5), (0, 12), (8, 5), (0, 1), (0, 1)),
)
TOOLS: Runs = ((0, 4), (1, 1), (3, 2), (1, 1), (1, 1), (6, 3))
"""Each frame chooses whether it uses the tools for screen content and integer motion."""
FIXED_TOOLS: Runs = ((0, 4), (0, 1), (0, 1), (0, 1))
FULL = bits(*FULL_START, *SIZE, (0, 1), (0, 3), *TOOLS, *LAST)
FIXED = bits(*FULL_START, *SIZE, (0, 1), (0, 3), *FIXED_TOOLS, *LAST)
NAMED = bits(*FULL_START, *SIZE, (1, 1), (5, 4), (2, 3), (0, 3), *TOOLS, *LAST)
TIMED = bits(*TIMED_START, *SIZE, (0, 1), (0, 3), *TOOLS, *LAST)

KEY: Runs = ((0, 1), (0, 2), (1, 1))
INTER: Runs = ((0, 1), (1, 2), (1, 1), (0, 1))
HIDDEN: Runs = ((0, 1), (0, 2), (0, 1), (1, 1), (0, 1))
OVERRIDES: dict[str, tuple[bytes, Runs]] = {
    "key frame": (FULL, (*KEY, (0, 1), (0, 1))),
    "screen": (FULL, (*KEY, (0, 1), (1, 1), (0, 1))),
    "tools of the sequence": (FIXED, (*KEY, (0, 1))),
    "inter frame": (FULL, (*INTER, (0, 1), (0, 1))),
    "hidden": (FULL, (*HIDDEN, (0, 1), (0, 1))),
    "named": (NAMED, (*KEY, (0, 1), (0, 1), (77, 10))),
    "timed": (TIMED, (*KEY, (200, 8), (0, 1), (0, 1))),
}
"""A sequence header, and the start of a frame header up to the bit that announces its own size."""


@pytest.mark.parametrize("name", OVERRIDES)
@pytest.mark.parametrize("kind", [3, 6])
def test_a_frame_with_its_own_size_counts_as_large_as_its_bits_allow(name: str, kind: int) -> None:
    """Dav1d does not compare it with the maximum."""
    sequence, start = OVERRIDES[name]
    for overrides, pixels in ((1, 4096 * 1024), (0, 1920 * 800)):
        data = unit(1, sequence) + unit(kind, bits(*start, (overrides, 1), (1 - overrides, 1)))
        assert of_av1(data) == Stream((1920, 800), pixels, 1, 1)


@pytest.mark.parametrize(("profile", "deep", "weight"), [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 4 / 3), (2, 1, 4 / 3)])
def test_a_pixel_of_av1_weighs_more_with_many_bits_and_more_chroma(profile: int, deep: int, weight: float) -> None:
    header = bits((profile, 3), (1, 1), (1, 1), (8, 5), *SIZE, (0, 3), (0, 3), (deep, 1), (0, 1), (0, 1), (0, 1))
    assert of_av1(unit(1, header)).weight == weight


@pytest.mark.parametrize(
    ("depth", "chroma", "weight"),
    [(8, 420, 1), (8, 444, 1), (10, 420, 1), (10, 422, 1.65), (10, 444, 1.9), (12, 422, 1.65), (12, 444, 1.9)],
)
def test_a_pixel_of_hevc_weighs_more_with_many_bits_and_more_chroma(depth: int, chroma: int, weight: float) -> None:
    """The headers are those of libheif and x265."""
    picture = coded(detailed(80, 64, depth, chroma))
    found = hevc.stream([picture.configuration[8:]], picture.data, nothing)
    assert (found.sides, found.weight) == ((80, 64), weight)


def test_a_frame_with_a_reduced_header_has_no_own_size() -> None:
    assert of_av1(unit(1, REDUCED) + unit(6, b"\xff" * 9)) == Stream((1920, 800), 1920 * 800, 1, 1)


def test_a_frame_that_is_shown_again_has_no_size() -> None:
    assert of_av1(unit(1, FULL) + unit(3, b"\xff" * 9)).pixels == 1920 * 800


def test_a_switch_frame_has_its_own_size() -> None:
    assert of_av1(unit(1, FULL) + unit(6, bits((0, 1), (3, 2), (1, 1)))).pixels == 4096 * 1024


def test_every_sequence_header_counts_wherever_it_is() -> None:
    """In a later sample too, and after units of other kinds, one with an extension and one with a forbidden bit."""
    small, large = coded(avif(64, 64)).data, coded(avif(256, 128)).data
    assert of_av1(small) == Stream((64, 64), 4096, 1, 1)
    assert of_av1(small, large) == Stream((256, 128), 32768, 2, 2)
    assert of_av1(large, small) == Stream((256, 128), 32768, 2, 2)
    before = unit(15, bytes(99)) + b"\x7e\0\1\0" + b"\xfa\1\0"
    assert of_av1(before + unit(1, REDUCED)).sides == (1920, 800)
    assert of_av1(before + unit(1, REDUCED, sized=False)).sides == (1920, 800)


@pytest.mark.parametrize("data", [b"", b"\x0a", b"\x0a\0", b"\x12\0", b"\x32\1\0", b"\x0a" + b"\xff" * 9])
def test_av1_without_a_complete_header_states_no_size(data: bytes) -> None:
    assert of_av1(data).pixels <= 1


def of_hevc(configurations: list[bytes], data: bytes) -> Stream:
    return hevc.stream(configurations, data, nothing)


def test_a_parameter_set_counts_wherever_it_is() -> None:
    small, large = coded(heic(64, 64)), coded(heic(256, 128))
    assert of_hevc([small.configuration[8:]], small.data) == Stream((64, 64), 4096, 1, 1)
    both = [small.configuration[8:], large.configuration[8:]]
    assert of_hevc(both, small.data).sides == (256, 128)
    assert of_hevc(both[::-1], small.data).sides == (256, 128)
    parameters = both[1][both[1].index(b"\x42\1") - 2 :]
    inside = b"\0\0" + parameters[: 2 + int.from_bytes(parameters[:2])]
    assert of_hevc(both[:1], small.data + inside) == Stream((256, 128), 32768, 1, 1)
    assert of_hevc(both[:1], bytes(4) + b"\0\0\0\1\x42" + inside).sides == (256, 128)


def golomb(value: int) -> tuple[int, int]:
    return value + 1, 2 * (value + 1).bit_length() - 1


PROFILE = ((0, 88), (93, 8))
SETS = {
    "one layer": ((0, 4), (0, 3), (1, 1), *PROFILE, golomb(0), golomb(1)),
    "4:4:4": ((0, 4), (0, 3), (1, 1), *PROFILE, golomb(0), golomb(3), (0, 1)),
    "three layers": (
        *((0, 4), (2, 3), (1, 1), *PROFILE, (0b11, 2), (0b01, 2), (0, 12), (1, 88), (9, 8), (9, 8)),
        *(golomb(0), golomb(1)),
    ),
}
"""The fields before the sides in a sequence parameter set (ITU-T H.265, sections 7.3.2.2 and 7.3.3)."""


@pytest.mark.parametrize("name", SETS)
def test_every_kind_of_parameter_set_is_read(name: str) -> None:
    data = bits(*SETS[name], golomb(16384), golomb(2160)).replace(b"\0\0", b"\0\0\3")
    stated = b"\x42\1" + data
    assert of_hevc([], len(stated).to_bytes(4) + stated).sides == (16384, 2160)


@pytest.mark.parametrize("data", [b"", bytes(4), b"\0\0\0\2\x42\1", b"\xff\xff\xff\xff\x42\1", b"\0\0\0\1\x42" * 9])
def test_hevc_without_a_complete_parameter_set_states_no_size(data: bytes) -> None:
    assert of_hevc([data, bytes(22) + b"\xff" + data], data).pixels == 0
