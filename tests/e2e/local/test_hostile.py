"""Requests for the hostile corpus to a live server with default settings, and hits at the same time.

Bombs are slow, so only every fifth is used here: tests/unit/test_hostile.py has all of them, and the families that take
long to make.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from tests.e2e.local.conftest import LocalSite, serving
from tests.support.pictures.hostile import FAMILIES
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT, python

SLOW, SLOWEST = 1.0, 5.0
"""Seconds for a hit. One hit in a hundred may be slow, in case the machine is busy."""


@contextmanager
def hits(site: LocalSite) -> Iterator[list[tuple[float, int]]]:
    """Requests a stored variant repeatedly until the block ends. Then the list has each answer's seconds and status."""
    found: list[tuple[float, int]] = []
    command = python("-m", "tests.support.hits", f"{site.address}/60x/cat.jpg")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
        yield found
        told, _ = asking.communicate()
    found.extend((float(seconds), int(status)) for seconds, status in map(str.split, told.splitlines()))


SLOWLY_MADE = ("heavy", "bombs-AVIF", "bombs-HEIF")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def attacked(root: Path) -> Iterator[LocalSite]:
    """A server for all families, with one stored variant."""
    with serving(root, {}) as site:
        site.put("cat.jpg", CAT)
        assert site.ask("/60x/cat.jpg").status_code == 301
        yield site


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in SLOWLY_MADE])
def test_hostile_files_do_not_slow_other_requests(family: str, root: Path, attacked: LocalSite) -> None:
    with hits(attacked) as found:
        every = 5 if family.startswith("bombs-") else 1
        for number, (name, data, sizes) in enumerate(islice(FAMILIES[family](), 0, None, every)):
            key = f"{family}-{number}.bin"
            attacked.put(key, data)
            for size in sizes:
                status = attacked.ask(f"/{size}/{key}").status_code
                assert status in (301, 413, 415, 422), name
                assert (attacked.stored(f"{size}/{key}") is not None) == (status == 301), name
            (root / key).unlink()
    assert found
    assert {status for _, status in found} == {200}
    times = [seconds for seconds, _ in found]
    assert max(times) < SLOWEST
    assert sum(seconds > SLOW for seconds in times) <= len(times) / 100
    # A lost worker would print a line that is not JSON.
    assert attacked.server.process.poll() is None
    assert not [line for line in attacked.server.lines if not line.startswith("{")]
