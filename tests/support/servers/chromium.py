"""Chromium, which the session `tests` installs, for pages of a server under test."""

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

HOME = Path(sys.prefix) / "npm" / "tests" / "browser" / "node_modules"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
PATIENCE = 20_000
"""Milliseconds until a wait fails; enough for a busy machine."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Watched:
    """A page and everything that went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def note_message(self, message: ConsoleMessage) -> None:
        """Notes any message in the console."""
        self.wrong.append(f"console: {message.text}")

    def note_error(self, error: Error) -> None:
        """Notes an uncaught error of a script."""
        self.wrong.append(f"script: {error}")

    def note_failure(self, request: Request) -> None:
        """Notes a request without an answer, unless the page aborted it."""
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.failure}: {request.url}")

    def note_refusal(self, answer: Response) -> None:
        """Notes an answer that is an error."""
        if answer.status >= 400:
            self.wrong.append(f"{answer.status}: {answer.url}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Runs the browser until the block ends."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the browser of these tests exists only for Linux on x86-64")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=HOME / ".browser" / "chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched(browser: Browser, address: str, viewport: ViewportSize = DESKTOP, **options: Any) -> Iterator[Watched]:
    """Opens a new page, and notes messages in its console, errors of its scripts and failed requests as wrong."""
    context = browser.new_context(base_url=address, viewport=viewport, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    seen = Watched(page)
    page.on("console", seen.note_message)
    page.on("pageerror", seen.note_error)
    page.on("requestfailed", seen.note_failure)
    page.on("response", seen.note_refusal)
    try:
        yield seen
    finally:
        context.close()


def serious(page: Page) -> list[str]:
    """The accessibility problems that axe-core finds on the page and rates serious or critical."""
    page.evaluate((HOME / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['help']}: {node['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
