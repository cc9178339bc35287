"""Settings for tests: the defaults, but for what a test names."""

from dataclasses import replace
from typing import Any

from core.settings import Settings

DEFAULTS = Settings(bucket="photos", originals_bucket="photos")


def settings(**changed: Any) -> Settings:
    """The default settings with these values in place of their own."""
    return replace(DEFAULTS, **changed)
