"""Quality as a look: 80 means what a JPEG of 80 looks like, in every format."""

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
"""Of the repository's samples."""

AGAIN = 2.0
"""Points of SSIMULACRA2 by which another version of an encoder may look other than the one that was measured."""


@cache
def scaled(name: str) -> Image.Image:
    """A photograph at 320 pixels of width, by Pillow."""
    picture = Image.open(ALBUMS / name).convert("RGB")
    return picture.resize((320, round(320 * picture.height / picture.width)), Image.Resampling.LANCZOS)


def look(picture: Image.Image, data: bytes, folder: Path) -> float:
    """SSIMULACRA2 of a variant: 100 is no difference, 90 none that is seen."""
    picture.save(folder / "picture.png")
    Image.open(BytesIO(data)).convert("RGB").save(folder / "variant.png")
    return float(compute_ssimulacra2(str(folder / "picture.png"), str(folder / "variant.png")))


@pytest.mark.parametrize(
    ("target", "measured"), [("webp", {50: 0.8, 80: 3.8, 90: 5.4}), ("avif", {50: -2.9, 80: 2.5, 90: 7.3})]
)
def test_a_quality_looks_as_it_did_when_the_curve_was_measured(
    target: Format, measured: dict[int, float], tmp_path: Path
) -> None:
    """By how much it looks better than a JPEG of that quality, as the mean of both photographs."""
    for quality, better in measured.items():
        differences = []
        for picture in map(scaled, PHOTOGRAPHS):
            variant = rendered(saved(picture, "PNG"), f"320x-q{quality}.{target}")
            jpeg = saved(picture, "JPEG", quality=quality)
            differences.append(look(picture, variant, tmp_path) - look(picture, jpeg, tmp_path))
        assert mean(differences) == pytest.approx(better, abs=AGAIN)


@pytest.mark.parametrize("target", CURVES)
def test_more_quality_is_never_less_for_an_encoder(target: Format) -> None:
    told = [encoder_quality(target, quality) for quality in range(1, 101)]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (1, 100)
    assert all(after - before <= 3 for before, after in pairwise(told))


@pytest.mark.parametrize("target", ["webp", "avif"])
def test_more_quality_has_more_bytes(target: str) -> None:
    original = saved(scaled(PHOTOGRAPHS[0]), "PNG")
    sizes = [len(rendered(original, f"320x-q{quality}.{target}")) for quality in (10, 40, 60, 80, 90, 100)]
    assert sizes == sorted(set(sizes))
