"""An original is accepted or refused by its header, before decoding, and only supported decoders are tried."""

import subprocess
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import AvifImagePlugin, GifImagePlugin, Image, ImageFile, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers.segments import _MOST_EXIF_SEGMENTS, _MOST_SEGMENTS
from core.imaging.guard import Reader
from core.imaging.original import opened
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
from tests.support.pictures.hostile import avif, bmp, damage, gif, jpeg, png, tiff, webp
from tests.support.servers.processes import ROOT, python

SETTINGS = Settings(max_original_pixels=1_000_000)

OVER = {
    "AVIF": avif.resized(avif.picture(64, 64), 1001, 1000),
    "BMP": bmp.bmp(1001, 1000),
    "GIF": gif.head(1001, 1000) + gif.frame(1001, 1000) + b";",
    "JPEG": jpeg.grey(jpeg.BASELINE, 1001, 1000, jpeg.scan(range(3))),
    "PNG": png.unpaid(1001, 1000),
    "TIFF": tiff.strip(1000, b"", tiff.basics(1001, 1000)),
    "WEBP": webp.riff(webp.empty(1001, 1000)),
}
"""Headers that state 1001x1000, without pixels."""

OTHER_FORMATS = ("EPS", "ICNS", "ICO", "JPEG2000", "PCX", "PDF", "PPM", "SGI", "SPIDER", "TGA")


@pytest.fixture
def _no_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the test fail if any of Pillow's formats begins to decode."""

    def decoded(*_: object) -> None:
        pytest.fail("pixels were decoded")

    for kind in (
        ImageFile.ImageFile,
        AvifImagePlugin.AvifImageFile,
        PngImagePlugin.PngImageFile,
        GifImagePlugin.GifImageFile,
        TiffImagePlugin.TiffImageFile,
        WebPImagePlugin.WebPImageFile,
    ):
        monkeypatch.setattr(kind, "load", decoded)
    monkeypatch.setattr("PIL.WebPImagePlugin._webp.WebPAnimDecoder", decoded)


@pytest.mark.usefixtures("_no_pixels")
@pytest.mark.parametrize("name", OVER)
def test_an_original_over_the_limit_is_refused_without_decoding_it(name: str) -> None:
    with pytest.raises(TooLarge, match="1001x1000 pixels; up to 1000000"):
        render(OVER[name], parse("30x20"), SETTINGS.imaging)


@pytest.mark.usefixtures("_no_pixels")
@pytest.mark.parametrize(
    ("original", "message"),
    [
        (png.unpaid(65536, 1), "65536x1"),
        (tiff.tiled(9, 9, (4096, 4097), b""), "tiles of 16781312 pixels"),
        (tiff.black(9, 300_000, rows=1), "300000 numbers"),
        (jpeg.grey(0xC2, 1000, 1000, jpeg.scan(range(3), 0, 0) * 2001), "2001 scans of 1000x1000"),
        (jpeg.with_segments(jpeg.segment(0xE5, b"") * (_MOST_SEGMENTS + 1)), "too many parts"),
        (jpeg.with_segments(jpeg.segment(0xE1, b"Exif\0\0") * (_MOST_EXIF_SEGMENTS + 1)), "too many parts"),
        (png.image(9, 9, extra=png.chunk(b"prVt", b"") * 1_000_000), "too many parts"),
    ],
    ids=["side", "tile", "strips", "scans", "segments", "Exif", "chunks"],
)
def test_an_original_of_too_many_parts_is_refused_without_decoding_it(original: bytes, message: str) -> None:
    with pytest.raises(TooLarge, match=message):
        opened(original, Settings().imaging)


@pytest.mark.parametrize(
    ("accepted", "refused"),
    [
        (lambda: png.image(5900, 5900, 16, 0), lambda: png.image(6100, 6100, 16, 0)),
        (lambda: webp.riff(webp.picture(5100, 5100)), lambda: webp.riff(webp.picture(5300, 5300))),
        (lambda: tiff.black(5900, 5900, 16, 4), lambda: tiff.black(6100, 6100, 16, 4)),
    ],
    ids=["16 bits", "WebP", "one strip"],
)
def test_formats_that_need_more_memory_have_a_lower_limit_of_pixels(
    accepted: Callable[[], bytes], refused: Callable[[], bytes]
) -> None:
    limit = Settings().imaging
    assert opened(accepted(), limit)
    with pytest.raises(TooLarge, match="MB to decode"):
        opened(refused(), limit)


def test_only_scans_before_the_end_of_the_picture_count() -> None:
    picture = jpeg.grey(jpeg.BASELINE, 3000, 3000, jpeg.scan(range(3)))
    assert opened(picture + jpeg.scan(range(3)) * 1000, Settings().imaging)
    hidden = jpeg.segment(0xFE, jpeg.END) + jpeg.scan(range(3)) * 1000
    with pytest.raises(TooLarge, match="1001 scans"):
        opened(jpeg.grey(jpeg.BASELINE, 3000, 3000, jpeg.scan(range(3)) + hidden), Settings().imaging)


def test_a_reader_refuses_to_read_too_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imaging.guard.MOST_PARTS", 2)
    reader = Reader(b"abc")
    assert (reader.read(1), reader.read()) == (b"a", b"bc")
    with pytest.raises(TooLarge):
        reader.read()


@pytest.mark.parametrize("name", OTHER_FORMATS)
def test_other_formats_of_pillow_are_unsupported(name: str) -> None:
    buffer = BytesIO()
    Image.new("RGBA" if name == "ICNS" else "F" if name == "SPIDER" else "RGB", (16, 16)).save(buffer, name)
    with pytest.raises(UnsupportedFormat):
        opened(buffer.getvalue(), SETTINGS.imaging)


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        # Pillow reads Exif with its TIFF plugin.
        ("JPEG", {"Jpeg", "Tiff"}),
        ("PNG", {"Png", "Tiff"}),
        ("WEBP", {"WebP", "Tiff"}),
        ("AVIF", {"Avif", "Tiff"}),
        ("GIF", {"Gif"}),
        ("TIFF", {"Tiff"}),
        ("BMP", {"Bmp"}),
        ("PPM", set()),
        ("EPS", set()),
    ],
)
def test_only_the_needed_decoder_is_loaded(name: str, needed: set[str]) -> None:
    code = (
        "import sys\n"
        "from core.errors import UnsupportedFormat\n"
        "from core.imaging.original import opened\n"
        "from core.settings import Settings\n"
        "try: opened(sys.stdin.buffer.read(), Settings(max_original_pixels=9999).imaging).image.load()\n"
        "except UnsupportedFormat: pass\n"
        "print(*[name[4:-11] for name in sys.modules if name.startswith('PIL.') and name.endswith('ImagePlugin')])"
    )
    original = damage.picture(name)
    done = subprocess.run(python("-c", code), cwd=ROOT, input=original, capture_output=True, check=True)
    assert set(done.stdout.decode().split()) <= needed


def test_only_the_decoder_of_the_signature_is_tried() -> None:
    for name in damage.FORMATS:
        with pytest.raises(BrokenOriginal):
            opened(b"\x89PNG\r\n\x1a\n" + damage.picture(name), SETTINGS.imaging)
