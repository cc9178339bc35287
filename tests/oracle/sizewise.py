"""Sizewise, called in this process, at the size of each original."""

from functools import cache
from unittest.mock import patch

from core.imaging.pillow import prepare
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse

QUALITY = 80
"""The quality of lossy variants, for Sizewise and sharp."""


@cache
def _settings() -> Settings:
    settings = Settings(quality=QUALITY)
    prepare(settings.max_original_pixels)
    return settings


def rendered(data: bytes, target: str) -> bytes:
    """The variant in a format, with the sides of the original, drawn from its pixels. Raises as render() does."""
    with patch("core.imaging.pipeline.unchanged", return_value=None):
        return render(data, parse(f"999x999-inside.{target}"), _settings().imaging).data
