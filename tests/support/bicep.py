"""Microsoft's Bicep compiler: its messages about the files in providers/azure/infra, and what they deploy."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers.processes import ROOT

INFRA = ROOT / "providers/azure/infra"
DEPLOYED_TO = (
    "--resource-group=sizewise",
    "--subscription-id=00000000-0000-0000-0000-000000000000",
    "--location=westeurope",
)
"""The place of a snapshot's resources."""


def find() -> Path | None:
    """The compiler on PATH, where `az bicep install` puts it, or in the folder shared/ next to the checkout."""
    on_path = shutil.which("bicep")
    places = (Path.home() / ".azure/bin/bicep", ROOT.parent / "shared/bicep/bicep")
    return Path(on_path) if on_path else next((place for place in places if place.is_file()), None)


def require() -> Path:
    """The compiler. Without it the test is skipped, or fails if CI is set, where nobody would notice a skip."""
    found = find()
    if found:
        return found
    missing = "no Bicep compiler: `az bicep install` puts it where the tests look for it"
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        pytest.skip(missing)
    pytest.fail(missing)


@dataclass(frozen=True)
class Bicep:
    """The compiler and a copy of the Bicep files, which a test may change."""

    compiler: Path
    folder: Path

    @classmethod
    def copy(cls, folder: Path) -> "Bicep":
        """Copies the files into a folder that exists."""
        compiler = require()
        shutil.copytree(INFRA, folder, dirs_exist_ok=True)
        return cls(compiler, folder)

    def replace(self, old: str, new: str, name: str = "main.bicep") -> None:
        """Replaces each `old` in a file, which must contain it."""
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def complaints(self, *files: str) -> list[str]:
        """Errors and warnings, one per line, for a file or for `--pattern` and a pattern.

        The exit status is not enough: it is 0 after warnings.
        """
        done = self._run("lint", *files)
        found = re.findall(r"^.*: (?:Warning|Error) .*$", done.stdout + done.stderr, re.MULTILINE)
        assert found or done.returncode == 0, done.stderr
        return found

    def formatted(self, name: str) -> str:
        """The file as the compiler formats it."""
        done = self._run("format", name, "--stdout")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def snapshot(self) -> dict[str, Any]:
        """What main.bicepparam would deploy: `predictedResources` and `outputs`, with every expression evaluated.

        Values that only Azure knows stay expressions: "[reference(...)...]".
        """
        done = self._run("snapshot", "main.bicepparam", "--mode=overwrite", *DEPLOYED_TO)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads((self.folder / "main.snapshot.json").read_text())
        return found

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.compiler), *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
