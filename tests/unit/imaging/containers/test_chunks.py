"""PNG's chunks: which ones count, which ones can be damaged, and which files are refused."""

import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.errors import BrokenOriginal, UnsupportedFormat
from tests.support.pictures.charts import opened
from tests.support.pictures.hostile.png import CHANNELS, SIGNATURE, chunk, header
from tests.support.pictures.icc import DISPLAY_P3
from tests.support.pictures.pngs import png, wrong
from tests.support.pictures.rendering import rendered

NOISE = [[random.Random(f"{y} {x}").randrange(256) for x in range(3 * 40)] for y in range(30)]
"""40x30 pixels in RGB, of which no two neighbours are equal."""

UPRIGHT = chunk(b"eXIf", struct.pack(">2sHLHHHLHHL", b"MM", 42, 8, 1, 0x0112, 3, 1, 6, 0, 0))
"""EXIF's orientation 6: the picture is turned by 90° when shown (Exif 2.32, section 4.6.4)."""


def shown(data: bytes) -> list[list[int]]:
    """The samples of a PNG variant of 40x30, in RGB."""
    pixels = np.asarray(opened(rendered(data, "40x30.png")).convert("RGB"))
    rows: list[list[int]] = pixels.reshape(pixels.shape[0], -1).tolist()
    return rows


ANCILLARY = {
    "pHYs": chunk(b"pHYs", struct.pack(">2IB", 1, 2, 0)),
    "tEXt": chunk(b"tEXt", b"Comment\0any"),
    "zTXt": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"any")),
    "iTXt": chunk(b"iTXt", b"Comment\0\0\0\0\0any"),
    "tIME": chunk(b"tIME", struct.pack(">H5B", 2026, 11, 25, 1, 2, 3)),
    "gAMA": chunk(b"gAMA", struct.pack(">I", 100_000)),
    "eXIf": UPRIGHT,
    "tRNS": chunk(b"tRNS", struct.pack(">3H", *NOISE[0][:3])),
    "iCCP": chunk(b"iCCP", b"P3\0\0" + zlib.compress(DISPLAY_P3.profile())),
    "cICP": chunk(b"cICP", bytes([12, 13, 0, 1])),
    "bKGD": chunk(b"bKGD", bytes(6)),
    "acTL": chunk(b"acTL", struct.pack(">2I", 1, 0)),
    "a private one": chunk(b"prVt", b"any"),
}


@pytest.mark.parametrize("name", ANCILLARY)
def test_an_ancillary_chunk_with_a_wrong_checksum_is_ignored(name: str) -> None:
    """Section 13.2: ancillary chunks can be ignored. The picture is as without the chunk: neither turned nor tinted."""
    damaged = wrong(ANCILLARY[name])
    for data in (png(NOISE, before=damaged), png(NOISE, after=damaged), png(NOISE, before=damaged, after=damaged)):
        assert shown(data) == NOISE
        assert opened(rendered(data, "40x30.png")).mode == "RGB"
        assert opened(rendered(data, "20x.webp")).size == (20, 15)


def test_a_valid_chunk_counts_after_a_damaged_one_of_its_kind() -> None:
    key = chunk(b"tRNS", struct.pack(">3H", *NOISE[0][:3]))
    variant = opened(rendered(png(NOISE, before=wrong(chunk(b"tRNS", bytes(6))) + key), "40x30.png"))
    variant = variant.convert("RGBA")
    assert variant.getpixel((0, 0)) == (*NOISE[0][:3], 0)


MEGABYTES = random.Random("text").randbytes(1_500_000).hex().encode()

LARGE = {
    "tEXt": chunk(b"tEXt", b"Comment\0" + MEGABYTES),
    "zTXt": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MEGABYTES)),
    "iTXt": chunk(b"iTXt", b"Comment\0\0\0\0\0" + MEGABYTES),
    "packed iTXt": chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(MEGABYTES)),
    "many tEXt": chunk(b"tEXt", b"Comment\0" + MEGABYTES[:5000]) * 500,
    "XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + MEGABYTES),
    "a private one": chunk(b"prVt", MEGABYTES),
}


@pytest.mark.parametrize("name", LARGE)
def test_megabytes_of_metadata_do_no_harm(name: str) -> None:
    for data in (png(NOISE, before=LARGE[name]), png(NOISE, after=LARGE[name])):
        assert shown(data) == NOISE


@pytest.mark.parametrize("length", [1_200_000, 3_000_000])
def test_a_large_profile_is_applied(length: int) -> None:
    """Display P3's red is outside sRGB, whatever makes the profile large. A printer's profile has megabytes."""
    profile = DISPLAY_P3.profile()
    long = struct.pack(">I", length) + profile[4:] + random.Random("icc").randbytes(length - len(profile))
    extra = chunk(b"iCCP", b"P3\0\0" + zlib.compress(long))
    plain, tinted = ([[70, 120, 162] * 40] * 30, [51, 121, 166] * 40)  # By the matrices of both spaces.
    found = np.array(shown(png(plain, before=extra)))
    assert np.abs(found - tinted).max() <= 1


@pytest.mark.parametrize("kind", [b"CgBI", b"ABCD", b"IDOT", b"FRAC", b"JDAT"])
@pytest.mark.parametrize("place", ["first", "before", "after"])
def test_an_unknown_critical_chunk_is_named(kind: bytes, place: str) -> None:
    """Section 14.3: the decoder must report that it can't interpret the picture. The file is not damaged."""
    critical = chunk(kind, bytes([0x50, 0, 0x20, 2]))
    data = {
        "first": png(NOISE).replace(SIGNATURE, SIGNATURE + critical),
        "before": png(NOISE, before=critical),
        "after": png(NOISE, after=critical),
    }[place]
    with pytest.raises(UnsupportedFormat, match="Xcode.*CgBI" if kind == b"CgBI" else kind.decode()):
        rendered(data, "20x")


@pytest.mark.parametrize("kind", [b"IHDR", b"PLTE", b"IDAT"])
def test_a_critical_chunk_with_a_wrong_checksum_is_damage(kind: bytes) -> None:
    data = png([[0, 1, 2, 3]], colour=3, before=chunk(b"PLTE", bytes(range(12))))
    start = data.index(kind)
    end = start + 4 + int.from_bytes(data[start - 4 : start])
    damaged = data[: start - 4] + wrong(data[start - 4 : end + 4]) + data[end + 4 :]
    assert opened(rendered(data, "4x1.png")).size == (4, 1)
    with pytest.raises(BrokenOriginal):
        rendered(damaged, "4x1.png")


EXIF = b"Exif\0\0" + UPRIGHT[8:-4]
RAW = b"\nexif\n%8d\n" % len(EXIF) + b"\n".join(EXIF.hex().encode()[at : at + 72] for at in range(0, 2 * len(EXIF), 72))


@pytest.mark.parametrize("keyword", [b"exif", b"APP1"])
@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_exif_as_text_does_not_turn_the_picture(kind: bytes, keyword: bytes) -> None:
    """ImageMagick wrote Exif so before eXIf was standardised. Browsers show such a picture as it is stored."""
    text = b"\0" + RAW if kind == b"tEXt" else b"\0\0" + zlib.compress(RAW)
    raw = chunk(kind, b"Raw profile type " + keyword + text)
    for data in (png(NOISE, before=raw), png(NOISE, after=raw)):
        assert shown(data) == NOISE
        assert opened(rendered(data, "20x.jpg")).size == (20, 15)


def test_an_exif_chunk_turns_the_picture_only_before_the_pixels() -> None:
    """Orientation 6: the first row becomes the last column. Chromium 153 and sharp 0.35 ignore it after the pixels."""
    turned = Image.frombytes("RGB", (40, 30), bytes(sample for row in NOISE for sample in row)).rotate(-90, expand=True)
    variant = opened(rendered(png(NOISE, before=UPRIGHT), "30x40.png"))
    assert variant.size == (30, 40)
    assert variant.tobytes() == turned.tobytes()
    assert shown(png(NOISE, after=UPRIGHT)) == NOISE


def test_an_empty_chunk_of_pixels_is_ignored() -> None:
    whole = png(NOISE)
    at = whole.index(b"IDAT") - 4
    assert shown(whole[:at] + chunk(b"IDAT", b"") * 3 + whole[at:]) == NOISE


def test_a_png_without_a_header_is_damaged() -> None:
    pixels = png(NOISE)[33:]
    for data in (SIGNATURE + pixels, SIGNATURE, SIGNATURE + header(40, 30), SIGNATURE + chunk(b"IHDR", b"") + pixels):
        with pytest.raises(BrokenOriginal):
            rendered(data, "20x")


@pytest.mark.parametrize("length", [0, 1, 3, 5, 7, 300])
@pytest.mark.parametrize("colour", [0, 2, 3])
def test_a_transparent_colour_of_a_wrong_length_is_ignored(colour: int, length: int) -> None:
    """It is ancillary. For a palette, any length up to 256 is valid, so some of these lengths are right."""
    palette = chunk(b"PLTE", bytes(range(12))) if colour == 3 else b""
    rows = [[0, 1, 2, 3] * (3 if colour == 2 else 1)]
    variant = opened(rendered(png(rows, colour=colour, before=palette + chunk(b"tRNS", b"\xff" * length)), "4x1.png"))
    assert variant.convert("RGBA").getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize("palette", [b"", chunk(b"PLTE", b""), chunk(b"PLTE", bytes(7)), chunk(b"PLTE", bytes(771))])
def test_a_png_without_a_valid_palette_is_damaged(palette: bytes) -> None:
    with pytest.raises(BrokenOriginal):
        rendered(png([[0, 1, 2, 3]], colour=3, before=palette), "4x1.png")


@pytest.mark.parametrize("length", [0, 3, 7, 771])
@pytest.mark.parametrize("colour", [0, 2, 4, 6])
def test_a_palette_that_is_not_needed_is_ignored(colour: int, length: int) -> None:
    """It suggests colours for displays with few (section 11.2.2). Chromium and sharp ignore one of 7 bytes."""
    rows = [[10, 255, 30, 255, 50, 255, 70, 255, 90, 255, 110, 255]]
    whole, odd = (
        opened(rendered(png(rows, colour=colour, before=palette), f"{12 // CHANNELS[colour]}x1.png"))
        for palette in (b"", chunk(b"PLTE", bytes(length)))
    )
    assert odd.convert("RGBA").tobytes() == whole.convert("RGBA").tobytes()


@pytest.mark.parametrize("after", [False, True])
def test_transparency_before_its_palette_is_ignored(after: bool) -> None:
    """Section 5.6: it must follow the palette. Otherwise Chromium and sharp show the picture opaque."""
    palette, clear = chunk(b"PLTE", bytes(range(12))), chunk(b"tRNS", bytes(2))
    before = palette + clear if after else clear + palette
    variant = opened(rendered(png([[0, 1, 2, 3]], colour=3, before=before), "4x1.png"))
    assert list(variant.convert("RGBA").getchannel("A").tobytes()) == ([0, 0, 255, 255] if after else [255] * 4)


def test_exif_with_the_prefix_of_a_jpeg_does_not_turn_the_picture() -> None:
    """Section 11.3.3.5: the chunk begins with a TIFF header. Chromium and sharp read no other beginning."""
    exif = UPRIGHT[8:-4]
    for body, sides in ((exif, (30, 40)), (b"Exif\0\0" + exif, (40, 30))):
        variant = opened(rendered(png(NOISE, before=chunk(b"eXIf", body)), "500x500-inside.png"))
        assert variant.size == sides
