"""The errors of `sizewise serve` at start that a test has to simulate."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.serve import serve


def test_a_folder_on_a_file_system_without_hard_links_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test can't mount such a file system, so it makes the call fail as theirs."""

    def fails(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", fails)
    monkeypatch.setenv("QUALITY", "none")  # Without the refusal, the start ends here.
    failed = CliRunner().invoke(serve, [str(tmp_path), "--port", "0"])
    assert (failed.exit_code, failed.stdout) == (2, "")
    (line,) = failed.stderr.splitlines()
    assert line.startswith(f"Error: No variants can be stored in {tmp_path}: its file system has no hard links")
