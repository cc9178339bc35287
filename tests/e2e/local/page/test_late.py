"""The front page when answers are late or never come."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.e2e.local.page.conftest import QUIET, SUNSET_KEY, Open, address, at, fill_folder, opened
from tests.support.servers.chromium import watched
from tests.support.servers.processes import free_port


def slow(page: Page, milliseconds: int) -> None:
    """Delays every further answer."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    limits = {"latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
    network.send("Network.emulateNetworkConditions", limits)


@contextmanager
def long_list(browser: Browser, root: Path, count: int, milliseconds: int) -> Iterator[Page]:
    """Opens the list of a folder with that many more images, and delays every answer after the first page."""
    fill_folder(root, count)
    with serving(root, {"WIDTHS": "20,200"}) as site, opened(browser, site.address) as page:
        expect(page.locator("#photographs li")).to_have_count(100)
        page.wait_for_load_state("networkidle")
        slow(page, milliseconds)
        yield page


def test_the_page_stays_responsive_while_the_next_images_are_late(browser: Browser, root: Path) -> None:
    with long_list(browser, root, 350, 1500) as page:
        # All in one call: a stuck page would not answer a second one.
        page.evaluate("""() => {
            const places = [document.body.scrollHeight, 0, document.body.scrollHeight];
            places.forEach((place, at) => setTimeout(() => scrollTo(0, place), 200 * at));
        }""")
        expect(page.locator("#photographs li").nth(150)).to_be_attached(timeout=15_000)


def test_the_list_sends_no_requests_while_a_photograph_is_open(browser: Browser, root: Path) -> None:
    with long_list(browser, root, 650, 500) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(100)
        page.evaluate("document.querySelector('#photographs a').click()")
        page.wait_for_timeout(4 * QUIET)
        assert page.locator("#photographs li").count() <= 200


def test_a_late_variant_does_not_replace_a_newer_one(open_page: Open) -> None:
    with open_page(at("300x")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("300 ×")
        slow(page, 800)
        page.get_by_role("spinbutton", name="Width").fill("310")
        page.wait_for_timeout(1800)  # The answer has come, the picture has not.
        page.get_by_role("spinbutton", name="Width").fill("320")
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        page.wait_for_timeout(QUIET)
        expect(page.locator("#variant-facts")).to_contain_text("320 ×")
        expect(page.locator("#refusal")).to_be_hidden()
        address(page, f"/320x/{SUNSET_KEY}")


def test_the_page_says_that_the_server_does_not_answer_and_can_try_again(browser: Browser, root: Path) -> None:
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


def test_a_choice_is_kept_even_if_the_page_is_left_at_once(open_page: Open, site: LocalSite) -> None:
    with open_page(at("304x")) as page:
        expect(page.locator("#variant-facts")).to_contain_text("304 ×")
        page.get_by_role("spinbutton", name="Width").fill("305")
        page.get_by_role("link", name="← Images").click()
        page.go_back()
        expect(page).to_have_url(f"{site.address}{at('305x')}")
        expect(page.locator("#variant-facts")).to_contain_text("305 ×")
