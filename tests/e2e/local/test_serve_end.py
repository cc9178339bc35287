"""Whatever ends the command or its terminal, none of its processes is left."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import READY, TERMINAL_READY, announced, noxw_serve
from tests.support.servers.processes import ROOT, Server, python, running
from tests.support.servers.terminal import Terminal, on_a_terminal, wait_until_gone


@contextmanager
def serving_with_noxw(folder: Path, *arguments: str) -> Iterator[Server]:
    """Runs `./noxw -s serve` from the folder."""
    with noxw_serve(*arguments) as command, running(command, READY, {}, folder) as server:
        yield server


@contextmanager
def serving_on_a_terminal(root: Path) -> Iterator[Terminal]:
    with on_a_terminal(python("-m", "cli", "serve", str(root), "--port", "0"), {"PYTHONPATH": str(ROOT)}) as terminal:
        address = terminal.wait_for(TERMINAL_READY)[1]
        assert httpx.get(f"{address}/cat.jpg").status_code == 200
        terminal.wait_for(r"200  hit .*/cat.jpg\r\n")
        yield terminal


def test_a_relative_folder_is_relative_to_where_noxw_is_called(root: Path) -> None:
    with serving_with_noxw(root, "--root", ".") as server:
        assert announced(server)["folder"] == str(root)


def test_noxw_without_a_folder_serves_the_sample_photographs(root: Path) -> None:
    with serving_with_noxw(root) as server:
        assert announced(server)["folder"] == str(ROOT / "samples")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"])
def test_a_signal_to_noxw_ends_every_process(root: Path, name: str) -> None:
    with serving_with_noxw(root, str(root)) as server:
        # A worker answers, so one exists that could be left.
        assert httpx.get(f"{server.match[1]}/cat.jpg").status_code == 200
        os.kill(server.process.pid, getattr(signal, name))
        wait_until_gone(server.process)


def test_closing_the_terminal_ends_every_process(root: Path) -> None:
    with serving_on_a_terminal(root) as terminal:
        terminal.close()
        wait_until_gone(terminal.process)


def test_a_hangup_does_not_end_a_server_started_with_nohup(root: Path) -> None:
    command = ["nohup", *python("-m", "cli", "serve", str(root), "--port", "0")]
    with running(command, READY, {}) as server:
        server.process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(2)
        assert httpx.get(f"{server.match[1]}/cat.jpg").status_code == 200


def test_ctrl_c_ends_it_without_output(root: Path) -> None:
    with serving_on_a_terminal(root) as terminal:
        os.write(terminal.master, b"\x03")
        assert terminal.rest().strip() in ("", "^C")
        assert terminal.process.returncode == 0
        wait_until_gone(terminal.process)
