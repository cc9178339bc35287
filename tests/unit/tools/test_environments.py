"""Packages are installed once, and an installation that failed or was skipped is not marked as done."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools import environments


class Session:
    """A nox session under --install-only, or under --no-install. If it is `broken`, an installation fails."""

    def __init__(self, home: Path) -> None:
        self.virtualenv = SimpleNamespace(location=str(home))
        self.installed = 0
        self.broken = False
        self.no_install = False
        self.said: list[str] = []

    def run(self, *_: str, **__: object) -> None:
        """Skipped under --install-only."""

    def run_install(self, *command: str, **_: object) -> bool | None:
        assert command[0] in ("npm", "echo")
        if self.no_install:
            return None
        if command[0] == "echo":
            self.said.append(command[1])
        else:
            self._install()
        return True

    def install(self, *_: str) -> None:
        if not self.no_install:
            self._install()

    def _install(self) -> None:
        if self.broken:
            raise KeyboardInterrupt
        self.installed += 1


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package-lock.json in a folder of the repository."""
    monkeypatch.setattr(environments, "ROOT", tmp_path / "repository")
    path = tmp_path / "repository/folder/package-lock.json"
    path.parent.mkdir(parents=True)
    path.write_text("one")
    return path


@pytest.fixture
def session(tmp_path: Path) -> Any:
    return Session(tmp_path / "session")


def test_packages_are_installed_once_for_each_lock(session: Any, lock: Path) -> None:
    for _ in range(2):
        assert (environments.npm_install(session, "folder") / "package-lock.json").read_text() == "one"
    assert session.installed == 1
    lock.write_text("two")
    environments.npm_install(session, "folder")
    assert session.installed == 2


@pytest.mark.usefixtures("lock")
def test_a_skipped_installation_is_done_later(session: Any) -> None:
    session.no_install = True
    environments.npm_install(session, "folder")
    session.no_install = False
    environments.npm_install(session, "folder")
    assert session.installed == 1


def test_a_failed_installation_is_repeated_even_for_an_earlier_lock(session: Any, lock: Path) -> None:
    environments.npm_install(session, "folder")
    lock.write_text("two")
    session.broken = True
    with pytest.raises(KeyboardInterrupt):
        environments.npm_install(session, "folder")
    session.broken = False
    lock.write_text("one")
    environments.npm_install(session, "folder")
    assert session.installed == 2


@pytest.fixture
def pins(lock: Path) -> Path:
    """The repository's constraints.txt."""
    repository = lock.parents[1]
    (repository / "pyproject.toml").write_text("one")
    (repository / "constraints.txt").write_text("one")
    return repository / "constraints.txt"


@pytest.fixture
def home(session: Any) -> Path:
    """The session's environment, which nox has created."""
    home = Path(session.virtualenv.location)
    home.mkdir()
    return home


@pytest.mark.usefixtures("home")
def test_packages_are_installed_and_announced_once_for_each_state_of_the_pins(session: Any, pins: Path) -> None:
    for _ in range(2):
        environments.install_once(session, extras=("local",))
    assert (session.installed, len(session.said)) == (1, 1)
    for changed in (pins, pins.with_name("pyproject.toml")):
        changed.write_text("two")
        for _ in range(2):
            environments.install_once(session, extras=("local",))
    assert (session.installed, len(session.said)) == (3, 3)


@pytest.mark.usefixtures("pins")
def test_a_skipped_installation_is_neither_announced_nor_marked_as_done(session: Any, home: Path) -> None:
    session.no_install = True
    environments.install_once(session, extras=("local",))
    assert not session.said
    assert not list(home.iterdir())


@pytest.mark.usefixtures("home")
def test_a_failed_installation_is_repeated_even_for_earlier_pins(session: Any, pins: Path) -> None:
    environments.install_once(session, extras=("local",))
    pins.write_text("two")
    session.broken = True
    with pytest.raises(KeyboardInterrupt):
        environments.install_once(session, extras=("local",))
    session.broken = False
    pins.write_text("one")
    environments.install_once(session, extras=("local",))
    assert session.installed == 2
