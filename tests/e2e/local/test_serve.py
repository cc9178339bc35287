"""What a person sees who starts it: `sizewise serve`, which `./noxw -s serve` runs."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.local.conftest import READY, serving
from tests.support.permissions import as_anyone
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT, Server, python, running

SERVE = python("-m", "cli", "serve")


def start(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a start that is to fail."""
    command = [*SERVE, "--port", "0", *arguments]
    env = {"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], **settings}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False, preexec_fn=as_anyone
    )


def only_line(failed: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line that a failed start printed."""
    assert (failed.returncode, failed.stdout) == (code, "")
    (line,) = failed.stderr.splitlines()
    return line


@contextmanager
def serving_with(*arguments: str, cwd: Path = ROOT, **settings: str) -> Iterator[Server]:
    """The command with any arguments, in a folder, on a free port."""
    env = {"PYTHONPATH": str(ROOT), **settings}
    with running([*SERVE, "--port", "0", *arguments], READY, env, cwd, as_anyone) as server:
        yield server


def offered(server: Server, count: int = 3) -> list[str]:
    """The addresses to try, each asked for and found to be an image."""
    lines = [line.strip() for line in server.printed(count, "  http")]
    for address in lines:
        answer = httpx.get(address, follow_redirects=True, timeout=60)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith("image/"), address
    return [line.removeprefix(server.match[1]) for line in lines]


def test_it_says_where_it_listens_and_what_to_try(tmp_path: Path) -> None:
    (tmp_path / "my album").mkdir()
    (tmp_path / "my album" / "cät 1.JPG").write_bytes(CAT)
    with serving(tmp_path, {}) as site:
        assert httpx.get(f"{site.address}/300x/my%20album/c%C3%A4t%201.JPG").status_code == 301
        assert offered(site.server) == [
            f"/{size}/my%20album/c%C3%A4t%201.JPG" for size in ("300x", "300x200.webp", "x200-q70")
        ]


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({"SIZES": "90x60,120x"}, ["90x60", "120x"]),
        ({"WIDTHS": "250,600"}, ["600x", "600x400.webp"]),
        ({"WIDTHS": "250,1200", "RATIOS": "none"}, ["1200x"]),
        ({"WIDTHS": "600", "SIZES": "90x60-f3x3"}, ["90x60-f3x3", "600x", "600x400.webp"]),
        ({"MAX_SIDE": "100"}, ["100x"]),
    ],
)
def test_what_it_offers_to_try_is_what_the_settings_allow(
    root: Path, tmp_path: Path, settings: dict[str, str], sizes: list[str]
) -> None:
    variants = tmp_path / "variants"
    variants.mkdir()
    with serving(variants, {"ORIGINALS_BUCKET": str(root), **settings}) as site:
        assert offered(site.server, len(sizes)) == [f"/{size}/cat.jpg" for size in sizes]


def test_the_folder_is_named_by_an_argument_or_by_an_option(root: Path) -> None:
    for arguments in ([str(root)], ["--root", str(root)], ["--root", str(root), f"{root}/"]):
        with serving_with(*arguments) as server:
            assert f"serves {root} at" in server.match[0]


def test_a_relative_folder_is_relative_to_where_it_is_started(root: Path) -> None:
    with serving_with(".", cwd=root) as server:
        assert f"serves {root} at" in server.match[0]


def test_two_different_folders_are_refused(root: Path) -> None:
    failed = start(str(root), "--root", str(root.parent))
    assert failed.returncode == 2
    assert f"{root} and --root {root.parent} differ" in failed.stderr


@pytest.mark.parametrize("arguments", [[], [""], ["--root", ""]])
def test_without_a_folder_it_says_how_to_name_one(arguments: list[str]) -> None:
    assert "sizewise serve ~/Pictures" in only_line(start(*arguments), code=2)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "closed").mkdir(0)
    for name in ("nowhere", "file", "circle", "closed", "long" * 100):
        assert f"{tmp_path / name} is not a folder" in only_line(start("--root", str(tmp_path / name)), code=2)


@pytest.mark.parametrize("name", [b"line\nbreak", b"space "])
def test_a_folder_whose_name_no_setting_can_hold_is_refused(tmp_path: Path, name: bytes) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    try:
        Path(folder).mkdir()
    except OSError:
        pytest.skip("this file system has no such name")
    assert "rename it" in only_line(start(folder), code=2)


@pytest.mark.parametrize("name", ["写真\u3000２０２６".encode(), b"\xff\xfe"], ids=["Japanese", "not UTF-8"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_folder_may_have_a_name_that_the_terminal_has_no_letters_for(root: Path, name: bytes, encoding: str) -> None:
    try:
        folder = root.rename(os.fsdecode(os.fsencode(root.parent) + b"/" + name))
    except OSError:
        pytest.skip("this file system has no such name")
    with serving(folder, {"LC_ALL": "C", "PYTHONIOENCODING": encoding}) as site:
        assert offered(site.server)


def test_only_files_that_can_be_asked_for_are_offered(root: Path) -> None:
    names = [
        b"\xff.jpg",
        b"a\nb.jpg",
        b"a\x1b[2J.jpg",
        b"a\\b.jpg",
        b"._cat.jpg",
        b".cat.jpg",
        b"1/" * 505 + b"cat.jpg",
    ]
    for name in names:
        with suppress(OSError):  # Not every file system has every name.
            path = Path(os.fsdecode(os.fsencode(root) + b"/" + name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(CAT)
    (root / "a.jpg").mkdir()
    (root / "b.jpg").symlink_to("nowhere.jpg")
    (root / "c.jpg").symlink_to(ROOT / "samples" / "albums" / "cat.jpg")
    (root / "c2.jpg").write_bytes(CAT)
    (root / "c2.jpg").chmod(0)
    (root / "a closed folder").mkdir(0)
    with serving_with(str(root)) as server:
        assert offered(server) == ["/300x/cat.jpg", "/300x200.webp/cat.jpg", "/x200-q70/cat.jpg"]


def test_a_folder_without_images_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, {}) as site:
        (line,) = site.server.printed(1, "No image")
        assert f"No image was found in {tmp_path}" in line
        (address,) = site.server.printed(1, "  http")
        site.put("cat.jpg", CAT)
        assert httpx.get(address.strip(), follow_redirects=True).headers["content-type"] == "image/jpeg"


def test_a_folder_that_can_not_be_written_says_so(root: Path) -> None:
    root.chmod(0o555)
    with serving_with(str(root)) as server:
        assert server.printed(1, "can't be written")
        assert httpx.get(f"{server.match[1]}/cat.jpg").status_code == 200
        assert httpx.get(f"{server.match[1]}/300x/cat.jpg").status_code == 502


@pytest.mark.parametrize(
    ("name", "value", "takes"), [("QUALITY", "101", "from 1 to 100"), ("WIDTHS", "wide", "250,600,1200")]
)
def test_a_setting_out_of_range_is_named_with_what_it_takes(root: Path, name: str, value: str, takes: str) -> None:
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
def test_a_number_out_of_range_is_a_wrong_use(root: Path, option: str, value: str) -> None:
    failed = start(str(root), option, value) if option == "--port" else start(str(root), **{option: value})
    assert failed.returncode == 2
    assert option in failed.stderr
    assert value in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("host", ["1.2.3.4", "nonsense.invalid", "a..b", "b" * 70, "", "::2"])
def test_a_host_that_is_not_this_machine_is_named(root: Path, host: str) -> None:
    line = only_line(start(str(root), "--host", host))
    assert repr(host) in line
    assert "--host" in line


def test_a_port_for_the_administrator_is_named(root: Path) -> None:
    first = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not first.exists() or int(first.read_text()) <= 1:
        pytest.skip("anyone may listen on any port here")
    assert "Port 1 is for the administrator" in only_line(start(str(root), "--port", "1"))


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_of_ipv6_is_printed_with_brackets(root: Path, host: str) -> None:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        with serving_with(str(root), "--host", host) as server:
            assert server.match[1].startswith("http://[::1]:")
            assert offered(server)
        return
    pytest.skip("this machine has no IPv6")


def test_nothing_is_written_into_the_home_folder(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serving(root, {"HOME": str(home)}) as site:
        assert site.ask("/300x/cat.jpg").status_code == 301
        assert site.server.printed(1, '"message": "request"')
        assert not list(home.iterdir())
