"""The effort for a variant: less for many pixels, or a refusal before any work is done."""

import re
from dataclasses import replace

import pytest
from PIL import Image

from core import resizer
from core.errors import TooExpensive
from core.imaging.decisions import decide
from core.imaging.effort import Pictures, Spent, effort
from core.imaging.original import Original, opened
from core.settings import Settings
from core.size import FORMATS, Format, parse
from tests.support.memory import Site
from tests.support.pictures.charts import saved
from tests.support.pictures.rendering import rendered

SETTINGS = Settings().imaging
NOTHING = Spent(0, 0)
CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


@pytest.mark.parametrize(
    ("target", "alpha"), [*((name, False) for name in FORMATS), *((name, True) for name in FORMATS if name != "avif")]
)
def test_a_still_of_any_size_allowed_by_default_is_rendered(target: Format, alpha: bool) -> None:
    assert effort(target, (4096, 4096), Pictures(1, alpha), NOTHING, SETTINGS)


@pytest.mark.parametrize(
    ("target", "frames"), [*((name, 1) for name in FORMATS), *((name, 40) for name in FORMATS if name != "jpg")]
)
@pytest.mark.parametrize("alpha", [False, True])
def test_more_pixels_never_get_more_effort(target: Format, frames: int, alpha: bool) -> None:
    costs = []
    for side in range(100, 8000, 100):
        try:
            costs.append(effort(target, (side, side), Pictures(frames, alpha), NOTHING, SETTINGS).photograph)
        except TooExpensive:
            break
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(
    ("target", "sides", "frames"),
    [("avif", (8000, 8000), 1), ("webp", (500, 500), 500), ("png", (1000, 1000), 64), ("gif", (4096, 4096), 16)],
)
def test_a_variant_of_too_much_work_is_refused_with_advice(target: Format, sides: tuple[int, int], frames: int) -> None:
    with pytest.raises(TooExpensive, match=re.escape(f"{target.upper()} of {sides[0]}x{sides[1]} pixels")) as refused:
        effort(target, sides, Pictures(frames, alpha=False), NOTHING, SETTINGS)
    assert "smaller size or another format" in str(refused.value)
    assert refused.value.status == 413


def test_a_slow_original_leaves_less_for_its_variant() -> None:
    assert effort("avif", (4096, 4096), Pictures(1, alpha=False), Spent(1, 0), SETTINGS)
    with pytest.raises(TooExpensive):
        effort("avif", (4096, 4096), Pictures(1, alpha=False), Spent(4, 0), SETTINGS)
    with pytest.raises(TooExpensive):
        effort("avif", (4096, 4096), Pictures(1, alpha=False), Spent(0, 60_000_000), SETTINGS)


def test_each_frame_counts_even_if_it_is_small() -> None:
    assert effort("webp", (1, 1), Pictures(3000, alpha=False), Spent(3, 0), SETTINGS)
    with pytest.raises(TooExpensive):
        effort("webp", (1, 1), Pictures(3000, alpha=False), Spent(3.5, 0), SETTINGS)


def test_the_memory_of_a_gif_includes_its_encoders_copy_of_each_frame() -> None:
    """Three bytes per pixel, in addition to the frame's four."""
    frames = int(SETTINGS.memory) // (500 * 500 * 7)
    assert effort("gif", (500, 500), Pictures(frames - 1, alpha=False), NOTHING, SETTINGS)
    with pytest.raises(TooExpensive):
        effort("gif", (500, 500), Pictures(frames, alpha=False), NOTHING, SETTINGS)


def seconds_left(original: Original) -> float:
    """Seconds per million pixels that remain for a large AVIF of an original."""
    return decide(original, parse("2300x2300-fill.avif"), replace(SETTINGS, enlarge=True)).effort.noise


def test_a_jpeg_without_its_end_leaves_less_effort_for_its_variant() -> None:
    whole = saved(Image.new("L", (6500, 6500)), "JPEG")
    assert seconds_left(opened(whole[:-2], SETTINGS)) < seconds_left(opened(whole, SETTINGS))


def test_a_picture_made_from_larger_parts_leaves_less_effort_for_its_variant() -> None:
    small = opened(saved(Image.new("RGB", (64, 64)), "AVIF"), SETTINGS)
    tiled = replace(small, contents=replace(small.contents, coded=130_000_000))
    assert seconds_left(tiled) < seconds_left(small)


def test_a_deployment_for_larger_originals_has_more_time_and_memory() -> None:
    assert effort(
        "avif", (5792, 5792), Pictures(1, alpha=False), NOTHING, replace(SETTINGS, max_pixels=2 * SETTINGS.max_pixels)
    )


def test_an_avif_of_many_pixels_has_halved_chroma() -> None:
    for sides, subsampling in (((300, 200), 0), ((3600, 2400), 3)):
        data = rendered(saved(Image.new("RGB", sides, "teal"), "JPEG"), f"{sides[0]}x.avif")
        assert data[data.index(b"av1C") + 6] >> 2 & 3 == subsampling


@pytest.mark.parametrize(("accept", "key"), [(CHROME, "4096x.webp"), ("image/avif", "4096x")])
def test_auto_uses_the_next_format_if_the_best_one_is_too_much_work(accept: str, key: str) -> None:
    """The largest square is an AVIF, unless the original's file leaves too little memory."""
    site = Site()
    original = saved(Image.new("RGB", (4096, 4096), "teal"), "JPEG")
    site.originals.put("small.jpg", original)
    site.originals.put("large.jpg", original + bytes(40_000_000))
    assert site.ask("/4096x.auto/small.jpg", accept=accept).headers["Location"] == "/4096x.avif/small.jpg"
    for _ in range(2):
        assert site.ask("/4096x.auto/large.jpg", accept=accept).headers["Location"] == f"/{key}/large.jpg"
    # The second time the choice is known, and the original is not read.
    assert site.trips.names.count("read") == 3
    assert set(site.variants.objects) == {"4096x.avif/small.jpg", f"{key}/large.jpg"}
    assert site.ask("/4096x.avif/large.jpg").status == 413


def test_auto_tries_again_after_an_original_was_replaced_by_a_smaller_one() -> None:
    site = Site()
    original = saved(Image.new("RGB", (4096, 4096), "teal"), "JPEG")
    site.originals.put("changing.jpg", original + bytes(40_000_000))
    assert site.ask("/4096x.auto/changing.jpg", accept=CHROME).headers["Location"] == "/4096x.webp/changing.jpg"
    site.originals.put("changing.jpg", original)
    assert site.ask("/4096x.auto/changing.jpg", accept=CHROME).headers["Location"] == "/4096x.avif/changing.jpg"


def test_a_limited_number_of_refused_variants_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resizer, "_MOST_KNOWN", 2)
    site = Site(max_side=16000)
    site.originals.put("large.jpg", saved(Image.new("L", (5000, 4000)), "JPEG"))
    for width in range(4990, 5000):
        assert site.ask(f"/{width}x.avif/large.jpg").status == 413
    assert len(site.resizer._passed_over) <= 2
