"""An original that already is the requested variant is stored unchanged, without a second loss."""

from io import BytesIO

import pytest
from PIL import Image

from core.errors import BrokenOriginal
from core.settings import Settings
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.plain import NOISE, PLAIN
from tests.support.pictures.playing import frames
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import CAT


@pytest.mark.parametrize("name", PLAIN)
def test_an_original_without_metadata_is_stored_byte_by_byte(name: str) -> None:
    assert rendered(PLAIN[name], "40x30") == PLAIN[name]


@pytest.mark.parametrize(
    "size", ["40x", "x30", "40x30-inside", "40x30-fill", "40x30-contain", "40x30-smart", "40x30-top", "900x", "80x60"]
)
def test_any_size_that_shows_the_whole_original_stores_it_unchanged(size: str) -> None:
    for name in ("JPEG", "PNG", "WebP", "GIF"):
        suffix = {"JPEG": "jpg"}.get(name, name.lower())
        assert rendered(PLAIN[name], size) == PLAIN[name]
        assert rendered(PLAIN[name], f"{size}.{suffix}") == PLAIN[name]


def test_a_photograph_keeps_its_pixels_and_gets_no_larger() -> None:
    variant = rendered(CAT, "451x")
    assert len(variant) <= len(CAT)
    assert opened(variant).tobytes() == opened(CAT).tobytes()


def test_the_deployments_format_counts_as_requested() -> None:
    settings = Settings(format="webp")
    assert rendered(PLAIN["WebP"], "40x30", settings) == PLAIN["WebP"]
    assert opened(rendered(PLAIN["PNG"], "40x30", settings)).format == "WEBP"


def test_only_the_first_of_several_pictures_in_a_jpeg_is_stored() -> None:
    data = saved(NOISE, "MPO", save_all=True, append_images=[NOISE.rotate(180)])
    assert opened(data).format == "MPO"
    variant = opened(rendered(data, "40x30"))
    assert variant.format == "JPEG"
    assert variant.tobytes() == opened(data).tobytes()
    assert len(rendered(data, "40x30")) < len(data) / 2 + 100


@pytest.mark.parametrize("name", ["JPEG", "WebP"])
def test_a_lower_quality_is_applied_if_it_saves_bytes(name: str) -> None:
    assert len(rendered(PLAIN[name], "40x30-q40")) < len(PLAIN[name]) * 0.7


@pytest.mark.parametrize("options", [{"quality": 30}, {"quality": 30, "progressive": True}])
def test_a_higher_quality_never_adds_bytes_to_the_same_picture(options: dict[str, object]) -> None:
    for name in ("JPEG", "WEBP"):
        original = saved(NOISE, name, **options)
        assert rendered(original, "40x30-q95") == original
        assert len(rendered(original, "20x15-q95")) != len(original)


def test_a_background_does_not_change_an_opaque_picture() -> None:
    for name in ("JPEG", "PNG", "WebP"):
        assert rendered(PLAIN[name], "40x30-bgff0000") == PLAIN[name]


@pytest.mark.parametrize("name", PLAIN)
def test_a_file_that_is_cut_short_is_refused_or_shown_completely(name: str) -> None:
    """A GIF can end after any of its pictures. A JPEG or PNG can lack only its end marker."""
    data = PLAIN[name]
    with Image.open(BytesIO(data)) as image:
        whole = [frame.convert("RGBA").tobytes() for frame in frames(image)]
    for length in (*range(64, len(data) - 12, len(data) // 9), len(data) - 1, len(data) - 2):
        try:
            found = rendered(data[:length], "40x30")
        except BrokenOriginal:
            continue
        with Image.open(BytesIO(found)) as image:
            shown = [frame.convert("RGBA").tobytes() for frame in frames(image)]
        assert name.startswith("GIF") or len(shown) == len(whole)
        if not name.startswith("JPEG"):
            assert shown == whole[: len(shown)]


@pytest.mark.parametrize("name", [name for name in PLAIN if not name.startswith("JPEG")])
def test_damaged_pixels_are_refused(name: str) -> None:
    data = PLAIN[name]
    middle = len(data) // 2
    damaged = data[:middle] + bytes(200) + data[middle + 200 :]
    try:
        rendered(damaged, "40x30")
    except BrokenOriginal:
        return
    assert name.startswith(("GIF", "WebP"))  # Their damaged codes can be valid.
