"""Pillow's settings for the whole process, and formats that it lacks."""

import subprocess
import sys

import pytest
from PIL import Image

from core.errors import SizeRefused, UnsupportedFormat
from core.imaging.pillow import load_plugin
from tests.support.pictures.charts import saved
from tests.support.pictures.rendering import rendered
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
baseline = saved(opened(SUNSET), "JPEG")  # For a progressive one, libjpeg allocates memory of its own.
faults = []
for _ in range(8):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    render(baseline, parse("1200x.jpg"), Settings().imaging)
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(min(faults[3:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="each system returns memory in its own way")
def test_a_picture_as_large_as_the_last_one_needs_no_new_memory() -> None:
    """The decoded photograph needs 12 MB, 3,000 pages. New ones from the system cost a tenth of a render's time."""
    done = subprocess.run(python("-c", RENDERS), cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 500


ORIGINALS = {name: saved(Image.new("RGB", (8, 8)), name) for name in ("PNG", "WEBP", "AVIF")}
MISSING = {"HEIF": "HEIC", "WEBP": "WEBP", "AVIF": "AVIF"}


@pytest.fixture
def without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A format whose library this process lacks: pi-heif, or a library that Pillow is built with."""
    name = str(request.param)
    if name == "HEIF":
        monkeypatch.setitem(sys.modules, "pi_heif", None)
    else:
        monkeypatch.setattr(load_plugin(name), "SUPPORTED", False)
    return name


@pytest.mark.parametrize("without", MISSING, indirect=True)
def test_an_original_of_a_format_that_is_not_installed_is_unsupported(without: str) -> None:
    original = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" if without == "HEIF" else ORIGINALS[without]
    with pytest.raises(UnsupportedFormat, match=MISSING[without]):
        rendered(original, "8x8.png")
    assert rendered(ORIGINALS["PNG"], "8x8.jpg")


@pytest.mark.parametrize("without", ["WEBP", "AVIF"], indirect=True)
def test_a_size_of_a_format_that_is_not_installed_is_refused(without: str) -> None:
    """The original and the server are right: another format would work."""
    with pytest.raises(SizeRefused, match=without):
        rendered(ORIGINALS["PNG"], f"8x8.{without.lower()}")
