"""The front page of a folder, open in a real browser."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.local.conftest import LocalSite, serving
from tests.support.pictures.charts import saved
from tests.support.pictures.cropped import heic
from tests.support.pictures.samples import CAT
from tests.support.servers.chromium import DESKTOP, PHONE, chromium, watched
from tests.support.servers.processes import ROOT

QUIET = 1200
"""Milliseconds in which the page sends every request that it is going to send."""

SUNSET_KEY = "albums/2026/sunset.jpg"
Open = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSite]:
    """A server of the sample photographs and of one picture in each format that browsers do not show."""
    root = tmp_path_factory.mktemp("album")
    shutil.copytree(ROOT / "samples" / "albums", root / "albums")
    (root / "scans").mkdir()
    cat = Image.open(BytesIO(CAT))
    (root / "scans" / "cat.tif").write_bytes(saved(cat, "TIFF"))
    (root / "scans" / "cat.bmp").write_bytes(saved(cat, "BMP"))
    (root / "scans" / "phone.heic").write_bytes(heic())
    with serving(root, {}) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, site: LocalSite) -> Open:
    """Opens a page of the site and fails if anything on it went wrong."""
    return partial(opened, browser, site.address)


@contextmanager
def opened(
    browser: Browser, address: str, target: str = "/", viewport: ViewportSize = DESKTOP, **options: Any
) -> Iterator[Page]:
    with watched(browser, address, viewport, **options) as seen:
        seen.page.goto(target)
        yield seen.page
        assert seen.wrong == []


def fill_folder(root: Path, count: int) -> None:
    """Adds images to a folder, as links to its cat.jpg."""
    for number in range(count):
        (root / f"{number:03}.jpg").hardlink_to(root / "cat.jpg")


def keep(page: Page, name: str) -> None:
    """Saves a screenshot of the page as docs/images/NAME if it differs from the saved one.

    On a phone, the screenshot has the whole page.
    """
    picture = page.screenshot(type="png", full_page=page.viewport_size == PHONE)
    path = ROOT / "docs" / "images" / name
    if not path.exists() or differ(Image.open(BytesIO(path.read_bytes())), Image.open(BytesIO(picture))):
        Image.open(BytesIO(picture)).convert("RGB").save(path, quality=85)


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Whether the sides or more than a fiftieth of the pixels differ: a time in milliseconds always does."""
    if one.size != other.size:
        return True
    pair = zip(one.convert("L").tobytes(), other.convert("L").tobytes(), strict=True)
    return sum(abs(before - after) > 64 for before, after in pair) > one.width * one.height / 50


def at(size: str = "", key: str = SUNSET_KEY) -> str:
    """The front page's address for a photograph."""
    return f"/?image={key.replace('/', '%2F')}" + (f"&size={size}" if size else "")


def address(page: Page, path: str) -> None:
    """Waits until the page shows the address of this path."""
    expect(page.locator("#address")).to_have_text(re.compile(rf"http://127\.0\.0\.1:\d+{re.escape(path)}$"))
