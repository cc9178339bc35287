"""The renderer as tests call it."""

from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse

SETTINGS = Settings(quality=90)


def rendered(original: bytes, size: str, settings: Settings = SETTINGS) -> bytes:
    """The variant's bytes."""
    return render(original, parse(size), settings.imaging).data
