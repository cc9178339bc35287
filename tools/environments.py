"""The environments of sessions: pinned Python packages, pinned npm packages, and separate Pythons for emulators.

Everything here is installed with `run_install`, which nox runs under --install-only too.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # The unit tests' environment has no nox.
    import nox

ROOT = Path(__file__).parents[1]

AZURE_WORKER = "azure-functions-runtime==1.3.0"
"""The library of the Functions worker. It is pinned here because the tests call its private functions."""


def hush(sessions: Container[str]) -> None:
    """Silences nox, except for errors, when one of these sessions starts."""

    def shows(record: logging.LogRecord) -> bool:
        if record.getMessage().removeprefix("Running session ") not in sessions:
            return True
        logging.getLogger("nox").setLevel(logging.WARNING)
        return False

    logging.getLogger("nox").addFilter(shows)


def install(session: "nox.Session", *groups: str, extras: tuple[str, ...] = ()) -> None:
    """Installs dependency groups and providers' run-time dependencies, all at the versions of constraints.txt."""
    options = [f"--group={group}" for group in groups] + [f"--extra={extra}" for extra in extras]
    session.install("-c", "constraints.txt", "-r", "pyproject.toml", *options)


def installing(session: "nox.Session") -> Callable[..., object]:
    """A function that runs a command which installs something, also under --install-only and --no-install."""
    return lambda *command: session.run_install(*command, external=True) or session.run(*command, external=True)


def install_once(session: "nox.Session", *groups: str, extras: tuple[str, ...]) -> None:
    """Calls `install` and announces it, unless the pins are the same as last time."""
    installed = Path(session.virtualenv.location) / "-".join(("installed", *groups, *extras))
    pins = b"".join((ROOT / name).read_bytes() for name in ("constraints.txt", "pyproject.toml"))

    def install_and_say_so() -> bool:
        where = os.path.relpath(session.virtualenv.location, ROOT)
        if not announce(session, f"Installing Sizewise's packages into {where}, once ..."):
            return False
        install(session, *groups, extras=extras)
        return True

    unless_installed(installed, pins, install_and_say_so)


def announce(session: "nox.Session", what: str) -> bool:
    """Prints what will be installed, except under --no-install. Returns whether it printed it."""
    return bool(session.run_install("echo", what, external=True, log=False, stdout=sys.stderr))


def unless_installed(marker: Path, state: bytes, install: Callable[[], object]) -> None:
    """Installs, unless the marker file holds this state. Writes the marker if `install` returns something true."""
    if marker.exists() and marker.read_bytes() == state:
        return
    # Remove the marker first: an installation can fail after it has deleted the old packages.
    marker.unlink(missing_ok=True)
    if install():
        marker.write_bytes(state)


def become_python(session: "nox.Session", *arguments: str) -> None:
    """Becomes the session's Python, in the folder where nox was called, with the checkout's packages importable.

    A signal to nox's process ID then reaches the program.
    """
    if session.run("python", "-c", "", silent=True, log=False) is None:  # --install-only.
        return
    os.chdir(session.invoked_from)
    environ = {**os.environ, **session.env, "PYTHONPATH": str(ROOT)}
    python = f"{session.bin}/python"
    # -P: a folder of images can hold a file with the name of a module.
    os.execve(python, [python, "-P", *arguments], {k: v for k, v in environ.items() if v is not None})  # noqa: S606


def npm_install(session: "nox.Session", source: str) -> Path:
    """Installs the packages that a folder's package-lock.json pins. Returns the folder with node_modules.

    The folder's scripts are copied next to node_modules, so that they find it.
    """
    target = Path(session.virtualenv.location) / "npm" / source
    locked = (ROOT / source / "package-lock.json").read_bytes()
    installed = target / "installed"
    shutil.copytree(ROOT / source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    unless_installed(installed, locked, lambda: session.run_install("npm", "ci", *quiet, "--prefix", str(target)))
    return target


def install_chromium(session: "nox.Session") -> str:
    """Installs the browser that tests/browser pins, and returns its program's path. Needs Node in the session."""
    home = npm_install(session, "tests/browser")
    session.run_install("node", str(home / "unpack.mjs"), external=True)
    return str(home / "node_modules" / ".browser" / "chromium")


def python_of_the_clouds() -> str | None:
    """A Python 3.13, the version of the clouds, if a working one is on the path or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for candidate in (shutil.which("python3.13"), *pyenv.glob("versions/3.13.*/bin/python")):
        # pyenv's shims are on the path even if their Python is not selected.
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(candidate)
    return None


def environment(session: "nox.Session", name: str) -> tuple[Path, bool]:
    """Makes .nox/NAME anew, with Python 3.13 if there is one. Returns its Python, and whether that is 3.13."""
    home, python = ROOT / ".nox" / name, python_of_the_clouds()
    if not python:
        session.warn(
            f"Python 3.13, the version of the clouds, is not installed: .nox/{name} gets {sys.version.split()[0]}"
        )
    chosen = f"--python={python or sys.executable}"
    session.run_install("uv", "venv", "--quiet", "--clear", chosen, str(home), external=True)
    return home / "bin" / "python", python is not None


def install_lambda(session: "nox.Session") -> str:
    """Makes .nox/lambda, where the emulator runs functions: with boto3, as in Lambda's runtime, and without Sizewise.

    Returns the version of its Python.
    """
    python, _ = environment(session, "lambda")
    pins = ("-c", "constraints.txt", "ministack", "boto3")
    session.run_install("uv", "pip", "install", "--quiet", f"--python={python}", *pins, external=True)
    tell = "import sys; print(*sys.version_info[:2], sep='.')"
    return subprocess.run([python, "-c", tell], capture_output=True, text=True, check=True).stdout.strip()


def install_azure_cli(session: "nox.Session") -> list[str]:
    """Makes .nox/azure-cli, unless an Azure CLI is on the path. Returns folders to add to the path: one or none."""
    if shutil.which("az"):
        return []
    home = ROOT / ".nox" / "azure-cli"
    pins = ROOT / "providers" / "azure" / "cli-requirements.txt"

    def install() -> object:
        announce(session, "Installing the Azure CLI into .nox/azure-cli, once ...")
        session.run_install("uv", "venv", "--quiet", "--clear", str(home), external=True)
        pip = ("uv", "pip", "install", "--quiet", f"--python={home / 'bin' / 'python'}")
        return session.run_install(*pip, "-r", str(pins), external=True)

    unless_installed(home / "installed", pins.read_bytes(), install)
    return [str(home / "bin")]


def install_azure_worker(session: "nox.Session", staged: Path) -> Path:
    """Makes .nox/azure-worker, with the Functions worker and the staged package's requirements. Returns its Python.

    The worker's wheel requires Python 3.13, but runs on 3.11.
    """
    python, is_cloud = environment(session, "azure-worker")
    local = ("-c", "constraints.txt", "-r", "pyproject.toml", "--extra=azure")
    pins = ("-r", f"{staged}/requirements.txt") if is_cloud else local
    pip = ("uv", "pip", "install", "--quiet", f"--python={python}")
    session.run_install(*pip, *pins, external=True)
    session.run_install(*pip, "--no-deps", "--python-version=3.13", AZURE_WORKER, external=True)
    return python
