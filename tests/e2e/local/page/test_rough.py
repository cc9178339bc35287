"""The front page where things go wrong or come late: slow answers, other folders, hasty people, transparent images."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.e2e.local.page.conftest import SUNSET_KEY, Open, address, at, opened
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import CAT
from tests.support.servers.chromium import PHONE, watched
from tests.support.servers.processes import free_port

QUIET = 1200
"""Milliseconds in which everything that was to be asked for is asked for."""


def slow(page: Page, milliseconds: int) -> None:
    """From now on each answer comes that much later."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    limits = {"latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
    network.send("Network.emulateNetworkConditions", limits)


def fill_folder(root: Path, count: int) -> None:
    for number in range(count):
        (root / f"{number:03}.jpg").hardlink_to(root / "cat.jpg")


def colour(page: Page, selector: str) -> tuple[int, ...]:
    """The colour of an element as it is seen, beside the point in its middle."""
    seen = Image.open(BytesIO(page.locator(selector).screenshot())).convert("RGB")
    pixel = seen.getpixel((seen.width // 4, seen.height // 4))
    assert isinstance(pixel, tuple)
    return pixel


def test_the_page_stays_alive_while_the_next_images_are_late(browser: Browser, root: Path) -> None:
    fill_folder(root, 350)
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address) as page:
        expect(page.locator("#photographs li")).to_have_count(100)
        page.wait_for_load_state("networkidle")
        slow(page, 1500)
        # All in one call: a page that is stuck would not answer another one.
        page.evaluate("""() => {
            const places = [document.body.scrollHeight, 0, document.body.scrollHeight];
            places.forEach((place, at) => setTimeout(() => scrollTo(0, place), 200 * at));
        }""")
        expect(page.locator("#photographs li").nth(150)).to_be_attached(timeout=15_000)


def test_while_a_photograph_is_open_the_list_asks_for_nothing(browser: Browser, root: Path) -> None:
    fill_folder(root, 650)
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address) as page:
        expect(page.locator("#photographs li")).to_have_count(100)
        page.wait_for_load_state("networkidle")
        slow(page, 500)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(100)
        page.evaluate("document.querySelector('#photographs a').click()")
        page.wait_for_timeout(4 * QUIET)
        assert page.locator("#photographs li").count() <= 200


def test_a_variant_that_comes_late_does_not_take_the_place_of_a_later_one(open_page: Open) -> None:
    with open_page(at("300x")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("300 ×")
        slow(page, 800)
        page.get_by_role("spinbutton", name="Width").fill("310")
        page.wait_for_timeout(1800)  # Its answer has come, its picture has not.
        page.get_by_role("spinbutton", name="Width").fill("320")
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        page.wait_for_timeout(QUIET)
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        expect(page.locator("#refusal")).to_be_hidden()
        address(page, f"/320x/{SUNSET_KEY}")


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
            expect(page.locator("#photographs img")).to_have_js_property("naturalWidth", 300)
            shown = [colour(page, "#photographs img")]
            page.get_by_role("link", name="IMG_1.jpg").click()
            expect(page.locator("#variant-facts")).to_contain_text("×")
            shown += [colour(page, "#original"), colour(page, "#variant")]
            expected = (254, 0, 0) if name == "red" else (0, 0, 254)
            assert np.abs(np.subtract(shown, expected)).max() < 8, shown
    context.close()


def test_an_original_that_is_replaced_is_shown_anew(browser: Browser, root: Path) -> None:
    with serving(root, {}) as site, opened(browser, site.address) as page:
        for name in ("red", "blue"):
            site.put("one.jpg", saved(Image.new("RGB", (400, 300), name), "JPEG"))
            if name == "blue":
                site.delete("200x/one.jpg")
                page.get_by_role("link", name="← Images").click()
                page.get_by_role("link", name="cat.jpg").click()  # Another one between.
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


def test_a_finger_that_scrolls_moves_no_point(open_page: Open) -> None:
    with open_page(at("320x200"), viewport=PHONE, has_touch=True) as page:
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        box = page.locator("#original").bounding_box()
        assert box
        touch = page.context.new_cdp_session(page)
        middle, bottom = box["x"] + box["width"] / 4, box["y"] + box["height"] * 0.9
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": middle, "y": bottom}]})
        for step in range(8):
            points = [{"x": middle, "y": bottom - 15 * step}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(QUIET)
        assert page.evaluate("scrollY") > 0
        address(page, f"/320x200/{SUNSET_KEY}")


def test_a_finger_drags_the_point(open_page: Open) -> None:
    with open_page(at("322x200"), viewport=PHONE, has_touch=True) as page:
        expect(page.locator("#variant-facts")).to_contain_text("322 ×")
        box = page.locator("#original").bounding_box()
        assert box
        touch = page.context.new_cdp_session(page)
        for kind, share in (("touchStart", 0.5), ("touchMove", 0.4), ("touchMove", 0.3)):
            at_point = {"x": box["x"] + box["width"] * share, "y": box["y"] + box["height"] / 2}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at_point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        address(page, f"/322x200-f30x50/{SUNSET_KEY}")


def test_a_key_that_is_held_stores_the_last_size_alone(open_page: Open, site: LocalSite) -> None:
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


def test_a_transparent_variant_does_not_lie_over_the_original(browser: Browser, root: Path) -> None:
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


def test_many_folders_do_not_bury_the_images(browser: Browser, root: Path) -> None:
    for number in range(200):
        (root / f"folder {number:03}").mkdir()
        (root / f"folder {number:03}" / "cat.jpg").hardlink_to(root / "cat.jpg")
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address, viewport=PHONE) as page:
        expect(page.locator("#photographs li").first).to_be_visible()
        assert page.locator("#folders li").count() == 30
        page.get_by_role("button", name="Show all 200 folders").click()
        expect(page.locator("#folders li")).to_have_count(200)
        expect(page.get_by_role("link", name="folder 030 1")).to_be_focused()


def test_an_image_that_can_not_be_opened_leaves_nothing_of_the_last_one(browser: Browser, root: Path) -> None:
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


def test_a_server_that_has_ended_is_said_to_have_ended_and_is_asked_again(browser: Browser, root: Path) -> None:
    port = free_port()
    with watched(browser, f"http://127.0.0.1:{port}") as seen:
        page = seen.page
        with serving(root, {}, port=port):
            page.goto("/")
            expect(page.locator("#photographs li")).to_have_count(1)
        page.get_by_label("Search by name").fill("cat")
        expect(page.get_by_role("status").first).to_have_text("The server does not answer.")
        expect(page.locator("#photographs li")).to_have_count(0)
        with serving(root, {}, port=port):
            page.get_by_role("button", name="Try again").click()
            expect(page.locator("#photographs li")).to_have_count(1)


@pytest.mark.parametrize("value", ["0", "-5", "12.5", "1e30"])
def test_a_side_that_is_no_side_is_not_taken_for_any(open_page: Open, value: str) -> None:
    with open_page(at("300x200")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("300 ×")
        page.get_by_role("spinbutton", name="Width").fill(value)
        expect(page.get_by_role("alert")).to_have_text("Give a width, a height, or both: whole numbers from 1.")
