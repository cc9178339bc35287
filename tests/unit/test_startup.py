"""Garbage collection is enabled again after the start, even if the start failed."""

import gc
from contextlib import suppress

from core.startup import uncollected


def test_garbage_collection_is_enabled_again_after_the_start() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_collection_is_enabled_again_after_a_failed_start() -> None:
    with suppress(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()
