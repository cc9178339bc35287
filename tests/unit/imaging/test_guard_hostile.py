"""Files that nobody should upload: each gives a whole variant or an error of the design, within time and memory."""

import json
import subprocess

import pytest

from tests.support.pictures.hostile import FAMILIES
from tests.support.servers.processes import ROOT, python

MEMORY = 512
"""MiB of resident memory, the Python interpreter included."""
BATCH_SECONDS = 300
"""For a whole family; the time of one file is `tests.support.pictures.trial`'s to hold."""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_hostile_file_gives_a_variant_or_an_error_that_says_so(family: str) -> None:
    command = python("-m", "tests.support.pictures.trial", family)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BATCH_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == "", "a decoder speaks into the log"
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert outcomes
    assert [outcome for outcome in outcomes if outcome["wrong"] or outcome["peak"] >= MEMORY] == []
