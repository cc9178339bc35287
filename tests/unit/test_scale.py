"""Scaling: in bands, a transparent image comes out as Pillow scales it at one go, without a second copy of it."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from core.fit import Box
from core.scale import BAND, scaled
from tests.support.processes import ROOT
from tests.support.samples import FIG

PEAK = """
import sys
from pathlib import Path
from core.render import render
from core.settings import Settings
from core.size import parse

def megabytes(name):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) / 1024

data = Path(sys.argv[1]).read_bytes()
render(data, parse("600x"), Settings("", ""))
print(megabytes("VmHWM"))
"""


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(
    ("target", "box"),
    [
        ((300, 277), (0, 0, 640, 592)),
        ((100, 100), (24, 0, 616, 592)),
        ((50, 300), (10.5, 3.25, 600.25, 588.5)),
        ((700, 700), (0, 0, 640, 592)),
        ((300, 592), (0, 0, 640, 592)),
    ],
)
def test_bands_leave_no_seam(mode: str, target: tuple[int, int], box: Box) -> None:
    image = Image.open(BytesIO(FIG)).convert(mode)
    assert image.height > 2 * BAND
    assert scaled(image, target, box).tobytes() == image.resize(target, Image.Resampling.LANCZOS, box).tobytes()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize(("name", "mode", "most"), [("JPEG", "RGB", 150), ("PNG", "RGB", 290), ("PNG", "RGBA", 290)])
def test_forty_eight_megapixels_fit_in_memory(tmp_path: Path, name: str, mode: str, most: int) -> None:
    """A JPEG is never decoded whole; a PNG's pixels take 4 bytes each in Pillow, 186 MiB, and then little more."""
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
