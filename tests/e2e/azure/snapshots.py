"""What main.bicepparam would deploy, as tests ask for it."""

from typing import Any

import pytest

from tests.support.bicep import Bicep

VARIABLES = (
    *("SIZEWISE_SETTINGS", "SIZEWISE_MAX_INSTANCES", "SIZEWISE_MEMORY"),
    *("SIZEWISE_VERSION", "SIZEWISE_SIGNING_SECRET", "SIGNING_KEYS"),
)
"""What main.bicepparam reads of the environment."""


def evaluated(infra: Bicep, **environ: str) -> dict[str, Any]:
    """The snapshot of a deployment with these variables, and none of the others.

    The compiler evaluates nothing that depends on a secure parameter. So the parameter loses that in the test's copy.
    """
    infra.replace("@secure()\n", "")
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in environ.items():
            patch.setenv(name, value)
        return infra.snapshot()


def of_type(snapshot: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """All resources of a type."""
    return [resource for resource in snapshot["predictedResources"] if resource["type"] == f"Microsoft.{kind}"]


def one(snapshot: dict[str, Any], kind: str, name: str = "") -> dict[str, Any]:
    """The only resource of a type, or the only one whose name has `name` in it."""
    (found,) = (resource for resource in of_type(snapshot, kind) if name in resource["name"])
    return found
