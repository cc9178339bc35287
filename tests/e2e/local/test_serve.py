"""The output of `sizewise serve` for a program that starts it: only JSON, with the folder and the address."""

import json
import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import announced, offered, serving, serving_with


def test_every_line_is_json(root: Path) -> None:
    with serving(root, {}) as site:
        for path, status in (("/300x/cat.jpg", 301), ("/300x/cat.jpg", 200), ("/300x/dog.jpg", 404)):
            assert site.ask(path).status_code == status
        assert len(site.server.printed(3, '"message": "request"')) == 3
        messages = [json.loads(line)["message"] for line in site.server.lines]
    assert messages == ["settings", "serving", "request", "request", "request"]


def test_the_folder_is_named_by_an_argument_or_by_an_option(root: Path) -> None:
    for arguments in ([str(root)], ["--root", str(root)], ["--root", str(root), f"{root}/"]):
        with serving_with(*arguments) as server:
            assert announced(server)["folder"] == str(root)


def test_a_relative_folder_is_relative_to_the_working_directory(root: Path) -> None:
    with serving_with(".", cwd=root) as server:
        assert announced(server)["folder"] == str(root)


def test_a_replacement_worker_announces_nothing(root: Path) -> None:
    with serving_with(str(root)) as server:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        family = [list(map(int, line.split())) for line in listed.stdout.splitlines()]
        (worker,) = [pid for pid, parent in family if parent == server.process.pid]
        os.kill(worker, signal.SIGKILL)
        assert httpx.get(f"{server.match[1]}/cat.jpg").status_code == 200
        assert server.printed(1, '"message": "request"')
        assert len(server.printed(1, '"message": "serving"')) == 1


def test_a_server_that_listens_everywhere_announces_an_address_that_works(root: Path) -> None:
    with serving_with(str(root), "--host", "0.0.0.0") as server:  # noqa: S104
        assert server.match[1].startswith("http://127.0.0.1:")
        assert offered(server)
        (hint,) = announced(server)["hints"]
        assert "Other machines" in hint


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_of_ipv6_is_printed_with_brackets(root: Path, host: str) -> None:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        with serving_with(str(root), "--host", host) as server:
            assert server.match[1].startswith("http://[::1]:")
            assert offered(server)
        return
    pytest.skip("this machine has no IPv6")


def test_nothing_is_written_into_the_home_folder(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serving(root, {"HOME": str(home)}) as site:
        assert site.ask("/300x/cat.jpg").status_code == 301
        assert site.server.printed(1, '"message": "request"')
        assert not list(home.iterdir())


def test_the_settings_of_a_deployments_file_apply_except_its_public_url(root: Path, tmp_path: Path) -> None:
    """PUBLIC_URL is the address of that deployment's own variants."""
    file = tmp_path / "prod.toml"
    file.write_text(
        'cloud = "aws"\n[settings]\nWIDTHS = [250, 600]\nFORMAT = "webp"\nPUBLIC_URL = "https://img.example.com"\n'
    )
    with serving_with(str(root), f"--deployment={file}") as server:
        answer = httpx.get(f"{server.match[1]}/251x/cat.jpg")
        assert answer.headers["location"] == "/600x/cat.jpg"
        image = httpx.get(f"{server.match[1]}/600x/cat.jpg", follow_redirects=True)
        assert image.headers["content-type"] == "image/webp"
