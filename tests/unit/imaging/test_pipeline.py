"""The size and the format of a variant."""

from itertools import product

import pytest
from PIL import Image

from core.imaging.pipeline import render
from core.size import FITS, FORMATS, parse
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.rendering import SETTINGS, rendered
from tests.support.pictures.samples import CAT, DOGS, FIG, SUNSET

ORIGINALS = {"wide": (150, 41), "tall": (37, 160), "square": (64, 64), "a pixel": (1, 1), "a line": (200, 1)}
SIZES = ("20x", "x20", "30x30", "1x1", "100x7", "500x", "x500", "500x300", "50x50-4x", "3000x1")


@pytest.mark.parametrize("shape", ORIGINALS.values(), ids=ORIGINALS)
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_a_variant_is_never_larger_than_requested_or_than_the_original(name: str, shape: tuple[int, int]) -> None:
    original = saved(Image.linear_gradient("L").resize(shape), name)
    for size, fit in product(SIZES, FITS):
        asked = parse(f"{size}-{fit}")
        width, height = opened(rendered(original, f"{size}-{fit}")).size
        assert width <= (asked.width or 10**6)
        assert height <= (asked.height or 10**6)
        assert min(width, height) >= 1
        if asked.fit != "contain":
            assert width <= shape[0], (size, fit)
            assert height <= shape[1], (size, fit)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ("600x", (600, 400)),
        ("x300", (450, 300)),
        ("300x300", (300, 300)),
        ("300x300-inside", (300, 200)),
        ("300x300-contain", (300, 300)),
        ("100x50-3x", (300, 150)),
        ("9999x", (4096, 2731)),
        ("250x-2x", (500, 333)),
        ("251x", (251, 167)),
    ],
)
def test_a_photograph_gets_the_expected_size(size: str, shape: tuple[int, int]) -> None:
    """It has 4272x2848 pixels, a ratio of 3:2. MAX_SIDE is 4096."""
    assert opened(rendered(SUNSET, f"{size}.jpg")).size == shape


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("original", [CAT, DOGS, FIG], ids=["cat", "dogs", "fig"])
def test_a_named_format_is_used(original: bytes, target: str) -> None:
    variant = render(original, parse(f"60x.{target}"), SETTINGS.imaging)
    name = {"jpg": "JPEG"}.get(target, target.upper())
    assert opened(variant.data).format == name
    assert variant.content_type == f"image/{name.lower()}"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("JPEG", "JPEG"),
        ("PNG", "PNG"),
        ("WEBP", "WEBP"),
        ("GIF", "GIF"),
        ("AVIF", "AVIF"),
        ("TIFF", "PNG"),
        ("BMP", "PNG"),
    ],
)
def test_the_default_format_is_that_of_the_original_or_png(name: str, kept: str) -> None:
    assert opened(rendered(saved(Image.new("RGB", (40, 40), "teal"), name), "20x")).format == kept
