"""A subscription that is played, and the commands of tools.deployment that are run on it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.deployment_file import read
from tests.e2e.azure.az import NEW, STATE
from tests.support.servers.azurite import connection_string
from tests.support.servers.processes import ROOT

if TYPE_CHECKING:  # It has the fixtures that are made of what is here.
    from tests.e2e.azure.conftest import AzureSite

COPIED = ("cli", "core", "providers", "tools", "deployments", "samples/albums/2026")


def example(text: str = "") -> str:
    """deployments/example.toml with the block of Azure in place of that of AWS, and these lines above [settings]."""
    lines = (ROOT / "deployments" / "example.toml").read_text().splitlines()
    aws, azure = lines.index("# AWS"), lines.index("# Azure")
    table = next(number for number in range(azure, len(lines)) if lines[number].startswith("# Sizewise's own"))
    block = [line.removeprefix("# ") for line in lines[azure + 1 : table]]
    return "\n".join([*lines[:aws], *block, text, *lines[table:], ""])


@dataclass
class Subscription:
    """A checkout of its own, since a deployment stages the package anew; `az` on its path is the stand-in."""

    home: Path
    file: Path = field(init=False)
    state: Path = field(init=False)

    def __post_init__(self) -> None:
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(ROOT / name, self.home / name, ignore=ignored)
        for name in ("pyproject.toml", "LICENSE"):
            shutil.copy(ROOT / name, self.home)
        program = self.home / "bin" / "az"
        program.parent.mkdir()
        start = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.e2e.azure.az import main\nmain()\n"
        program.write_text(f"#!{sys.executable}\n{start}")
        program.chmod(0o755)
        self.state = self.home / "state.json"
        self.state.write_text(json.dumps(NEW))
        self.file = self.home / "deployments" / "prod.toml"
        self.file.write_text(example())

    @property
    def settings(self) -> Mapping[str, str]:
        """Those of the file."""
        return read(self.file).settings

    @property
    def now(self) -> dict[str, Any]:
        """The subscription's state."""
        found: dict[str, Any] = json.loads(self.state.read_text())
        return found

    def change(self, **values: Any) -> None:
        """Changes the state."""
        self.state.write_text(json.dumps({**self.now, **values}))

    def stands_for(self, site: "AzureSite", endpoint: str) -> None:
        """Has a running function, with its containers, be the app that is deployed."""
        containers = {"originals": site.originals.container_name, "variants": site.variants.container_name}
        self.change(url=site.server.match[1], azurite=connection_string(endpoint), containers=containers)

    @property
    def environ(self) -> dict[str, str]:
        """Of the commands: `az` is on the path, and no setting of the developer's."""
        path = os.pathsep.join([str(self.home / "bin"), os.environ["PATH"]])
        return {"PATH": path, "HOME": os.environ["HOME"], STATE: str(self.state)}

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "tools.deployment", name, str(self.file)]

    def run(self, name: str, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs `deploy`, `info` or `remove` to its end."""
        return subprocess.run(
            [*self.command(name), *options],
            cwd=self.home,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def calls(self, *start: str) -> list[list[str]]:
        """The command lines that `az` was given, of those that start with these words."""
        return [call["words"] for call in self.now["calls"] if call["words"][: len(start)] == list(start)]

    def forget(self) -> None:
        """Empties the record of command lines."""
        self.change(calls=[])

    def environment(self) -> dict[str, str]:
        """What the last deployment was given in its environment."""
        given: dict[str, str] = [call["environ"] for call in self.now["calls"] if "environ" in call][-1]
        return given
