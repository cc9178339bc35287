"""The installed command: from the wheel, in a separate environment outside the repository."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import READY
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT, python, running

DEPENDENCIES = "session.pth"


def start(sizewise: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command, which has to fail."""
    env = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [str(sizewise), "serve"], cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def sizewise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command. It uses this session's dependencies, so that nothing is downloaded."""
    wheels, home = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("application")
    subprocess.run(python("-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)), cwd=ROOT, check=True)
    (wheel,) = wheels.glob("sizewise-*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(pip, check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    dependencies = home / "lib" / version / "site-packages" / DEPENDENCIES
    dependencies.write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "sizewise"


def test_the_installed_command_serves_a_folder(sizewise: Path, tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").write_bytes(CAT)
    with running([str(sizewise), "serve", ".", "--port", "0"], READY, {}, tmp_path) as server:
        answer = httpx.get(f"{server.match[1]}/300x.webp/cat.jpg", follow_redirects=True)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert (tmp_path / "300x.webp" / "cat.jpg").is_file()


def test_the_installed_command_signs_sizes(sizewise: Path, tmp_path: Path) -> None:
    command = [str(sizewise), "sign", "613x409", "albums/cat.jpg"]
    env = {"SIGNING_KEYS": "an-example-key-of-32-bytes-only!"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("/613x409-skymmdmfm4df54acf/albums/cat.jpg\n", "")


def test_the_wheel_has_all_files_of_the_front_page(sizewise: Path, tmp_path: Path) -> None:
    files = [path.name for path in (ROOT / "providers" / "local" / "page").iterdir()]
    with running([str(sizewise), "serve", ".", "--port", "0"], READY, {}, tmp_path) as server:
        for target in ("/", *(f"/.sizewise/{name}" for name in files)):
            assert httpx.get(f"{server.match[1]}{target}").status_code == 200, target


def test_without_a_folder_it_says_what_to_do(sizewise: Path, tmp_path: Path) -> None:
    failed = start(sizewise, tmp_path)
    assert failed.returncode == 2
    assert failed.stderr == "Error: No folder is named. Name the one with your images: sizewise serve ~/Pictures\n"


def test_without_the_extra_it_says_what_to_install(sizewise: Path, tmp_path: Path) -> None:
    (dependencies,) = sizewise.parents[1].rglob(DEPENDENCIES)
    away = dependencies.rename(tmp_path / DEPENDENCIES)
    failed = start(sizewise, tmp_path)
    away.rename(dependencies)
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "sizewise[local]" in line
