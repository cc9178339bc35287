"""The output of `sizewise serve` on a terminal: three lines, then one line per request."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import TERMINAL_READY, noxw_serve
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import LINE_SECONDS, ROOT, python
from tests.support.servers.terminal import Terminal, on_a_terminal


@contextmanager
def shown(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[Terminal, str]]:
    """Runs a server on a terminal until the block ends. Yields the terminal and the server's address."""
    command = python("-m", "cli", "serve", "--port", "0", *arguments)
    with on_a_terminal(command, {"PYTHONPATH": str(ROOT), **(env or {})}) as terminal:
        yield terminal, terminal.wait_for(TERMINAL_READY)[1]


def three_lines(root: Path, address: str) -> str:
    image = f"{address}/300x/cat.jpg"
    lines = (f"Sizewise serves {root}", f"Open {address}/ or an image: {image}", "Stop it with Ctrl-C")
    return "".join(f"{line}\r\n" for line in lines)


def test_three_lines_name_the_folder_the_address_and_how_to_stop(root: Path) -> None:
    with shown(str(root)) as (terminal, address):
        assert terminal.shown == three_lines(root, address)
        assert httpx.get(f"{address}/300x/cat.jpg").status_code == 301


def test_a_server_that_other_machines_reach_offers_an_image_instead_of_the_front_page(
    root: Path, tmp_path: Path
) -> None:
    everywhere = ("--host", "0.0.0.0")  # noqa: S104
    with shown("--open", str(root), *everywhere, env={"BROWSER": str(browser(tmp_path, ""))}) as (terminal, address):
        _, where, hint, _, _ = terminal.shown.split("\r\n")
        assert where == f"Open {address}/300x/cat.jpg"
        assert "the front page, which lists the folder, is not shown" in hint
        assert opened(tmp_path) == f"{address}/300x/cat.jpg"


def test_noxw_prints_nothing_before_the_three_lines(root: Path) -> None:
    with noxw_serve(str(root)) as command, on_a_terminal(command, {"HOME": os.environ["HOME"]}) as terminal:
        address = terminal.wait_for(TERMINAL_READY)[1]
        assert terminal.shown == three_lines(root, address)


def test_noxw_says_which_option_is_wrong() -> None:
    with noxw_serve("--prot") as command, on_a_terminal(command, {"HOME": os.environ["HOME"]}) as terminal:
        assert "No such option '--prot'" in terminal.rest()
        assert "nox >" not in terminal.shown


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/300x/cat.jpg", r"301  miss +\d+ ms +\d+\.\d kB  /300x/cat\.jpg"),
        ("GET", "/cat.jpg", r"200  hit  +\d+ ms   47\.2 kB  /cat\.jpg"),
        ("HEAD", "/cat.jpg", r"200  hit  +\d+ ms   47\.2 kB  HEAD /cat\.jpg"),
        ("GET", "/300x/dog.jpg", r"404  miss +\d+ ms         -  /300x/dog\.jpg  There is no image 'dog\.jpg'\."),
        ("GET", "/300x/%1B%5B2J.jpg", r"400  miss +\d+ ms         -  /300x/%1B%5B2J\.jpg  The key has .*"),
        ("GET", "/300x/%C2%9B.jpg", r"400  miss +\d+ ms         -  /300x/%C2%9B\.jpg  The key has .*"),
    ],
)
def test_each_request_is_one_line(root: Path, method: str, path: str, line: str) -> None:
    with shown(str(root)) as (terminal, address):
        before = terminal.shown
        httpx.request(method, f"{address}{path}")
        terminal.wait_for(rf"{line}\r\n")
        assert terminal.shown.removeprefix(before).count("\n") == 1
        assert all(character.isprintable() or character in "\r\n" for character in terminal.shown)


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with shown(str(tmp_path)) as (terminal, address):
        hint = f"No image was found in {tmp_path}. Put one there, such as cat.jpg, and open {address}/300x/cat.jpg"
        lines = (f"Sizewise serves {tmp_path}", f"Open {address}/", hint, "Stop it with Ctrl-C", "")
        assert terminal.shown == "\r\n".join(lines)
        (tmp_path / "cat.jpg").write_bytes(CAT)
        assert httpx.get(hint.rsplit(maxsplit=1)[-1], follow_redirects=True).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("name", ["写真\u3000２０２６".encode(), b"\xff\xfe"], ids=["Japanese", "not UTF-8"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_folder_may_have_a_name_that_the_terminal_can_not_show(root: Path, name: bytes, encoding: str) -> None:
    try:
        folder = root.rename(os.fsdecode(os.fsencode(root.parent) + b"/" + name))
    except OSError:
        pytest.skip("this file system has no such name")
    with shown(str(folder), env={"LC_ALL": "C", "PYTHONIOENCODING": encoding}) as (_, address):
        assert httpx.get(f"{address}/300x/cat.jpg").status_code == 301


def browser(home: Path, ends: str) -> Path:
    """A program in place of a browser. It prints wherever it can, and writes the opened address to `opened`."""
    path = home / "browser"
    noise = "echo NOISE; echo NOISE >&2; (echo NOISE >/dev/tty) 2>/dev/null"
    path.write_text(f'#!/bin/sh\n{noise}\necho "$@" >{home}/part\nmv {home}/part {home}/opened\n{ends}\n')
    path.chmod(0o755)
    return path


def opened(home: Path) -> str:
    """Waits for the browser and returns the address that it opened."""
    deadline = time.monotonic() + LINE_SECONDS
    while not (home / "opened").exists():
        assert time.monotonic() < deadline, "no browser was opened"
        time.sleep(0.01)
    return (home / "opened").read_text().strip()


@pytest.mark.parametrize("ends", ["exit 0", "exit 3", "kill -9 $$"])
def test_the_browser_is_opened_at_the_front_page(root: Path, tmp_path: Path, ends: str) -> None:
    if sys.platform == "darwin" and ends != "exit 0":
        pytest.skip("macOS would open another browser")
    with shown("--open", str(root), env={"BROWSER": str(browser(tmp_path, ends))}) as (terminal, address):
        assert opened(tmp_path) == f"{address}/"
        assert httpx.get(f"{address}/cat.jpg").status_code == 200
        terminal.wait_for(r"200  hit .*\r\n")
        assert "NOISE" not in terminal.shown
        os.write(terminal.master, b"\x03")
        assert terminal.rest().strip() in ("", "^C")


def test_no_browser_is_opened_without_the_option(root: Path, tmp_path: Path) -> None:
    with shown(str(root), env={"BROWSER": str(browser(tmp_path, ""))}) as (_, address):
        assert httpx.get(f"{address}/cat.jpg").status_code == 200
        assert not (tmp_path / "opened").exists()
