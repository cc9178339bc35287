"""Snapshots: the resources that main.bicepparam would deploy, as predicted by the Bicep compiler."""

import json
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.bicep import Bicep, require
from tools.deployment.azure_facts import AzureFacts

VARIABLES = (
    *("SIZEWISE_SETTINGS", "SIZEWISE_MAX_INSTANCES", "SIZEWISE_MEMORY"),
    *("SIZEWISE_VERSION", "SIZEWISE_SIGNING_SECRET", "SIGNING_KEYS"),
)
"""The environment variables that main.bicepparam reads."""

NEEDED = {
    "SIZEWISE_MAX_INSTANCES": str(AzureFacts.max_instances),
    "SIZEWISE_MEMORY": str(AzureFacts.memory),
}
"""The required variables, with the values for a deployment's file that sets neither."""


def evaluated(infra: Bicep, **environ: str) -> dict[str, Any]:
    """The snapshot of a deployment with these variables, the required ones, and none of the others.

    The compiler evaluates nothing that depends on a secure parameter, so `@secure()` is removed from the test's copy.
    """
    infra.replace("@secure()\n", "")
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in {**NEEDED, **environ}.items():
            patch.setenv(name, value)
        return infra.snapshot()


def evaluated_once(source: Path, environ: Mapping[str, str], known: Path) -> dict[str, Any]:
    """`evaluated` of the files in a folder, cached in the folder `known`, since the compiler needs seconds."""
    files = {file.name: file.read_bytes() for file in sorted(source.iterdir())}
    kept = known / sha256(repr((files, sorted(environ.items()))).encode()).hexdigest()
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            kept.write_text(json.dumps(evaluated(Bicep(require(), Path(folder)), **environ)))
    found: dict[str, Any] = json.loads(kept.read_text())
    return found


def of_type(snapshot: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """All resources of a type."""
    return [resource for resource in snapshot["predictedResources"] if resource["type"] == f"Microsoft.{kind}"]


def one(snapshot: dict[str, Any], kind: str, name: str = "") -> dict[str, Any]:
    """The only resource of a type, or the only one whose name contains `name`."""
    (found,) = (resource for resource in of_type(snapshot, kind) if name in resource["name"])
    return found
