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

SUNSET_KEY = "albums/2026/sunset.jpg"
Open = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSite]:
    """The sample photographs, and a picture in each format that browsers do not show."""
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
    """Opens a page of the site, and sees to it that nothing on it went wrong."""
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
    """Adds so many images to a folder that has cat.jpg."""
    for number in range(count):
        (root / f"{number:03}.jpg").hardlink_to(root / "cat.jpg")


def keep(page: Page, name: str) -> None:
    """Keeps what the page looks like as docs/images/NAME, where that shows something else so far.

    A phone's is kept to its end.
    """
    picture = page.screenshot(type="png", full_page=page.viewport_size == PHONE)
    path = ROOT / "docs" / "images" / name
    if not path.exists() or differ(Image.open(BytesIO(path.read_bytes())), Image.open(BytesIO(picture))):
        Image.open(BytesIO(picture)).convert("RGB").save(path, quality=85)


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Whether more has changed than a time in milliseconds: a fiftieth of the pixels, or the sides."""
    if one.size != other.size:
        return True
    pair = zip(one.convert("L").tobytes(), other.convert("L").tobytes(), strict=True)
    return sum(abs(before - after) > 64 for before, after in pair) > one.width * one.height / 50


def at(size: str = "", key: str = SUNSET_KEY) -> str:
    """The place of a photograph on the front page."""
    return f"/?image={key.replace('/', '%2F')}" + (f"&size={size}" if size else "")


def address(page: Page, path: str) -> None:
    """Waits until the address that is shown is this path's."""
    expect(page.locator("#address")).to_have_text(re.compile(rf"http://127\.0\.0\.1:\d+{re.escape(path)}$"))
