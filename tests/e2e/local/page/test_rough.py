"""The front page with hasty input and with unusual images, folders and numbers."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.e2e.local.page.conftest import QUIET, SUNSET_KEY, Open, address, at, opened
from tests.support.pictures.charts import saved
from tests.support.servers.chromium import PHONE, watched


def swipe(page: Page, *shares: tuple[float, float]) -> None:
    """Touches the original, moves and lifts the finger; places are shares of the original's width and height."""
    box = page.locator("#original").bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    for number, (across, down) in enumerate(shares):
        place = {"x": box["x"] + box["width"] * across, "y": box["y"] + box["height"] * down}
        kind = "touchMove" if number else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_scrolling_by_touch_moves_no_point(open_page: Open) -> None:
    with open_page(at("320x200"), viewport=PHONE, has_touch=True) as page:
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        swipe(page, *((0.25, 0.9 - 0.07 * step) for step in range(8)))
        page.wait_for_timeout(QUIET)
        assert page.evaluate("scrollY") > 0
        address(page, f"/320x200/{SUNSET_KEY}")


def test_the_point_is_dragged_by_touch(open_page: Open) -> None:
    with open_page(at("322x200"), viewport=PHONE, has_touch=True) as page:
        expect(page.locator("#variant-facts")).to_contain_text("322 ×")
        swipe(page, (0.5, 0.5), (0.4, 0.5), (0.3, 0.5))
        address(page, f"/322x200-f30x50/{SUNSET_KEY}")


def test_holding_a_key_stores_only_the_last_size(open_page: Open, site: LocalSite) -> None:
    with open_page(at("301x201-f10x60")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("301 ×")
        page.locator("#point").focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        expect(page).to_have_url(f"{site.address}{at('301x201-f30x60')}")
        page.wait_for_timeout(QUIET)
    stored = {folder.name for folder in site.root.glob("301x201-*")}
    assert stored == {"301x201-f10x60", "301x201-f30x60"}


def test_the_address_bar_has_the_last_point_of_a_long_drag(open_page: Open, site: LocalSite) -> None:
    with open_page(at("302x202")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("302 ×")
        box = page.locator("#original").bounding_box()
        assert box
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        for turn in range(4):
            page.mouse.move(
                box["x"] + box["width"] * (0.9 if turn % 2 else 0.1), box["y"] + box["height"] / 2, steps=80
            )
        page.mouse.up()
        expect(page).to_have_url(f"{site.address}{at('302x202-f90x50')}")


def test_the_original_does_not_shine_through_a_transparent_variant(browser: Browser, root: Path) -> None:
    glass = Image.new("RGBA", (400, 300), (255, 0, 0, 128))
    (root / "glass.png").write_bytes(saved(glass, "PNG"))
    with serving(root, {}) as site, opened(browser, site.address, at("200x150", "glass.png")) as page:
        page.get_by_label("Wipe").check()
        seen = []
        for percent in ("0", "100"):
            page.get_by_label("Share of the original").fill(percent)
            page.evaluate("document.getElementById('edge').hidden = true")
            layers = Image.open(BytesIO(page.locator("#layers").screenshot())).convert("RGB")
            seen.append(np.asarray(layers, np.float64))
        assert np.abs(seen[0] - seen[1]).mean() < 1


def test_a_long_list_of_folders_is_shortened(browser: Browser, root: Path) -> None:
    for number in range(200):
        (root / f"folder {number:03}").mkdir()
        (root / f"folder {number:03}" / "cat.jpg").hardlink_to(root / "cat.jpg")
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address, viewport=PHONE) as page:
        expect(page.locator("#photographs li").first).to_be_visible()
        assert page.locator("#folders li").count() == 30
        page.get_by_role("button", name="Show all 200 folders").click()
        expect(page.locator("#folders li")).to_have_count(200)
        expect(page.get_by_role("link", name="folder 030 1")).to_be_focused()


@pytest.mark.parametrize("value", ["0", "-5", "12.5", "1e30"])
def test_an_invalid_side_is_refused(open_page: Open, value: str) -> None:
    with open_page(at("300x200")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("300 ×")
        page.get_by_role("spinbutton", name="Width").fill(value)
        expect(page.get_by_role("alert")).to_have_text("Give a width, a height, or both: whole numbers from 1.")


def test_a_click_on_the_point_moves_nothing(open_page: Open) -> None:
    with open_page(at("303x203-top")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("303 ×")
        page.locator("#point").click(position={"x": 8, "y": 30})
        page.wait_for_timeout(QUIET)
        address(page, f"/303x203-top/{SUNSET_KEY}")


def test_the_point_of_a_smart_crop_is_in_the_middle_of_the_crop(open_page: Open) -> None:
    with open_page(at("200x600-smart")) as page:
        expect(page.locator("#point")).to_be_visible()
        label = page.locator("#point").get_attribute("aria-label")
        assert label
        # The sun is to the right of the middle, as docs/images/photograph-desktop.jpg shows.
        across = int(label.split(": ")[1].split(" ")[0])
        assert 15 < across < 85
        assert "50 % down" in label


def test_a_missing_folder_is_named_and_leads_back_to_all_images(browser: Browser, root: Path) -> None:
    with serving(root, {}) as site, watched(browser, site.address) as seen:
        seen.page.goto("/?folder=nope")
        expect(seen.page.get_by_role("status").first).to_have_text("There is no folder 'nope'.")
        seen.page.get_by_role("link", name="All", exact=True).click()
        expect(seen.page.locator("#photographs li")).to_have_count(1)
