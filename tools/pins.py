"""The pins: constraints.txt, the providers' requirements.txt, and the Azure CLI's."""

from pathlib import Path
from typing import TYPE_CHECKING

from tools.deployment.facts import CLOUDS

if TYPE_CHECKING:  # The unit tests' environment has no nox.
    import nox


def compile_all(session: "nox.Session", groups: list[str]) -> None:
    """Writes all pins, for the dependency groups and extras of pyproject.toml. Needs uv in the session."""
    wanted = [f"--group={group}" for group in groups]
    _compile(session, "constraints.txt", "--python-version=3.11", "--all-extras", *wanted)
    for provider in CLOUDS:
        # Lambda's runtime includes boto3, the only dependency of the extra `aws`.
        extra = [] if provider == "aws" else [f"--extra={provider}"]
        pins = ("-c", "constraints.txt", "--python-version=3.13", *extra)
        _compile(session, f"providers/{provider}/requirements.txt", *pins)
    # The Azure CLI pins its own SDK, so it has its own environment.
    azure_cli = Path(session.create_tmp()) / "azure-cli.in"
    azure_cli.write_text("azure-cli\n")
    _compile(session, "providers/azure/cli-requirements.txt", "--python-version=3.11", source=str(azure_cli))


def _compile(session: "nox.Session", output: str, *options: str, source: str = "pyproject.toml") -> None:
    fixed = ("--universal", "--no-annotate", "--no-header", "--quiet", source)
    session.run("uv", "pip", "compile", *fixed, "-o", output, *options, *session.posargs)
