"""The advice for a socket that can't be bound, and the address of one that is bound."""

import errno
import socket

import pytest

from cli.listener import address, bind, explain, is_loopback


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EADDRINUSE, "Port 80 is in use at localhost: choose another with --port"),
        (errno.EACCES, "Port 80 is reserved for administrators: choose one from 1024"),
        (errno.EADDRNOTAVAIL, "'localhost' is not an address of this machine"),
    ],
)
def test_each_error_says_what_to_change(number: int, words: str) -> None:
    assert explain(OSError(number, "why"), "localhost", 80).startswith(words)


@pytest.mark.parametrize(
    ("host", "opened", "loopback"),
    [
        ("127.0.0.1", "http://127.0.0.1", True),
        ("0.0.0.0", "http://127.0.0.1", False),  # noqa: S104
        ("::1", "http://[::1]", True),
        ("::", "http://[::1]", False),
    ],
)
def test_the_address_can_be_opened_in_a_browser(host: str, opened: str, loopback: bool) -> None:
    try:
        listening = bind(host, 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening:
        assert address(listening) == f"{opened}:{listening.getsockname()[1]}"
        assert is_loopback(listening) is loopback
        with socket.create_connection((opened.removeprefix("http://").strip("[]"), listening.getsockname()[1])):
            pass
