"""`.auto`: the smallest of the formats that a browser accepts, from the first request on."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from core.http import Request, Response
from core.size import FORMATS, Format
from core.storage import StoredObject
from core.variants import requested
from tests.support.memory import Site, assert_problem
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import SUNSET
from tests.support.settings import settings

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def chart(colour: str = "navy") -> bytes:
    """Bars of one colour, of which a WebP has a tenth of an AVIF's bytes."""
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
def test_auto_is_never_the_larger_of_avif_and_webp(original: str, width: int) -> None:
    asked = site()
    chosen = key(asked.ask(f"/{width}x.auto/{original}", accept=CHROME)).removeprefix("/")
    for name in ("avif", "webp"):
        asked.ask(f"/{width}x.{name}/{original}")
    sizes = {name: len(stored.data) for name, stored in asked.variants.objects.items()}
    assert sizes[chosen] == min(sizes.values())


def test_a_named_format_is_rendered_even_if_another_is_smaller() -> None:
    asked = site()
    assert key(asked.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.webp/chart.png"
    assert key(asked.ask("/600x.avif/chart.png")) == "/600x.avif/chart.png"
    assert Image.open(BytesIO(asked.variants.objects["600x.avif/chart.png"].data)).format == "AVIF"


def test_a_browser_without_webp_gets_the_avif() -> None:
    assert key(site().ask("/600x.auto/chart.png", accept="image/avif,image/png")) == "/600x.avif/chart.png"


def test_other_processes_know_the_chosen_format() -> None:
    """No original is read again, and nothing is rendered."""
    first, second = site(), site()
    assert key(first.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.webp/chart.png"
    second.variants.objects = first.variants.objects
    answer = second.ask("/600x.auto/chart.png", accept=CHROME)
    assert (key(answer), answer.headers["X-Sizewise"]) == ("/600x.webp/chart.png", "hit")
    assert "read" not in second.trips.names


def test_a_stored_webp_that_was_requested_by_name_does_not_decide() -> None:
    asked = site()
    asked.ask("/600x.webp/photo.jpg")
    asked.ask("/600x.auto/photo.jpg", accept="image/webp")
    assert key(asked.ask("/600x.auto/photo.jpg", accept=CHROME)) == "/600x.avif/photo.jpg"


def test_the_format_is_chosen_again_after_the_original_is_replaced() -> None:
    first, second = site(), site()
    first.ask("/600x.auto/chart.png", accept=CHROME)
    second.variants.objects = first.variants.objects
    second.originals.put("chart.png", SUNSET)
    assert key(second.ask("/600x.auto/chart.png", accept=CHROME)) == "/600x.avif/chart.png"


def test_metadata_of_another_program_does_not_decide() -> None:
    asked = site()
    stored = StoredObject('"x"', "image/webp", "", {"insteadof": "avif"}, b"RIFF")
    asked.variants.objects["600x.webp/photo.jpg"] = stored
    assert key(asked.ask("/600x.auto/photo.jpg", accept=CHROME)) == "/600x.avif/photo.jpg"


@pytest.mark.parametrize(
    ("setting", "accept", "key"),
    [
        (None, "image/avif,*/*", "60x.avif"),
        (None, "image/webp", "60x.webp"),
        (None, "image/png", "60x"),
        (None, "", "60x"),
        ("webp", "image/webp", "60x"),
        ("webp", "image/avif", "60x.avif"),
    ],
)
def test_auto_is_negotiated_and_never_stored(setting: str | None, accept: str, key: str) -> None:
    site = Site(format=setting)
    answer = site.ask("/60x.auto/cat.jpg", accept=accept)
    assert answer.headers["Location"] == f"/{key}/cat.jpg"
    assert answer.headers["Vary"] == "Accept"
    assert set(site.variants.objects) == {f"{key}/cat.jpg"}


def test_auto_on_a_closed_list_becomes_a_listed_format() -> None:
    site = Site(sizes=("60x.avif", "60x.auto"))
    answer = site.ask("/60x.auto/cat.jpg", accept="image/avif")
    assert answer.headers["Location"] == "/60x.avif/cat.jpg"


@pytest.mark.parametrize("listed", ["60x.auto", "60x-q70.auto", "60x60-contain-bg00ff00.auto", "60x-q80.auto"])
@pytest.mark.parametrize("setting", [None, *FORMATS])
def test_a_list_with_auto_allows_every_format_that_auto_can_become(listed: str, setting: Format | None) -> None:
    request = Request("GET", f"/{listed}/cat.jpg", "image/avif,image/webp")
    variants = requested(request, settings(format=setting, sizes=(listed,)))
    assert len(variants) == (2 if setting in ("avif", "webp") else 3)


def test_a_broken_original_is_read_once_for_all_formats_of_auto() -> None:
    site = Site()
    assert_problem(site.ask("/60x.auto/cut.jpg", accept="image/avif,image/webp"), 422)
    assert site.trips.names.count("read") == 1


def test_the_default_format_is_tried_once() -> None:
    """Even if Accept names it, too."""
    site = Site(format="webp")
    request = Request("GET", "/60x.auto/cat.jpg", "image/avif,image/webp")
    assert [variant.key for variant in requested(request, settings(format="webp"))] == [
        "60x.avif/cat.jpg",
        "60x/cat.jpg",
    ]
    assert site.ask("/60x.auto/cat.jpg", accept="image/webp").headers["Location"] == "/60x/cat.jpg"
