"""Fixtures of rendering: sites with one child, which fails as an original tells it to."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from core.rendering import child
from core.rendering.limits import Limits
from core.rendering.renderer import Renderer
from tests.support import stumbling
from tests.support.memory import Site
from tests.support.settings import settings

LIMITS = Limits(memory=512 * 2**20, cpu=1, deadline=60)
"""A busy machine needs a long time for one second of CPU time, hence the deadline."""
IMPATIENT = replace(LIMITS, deadline=2)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with one child at a time, which fails as an original tells it to."""
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, LIMITS)) as own:
        yield Site(own)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The same with an early deadline."""
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, IMPATIENT)) as own:
        yield Site(own)
