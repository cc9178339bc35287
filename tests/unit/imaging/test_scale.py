"""Scaling: a transparent image scaled in bands is as scaled by Pillow at once, without a second copy of it."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from core.imaging import scale
from core.imaging.fit import Box
from core.imaging.scale import scaled
from tests.support.pictures.icc import Array
from tests.support.pictures.samples import CAT, FIG
from tests.support.servers.processes import ROOT

PEAK = """
import sys
from pathlib import Path
from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
from tests.support.peak import peak_mebibytes

prepare(Settings().max_original_pixels)
render(Path(sys.argv[1]).read_bytes(), parse("600x"), Settings().imaging)
print(peak_mebibytes())
"""


BOXES: list[tuple[tuple[int, int], Box]] = [
    ((300, 277), (0, 0, 640, 592)),
    ((100, 100), (24, 0, 616, 592)),
    ((50, 300), (10.5, 3.25, 600.25, 588.5)),
    ((700, 700), (0, 0, 640, 592)),
    ((300, 592), (0, 0, 640, 592)),
    ((1, 1), (0, 0, 640, 592)),
    ((64, 3), (0, 591.9, 640, 592)),
]


def by_pillow(image: Image.Image, target: tuple[int, int], box: Box) -> Image.Image:
    return image.resize(target, Image.Resampling.LANCZOS, box)


def levels(one: Image.Image, other: Image.Image) -> list[int]:
    """The sorted differences of two pictures' levels, shown over grey."""
    if one.mode in ("LA", "RGBA"):
        one, other = (
            Image.alpha_composite(Image.new("RGBA", one.size, "grey"), part.convert("RGBA")) for part in (one, other)
        )
    return sorted(ImageChops.difference(one.convert("RGB"), other.convert("RGB")).tobytes())


@pytest.fixture(params=["vectors", "vectors in parts", "pillow"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to scale; a machine has one or both. Transparent pictures are scaled in bands of some sixty rows."""
    monkeypatch.setattr(scale, "_BAND", 40_000)
    if request.param == "pillow":
        monkeypatch.setattr(scale, "Resizer", None)
    elif getattr(scale, "Resizer", None) is None:
        pytest.skip("there is no wheel of cykooz_resizer for this machine")
    elif request.param == "vectors in parts":
        monkeypatch.setattr(scale, "_BETWEEN", 20_000)  # Some thirty columns of the pictures here.
    return str(request.param)


def half_transparent() -> Image.Image:
    """A photograph with noise as its alpha."""
    photograph = Image.open(BytesIO(CAT)).resize((640, 592))
    # Pillow's noise differs each time. With some noise, the formula's results are halves, rounded either way.
    noise = Random(1).randbytes(photograph.width * photograph.height)
    photograph.putalpha(Image.frombytes("L", photograph.size, noise))
    return photograph


@pytest.mark.parametrize(("target", "box"), BOXES)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("name", ["drawing", "photograph"])
def test_bands_leave_no_seam(engine: str, name: str, mode: str, target: tuple[int, int], box: Box) -> None:
    image = (Image.open(BytesIO(FIG)) if name == "drawing" else half_transparent()).convert(mode)
    assert image.width * image.height > 2 * scale._BAND
    made, expected = scaled(image, target, box), by_pillow(image, target, box)
    if engine == "pillow":
        assert made.tobytes() == expected.tobytes()
    apart = levels(made, expected)
    assert apart[len(apart) * 99 // 100] <= 2
    assert apart[-1] <= 16


def weights(start: float, end: float, length: int, most: int) -> Array:
    """Lanczos with three lobes as a matrix: the weight of each of `most` samples for each of `length` results."""
    step = (end - start) / length
    reach = max(step, 1)
    middles = start + (np.arange(length)[:, None] + 0.5) * step
    off = (np.arange(most)[None] + 0.5 - middles) / reach
    found = np.where(np.abs(off) < 3, np.sinc(off) * np.sinc(off / 3), 0)
    return np.asarray(found / found.sum(1, keepdims=True))


def by_formula(image: Image.Image, target: tuple[int, int], box: Box) -> Image.Image:
    """The same picture by the formula of Lanczos resampling, in floating point (Duchon, 1979)."""
    pixels = np.asarray(image, float).reshape(image.height, image.width, -1)
    across = weights(box[0], box[2], target[0], image.width)
    down = weights(box[1], box[3], target[1], image.height)
    made = np.einsum("yh,hwc,xw->yxc", down, pixels, across, optimize=True).round().clip(0, 255).astype(np.uint8)
    return Image.frombytes(image.mode, target, made.tobytes())


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("target", "box"), BOXES)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_both_ways_give_the_picture_of_the_formula(mode: str, target: tuple[int, int], box: Box) -> None:
    image = Image.open(BytesIO(CAT)).resize((640, 592)).convert(mode)
    apart = levels(scaled(image, target, box), by_formula(image, target, box))
    # After shrinking by whole factors first, a single pixel is up to eight levels off.
    assert apart[len(apart) * 99 // 100] <= (8 if target == (1, 1) else 2)
    assert apart[-1] <= 16


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(1, 40), st.data())
def test_any_box_inside_the_picture_can_be_scaled(
    width: int, height: int, across: int, down: int, data: st.DataObject
) -> None:
    """A box that ends at the picture's edge, except for a rounding error, is not refused."""
    left = data.draw(st.floats(0, width - 0.01))
    top = data.draw(st.floats(0, height - 0.01))
    right = data.draw(st.one_of(st.just(float(width)), st.floats(left + 0.005, width)))
    bottom = data.draw(st.one_of(st.just(float(height)), st.floats(top + 0.005, height)))
    picture = Image.new("RGB", (width, height), (10, 200, 30))
    made = scaled(picture, (across, down), (left, top, right, bottom))
    assert made.getextrema() == ((10, 10), (200, 200), (30, 30))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize(("name", "mode", "most"), [("JPEG", "RGB", 150), ("PNG", "RGB", 290), ("PNG", "RGBA", 290)])
def test_forty_eight_megapixels_fit_in_memory(tmp_path: Path, name: str, mode: str, most: int) -> None:
    """A JPEG is never decoded completely. A PNG's pixels need 4 bytes each in Pillow, 186 MiB, and little more."""
    tile = Image.effect_mandelbrot((1068, 712), (-2, -1.2, 1, 1.2), 60).convert(mode)
    picture = Image.new(mode, (8544, 5696))
    for left in range(0, picture.width, tile.width):
        for top in range(0, picture.height, tile.height):
            picture.paste(tile, (left, top))
    file = tmp_path / "original"
    picture.save(file, name)
    command = [sys.executable, "-c", PEAK, str(file)]
    peak = float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    assert peak < most
