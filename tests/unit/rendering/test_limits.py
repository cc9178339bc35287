"""The limits of a render, and the error for each way in which a child ends."""

import signal

import pytest

from core.errors import BrokenOriginal, Interrupted, TooExpensive
from core.rendering.limits import limits_of, meaning, tells_of_memory
from tests.support.settings import settings

MIB = 2**20


def test_by_default_a_render_has_the_documented_limits() -> None:
    held = limits_of(settings().imaging)
    assert (held.cpu, held.deadline) == (5, 15)
    assert 639 * MIB <= held.memory <= 640 * MIB


def test_smaller_originals_leave_the_limits_as_they_are() -> None:
    assert limits_of(settings(max_original_pixels=1).imaging) == limits_of(settings().imaging)


def test_larger_originals_have_proportionally_higher_limits() -> None:
    usual, double = limits_of(settings().imaging), limits_of(settings(max_original_pixels=128_000_000).imaging)
    assert (double.cpu, double.deadline) == (10, 30)
    assert double.memory - usual.memory == 480_000_000


@pytest.mark.parametrize(
    ("code", "said", "error"),
    [
        (-signal.SIGXCPU, "", TooExpensive),
        (-signal.SIGKILL, "", Interrupted),
        (-signal.SIGTERM, "", Interrupted),
        (-signal.SIGSEGV, "", BrokenOriginal),
        (-signal.SIGILL, "", BrokenOriginal),
        (0, "", BrokenOriginal),
        (-signal.SIGABRT, "memory allocation of 1048576 bytes failed", TooExpensive),
        (-signal.SIGABRT, "terminate called after throwing an instance of 'std::bad_alloc'", TooExpensive),
        (1, "Traceback (most recent call last):\n  ...\nMemoryError", TooExpensive),
        (-signal.SIGABRT, "malloc(): corrupted top size", BrokenOriginal),
    ],
)
def test_each_end_of_a_child_has_its_error(code: int, said: str, error: type[Exception]) -> None:
    assert type(meaning(code, said, limits_of(settings().imaging))) is error


@pytest.mark.parametrize(
    "said",
    [
        "Memory allocation error: Security limit exceeded: iloc box contains 16384 items",
        "Memory allocation error: Invalid image size: zero width or height",
        "memoryview: a bytes-like object is required",
        "",
    ],
)
def test_a_message_that_only_mentions_memory_is_no_lack_of_memory(said: str) -> None:
    assert not tells_of_memory(said)
