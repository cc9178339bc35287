"""If `sizewise serve` can't start, the user sees one line that says why."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.permissions import as_anyone
from tests.support.servers.processes import ROOT, python


def start(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command, which has to fail."""
    command = [*python("-m", "cli", "serve"), "--port", "0", *arguments]
    env = {"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], **settings}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False, preexec_fn=as_anyone
    )


def only_line(failed: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The only line that a failed start printed."""
    assert (failed.returncode, failed.stdout) == (code, "")
    (line,) = failed.stderr.splitlines()
    return line


def test_two_different_folders_are_refused(root: Path) -> None:
    failed = start(str(root), "--root", str(root.parent))
    assert failed.returncode == 2
    assert f"{root} and --root {root.parent} differ" in failed.stderr


@pytest.mark.parametrize("arguments", [[], [""], ["--root", ""]])
def test_without_a_folder_it_says_how_to_name_one(arguments: list[str]) -> None:
    assert "sizewise serve ~/Pictures" in only_line(start(*arguments), code=2)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "closed").mkdir(0)
    for name in ("nowhere", "file", "circle", "closed", "long" * 100):
        assert f"{tmp_path / name} is not a folder" in only_line(start("--root", str(tmp_path / name)), code=2)


def test_a_read_only_folder_is_refused_with_what_to_do(root: Path) -> None:
    """Every variant would be a 502. The check leaves no file."""
    root.chmod(0o555)
    line = only_line(start(str(root)), code=2)
    assert line.startswith(f"Error: No variants can be stored in {root}: Permission denied. ")
    assert "ORIGINALS_BUCKET" in line
    root.chmod(0o755)
    (root / ".sizewise").mkdir(0o555)
    assert "Permission denied" in only_line(start(str(root)), code=2)
    assert sorted(path.name for path in root.rglob("*")) == [".sizewise", "cat.jpg"]


def test_a_read_only_folder_also_stops_a_start_without_the_command(root: Path) -> None:
    """functions-framework imports the module: only one line is printed."""
    root.chmod(0o555)
    command = python("-c", "import providers.local.main")
    env = {"PATH": os.environ["PATH"], "BUCKET": str(root)}
    failed = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False, preexec_fn=as_anyone
    )
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert line.startswith(f"Error: No variants can be stored in {root}: ")


@pytest.mark.parametrize("name", [b"line\nbreak", b"space "])
def test_a_folder_whose_name_can_not_be_a_setting_is_refused(tmp_path: Path, name: bytes) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    try:
        Path(folder).mkdir()
    except OSError:
        pytest.skip("this file system has no such name")
    assert "rename it" in only_line(start(folder), code=2)


@pytest.mark.parametrize(
    ("name", "value", "takes"), [("QUALITY", "101", "from 1 to 100"), ("WIDTHS", "wide", "250,600,1200")]
)
def test_a_setting_out_of_range_is_named_with_its_allowed_values(root: Path, name: str, value: str, takes: str) -> None:
    line = only_line(start(str(root), **{name: value}))
    assert f"{name}='{value}' is not" in line
    assert takes in line


def test_a_port_in_use_is_named(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = only_line(start(str(root), "--port", str(port)))
    assert f"Port {port} is in use" in line
    assert "--port" in line


@pytest.mark.parametrize(
    ("option", "value"),
    [("--port", "80000"), ("--port", "-1"), ("--port", "http"), ("THREADS", "many"), ("WORKERS", "0")],
)
def test_a_number_out_of_range_is_a_usage_error(root: Path, option: str, value: str) -> None:
    failed = start(str(root), option, value) if option == "--port" else start(str(root), **{option: value})
    assert failed.returncode == 2
    assert option in failed.stderr
    assert value in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("host", ["1.2.3.4", "nonsense.invalid", "a..b", "b" * 70, "", "::2"])
def test_a_host_of_another_machine_is_named(root: Path, host: str) -> None:
    line = only_line(start(str(root), "--host", host))
    assert repr(host) in line
    assert "--host" in line


def test_a_port_only_for_administrators_is_named(root: Path) -> None:
    first = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not first.exists() or int(first.read_text()) <= 1:
        pytest.skip("anyone may listen on any port here")
    assert "Port 1 is reserved for administrators" in only_line(start(str(root), "--port", "1"))
