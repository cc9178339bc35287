"""Quality is a look: 80 looks like a JPEG of quality 80, in every format."""

from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from PIL import Image
from ssimulacra2 import compute_ssimulacra2

from core.imaging.quality import CURVES, encoder_quality
from core.size import Format
from tests.support.pictures.charts import saved
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import ALBUMS

PHOTOGRAPHS = ("cat.jpg", "2026/sunset.jpg")
"""From the repository's samples."""

TOLERANCE = 2.0
"""Points of SSIMULACRA2 by which another version of an encoder may differ from the measured one."""


@cache
def scaled(name: str) -> Image.Image:
    """A photograph scaled to a width of 320 pixels, by Pillow."""
    picture = Image.open(ALBUMS / name).convert("RGB")
    return picture.resize((320, round(320 * picture.height / picture.width)), Image.Resampling.LANCZOS)


def look(picture: Image.Image, data: bytes, folder: Path) -> float:
    """SSIMULACRA2 of a variant: 100 is no difference, 90 no visible one."""
    picture.save(folder / "picture.png")
    Image.open(BytesIO(data)).convert("RGB").save(folder / "variant.png")
    return float(compute_ssimulacra2(str(folder / "picture.png"), str(folder / "variant.png")))


@pytest.mark.parametrize(
    ("target", "measured"), [("webp", {50: 0.8, 80: 3.8, 90: 5.4}), ("avif", {50: -2.9, 80: 2.5, 90: 7.3})]
)
def test_a_quality_looks_as_it_did_when_the_curve_was_measured(
    target: Format, measured: dict[int, float], tmp_path: Path
) -> None:
    """The expected value is how much better it looks than a JPEG of that quality, as the mean of both photographs."""
    for quality, better in measured.items():
        differences = []
        for picture in map(scaled, PHOTOGRAPHS):
            variant = rendered(saved(picture, "PNG"), f"320x-q{quality}.{target}")
            jpeg = saved(picture, "JPEG", quality=quality)
            differences.append(look(picture, variant, tmp_path) - look(picture, jpeg, tmp_path))
        assert mean(differences) == pytest.approx(better, abs=TOLERANCE)


@pytest.mark.parametrize("target", CURVES)
def test_a_higher_quality_never_means_a_lower_number_for_the_encoder(target: Format) -> None:
    numbers = [encoder_quality(target, quality) for quality in range(1, 101)]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (1, 100)
    assert all(after - before <= 3 for before, after in pairwise(numbers))


@pytest.mark.parametrize("target", ["webp", "avif"])
def test_a_higher_quality_has_more_bytes(target: str) -> None:
    original = saved(scaled(PHOTOGRAPHS[0]), "PNG")
    sizes = [len(rendered(original, f"320x-q{quality}.{target}")) for quality in (10, 40, 60, 80, 90, 100)]
    assert sizes == sorted(set(sizes))
