"""Damaged originals are refused in every size and format, and no error of a decoder is lost."""

import random
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.errors import BrokenOriginal, SizewiseError
from core.imaging.whole import _MARK
from core.size import FORMATS
from tests.support.pictures.charts import saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.hostile.png import SIGNATURE, chunk, header
from tests.support.pictures.playing import played
from tests.support.pictures.pngs import Apng, Moving, Samples, packed, png
from tests.support.pictures.rendering import rendered
from tests.support.pictures.webps import Still, webp

SIZES = ("40x30", "20x", "x7", "9x9-contain", "9x9-smart", "1x1", "40x30-fill")
EXIF = chunk(b"eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0")


def noise(channels: int = 3, seed: int = 0) -> Samples:
    """40x30 pixels of 8 bits that can't be compressed."""
    chance = random.Random(f"damaged {seed}")
    return [[chance.randrange(256) for _ in range(40 * channels)] for _ in range(30)]


def spoilt(data: bytes, kind: bytes, number: int = 0) -> bytes:
    """A PNG with one byte changed in the middle of a chunk: the `number`th of its kind."""
    at = 0
    for _ in range(number + 1):
        at = data.index(kind, at) + 4
    middle = at + int.from_bytes(data[at - 8 : at - 4]) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


def assert_refused(data: bytes, *sizes: str) -> None:
    for size in sizes:
        with pytest.raises(BrokenOriginal):
            rendered(data, size)


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("before", "after"), [(b"", b""), (EXIF, b""), (b"", EXIF)], ids=["plain", "before", "after"])
def test_damaged_pixels_of_a_png_are_refused(target: str, interlaced: bool, before: bytes, after: bytes) -> None:
    """Also with an eXIf chunk after the pixels, for which Pillow continues to read."""
    data = spoilt(png(noise(), 8, 2, before, after, interlaced), b"IDAT")
    assert_refused(data, *(f"{size}.{target}" for size in SIZES))


@pytest.mark.parametrize("target", ["gif", "png", "webp", "avif"])
@pytest.mark.parametrize(("kind", "number"), [(b"IDAT", 0), (b"fdAT", 0), (b"fdAT", 1), (b"fcTL", 1)])
@pytest.mark.parametrize("extra", [b"", EXIF], ids=["plain", "eXIf"])
def test_a_damaged_frame_of_an_apng_is_refused(target: str, kind: bytes, number: int, extra: bytes) -> None:
    frames = [Moving(noise(seed=seed)) for seed in range(3)]
    data = spoilt(Apng((40, 30), frames, 8, 2, extra).data(), kind, number)
    assert_refused(data, f"40x30.{target}", f"20x.{target}")


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (0, 16), (2, 8), (2, 16), (6, 8)])
def test_damaged_compression_with_a_right_checksum_is_refused(colour: int, depth: int, interlaced: bool) -> None:
    """The stream has its own checksum (RFC 1950, section 2.2) and must contain all rows."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    levels = [[257 * level % (1 << depth) for level in row] for row in noise(channels)]
    pixels = packed(levels, depth, colour, interlaced)

    def as_png(stream: bytes) -> bytes:
        head = SIGNATURE + header(40, 30, depth, colour, int(interlaced))
        return head + chunk(b"IDAT", stream) + chunk(b"IEND", b"")

    flips = [pixels[:at] + bytes([pixels[at] ^ 0x10]) + pixels[at + 1 :] for at in range(7, len(pixels), 40)]
    rows = zlib.decompress(pixels)
    cuts = [zlib.compress(rows[:-1]), zlib.compress(rows[: len(rows) // 2]), pixels[: len(pixels) // 2], b""]
    for stream in (*flips, *cuts, zlib.compress(b"\5" + rows[1:])):  # There is no filter of type 5.
        assert_refused(as_png(stream), "40x30.png")
    assert rendered(as_png(pixels), "40x30.png")


@pytest.mark.parametrize("level", [0, 255])
def test_rows_of_one_colour_do_not_count_as_missing(level: int) -> None:
    for interlaced in (False, True):
        for colour, channels in ((0, 1), (2, 3), (4, 2), (6, 4)):
            data = png([[level] * 40 * channels] * 30, 8, colour, interlaced=interlaced)
            [(pixels, _)] = played(rendered(data, "40x30.png"))
            assert (pixels[..., 0] == level).all()


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 1), (1, 5), (9, 8), (8, 9)])
def test_missing_rows_are_refused_in_pictures_of_any_size(width: int, height: int, interlaced: bool) -> None:
    """Black rows too: Pillow shows missing ones as black. With one byte less, the last row is incomplete."""
    for colour, depth, channels in ((0, 1, 1), (0, 16, 1), (2, 8, 3), (2, 16, 3), (4, 8, 2), (6, 8, 4)):
        head = SIGNATURE + header(width, height, depth, colour, int(interlaced))
        rows = zlib.decompress(packed([[0] * width * channels] * height, depth, colour, interlaced))
        for stream in (rows[:-1], rows[: len(rows) // 2]):
            assert_refused(head + chunk(b"IDAT", zlib.compress(stream)) + chunk(b"IEND", b""), "9x.png")
        assert rendered(head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""), "9x.png")


@pytest.mark.parametrize("interlaced", [False, True])
def test_a_picture_that_ends_in_the_colour_that_marks_missing_rows_is_shown(interlaced: bool) -> None:
    data = png([[*_MARK[:3]] * 40] * 30, interlaced=interlaced)
    [(pixels, _)] = played(rendered(data, "40x30.png"))
    assert (pixels[..., :3] == _MARK[:3]).all()


def animations() -> dict[str, bytes]:
    """Three frames of noise in each format that moves."""
    pictures = [Image.fromarray(np.array(noise(seed=seed), np.uint8).reshape(30, 40, 3)) for seed in range(3)]
    palette = [(level, level // 2, 255 - level) for level in range(256)]
    indices = [[row[:40] for row in noise(seed=seed)] for seed in range(3)]
    avif = BytesIO()
    pictures[0].save(avif, "AVIF", save_all=True, append_images=pictures[1:], duration=100)
    return {
        "GIF": Gif((40, 30), [Picture(rows) for rows in indices], palette, 0).data(),
        "WebP": webp((40, 30), [Still(picture) for picture in pictures], False),
        "lossy WebP": webp((40, 30), [Still(picture, lossless=False) for picture in pictures], False),
        "APNG": Apng((40, 30), [Moving(noise(seed=seed)) for seed in range(3)], 8, 2).data(),
        "AVIF": avif.getvalue(),
    }


ANIMATIONS = animations()


@pytest.mark.parametrize("name", ANIMATIONS)
def test_an_animation_cut_anywhere_is_refused_or_shown_up_to_there(name: str) -> None:
    """Every refusal has a message. A GIF can end after any of its pictures: it is shown up to there."""
    data = ANIMATIONS[name]
    whole = played(rendered(data, "40x30.png"))
    assert len(whole) == 3
    for length in range(0, len(data) - 12, 37):
        try:
            found = played(rendered(data[:length], "40x30.png"))
        except SizewiseError:
            continue
        assert name == "GIF"
        assert data[length - 1] == 0 or length == len(data)
        assert all(np.array_equal(one, other) for (one, _), (other, _) in zip(found, whole, strict=False))


def start_of_frame(name: str, number: int) -> int:
    """The offset of a picture's data in one of the animations."""
    data = ANIMATIONS[name]
    if name == "AVIF":
        sizes, chunks = data.index(b"stsz") + 16, data.index(b"stco") + 12  # ISO/IEC 14496-12, 8.7.3 and 8.7.5.
        return sum(int.from_bytes(data[at : at + 4]) for at in (chunks, *range(sizes, sizes + 4 * number, 4)))
    mark, length = (b"\x2c\0\0\0\0\x28\0\x1e\0", 12) if name == "GIF" else (b"ANMF", 50)
    start = 0
    for _ in range(number + 1):
        start = data.index(mark, start) + length
    return start


@pytest.mark.parametrize("target", ["gif", "png", "webp", "avif"])
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("name", ["GIF", "WebP", "lossy WebP", "AVIF"])
def test_a_damaged_frame_of_an_animation_is_refused(name: str, number: int, target: str) -> None:
    """Its data is all ones. A still variant needs only the first frame."""
    data, start = ANIMATIONS[name], start_of_frame(name, number)
    damaged = data[:start] + b"\xff" * 200 + data[start + 200 :]
    assert_refused(damaged, f"40x30.{target}", f"20x.{target}")
    if number:
        assert rendered(damaged, "20x.jpg")


STILLS: dict[str, dict[str, object]] = {
    "GIF": {},
    "WEBP": {"lossless": True},
    "AVIF": {"speed": 10},
    "BMP": {},
    "TIFF": {},
    "TIFF lzw": {"compression": "tiff_lzw"},
    "TIFF deflate": {"compression": "tiff_adobe_deflate"},
    "TIFF zstd": {"compression": "zstd"},
    "TIFF packbits": {"compression": "packbits"},
    "TIFF jpeg": {"compression": "jpeg"},
}


@pytest.mark.parametrize("name", STILLS)
def test_a_picture_cut_anywhere_is_refused(name: str) -> None:
    picture = Image.fromarray(np.array(noise(), np.uint8).reshape(30, 40, 3))
    data = saved(picture, name.partition(" ")[0], **STILLS[name])
    for length in range(64, len(data) - 12, 61):
        with pytest.raises(SizewiseError):
            rendered(data[:length], "20x.png")
    assert rendered(data, "20x.png")
