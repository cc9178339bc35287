"""The version of a deployment, such as `0.1.0+4864325.3f2a9c81d0e4`: release, commit, and digest of the package."""

import subprocess
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from tools.environments import ROOT

VARIABLE: Final = "SIZEWISE_VERSION"
"""The function's environment variable that holds the version, on every cloud."""

_DIGITS: Final = 12


def version_of(package: Path, manifests: Iterable[Path], deployed: str | None) -> str:
    """The version of a staged package, deployed with these manifests.

    `deployed` is the current version, if any. While package and manifests are the same, it stays, whatever was
    committed.
    """
    digest = _digest(package, manifests)
    if deployed and deployed.endswith(digest):
        return deployed
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return f"{project}+{'.'.join(filter(None, (_commit(), digest)))}"


def _digest(package: Path, manifests: Iterable[Path]) -> str:
    found = sha256()
    for path in sorted(file for file in package.rglob("*") if file.is_file()):
        found.update(f"{path.relative_to(package)}\0".encode() + sha256(path.read_bytes()).digest())
    for path in manifests:
        found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()[:_DIGITS]


def _commit() -> str:
    """The checkout's commit, with -dirty if files differ from it; empty without git or a repository."""
    command = ("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*")
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""
