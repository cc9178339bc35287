"""The list of the folder's photographs, and how a user finds one of them."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.e2e.local.page.conftest import Open, keep, opened
from tests.support.pictures.samples import CAT
from tests.support.servers.chromium import DESKTOP, PHONE, serious, watched

LOADED = (
    "() => [...document.querySelectorAll('#photographs img')].every((image) => image.complete && image.naturalWidth)"
)


def names(page: Page) -> list[str]:
    return page.locator("#photographs .name").all_text_contents()


def wait_for_pictures(page: Page, count: int) -> None:
    expect(page.locator("#photographs img")).to_have_count(count)
    page.wait_for_load_state("networkidle")
    assert page.locator("#photographs img").evaluate_all(LOADED)


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_the_list_has_a_thumbnail_of_each_image(open_page: Open, viewport: dict[str, int], scheme: str) -> None:
    with open_page(viewport=viewport, color_scheme=scheme) as page:
        wait_for_pictures(page, 8)
        expect(page.get_by_role("status")).to_have_text("8 images.")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        assert serious(page) == []
        keep(page, f"front-page-{'phone' if viewport is PHONE else 'desktop'}.jpg")


def test_originals_that_browsers_do_not_show_are_shown_as_variants(open_page: Open) -> None:
    with open_page("/?folder=scans") as page:
        wait_for_pictures(page, 3)
        assert names(page) == ["cat.bmp", "cat.tif", "phone.heic"]


def test_a_search_narrows_the_list_and_is_in_the_address(open_page: Open) -> None:
    with open_page() as page:
        page.get_by_label("Search by name").fill("CAT albums")
        expect(page.locator("#photographs li")).to_have_count(1)
        expect(page).to_have_url(re.compile(r"search=CAT\+albums"))
        page.reload()
        expect(page.locator("#photographs li")).to_have_count(1)
        expect(page.get_by_label("Search by name")).to_have_value("CAT albums")
        page.get_by_label("Search by name").fill("nobody")
        expect(page.get_by_role("status")).to_have_text("0 images for “nobody”.")


def test_a_folder_is_opened_and_left_again(open_page: Open) -> None:
    with open_page() as page:
        page.get_by_role("link", name="albums 5").click()
        expect(page.get_by_role("status")).to_have_text("5 images in albums.")
        page.get_by_role("link", name="2026 1").click()
        expect(page.locator("#photographs .name")).to_have_text(["sunset.jpg"])
        page.go_back()
        expect(page.get_by_role("status")).to_have_text("5 images in albums.")
        page.get_by_role("link", name="All", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("8 images.")


def test_a_photograph_is_opened_and_closed_by_keyboard(open_page: Open) -> None:
    with open_page() as page:
        wait_for_pictures(page, 8)
        page.get_by_label("Search by name").focus()
        for _ in range(4):  # Past the folders, All, albums and scans.
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="cat.jpg")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#photographs a").first).to_be_focused()


def test_an_image_without_a_thumbnail_is_marked_and_says_why_when_it_is_opened(browser: Browser, root: Path) -> None:
    (root / "cut.jpg").write_bytes(CAT[:20_000])
    with serving(root, {}) as site, watched(browser, site.address) as seen:
        seen.page.goto("/")
        expect(seen.page.locator("#photographs .broken")).to_have_count(1)
        seen.page.get_by_role("link", name="cut.jpg").click()
        words = httpx.get(f"{site.address}/300x/cut.jpg").json()["detail"]
        expect(seen.page.get_by_role("alert")).to_have_text(words)
        assert [wrong for wrong in seen.wrong if "422" not in wrong] == []


def test_an_empty_folder_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, {}) as site, opened(browser, site.address) as page:
        expect(page.get_by_text("There is no image in this folder yet.")).to_be_visible()
        assert serious(page) == []


def test_a_long_list_is_loaded_page_by_page_as_it_is_scrolled(browser: Browser, root: Path) -> None:
    for number in range(200):
        (root / f"{number:03}.jpg").hardlink_to(root / "cat.jpg")
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address) as page:
        expect(page.locator("#photographs li").first).to_be_visible()
        assert page.locator("#photographs li").count() < 201
        while page.locator("#more").is_visible():
            page.mouse.wheel(0, 3000)
            page.wait_for_timeout(50)
        expect(page.locator("#photographs li")).to_have_count(201)
        assert names(page) == [*(f"{number:03}.jpg" for number in range(200)), "cat.jpg"]
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!doctype html><script>document.title = 'run'</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'run'</script></svg>"),
    ],
)
def test_no_script_of_an_original_runs(browser: Browser, site: LocalSite, name: str, data: bytes) -> None:
    site.put(name, data)
    with watched(browser, site.address) as seen:
        seen.page.goto("/")
        with seen.page.expect_download() as download:
            seen.page.evaluate(f"location.href = '/{name}'")
        assert Path(download.value.path()).read_bytes() == data
    answer = site.ask(f"/{name}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    with watched(browser, site.address) as seen:
        seen.page.goto("/albums/cat.jpg")  # A document of this origin without a content security policy.
        for element in ("iframe", "object", "embed", "script"):
            seen.page.evaluate(f"""() => new Promise((resolve) => {{
                const element = document.createElementNS("http://www.w3.org/1999/xhtml", "{element}");
                element["{"data" if element == "object" else "src"}"] = "/{name}";
                element.onload = element.onerror = resolve;
                document.documentElement.append(element);
                setTimeout(resolve, 500);
            }})""")
        assert seen.page.evaluate("document.title") != "run"
