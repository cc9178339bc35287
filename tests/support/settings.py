"""Settings for tests: the defaults, except for values that a test gives."""

from dataclasses import replace
from typing import Any

from core.settings import Settings

DEFAULTS = Settings(bucket="photos", originals_bucket="photos")


def settings(**changed: Any) -> Settings:
    """The default settings with these values changed."""
    return replace(DEFAULTS, **changed)
