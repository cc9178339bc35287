"""What Pillow is told for the whole process: the memory of one picture serves the next."""

import subprocess
import sys

import pytest

from tests.support.servers.processes import ROOT, python

RENDERS = """
import resource
from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.samples import SUNSET

prepare(Settings().max_original_pixels)
baseline = saved(opened(SUNSET), "JPEG")  # A progressive one takes memory of libjpeg's own.
faults = []
for _ in range(8):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    render(baseline, parse("1200x.jpg"), Settings().imaging)
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(min(faults[3:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how memory is given back differs from system to system")
def test_a_picture_like_the_last_one_needs_no_fresh_memory() -> None:
    """Decoded, the photograph takes 12 MB, 3,000 pages: fresh from the system they take a tenth of a render's time."""
    done = subprocess.run(python("-c", RENDERS), cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 500
