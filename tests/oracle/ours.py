"""Sizewise, called in this process, at each original's own size."""

from functools import cache

from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse

QUALITY = 80
"""Of lossy variants, Sizewise's and sharp's."""


@cache
def _settings() -> Settings:
    settings = Settings(quality=QUALITY)
    prepare(settings.max_original_pixels)
    return settings


def rendered(data: bytes, target: str) -> bytes:
    """The variant in a format, with the original's own sides. Raises what render() does."""
    return render(data, parse(f"999x999-inside.{target}"), _settings().imaging).data
