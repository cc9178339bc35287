"""Charts of known CIELAB colours, encoded by formula, must come out as those colours: CIEDE2000 of each patch.

Nothing here converts colours with LittleCMS, which is what the core does it with: the profiles are written by hand
and the expected values computed from the spaces' published primaries and curves.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.imaging.colour import _SMALL_PROFILE
from core.size import FORMATS
from tests.support.pictures.charts import CHECKER, INK_STEPS, difference, opened, picture, saved, shown, values
from tests.support.pictures.icc import (
    ADOBE_RGB,
    D50,
    DISPLAY_P3,
    PERCEPTUAL,
    PROPHOTO,
    RELATIVE,
    SRGB,
    WIDE,
    Array,
    Space,
    cmyk_profile,
    gray_profile,
    lab_to_xyz,
    xyz_to_lab,
)
from tests.support.pictures.rendering import rendered

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sharp"
HALF = "96x144"
IN_SRGB = SRGB.decode(values(SRGB))
"""The chart as sRGB shows it: its cyan is outside."""

# A trained eye sees a difference of about 1 side by side. What is over it comes from eight bits in spaces as wide as
# ProPhoto, in WebP and AVIF of YCbCr besides: one step of a dark grey's chroma is 2 there.
LIMIT = 2.2
MEAN = 0.9
YCBCR = {"limit": 4.5, "mean": 1.2}


def check(found: Array, expected: Array, limit: float = LIMIT, mean: float = MEAN) -> None:
    """Every patch within `limit`, all together within `mean`."""
    apart = difference(found, expected)
    assert apart.max() < limit, np.round(apart, 2)
    assert apart.mean() < mean, np.round(apart, 2)


def chart(space: Space, name: str = "PNG", padding: int = 0) -> bytes:
    """The chart in a space, with its profile."""
    options = {"quality": 98, "subsampling": 0} if name == "JPEG" else {}
    return saved(picture(values(space) * 255), name, icc_profile=space.profile(padding), **options)


def test_formulas_and_profiles_agree_with_published_values() -> None:
    """The tests' own maths: sRGB's matrix under D50, and a grey, as IEC 61966-2-1 and ICC's sRGB profile have them."""
    published = [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
    assert np.abs(SRGB.matrix - published).max() < 3e-4
    assert np.abs(SRGB.decode(np.array([119, 119, 119]) / 255) - [50.03, 0, 0]).max() < 0.02
    assert np.abs(SRGB.decode(SRGB.encode(CHECKER)) - CHECKER).max() < 1e-9


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("space", WIDE, ids=lambda space: space.name)
def test_small_profile_is_kept_where_the_format_carries_it(space: Space, target: str) -> None:
    data = rendered(chart(space), f"{HALF}-q100.{target}")
    if target == "gif":
        assert "icc_profile" not in opened(data).info
        check(shown(data), IN_SRGB)
    else:
        assert opened(data).info["icc_profile"] == space.profile()
        check(shown(data, space), CHECKER, **(YCBCR if target in ("webp", "avif") else {}))


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("space", WIDE, ids=lambda space: space.name)
def test_large_profile_becomes_srgb(space: Space, target: str) -> None:
    data = rendered(chart(space, padding=_SMALL_PROFILE), f"{HALF}-q100.{target}")
    assert "icc_profile" not in opened(data).info
    check(shown(data), IN_SRGB)


def test_pixels_that_are_srgb_by_a_long_profile_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most cameras embed sRGB in 3 kB; converting it to itself would take as long as all the rest."""
    original = chart(SRGB, padding=_SMALL_PROFILE)
    rendered(original, f"{HALF}.png")
    monkeypatch.setattr(ImageCms, "profileToProfile", None)
    data = rendered(original, f"{HALF}.png")
    assert "icc_profile" not in opened(data).info
    assert shown(data) == pytest.approx(shown(rendered(chart(SRGB), f"{HALF}.png")))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_profile_is_read_from_every_format(name: str, padding: int) -> None:
    data = rendered(chart(ADOBE_RGB, name, padding), f"{HALF}.png")
    allowed = YCBCR if name in ("WEBP", "AVIF") else {}
    check(shown(data, SRGB if padding else ADOBE_RGB), IN_SRGB if padding else CHECKER, **allowed)


def test_colours_would_be_wrong_without_the_profile() -> None:
    """The chart can tell: read as sRGB, the wide spaces' values are far off."""
    for space in WIDE:
        assert difference(SRGB.decode(values(space)), IN_SRGB).mean() > 1.5


def test_profile_at_the_limit_is_kept_and_one_byte_more_converted() -> None:
    padding = _SMALL_PROFILE - len(DISPLAY_P3.profile(4)) + 4
    at_limit, over = DISPLAY_P3.profile(padding), DISPLAY_P3.profile(padding + 4)
    assert len(at_limit) == _SMALL_PROFILE
    image = picture(values(DISPLAY_P3) * 255)
    assert opened(rendered(saved(image, "PNG", icc_profile=at_limit), HALF)).info["icc_profile"] == at_limit
    assert "icc_profile" not in opened(rendered(saved(image, "PNG", icc_profile=over), HALF)).info


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_palette_with_a_profile(padding: int) -> None:
    image = picture(values(DISPLAY_P3) * 255).quantize(24, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    exact = np.asarray(image.convert("RGB"))[24::48, 24::48] / 255
    data = rendered(saved(image, "PNG", icc_profile=DISPLAY_P3.profile(padding)), f"{HALF}.png")
    expected = DISPLAY_P3.decode(exact)
    check(shown(data, SRGB if padding else DISPLAY_P3), SRGB.decode(values(SRGB, expected)) if padding else expected)


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_alpha_and_a_profile(padding: int) -> None:
    """A half transparent chart keeps its colours and its alpha."""
    image = picture(values(PROPHOTO) * 255)
    image.putalpha(128)
    data = rendered(saved(image, "PNG", icc_profile=PROPHOTO.profile(padding)), f"{HALF}.png")
    assert opened(data).getchannel("A").getextrema() == (128, 128)
    check(shown(data, SRGB if padding else PROPHOTO), IN_SRGB if padding else CHECKER)


STEPS = np.linspace(0, 255, 24).round().reshape(6, 4, 1)
"""Greys from black to white."""


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_with_a_grey_profile(mode: str) -> None:
    image = picture(STEPS, "L")
    if mode == "LA":
        image.putalpha(255)
    data = rendered(saved(image, "PNG", icc_profile=gray_profile(1.8)), f"{HALF}.png")
    expected = xyz_to_lab(((STEPS / 255) ** 1.8) * D50)
    check(shown(data), expected)


def test_grey_stays_grey_beside_a_profile_of_colours() -> None:
    """Common, against the rules of PNG: a grey picture that carries sRGB's or a camera's profile."""
    for space in (SRGB, PROPHOTO):
        data = rendered(saved(picture(STEPS, "L"), "PNG", icc_profile=space.profile()), f"{HALF}.png")
        check(shown(data), SRGB.decode(STEPS.repeat(3, 2) / 255))


@pytest.mark.parametrize(
    "broken", [b"no profile", gray_profile(2.2), SRGB.profile()[:200], cmyk_profile([(50, 0, 0)] * 16)]
)
@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_broken_or_foreign_profile_is_dropped(broken: bytes, padding: int) -> None:
    """It says nothing about the pixels, so they are taken for sRGB, and no browser is left to guess."""
    data = rendered(saved(picture(values(SRGB) * 255), "PNG", icc_profile=broken + bytes(padding)), f"{HALF}.png")
    assert "icc_profile" not in opened(data).info
    check(shown(data), IN_SRGB)


# CMYK. The sixteen solids, inks and overprints after ISO 12647-2:2004/Amd 1:2007, table 2 (paper types 1 and 2); the
# paper is relative to itself, black's overprints are made up.
SOLIDS: dict[tuple[int, ...], tuple[int, int, int]] = {
    (0, 0, 0, 0): (100, 0, 0),
    (1, 0, 0, 0): (55, -37, -50),
    (0, 1, 0, 0): (48, 74, -3),
    (0, 0, 1, 0): (91, -5, 93),
    (0, 1, 1, 0): (47, 68, 48),
    (1, 0, 1, 0): (50, -65, 27),
    (1, 1, 0, 0): (24, 17, -46),
    (1, 1, 1, 0): (23, 0, 0),
    (0, 0, 0, 1): (16, 0, 0),
    (1, 0, 0, 1): (14, -6, -8),
    (0, 1, 0, 1): (13, 10, 0),
    (0, 0, 1, 1): (15, 0, 9),
    (0, 1, 1, 1): (12, 8, 6),
    (1, 0, 1, 1): (12, -9, 4),
    (1, 1, 0, 1): (9, 3, -9),
    (1, 1, 1, 1): (6, 0, 0),
}
INKS = np.array([[(c, m, y, k) for y in (0, 1) for k in (0, 1)] for c in (0, 1) for m in (0, 1)])
INKS_LAB = np.array([[SOLIDS[tuple(inks)] for inks in row] for row in INKS.tolist()], dtype=float)
INKS_PROFILE = cmyk_profile([tuple(lab) for lab in INKS_LAB.reshape(16, 3)])


def as_ycck(cmyk: Image.Image) -> bytes:
    """A YCCK JPEG, which Pillow can't write: YCbCr of the inks in a CMYK file, its Adobe marker then changed to say so.

    ITU-T T.872, section 6.5.3: transform 2 is YCCK, of inverted inks.
    """
    inks = Image.merge("RGB", cmyk.split()[:3])
    planes = [band.point(lambda value: 255 - value) for band in inks.convert("YCbCr").split()]
    data = saved(
        Image.merge("CMYK", [*planes, cmyk.getchannel("K")]),
        "JPEG",
        quality=98,
        icc_profile=cmyk.info.get("icc_profile"),
    )
    transform = data.index(b"Adobe") + 11
    return data[:transform] + b"\x02" + data[transform + 1 :]


def without_adobe(data: bytes) -> bytes:
    """A JPEG less its Adobe marker."""
    start = data.index(b"\xff\xee")
    (length,) = struct.unpack(">H", data[start + 2 : start + 4])
    return data[:start] + data[start + 2 + length :]


def cmyk_file(kind: str, profile: bytes | None) -> bytes:
    image = picture(INKS * 255, "CMYK")
    if profile:
        image.info["icc_profile"] = profile
    if kind == "YCCK":
        return as_ycck(image)
    if kind == "TIFF":
        return saved(image, "TIFF", icc_profile=profile)
    data = saved(image, "JPEG", quality=98, icc_profile=profile)
    return without_adobe(data) if kind == "bare JPEG" else data


KINDS = ["Adobe JPEG", "YCCK", "bare JPEG", "TIFF"]


def test_ycck_file_is_one() -> None:
    """The file made here is what its Adobe marker says, to Pillow too, and not the same as plain CMYK."""
    image = opened(cmyk_file("YCCK", None))
    assert (image.mode, image.info["adobe_transform"]) == ("CMYK", 2)
    assert "adobe_transform" not in opened(cmyk_file("bare JPEG", None)).info


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_cmyk_with_a_profile_shows_the_inks(kind: str, target: str) -> None:
    data = rendered(cmyk_file(kind, INKS_PROFILE), f"96x96-q100.{target}")
    assert "icc_profile" not in opened(data).info
    check(shown(data, rows=4), SRGB.decode(values(SRGB, INKS_LAB)), limit=3)


def without_profile(inks: Array) -> Array:
    """What CMYK without a profile is shown as, for cyan, magenta and yellow at 0 or 1 and no black, by hand.

    The standard's solids relative to the paper, and darkened so that all four inks together are black.
    """
    paper, black, all_colours = (lab_to_xyz(np.array(lab, float)) for lab in ((95, 0, -2), (16, 0, 0), (23, 0, 0)))
    darkest = all_colours * black / paper**2
    lights = np.array([lab_to_xyz(np.array(SOLIDS[tuple(ink)], float)) for ink in inks.reshape(-1, 4).tolist()]) / paper
    lights[inks.reshape(-1, 4).sum(1) == 0] = 1
    shown = xyz_to_lab(((lights - darkest) / (1 - darkest)).clip(0) * D50)
    return SRGB.decode(values(SRGB, shown.reshape(*inks.shape[:2], 3)))


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_cmyk_without_a_profile_has_the_colours_of_inks(kind: str, target: str) -> None:
    data = rendered(cmyk_file(kind, None), f"96x96-q100.{target}")
    found = shown(data, rows=4)
    colours = INKS[..., 3] == 0
    apart = difference(found, without_profile(INKS * (INKS[..., 3:] == 0)))[colours]
    assert apart.max() < 3, np.round(apart, 2)
    assert found[~colours][:, 0].max() < 20
    assert found[3, 3, 0] < 1


@pytest.mark.parametrize("broken", [b"no profile", SRGB.profile(), gray_profile(2.2)])
def test_cmyk_with_a_foreign_profile_is_as_without(broken: bytes) -> None:
    assert rendered(cmyk_file("TIFF", broken), "96x96.png") == rendered(cmyk_file("TIFF", None), "96x96.png")


def test_cmyk_without_a_profile_is_near_to_sharps() -> None:
    """Sharp has a measured profile built in: nearer to it, by half, than the opposites of red, green and blue are."""
    sharp = SRGB.decode(np.asarray(Image.open(FIXTURES / "inks.png"), float) / 255)
    image = picture(INK_STEPS * 255, "CMYK")
    naive = shown(saved(image.convert("RGB"), "PNG"), rows=9, columns=9)
    ours = shown(rendered(saved(image, "TIFF"), "216x216.png"), rows=9, columns=9)
    assert difference(ours, sharp).mean() < 5
    assert difference(ours, sharp).mean() < difference(naive, sharp).mean() / 2


def test_profiles_own_intent_is_used() -> None:
    """Perceptually the darkest ink becomes black; colorimetrically it stays the grey that it is."""
    for intent, darkest in {PERCEPTUAL: 0, RELATIVE: 6}.items():
        profile = cmyk_profile([tuple(lab) for lab in INKS_LAB.reshape(16, 3)], intent)
        lightness = shown(rendered(cmyk_file("TIFF", profile), "96x96.png"), rows=4)[3, 3, 0]
        assert abs(lightness - darkest) < 1


def test_lab_tiff() -> None:
    lab = np.stack([CHECKER[..., 0] * 2.55, CHECKER[..., 1] % 256, CHECKER[..., 2] % 256], -1)
    for target in FORMATS:
        check(shown(rendered(saved(picture(lab, "LAB"), "TIFF"), f"{HALF}-q100.{target}")), IN_SRGB, limit=3)


# Depths other than eight bits.


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG by the specification's own words; Pillow writes no 16-bit colours."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    stride = len(rows) // height
    lines = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in body)


def deep(patches: Array, *, alpha: bool = False, profile: bytes | None = None) -> bytes:
    """Patches of values from 0 to 1 as 16-bit PNG."""
    if alpha:
        patches = np.concatenate([patches, np.full((*patches.shape[:2], 1), 0.5)], 2)
    pixels = np.round(patches * 65535).astype(">u2").repeat(48, 0).repeat(48, 1)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[patches.shape[2]]
    chunks = [(b"iCCP", b"icc\0\0" + zlib.compress(profile))] if profile else []
    return png(pixels.shape[1], pixels.shape[0], 16, kind, pixels.tobytes(), *chunks)


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_16_bit_png(channels: int, alpha: bool) -> None:
    patches = (STEPS / 255) if channels == 1 else values(SRGB)
    data = rendered(deep(patches, alpha=alpha), f"{HALF}.png")
    check(shown(data), SRGB.decode(patches.repeat(3, 2) if channels == 1 else patches), limit=1, mean=0.4)
    if alpha:
        low, high = opened(data).getchannel("A").getextrema()
        assert (low, high) in ((127, 127), (128, 128))


@pytest.mark.parametrize("padding", [0, _SMALL_PROFILE])
def test_16_bit_png_with_a_profile(padding: int) -> None:
    data = rendered(deep(values(PROPHOTO), profile=PROPHOTO.profile(padding)), f"{HALF}.png")
    check(shown(data, SRGB if padding else PROPHOTO), IN_SRGB if padding else CHECKER)


def test_16_bit_white_and_black_are_exact() -> None:
    image = opened(rendered(deep(np.array([[[0.0], [1.0]]])), "96x48.png")).convert("L")
    assert (image.getpixel((10, 20)), image.getpixel((86, 20))) == (0, 255)


@pytest.mark.parametrize("transparent", [0, 20000, 65535])
@pytest.mark.parametrize("channels", [1, 3])
def test_16_bit_png_with_one_colour_transparent(channels: int, transparent: int) -> None:
    other = 40000
    pixels = np.full((48, 96, channels), other, ">u2")
    pixels[:, 48:] = transparent
    key = (b"tRNS", struct.pack(f">{channels}H", *[transparent] * channels))
    original = png(96, 48, 16, 0 if channels == 1 else 2, pixels.tobytes(), key)
    seen, hidden = np.asarray(opened(rendered(original, "48x24.png")).convert("RGBA"))[12, [8, 40]]
    assert abs(seen[0] - other / 257) <= 1
    assert (seen[3], hidden[3]) == (255, 0)


def test_1_bit_png() -> None:
    """A fine black and white pattern turns into greys, not into black and white dots."""
    image = Image.new("1", (96, 96))
    image.putdata([(x + y) % 2 for y in range(96) for x in range(96)])
    small = np.asarray(opened(rendered(saved(image, "PNG"), "24x24.png")).convert("L"), int)
    assert np.abs(small[4:-4, 4:-4] - 128).max() < 8


@pytest.mark.parametrize(
    ("mode", "white"),
    [("I;16", 65535), ("I;16B", 65535), ("I", 65535), ("I", 255), ("F", 1.0), ("F", 255.0), ("F", 65535.0)],
)
def test_grey_tiff_of_other_depths(mode: str, white: float) -> None:
    """Integers and floats have no one white: it is the least of 1, 255 and 65535 that none is over."""
    pixels = (STEPS[..., 0] / 255 * white).repeat(48, 0).repeat(48, 1)
    kinds = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4", "F": "<f4"}
    image = Image.frombytes(mode, (192, 288), pixels.astype(kinds[mode]).tobytes())
    check(shown(rendered(saved(image, "TIFF"), f"{HALF}.png")), SRGB.decode(STEPS.repeat(3, 2) / 255), limit=1.5)


def test_no_colour_mode_of_tiff_or_png_is_left_out() -> None:
    """Every mode that Pillow saves to these comes out, and not black."""
    for name, modes in {"TIFF": "1 L LA P RGB RGBA CMYK YCbCr LAB I I;16 F", "PNG": "1 L LA P RGB RGBA I;16"}.items():
        for mode in modes.split():
            original = picture(values(SRGB) * 255).convert(mode if mode != "I;16" and mode != "LAB" else "L")
            if mode in ("I;16", "I"):
                original = Image.fromarray(np.asarray(original.convert("L"), np.uint16) * 257).convert(mode)
            data = rendered(saved(original, name), f"{HALF}.png")
            light = shown(data)[..., 0]
            assert np.abs(light - IN_SRGB[..., 0]).mean() < 8, (name, mode)


def test_reading_leaves_the_original_alone() -> None:
    """Bytes in, bytes out: nothing of the caller's is changed."""
    original = chart(DISPLAY_P3)
    kept = io.BytesIO(original).getvalue()
    assert rendered(original, HALF) == rendered(original, HALF)
    assert original == kept
