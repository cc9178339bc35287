"""A process that has started frees memory again, however its start ended."""

import gc
from contextlib import suppress

from core.startup import uncollected


def test_memory_is_freed_again_after_the_start() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_memory_is_freed_again_after_a_start_that_failed() -> None:
    with suppress(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()
