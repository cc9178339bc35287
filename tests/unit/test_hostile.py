"""Hostile files: each gives a complete variant or a specified error, within the limits of time and memory."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.pictures.hostile import FAMILIES
from tests.support.servers.processes import ROOT, python

MEMORY = 512
"""MiB of resident memory of the rendering child, including its interpreter: docs/operations.md promises it."""
CPU_SECONDS = 5
"""CPU time of all its threads, which does not include other work of the machine."""
BATCH_SECONDS = 300
"""For a whole family."""


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux reports the peak memory of a process"
)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_hostile_file_gives_a_variant_or_a_clear_error(family: str) -> None:
    """The header is enough to refuse it: no file kills the child."""
    command = python("-m", "tests.support.pictures.trial", family)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BATCH_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == "", "a decoder wrote into the log"
    outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"name"')]
    assert outcomes
    assert [
        outcome
        for outcome in outcomes
        if outcome["wrong"] or outcome["peak"] >= MEMORY or outcome["seconds"] >= CPU_SECONDS
    ] == []
