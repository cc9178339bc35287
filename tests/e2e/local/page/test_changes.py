"""The front page while its folder changes, and after a failure."""

import time
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page, expect

from tests.e2e.local.conftest import serving
from tests.e2e.local.page.conftest import at, fill_folder, opened
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import CAT
from tests.support.servers.chromium import watched
from tests.support.servers.processes import free_port
from tests.support.threads import PATIENCE


def colour(page: Page, selector: str) -> tuple[int, ...]:
    """The colour that an element shows, outside its centre, where the focal point is drawn."""
    seen = Image.open(BytesIO(page.locator(selector).screenshot())).convert("RGB")
    pixel = seen.getpixel((seen.width // 4, seen.height // 4))
    assert isinstance(pixel, tuple)
    return pixel


def shows(page: Page, selector: str, name: str) -> None:
    """Waits until an element shows a colour: before it has an answer, Chromium may show a cached image."""
    deadline = time.monotonic() + PATIENCE
    while np.abs(np.subtract(colour(page, selector), ImageColor.getrgb(name))).max() > 8:
        assert time.monotonic() < deadline, colour(page, selector)


def test_another_folder_at_the_same_address_shows_its_own_images(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    context = browser.new_context()
    page = context.new_page()
    for name in ("red", "blue"):
        root = tmp_path / name
        root.mkdir()
        (root / "IMG_1.jpg").write_bytes(saved(Image.new("RGB", (400, 300), name), "JPEG"))
        with serving(root, {}, port=port):
            page.goto(f"http://127.0.0.1:{port}/")
            shows(page, "#photographs img", name)
            page.get_by_role("link", name="IMG_1.jpg").click()
            shows(page, "#original", name)
            shows(page, "#variant", name)
    context.close()


def test_a_replaced_original_is_shown(browser: Browser, root: Path) -> None:
    with serving(root, {}) as site, opened(browser, site.address) as page:
        for name in ("red", "blue"):
            site.put("one.jpg", saved(Image.new("RGB", (400, 300), name), "JPEG"))
            if name == "blue":
                site.delete("200x/one.jpg")
                page.get_by_role("link", name="← Images").click()
                page.get_by_role("link", name="cat.jpg").click()  # Another image in between.
                page.get_by_role("link", name="← Images").click()
                page.get_by_role("link", name="one.jpg").click()
            else:
                page.reload()
                page.get_by_role("link", name="one.jpg").click()
            page.get_by_role("spinbutton", name="Height").fill("")
            page.get_by_role("spinbutton", name="Width").fill("200")
            expect(page.locator("#variant-facts")).to_contain_text("200 ×")
            shown = [colour(page, "#original"), colour(page, "#variant")]
            assert np.abs(np.subtract(shown, (254, 0, 0) if name == "red" else (0, 0, 254))).max() < 8, shown


def test_an_image_that_can_not_be_opened_shows_nothing_of_the_previous_one(browser: Browser, root: Path) -> None:
    (root / "cut.jpg").write_bytes(CAT[:20_000])
    with serving(root, {}) as site, watched(browser, site.address) as seen:
        page = seen.page
        page.goto(at("300x", "cat.jpg"))
        expect(page.locator("#variant-facts")).to_contain_text("×")
        page.get_by_role("link", name="← Images").click()
        page.get_by_role("link", name="cut.jpg").click()
        expect(page.get_by_role("alert")).to_contain_text("cut short")
        expect(page.locator("#opened")).to_be_hidden()
        page.get_by_role("link", name="← Images").click()
        page.get_by_role("link", name="cat.jpg").click()
        expect(page.locator("#variant-facts")).to_contain_text("×")
        expect(page.locator("#failure")).to_be_hidden()


def test_a_photograph_that_is_opened_again_is_current(browser: Browser, root: Path) -> None:
    with serving(root, {}) as site, opened(browser, site.address) as page:
        page.get_by_role("link", name="cat.jpg").click()
        expect(page.locator("#original-facts")).to_contain_text("451 × 300")
        site.put("cat.jpg", saved(Image.new("RGB", (300, 500), "blue"), "JPEG"))
        page.get_by_role("spinbutton", name="Width").fill("123")  # The next request sees that it was replaced.
        expect(page.locator("#original-facts")).to_contain_text("300 × 500")
        expect(page.locator("#variant-facts")).to_contain_text("123 × 400")
        page.get_by_role("link", name="← Images").click()
        page.get_by_role("link", name="cat.jpg").press("Enter")
        expect(page.get_by_role("heading", name="cat.jpg")).to_be_focused()
        expect(page.locator("#original-facts")).to_contain_text("300 × 500")


def test_a_thumbnail_that_failed_is_requested_again(browser: Browser, root: Path) -> None:
    (root / "cut.jpg").write_bytes(CAT[:20_000])
    fill_folder(root, 99)
    with serving(root, {"WIDTHS": "200"}) as site, watched(browser, site.address) as seen:
        page = seen.page
        page.goto("/?search=cut")
        expect(page.locator("#photographs .broken")).to_have_count(1)
        site.put("cut.jpg", CAT)
        page.get_by_label("Search by name").fill("")
        expect(page.locator("#photographs li")).to_have_count(100)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(page.locator("#photographs li")).to_have_count(101)
        page.wait_for_load_state("networkidle")
        assert page.locator("#photographs .broken").count() == 0
