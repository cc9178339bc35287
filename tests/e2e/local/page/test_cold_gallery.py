"""Another website's page with a hundred photographs that are not rendered yet."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.local.conftest import serving
from tests.support.pictures.samples import SUNSET

LOADED = "images => images.filter((image) => image.complete && image.naturalWidth === 600).length"


def test_every_photograph_of_a_cold_gallery_is_shown(browser: Browser, tmp_path: Path) -> None:
    """Each is a miss, a redirect and a hit, over the browser's six connections per host."""
    (tmp_path / "0.jpg").write_bytes(SUNSET)
    for number in range(1, 100):
        (tmp_path / f"{number}.jpg").hardlink_to(tmp_path / "0.jpg")
    with serving(tmp_path, {}) as site:
        page = browser.new_page()
        statuses = []
        page.on("response", lambda answer: statuses.append(answer.status))
        page.set_content("".join(f'<img src="{site.address}/600x/{number}.jpg" alt="">' for number in range(100)))
        page.wait_for_load_state("networkidle")
        expect(page.locator("img")).to_have_count(100)
        assert page.locator("img").evaluate_all(LOADED) == 100
        assert sorted(statuses) == [200] * 100 + [301] * 100
        page.close()
