"""What a person sees who starts it: `sizewise serve`, which `./noxw -s serve` runs."""

import subprocess
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import serving
from tests.support.processes import ROOT, python
from tests.support.samples import CAT


def start(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a start that is to fail."""
    command = python("-m", "cli", "serve", "--port", "0", *arguments)
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60, check=False)


def test_it_says_where_it_listens_and_what_to_try(tmp_path: Path) -> None:
    (tmp_path / "my album").mkdir()
    (tmp_path / "my album" / "cät 1.JPG").write_bytes(CAT)
    with serving(tmp_path, {}) as site:
        assert httpx.get(f"{site.address}/300x/my%20album/c%C3%A4t%201.JPG").status_code == 301
        shown = site.server.printed(3, "  http")
        assert len(shown) == 3
        for address in shown:
            answer = httpx.get(address.strip(), follow_redirects=True)
            assert answer.headers["content-type"].startswith("image/")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    failed = start("--root", str(tmp_path / "nowhere"))
    assert failed.returncode == 2
    assert f"{tmp_path / 'nowhere'} is not a folder" in failed.stderr


@pytest.mark.parametrize(
    ("name", "value", "takes"), [("QUALITY", "101", "from 1 to 100"), ("WIDTHS", "wide", "250,600,1200")]
)
def test_a_setting_out_of_range_is_named_with_what_it_takes(tmp_path: Path, name: str, value: str, takes: str) -> None:
    failed = start("--root", str(tmp_path), **{name: value})
    assert failed.returncode == 1
    assert f"{name}='{value}' is not" in failed.stderr
    assert takes in failed.stderr
    assert "Traceback" not in failed.stderr
