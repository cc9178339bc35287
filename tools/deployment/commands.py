"""The clouds' own command-line tools, run to their end."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from tools.deployment.errors import DeploymentError
from tools.environments import ROOT

_REPORT_SECONDS: Final = 15
"""Seconds between reports of a command that still runs."""

_SHOWN: Final = 20
"""How many of the last lines of a failed command's output are shown."""

_GCLOUD: Final = "install the Google Cloud CLI, https://cloud.google.com/sdk/docs/install"
_OTHERS: Final = "run it through ./noxw, which installs it"


class CommandFailed(DeploymentError):
    """A command that failed. `said` has the last lines of its output."""

    def __init__(self, program: str, said: list[str]) -> None:
        super().__init__("\n".join((f"{program} said:", *(f"    {line}" for line in said))))
        self.said = "\n".join(said)


def run(
    *words: str, env: Mapping[str, str] | None = None, given: str = "", cwd: Path = ROOT, errors_too: bool = False
) -> str:
    """Runs a command and returns its standard output. `given` is its standard input, `env` extends the environment.

    While a long command runs, the last line of its output is shown from time to time. Raises DeploymentError if the
    program is not installed, and CommandFailed if the command fails.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        try:
            process = subprocess.Popen(
                words,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if errors_too else errors,
                text=True,
            )
        except FileNotFoundError as error:
            remedy = _GCLOUD if words[0] == "gcloud" else _OTHERS
            raise DeploymentError(f"{words[0]} is not installed: {remedy}") from error
        status = _watch(process, given, output, errors)
        printed = _read(output)
        if status:
            said = [line for line in f"{printed}\n{_read(errors)}".splitlines() if line.strip()]
            raise CommandFailed(words[0], said[-_SHOWN:])
        return printed


def _watch(process: subprocess.Popen[str], given: str, *files: IO[str]) -> int:
    """Waits for a process to end, and returns its exit status. Its output goes to `files`."""
    began = time.monotonic()
    left: str | None = given
    with process:
        while True:
            try:
                process.communicate(left, timeout=_REPORT_SECONDS)
            except subprocess.TimeoutExpired:
                left = None  # Python continues with the input that it has not written yet.
                said = next(filter(None, map(_last_line, files)), "")
                print(f"    still running after {time.monotonic() - began:.0f} s: {said}".rstrip(": "), flush=True)
            else:
                return process.returncode


def _last_line(file: IO[str]) -> str:
    """The last line that a process has written so far. Does not move the file's position, which the process shares."""
    end = os.pread(file.fileno(), 1000, max(os.fstat(file.fileno()).st_size - 1000, 0))
    return end.decode(errors="replace").strip().rpartition("\n")[2]


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
