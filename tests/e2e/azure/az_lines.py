"""Command lines, parsed by the Azure CLI itself."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.servers.processes import ROOT

PARSE = """
import json, sys
from azure.cli.core import get_default_cli

class Parsed(Exception):
    pass

def stop(*_):
    raise Parsed

for line in json.load(sys.stdin):
    cli = get_default_cli()
    parts = dict(parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls)
    cli.invocation = cli.invocation_cls(cli_ctx=cli, **parts)
    cli.invocation.data["command_string"] = " ".join(line)
    cli.invocation.resolve_warnings = stop  # The first call after the parser.
    try:
        cli.invocation.execute(line)
    except Parsed:
        print("accepted")
    except SystemExit:
        print("refused")
"""
"""A program for the Azure CLI's own Python. The parser raises SystemExit for a line that it refuses."""


def cli() -> Path:
    """The Python of the Azure CLI that ./noxw installed, or of the `az` on the path."""
    on_path = shutil.which("az")
    places = [ROOT / ".nox" / "azure-cli" / "bin", *([Path(on_path).resolve().parent] if on_path else [])]
    for python in (place / "python" for place in places):
        if python.exists() and not subprocess.run([python, "-c", "import azure.cli.core"], check=False).returncode:
            return python
    pytest.skip("no Azure CLI: `./noxw -s info` with a file of Azure installs it")


def refused(lines: list[list[str]], home: Path) -> list[list[str]]:
    """The command lines that the Azure CLI refuses."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "AZURE_CORE_COLLECT_TELEMETRY": "0"}
    done = subprocess.run(
        [cli(), "-c", PARSE], input=json.dumps(lines), env=environ, capture_output=True, text=True, check=False
    )
    said = done.stdout.split()
    assert len(said) == len(lines), done.stderr
    return [line for line, outcome in zip(lines, said, strict=True) if outcome != "accepted"]
