"""`.auto`: the smallest of the formats that a browser takes, from the first request on."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from core.http import Response
from core.storage import StoredObject
from tests.support.memory import Site
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import SUNSET

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def chart(colour: str = "navy") -> bytes:
    """Bars of one colour, which WebP makes a tenth of what AVIF does."""
    picture = Image.new("RGB", (600, 400), "white")
    for left in range(0, 600, 30):
        ImageDraw.Draw(picture).rectangle((left, left * 7 % 400, left + 20, 400), colour)
    return saved(picture, "PNG")


def site() -> Site:
    made = Site()
    made.originals.put("chart.png", chart())
    made.originals.put("photo.jpg", SUNSET)
    return made


def key(answer: Response) -> str:
    return answer.headers["Location"]


def test_a_photograph_is_an_avif_and_a_chart_the_smaller_webp() -> None:
    asked = site()
    assert key(asked.ask("/600x.auto/photo.jpg", accept=CHROME)) == "/600x.avif/photo.jpg"
    assert key(asked.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.webp/chart.png"
    assert set(asked.variants.objects) == {"600x.avif/photo.jpg", "600x.webp/chart.png"}


@pytest.mark.parametrize("width", [24, 90, 200, 480])
@pytest.mark.parametrize("original", ["photo.jpg", "chart.png", "cat.jpg"])
def test_it_is_never_the_larger_of_both(original: str, width: int) -> None:
    asked = site()
    chosen = key(asked.ask(f"/{width}x.auto/{original}", accept=CHROME)).removeprefix("/")
    for name in ("avif", "webp"):
        asked.ask(f"/{width}x.{name}/{original}")
    sizes = {name: len(stored.data) for name, stored in asked.variants.objects.items()}
    assert sizes[chosen] == min(sizes.values())


def test_a_format_that_is_named_is_made_even_where_another_is_smaller() -> None:
    asked = site()
    assert key(asked.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.webp/chart.png"
    assert key(asked.ask("/600x.avif/chart.png")) == "/600x.avif/chart.png"
    assert Image.open(BytesIO(asked.variants.objects["600x.avif/chart.png"].data)).format == "AVIF"


def test_a_browser_without_webp_gets_the_avif() -> None:
    assert key(site().ask("/600x.auto/chart.png", accept="image/avif,image/png")) == "/600x.avif/chart.png"


def test_what_was_chosen_is_known_to_other_processes() -> None:
    """No original is read again, and nothing is rendered."""
    first, second = site(), site()
    assert key(first.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.webp/chart.png"
    second.variants.objects = first.variants.objects
    answer = second.ask("/600x.auto/chart.png", accept=CHROME)
    assert (key(answer), answer.headers["X-Sizewise"]) == ("/600x.webp/chart.png", "hit")
    assert "read" not in second.trips.names


def test_a_webp_that_somebody_asked_for_does_not_decide() -> None:
    asked = site()
    asked.ask("/600x.webp/photo.jpg")
    asked.ask("/600x.auto/photo.jpg", accept="image/webp")
    assert key(asked.ask("/600x.auto/photo.jpg", accept=CHROME)) == "/600x.avif/photo.jpg"


def test_it_is_chosen_anew_where_the_original_was_replaced() -> None:
    first, second = site(), site()
    first.ask("/600x.auto/chart.png", accept=CHROME)
    second.variants.objects = first.variants.objects
    second.originals.put("chart.png", SUNSET)
    assert key(second.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.avif/chart.png"


def test_metadata_that_is_not_ours_decides_nothing() -> None:
    asked = site()
    stored = StoredObject('"x"', "image/webp", "", {"insteadof": "avif"}, b"RIFF")
    asked.variants.objects["600x.webp/photo.jpg"] = stored
    assert key(asked.ask("/600x.auto/photo.jpg", accept=CHROME)) == "/600x.avif/photo.jpg"
