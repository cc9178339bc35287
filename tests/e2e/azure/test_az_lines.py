"""Every command line that the stand-in for `az` was given, parsed by the Azure CLI itself."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient

from tests.e2e.azure.conftest import deployed
from tests.e2e.azure.subscription import Subscription
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
    cli.invocation.resolve_warnings = stop  # What comes right after its parser.
    try:
        cli.invocation.execute(line)
    except Parsed:
        print("taken")
    except SystemExit:
        print("refused")
"""
"""A program for the Azure CLI's own Python. Its parser ends the program for a line that it does not take."""


def cli() -> Path:
    """The Python of an Azure CLI: that which ./noxw installed, or that of the `az` on the path."""
    on_path = shutil.which("az")
    places = [ROOT / ".nox" / "azure-cli" / "bin", *([Path(on_path).resolve().parent] if on_path else [])]
    for python in (place / "python" for place in places):
        if python.exists() and not subprocess.run([python, "-c", "import azure.cli.core"], check=False).returncode:
            return python
    pytest.skip("no Azure CLI: `./noxw -s info` with a file of Azure installs it")


def parsed(lines: list[list[str]], home: Path) -> list[str]:
    """What the Azure CLI says of each line: taken or refused."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "AZURE_CORE_COLLECT_TELEMETRY": "0"}
    done = subprocess.run(
        [cli(), "-c", PARSE], input=json.dumps(lines), env=environ, capture_output=True, text=True, check=False
    )
    said = done.stdout.split()
    assert len(said) == len(lines), done.stderr
    return said


def test_the_azure_cli_takes_every_line(empty: Subscription, tmp_path: Path, service: BlobServiceClient) -> None:
    cli()
    subscription = empty
    subscription.write('signing_keys = "signing-keys"')
    with deployed(service, subscription.settings) as site:
        subscription.stands_for(site, service.url.rstrip("/"))
        for session in ("deploy", "deploy", "info"):
            subscription.checkout.done(session, subscription.name, "--yes")
        subscription.change(log=[["2026-11-29T05:00:01Z", "id-1", "a line"]])
        with subscription.checkout.following(subscription.name):
            pass
        subscription.checkout.done("remove", subscription.name, "--yes")
    lines = subscription.calls()
    given = [" ".join(line) for line in lines]
    for start in ("functionapp deployment", "storage blob upload", "role assignment delete", "rest --method post"):
        assert any(line.startswith(start) for line in given)
    refused = [line for line, said in zip(lines, parsed(lines, tmp_path), strict=True) if said != "taken"]
    assert refused == []


@pytest.mark.parametrize("line", [["group", "lisst"], ["group", "list", "--nonsense"], ["group", "create"]])
def test_the_azure_cli_refuses_a_line_with_a_mistake(tmp_path: Path, line: list[str]) -> None:
    assert parsed([line], tmp_path) == ["refused"]
