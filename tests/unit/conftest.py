"""Shared by unit tests: property tests without deadlines, and Sizewise's log as text."""

import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import HealthCheck, settings

from core.imaging.pillow import prepare
from core.logs import LOGGER, JsonFormatter, configure
from core.settings import Settings

prepare(Settings().max_original_pixels)

# A property test gives the same result on a fast and on a busy machine.
settings.register_profile("sizewise", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sizewise")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Sizewise's log on standard output, configured as in a deployment."""
    before = (LOGGER.handlers, LOGGER.level, LOGGER.propagate)
    stream = StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    configure(JsonFormatter())
    yield stream
    LOGGER.handlers, level, LOGGER.propagate = before
    LOGGER.setLevel(level)
