"""Sizewise, called in this process, at each original's own size."""

from functools import cache
from unittest.mock import patch

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
    """The variant in a format, with the original's own sides, made from its pixels. Raises what render() does."""
    with patch("core.imaging.pipeline.unchanged", return_value=None):
        return render(data, parse(f"999x999-inside.{target}"), _settings().imaging).data
