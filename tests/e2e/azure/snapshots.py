"""What main.bicepparam would deploy, as tests ask for it."""

from typing import Any

import pytest

from tests.support.bicep import Bicep


def evaluated(infra: Bicep, signing_keys: str = "") -> dict[str, Any]:
    """The snapshot of a deployment by somebody with these SIGNING_KEYS.

    The compiler evaluates nothing that depends on a secure parameter. So the parameter loses that in the test's copy.
    """
    infra.replace("@secure()\n", "")
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("SIGNING_KEYS", signing_keys)
        return infra.snapshot()


def of_type(snapshot: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """All resources of a type."""
    return [resource for resource in snapshot["predictedResources"] if resource["type"] == f"Microsoft.{kind}"]


def one(snapshot: dict[str, Any], kind: str, name: str = "") -> dict[str, Any]:
    """The only resource of a type, or the only one whose name has `name` in it."""
    (found,) = (resource for resource in of_type(snapshot, kind) if name in resource["name"])
    return found
