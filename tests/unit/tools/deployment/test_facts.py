"""The facts that a deployment's file can have, and their tables in docs/deploying.md."""

import re
from dataclasses import MISSING, fields
from typing import Any

import pytest

from tests.support.servers.processes import ROOT
from tools.deployment.aws_facts import AwsFacts
from tools.deployment.azure_facts import AzureFacts
from tools.deployment.gcp_facts import GcpFacts

TABLES = (ROOT / "docs" / "deploying.md").read_text().partition("## The file")[2].partition("\n## ")[0]
ALWAYS = {"region": MISSING}
"""Facts that the page describes in a sentence."""


def tabled(cloud: str) -> dict[str, str]:
    """The facts in a cloud's table, with the defaults in the table."""
    table = TABLES.partition(f"| {cloud} | default |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|([^|]*)\|", table, re.MULTILINE)
    return {name: default.strip() for names, default in rows for name in re.findall(r"`(\w+)`", names)}


def as_toml(default: Any) -> str:
    if default is MISSING:
        return "needed"
    if default == "":
        return ""
    written = f'"{default}"' if isinstance(default, str) else str(default).lower()
    return f"`{written}`"


@pytest.mark.parametrize(("cloud", "kind"), [("AWS", AwsFacts), ("Google Cloud", GcpFacts), ("Azure", AzureFacts)])
def test_the_page_has_every_fact_with_its_default(cloud: str, kind: type[Any]) -> None:
    facts = {row.name: as_toml(row.default) for row in fields(kind) if row.metadata and row.name not in ALWAYS}
    shown = tabled(cloud)
    assert set(shown) == set(facts)
    # A fact without a default can have a description there.
    assert {name: shown[name] for name in shown if facts[name]} == {name: facts[name] for name in facts if facts[name]}
