"""A photograph and its variant: each choice changes the picture, its facts and the address."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.e2e.local.page.conftest import SUNSET_KEY, Open, address, at, opened
from tests.support.pictures.samples import CAT
from tests.support.servers.chromium import PHONE, watched


def test_a_shared_address_opens_with_the_same_choices(open_page: Open) -> None:
    with open_page(at("500x250-f30x70-bg1e90ff-q60.webp")) as page:
        address(page, f"/500x250-f30x70-bg1e90ff-q60.webp/{SUNSET_KEY}")
        for label, value in {"Width": "500", "Height": "250", "Format": "webp", "Quality": "60"}.items():
            expect(page.get_by_label(label)).to_have_value(value)
        expect(page.get_by_label("Background", exact=True)).to_be_checked()
        expect(page.get_by_label("Background colour")).to_have_value("#1e90ff")
        expect(page.locator("#point")).to_have_accessible_name("Point that the crop keeps: 30 % across, 70 % down")
        page.get_by_label("Quality").fill("70")
        expect(page).to_have_url(re.compile(re.escape(at("500x250-f30x70-bg1e90ff-q70.webp"))))


def test_going_back_shows_the_same_list(open_page: Open) -> None:
    with open_page("/?folder=albums&search=jpg") as page:
        page.get_by_role("link", name="cat.jpg").click()
        expect(page.get_by_role("heading", name="cat.jpg")).to_be_visible()
        page.get_by_label("Width").fill("320")
        address(page, "/320x400/albums/cat.jpg")
        page.go_back()
        expect(page.get_by_role("status").first).to_have_text("4 images for “jpg” in albums.")
        page.get_by_role("link", name="dogs.jpg").click()
        page.get_by_role("link", name="← Images").click()
        expect(page).to_have_url(re.compile(r"/\?folder=albums&search=jpg$"))


def test_the_arrow_keys_move_the_point(open_page: Open) -> None:
    with open_page(at("300x200-f30x70")) as page:
        expect(page.locator("#point")).to_be_visible()
        page.locator("#point").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
        address(page, f"/300x200-f31x60/{SUNSET_KEY}")
        for _ in range(7):
            page.keyboard.press("Shift+ArrowDown")
        for _ in range(4):
            page.keyboard.press("Shift+ArrowLeft")
        address(page, f"/300x200-bottomleft/{SUNSET_KEY}")  # The name of that corner.
        expect(page.get_by_label("Fit")).to_have_value("bottomleft")


def test_a_tap_on_the_original_sets_the_point(open_page: Open) -> None:
    with open_page(at("300x300"), viewport=PHONE, has_touch=True) as page:
        expect(page.locator("#point")).to_be_visible()
        box = page.locator("#original").bounding_box()
        assert box
        page.touchscreen.tap(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.401)
        address(page, f"/300x300-f20x40/{SUNSET_KEY}")
        page.get_by_role("button", name="Remove the point").click()
        address(page, f"/300x300/{SUNSET_KEY}")


def test_a_point_is_offered_only_if_something_is_cropped(open_page: Open) -> None:
    with open_page(at("300x200-contain")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("×")
        expect(page.locator("#point")).to_be_hidden()
        page.get_by_label("Fit").select_option("topleft")
        expect(page.locator("#point")).to_have_accessible_name("Point that the crop keeps: 0 % across, 0 % down")
        page.get_by_label("Height").fill("")
        address(page, f"/300x/{SUNSET_KEY}")
        expect(page.locator("#point")).to_be_hidden()
        expect(page.get_by_label("Fit")).to_be_disabled()


def test_the_focal_point_stored_with_an_original_is_shown(browser: Browser, root: Path) -> None:
    with serving(root, {}) as site:
        site.put("cat.jpg", CAT, focal="20x80")
        with opened(browser, site.address, at("300x300", "cat.jpg")) as page:
            expect(page.locator("#point")).to_have_accessible_name("Point that the crop keeps: 20 % across, 80 % down")


def test_a_quality_is_offered_only_if_the_format_has_one(open_page: Open) -> None:
    with open_page(at("200x", "albums/fig.png")) as page:
        expect(page.locator("#quality-value")).to_have_text("has no effect")
        expect(page.get_by_label("Quality")).to_be_disabled()
        page.get_by_label("Format").select_option("webp")
        expect(page.get_by_label("Quality")).to_be_enabled()
        page.get_by_label("Quality").fill("50")
        address(page, "/200x-q50.webp/albums/fig.png")
        page.get_by_label("Quality").fill("80")
        address(page, "/200x.webp/albums/fig.png")


def test_without_a_side_it_says_what_is_missing(open_page: Open) -> None:
    with open_page(at("300x")) as page:
        page.get_by_label("Width").fill("")
        expect(page.get_by_role("alert")).to_have_text("Give a width, a height, or both: whole numbers from 1.")
        page.get_by_label("Height").fill("100")
        address(page, f"/x100/{SUNSET_KEY}")
        expect(page.locator("#refusal")).to_be_hidden()


@pytest.mark.parametrize("size", ["banana", "300x200-blur", "0x"])
def test_an_invalid_size_is_refused_with_the_servers_own_words(open_page: Open, site: LocalSite, size: str) -> None:
    with open_page(at(size)) as page:
        words = site.ask(f"/{size}/{SUNSET_KEY}").json()["detail"]
        expect(page.get_by_role("alert")).to_have_text(words)
        page.get_by_label("Width").fill("200")
        address(page, f"/200x/{SUNSET_KEY}")
        expect(page.locator("#refusal")).to_be_hidden()


def test_a_missing_image_is_named(browser: Browser, site: LocalSite) -> None:
    with watched(browser, site.address) as seen:
        seen.page.goto(at("300x", "albums/nobody.jpg"))
        expect(seen.page.get_by_role("alert")).to_have_text("There is no image 'albums/nobody.jpg'.")


@pytest.mark.parametrize(
    ("key", "kind"), [("scans/phone.heic", "HEIC"), ("scans/cat.tif", "TIFF"), ("scans/cat.bmp", "BMP")]
)
def test_an_original_that_browsers_do_not_show_is_shown_as_a_variant(open_page: Open, key: str, kind: str) -> None:
    with open_page(at("20x20", key)) as page:
        expect(page.locator("#original-facts")).to_contain_text(f"{kind}, shown as a variant here")
        expect(page.locator("#variant-facts")).to_contain_text("20 × 20")
        assert page.locator("#original").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 20
