"""What to do about a socket that can't be bound."""

import errno

import pytest

from cli.listener import explain


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EADDRINUSE, "Port 80 is in use at localhost: choose another with --port"),
        (errno.EACCES, "Port 80 is for the administrator: choose one from 1024"),
        (errno.EADDRNOTAVAIL, "'localhost' is no address of this machine"),
    ],
)
def test_each_error_says_what_to_change(number: int, words: str) -> None:
    assert explain(OSError(number, "why"), "localhost", 80).startswith(words)
