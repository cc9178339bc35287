"""The page also offers other sizes of the variant, and markup for the user's own page."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.local.conftest import serving
from tests.e2e.local.page.conftest import address, at, opened


def test_the_other_sizes_show_their_bytes_after_they_are_rendered(browser: Browser, root: Path) -> None:
    settings = {"WIDTHS": "100,200,300", "RATIOS": "1:1", "SIZES": "90x60-f20x20"}
    with serving(root, settings) as site, opened(browser, site.address, at("150x150.webp", "cat.jpg")) as page:
        address(page, "/200x200.webp/cat.jpg")
        rows = ["90x60-f20x20", "100x100.webp", "200x200.webp", "300x300.webp"]
        expect(page.locator("#candidates th")).to_have_text(rows)
        expect(page.locator("#candidates td")).to_have_text(
            ["–", "–", re.compile("kB"), "–"]
        )  # The third one is the variant on the page.
        assert not site.stored("300x300.webp/cat.jpg")
        page.get_by_role("button", name="Render them and show their bytes").click()
        expect(page.locator("#candidates td").last).to_have_text(re.compile("kB|bytes"))
        stored = site.stored("300x300.webp/cat.jpg")
        assert stored
        assert page.locator("#candidates td").last.inner_text() == f"{len(stored.data) / 1000:.3g} kB"
        assert "Variants per image: up to 271" in page.locator("#limits").inner_text()


@pytest.mark.parametrize("kind", ["img", "picture"])
@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({}, "200x100-f30x70"),
        ({}, "150x-q50"),
        ({}, "x150.auto"),
        ({}, "600x400"),  # Larger than the original.
        ({"WIDTHS": "100,300,600,1200"}, "x600"),
        ({"WIDTHS": "100,200,300"}, "200x150-smart"),
        ({"SIZES": "80x60,160x120,100x100"}, "160x120"),
    ],
)
def test_the_markup_lists_variants_with_their_real_widths(
    browser: Browser, root: Path, settings: dict[str, str], size: str, kind: str
) -> None:
    with serving(root, settings) as site, opened(browser, site.address, at(size, "cat.jpg")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("×")
        page.locator(f"[name=kind][value={kind}]").check()
        page.get_by_role("button", name="Copy markup").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        markup = page.evaluate("navigator.clipboard.readText()")
        offers = re.findall(rf"{site.address}(/\S+/cat\.jpg)(?: (\d+)w)?", markup)
        assert len(offers) > 2
        for listed in re.findall(r'srcset="([^"]*)"', markup):
            widths = [int(width) for width in re.findall(r" (\d+)w", listed)]
            assert widths == sorted(set(widths))
        for path, width in offers:
            asked = site.ask(path)
            stored = site.follow(asked) if asked.status_code == 301 else asked
            # Canonical: if it redirects, then to itself. Only .auto redirects to the format that Accept decides.
            assert asked.headers.get("location", path) == path or ".auto" in path
            shown = Image.open(BytesIO(stored.content))
            assert not width or shown.width == int(width)
        has_sources = kind == "picture" and "SIZES" not in settings  # These SIZES allow no other format.
        assert markup.startswith("<picture>" if has_sources else "<img src=")
