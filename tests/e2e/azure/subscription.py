"""A simulated subscription, and the commands of tools.deployment that run on it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.deployment_file import read
from tests.e2e.azure.az import NEW, SNAPSHOTS, STATE
from tests.e2e.azure.snapshots import one
from tests.support.deploying import Checkout
from tests.support.servers.azurite import connection_string
from tests.support.servers.processes import ROOT

if TYPE_CHECKING:  # That module imports this one.
    from tests.e2e.azure.conftest import AzureSite


@dataclass(frozen=True)
class Subscription:
    """A checkout whose `az` is the stand-in, with a deployment's file."""

    checkout: Checkout
    file: Path
    state: Path

    @classmethod
    def make(cls, folder: Path, snapshots: Path) -> "Subscription":
        """A new subscription in an existing folder. `snapshots` is the folder of the compiler's snapshots."""
        program = folder / "bin" / "az"
        program.parent.mkdir()
        start = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.e2e.azure.az import main\nmain()\n"
        program.write_text(f"#!{sys.executable}\n{start}")
        program.chmod(0o755)
        state = folder / "state.json"
        state.write_text(json.dumps(NEW))
        path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
        played = {STATE: str(state), SNAPSHOTS: str(snapshots)}
        checkout = Checkout.make(folder, {"PATH": path, "HOME": os.environ["HOME"], **played})
        return cls(checkout, folder / checkout.write("azure"), state)

    def write(self, facts: str = "", settings: str = "") -> None:
        """Writes the deployment's file: the example with these lines added."""
        self.checkout.write("azure", facts, settings)

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings in the deployment's file."""
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
        """Makes a running function, with its containers, act as the deployed app."""
        containers = {"originals": site.originals.container_name, "variants": site.variants.container_name}
        self.change(url=site.server.match[1], azurite=connection_string(endpoint), containers=containers)

    def run(self, session: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs `deploy`, `info` or `remove`."""
        return self.checkout.run(session, self.name, *words, env=environ)

    def deploy(self, **environ: str) -> str:
        """Deploys the file and returns what was printed."""
        return self.checkout.done("deploy", self.name, "--yes", **environ)

    @property
    def name(self) -> str:
        """The path of the file, as a user types it."""
        return str(self.file.relative_to(self.checkout.folder))

    def purposes(self) -> set[str]:
        """The purposes of the resources in the resource group, from their tag."""
        return {resource["tags"]["sizewise"] for resource in self.now["resources"]}

    def app_settings(self) -> dict[str, Any]:
        """The app's settings, as the compiler evaluated them with the environment of the last deployment."""
        found: dict[str, Any] = one(self.now["snapshot"], "Web/sites/config", "appsettings")["properties"]
        return found

    def calls(self, *start: str) -> list[list[str]]:
        """The command lines of `az` that start with these words."""
        return [call["words"] for call in self.now["calls"] if call["words"][: len(start)] == list(start)]

    def forget(self) -> None:
        """Empties the record of command lines."""
        self.change(calls=[])

    def environment(self) -> dict[str, str]:
        """The environment variables of the last deployment."""
        given: dict[str, str] = [call["environ"] for call in self.now["calls"] if "environ" in call][-1]
        return given
