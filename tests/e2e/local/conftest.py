"""The local provider as a user starts it, on a folder made for the test."""

import json
import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from core.storage import StoredObject
from providers.local.storage import RESERVED, FolderStorage
from tests.e2e.deployment import Deploy, Deployment
from tests.support.permissions import as_anyone
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT, Server, python, running

READY = r'"message": "serving".*"address": "(http://[^"]+)"'

TERMINAL_READY = r"Open (http://[^/\s]+)/(?s:.*)Ctrl-C\r\n"


class LocalSite:
    """A folder and the server in front of it; see `Deployment`."""

    def __init__(self, root: Path, server: Server) -> None:
        self.root = root
        self.server = server
        self.address = server.match[1]
        self._client = httpx.Client(base_url=self.address, timeout=60)

    def close(self) -> None:
        self._client.close()

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self._client.request(method, "/", headers=headers, extensions={"target": target.encode()})

    def follow(self, response: httpx.Response) -> httpx.Response:
        return self.ask(response.headers["location"])

    def location(self, path: str) -> str:
        return f"/{path}"

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if focal:
            points = self.root / RESERVED / "focal.json"
            points.parent.mkdir(exist_ok=True)
            points.write_text(json.dumps({key: focal}))

    def stored(self, key: str) -> StoredObject | None:
        folder = FolderStorage(self.root)
        return folder.read(key, 2**30) if folder.find(key) else None

    def delete(self, key: str) -> None:
        (self.root / key).unlink()

    def keys(self) -> set[str]:
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}

    def log(self) -> str:
        return "\n".join(self.server.lines)


@contextmanager
def serving(
    root: Path, settings: Mapping[str, str], preexec: Callable[[], None] | None = None, port: int = 0
) -> Iterator[LocalSite]:
    """Serves a folder with the settings, on a free port unless one is given."""
    command = python("-m", "cli", "serve", str(root), "--port", str(port))
    with running(command, READY, settings, preexec=preexec) as server:
        site = LocalSite(root, server)
        try:
            yield site
        finally:
            site.close()


@contextmanager
def serving_with(*arguments: str, cwd: Path = ROOT, **settings: str) -> Iterator[Server]:
    """Runs the command with any arguments, in a folder, on a free port, with an ordinary user's permissions."""
    env = {"PYTHONPATH": str(ROOT), **settings}
    with running([*python("-m", "cli", "serve", "--port", "0"), *arguments], READY, env, cwd, as_anyone) as server:
        yield server


@contextmanager
def noxw_serve(*arguments: str) -> Iterator[list[str]]:
    """The command `./noxw -s serve` in this session's environment, so that nothing is installed."""
    with TemporaryDirectory() as environments:  # nox renames an environment whose path is too long.
        (Path(environments) / "serve").symlink_to(sys.prefix)
        options = ("-R", "--envdir", environments, "-s", "serve", "--", "--port", "0", *arguments)
        yield [str(ROOT / "noxw"), *options]


def announced(server: Server) -> dict[str, Any]:
    """The fields of the line that the server logged when it was ready."""
    said: dict[str, Any] = json.loads(server.match.string)
    return said


def offered(server: Server) -> list[str]:
    """The paths of the offered images, each of which is requested and has to be an image."""
    addresses = announced(server)["try"]
    for address in addresses:
        answer = httpx.get(address, follow_redirects=True, timeout=60)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith("image/"), address
    return [address.removeprefix(server.match[1]) for address in addresses]


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    @contextmanager
    def start(settings: Mapping[str, str]) -> Iterator[LocalSite]:
        with serving(tmp_path_factory.mktemp("images"), settings) as site:
            yield site

    return start


@pytest.fixture
def wrong_bucket(tmp_path: Path) -> Iterator[Deployment]:
    """The folder is deleted while the server runs."""
    root = tmp_path / "images"
    root.mkdir()
    with serving(root, {}) as site:
        shutil.rmtree(root)
        yield site


@pytest.fixture
def out_of_reach(tmp_path: Path) -> Iterator[Deployment]:
    """A full disk, simulated by a limit on the size of files that the server may write."""
    shutil.copy("samples/albums/cat.jpg", tmp_path / "cat.jpg")
    limit = 1024
    with serving(tmp_path, {}, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) as site:
        before = site.keys()
        yield site
        assert site.keys() == before
    assert not list((tmp_path / RESERVED).glob("*"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one image."""
    root = tmp_path / "images"
    root.mkdir()
    (root / "cat.jpg").write_bytes(CAT)
    return root


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSite]:
    """A server of a folder with one image, shared by the tests of a module."""
    root = tmp_path_factory.mktemp("album")
    (root / "cat.jpg").write_bytes(CAT)
    with serving(root, {}) as site:
        yield site
