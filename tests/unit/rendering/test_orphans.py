"""A child ends with its parent."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support import stumbling
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT
from tests.support.threads import PATIENCE


@pytest.mark.parametrize("fault", ["spin", "sleep", "none"])
def test_no_child_outlives_a_parent_that_is_killed(fault: str) -> None:
    """Whether the child is idle, computes in one call or sleeps."""
    command = [sys.executable, "-m", stumbling.__name__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin
        assert parent.stdout
        orphan = int(parent.stdout.readline())
        parent.stdin.write(stumbling.told("decode", fault, CAT))
        parent.stdin.close()
        if fault == "none":
            assert parent.stdout.readline() == b"idle\n"
        else:
            time.sleep(0.5)  # The child can't report that it has begun.
        os.kill(orphan, 0)
        parent.kill()
    deadline = time.monotonic() + PATIENCE
    try:
        while runs(orphan):
            assert time.monotonic() < deadline, "the child still runs"
            time.sleep(0.01)
    finally:
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)


def runs(process: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
