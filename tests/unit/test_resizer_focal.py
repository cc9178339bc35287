"""A focal point in the original's metadata: the default crop keeps it, and no address has to name it."""

import json
from dataclasses import replace
from io import BytesIO, StringIO

import numpy as np
import pytest
from PIL import Image

from tests.support.entries import entries
from tests.support.memory import Site, described
from tests.support.pictures.charts import saved

COLUMNS = np.arange(240, dtype=np.uint8)[None].repeat(40, 0)
"""240x40 pixels. The level of each pixel is its column."""


def asked(size: str, metadata: dict[str, str], **changed: object) -> int:
    """The leftmost column that a variant of the picture shows."""
    site = Site(**changed)
    original = saved(Image.fromarray(COLUMNS), "PNG")
    site.originals.objects["wide.png"] = replace(described(original, '"1"'), metadata=metadata)
    answer = site.ask(f"/{size}/wide.png")
    assert (answer.status, answer.headers["Location"]) == (301, f"/{size}/wide.png")
    (stored,) = site.variants.objects.values()
    assert stored.metadata == {"originaletag": '"1"'}
    return int(np.asarray(Image.open(BytesIO(stored.data)).convert("L"))[0, 0])


@pytest.mark.parametrize(
    ("point", "left"),
    # The percentage of 240, minus 20, limited by the edges.
    [("30x70", 52), ("75x1", 160), ("50x50", 100), ("0x0", 0), ("3x50", 0), ("100x100", 200), (" 030X7 ", 52)],
)
def test_the_default_crop_keeps_the_originals_focal_point(point: str, left: int, log: StringIO) -> None:
    assert asked("40x40", {"focal": point, "camera": "x"}) == left
    assert asked("40x40.png", {"focal": point}, widths=(40,)) == left
    assert not [entry for entry in entries(log) if "ignored" in entry]


def test_the_name_of_the_metadata_can_have_any_case() -> None:
    """Azure keeps the case."""
    assert asked("40x40", {"Focal": "30x70"}) == 52


@pytest.mark.parametrize(
    ("size", "left"),
    [("40x40-f50x50", 100), ("40x40-f60x1", 124), ("40x40-top", 100), ("40x40-right", 200), ("40x40-topleft", 0)],
)
def test_a_position_in_the_address_overrides_the_focal_point(size: str, left: int) -> None:
    assert asked(size, {"focal": "30x70"}) == left


@pytest.mark.parametrize("size", ["40x40-fill", "40x40-inside", "40x", "x40", "40x40-contain-bg000000"])
def test_the_focal_point_changes_nothing_if_nothing_is_cropped(size: str) -> None:
    assert asked(size, {"focal": "90x70"}) == asked(size, {})


UNREADABLE = (
    "30,70",
    "30",
    "center",
    "30x101",
    "-1x5",
    "0.3x0.7",
    "30x70x",
    "{}",
    "\u2028x",
    "=?UTF-8?Q?30?=",
)


@pytest.mark.parametrize("text", [*UNREADABLE, "9" * 3000])
def test_an_unreadable_focal_point_is_ignored_and_logged(text: str, log: StringIO) -> None:
    assert asked("40x40", {"focal": text}) == 100
    (entry,) = entries(log)
    assert entry["status"] == 301
    assert entry["ignored"].startswith(f"focal: {text.strip()}"[:100])
    assert len(json.dumps(entry["ignored"])) < 300


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_focal_point_is_ignored(text: str, log: StringIO) -> None:
    assert asked("40x40", {"focal": text}) == 100
    assert "ignored" not in entries(log)[0]
