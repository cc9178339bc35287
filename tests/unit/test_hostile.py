"""Files that nobody should upload: each gives a whole variant or an error of the design, within time and memory."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.pictures.hostile import FAMILIES
from tests.support.servers.processes import ROOT, python

MEMORY = 512
"""MiB of resident memory of the child that renders, its interpreter included: docs/operations.md promises it."""
CPU_SECONDS = 5
"""In CPU time of all its threads: what else the machine does counts in wall-clock time only."""
BATCH_SECONDS = 300
"""For a whole family."""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells what a process took")
@pytest.mark.parametrize("family", FAMILIES)
def test_a_hostile_file_gives_a_variant_or_an_error_that_says_so(family: str) -> None:
    """Its header is enough to judge it: none of them costs the child its life."""
    command = python("-m", "tests.support.pictures.trial", family)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BATCH_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == "", "a decoder speaks into the log"
    outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"name"')]
    assert outcomes
    assert [
        outcome
        for outcome in outcomes
        if outcome["wrong"] or outcome["peak"] >= MEMORY or outcome["seconds"] >= CPU_SECONDS
    ] == []
