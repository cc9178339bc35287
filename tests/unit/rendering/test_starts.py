"""How a child starts: what it does not get from its parent, and the answer if no child can start."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import Interrupted, TooExpensive
from core.rendering import child, renderer
from core.rendering.limits import Limits
from core.rendering.renderer import Renderer
from core.size import parse
from tests.support import stumbling
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT
from tests.support.settings import settings

SIZE = parse("60x")
LIMITS = Limits(memory=512 * 2**20, cpu=1, deadline=60)


def test_a_child_has_no_credential_and_no_file_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with closing(Renderer(settings().imaging)) as own, Path(__file__).open() as file:
        os.set_inheritable(file.fileno(), True)
        own.render(CAT, SIZE)
        process = Path("/proc") / str(own._idle[0]._process.pid)
        if not process.exists():
            pytest.skip("only Linux shows another process's environment and files")
        assert b"secret" not in (process / "environ").read_bytes()
        assert {int(descriptor.name) for descriptor in (process / "fd").iterdir()} <= {0, 1, 2}


def test_a_child_that_crashes_leaves_no_memory_dump() -> None:
    with closing(Renderer(settings().imaging)) as own:
        own.render(CAT, SIZE)
        limits = Path("/proc") / str(own._idle[0]._process.pid) / "limits"
        if not limits.exists():
            pytest.skip("only Linux shows another process's limits")
        (line,) = [line for line in limits.read_text().splitlines() if "core file" in line]
        assert line.split()[4:6] == ["0", "0"]


def test_children_need_no_shared_memory() -> None:
    """As on Lambda, which has no /dev/shm."""
    mount = "mount -t tmpfs -o ro none /dev/shm && ! touch /dev/shm/any 2>/dev/null && exec "
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*alone, mount + "true"], check=False).returncode:
        pytest.skip("this system allows no mounts, so /dev/shm can't be made unusable")
    code = (
        "from tests.support.memory import Site; site = Site();"
        "print(site.ask('/60x/cat.jpg').status); site.renderer.close()"
    )
    done = subprocess.run(
        [*alone, f"{mount} {shlex.quote(sys.executable)} -c {shlex.quote(code)}"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["301"], 0), done.stderr


def test_after_a_child_died_the_next_one_is_started_before_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "processors", lambda: 1)
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, LIMITS)) as own:
        with pytest.raises(Interrupted):
            own.render(stumbling.told("decode", "SIGKILL", CAT), SIZE)
        assert not own._idle
        own.start()
        assert [idle.runs for idle in own._idle] == [True]


def test_a_child_is_ended_by_signals_that_the_servers_thread_has_blocked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGXCPU, signal.SIGIO})
    try:
        with closing(Renderer(settings().imaging, LIMITS)) as own, pytest.raises(TooExpensive):
            own.render(stumbling.told("decode", "spin", CAT), SIZE)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def test_a_request_can_be_tried_again_if_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError("no process to spare")

    with closing(Renderer(settings().imaging)) as own:
        with monkeypatch.context() as patched:
            patched.setattr("core.rendering.renderer.Child", refuse)
            own.start()
            with pytest.raises(Interrupted):
                own.render(CAT, SIZE)
        assert own.render(CAT, SIZE).data


def test_a_child_that_can_not_start_is_not_blamed_on_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROGRAM", "core.no_such_module")
    with closing(Renderer(settings().imaging)) as own, pytest.raises(RuntimeError) as raised:
        own.render(CAT, SIZE)
    assert "No module named 'core.no_such_module'" in str(raised.value.__cause__)
