"""A first visit to the front page, step by step."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.local.conftest import LocalSite
from tests.e2e.local.page.conftest import SUNSET_KEY, Open, address, keep
from tests.support.pictures.samples import SUNSET
from tests.support.servers.chromium import DESKTOP, PHONE, serious


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_the_steps_of_a_first_visit(open_page: Open, site: LocalSite, viewport: dict[str, int], scheme: str) -> None:
    width = 840 if viewport is DESKTOP else 630
    with open_page(viewport=viewport, color_scheme=scheme) as page:
        page.get_by_label("Search by name").fill("sunset")
        page.get_by_role("link", name="sunset.jpg").click()
        address(page, f"/600x400/{SUNSET_KEY}")
        expect(page.locator("#original-facts")).to_have_text(f"4272 × 2848, {len(SUNSET) / 1e6:.2f} MB, JPEG")

        page.get_by_label("Width").fill(str(width))
        page.get_by_label("Height").fill("300")
        address(page, f"/{width}x300/{SUNSET_KEY}")
        page.get_by_label("Format").select_option("webp")
        expect(page.locator("#variant-facts")).to_have_text(
            re.compile(rf"{width} × 300, .* kB, WebP: \d\d % fewer bytes")
        )
        expect(page.get_by_text("A miss: it was rendered and stored in")).to_be_visible()
        expect(page.locator(".steps dt")).to_have_text(["check", "read", "render", "write"])
        expect(page.locator("#hops .code")).to_have_text(["301", "200"])
        page.get_by_role("button", name="Request again").click()
        expect(page.get_by_text("A hit: the variant is stored")).to_be_visible()
        expect(page.locator("#hops .code")).to_have_text(["200"])

        picture = page.locator("#original")
        picture.scroll_into_view_if_needed()
        box, point = picture.bounding_box(), page.locator("#point").bounding_box()
        assert box
        assert point
        page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.30, box["y"] + box["height"] * 0.801, steps=4)
        page.mouse.up()
        address(page, f"/{width}x300-f30x80.webp/{SUNSET_KEY}")
        expect(page.get_by_text("Kept point: 30 % across, 80 % down.")).to_be_visible()
        expect(page.locator("#hops .code").first).to_have_text("301")

        expect(page.get_by_text("A miss: it was rendered and stored in")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        name = "phone" if viewport is PHONE else "desktop"
        keep(page, f"photograph-{name}.jpg")

        page.get_by_role("button", name="Copy address").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{site.address}/{width}x300-f30x80.webp/{SUNSET_KEY}"
        assert site.stored(f"{width}x300-f30x80.webp/{SUNSET_KEY}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        assert serious(page) == []

        page.get_by_label("Wipe").check()
        page.get_by_label("Share of the original").fill("40")
        assert serious(page) == []
        keep(page, f"wipe-{name}.jpg")

        page.get_by_label("Width").fill("9000")
        words = site.ask(f"/9000x300-f30x80.webp/{SUNSET_KEY}").json()["detail"]
        expect(page.get_by_role("alert")).to_have_text(words)
        expect(page.get_by_text("Refused with 403 Forbidden. Nothing is stored.")).to_be_visible()
        assert serious(page) == []
        keep(page, f"refused-{name}.jpg")
