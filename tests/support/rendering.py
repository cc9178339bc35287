"""The renderer as tests call it."""

from core.render import render
from core.settings import Settings
from core.size import parse

SETTINGS = Settings(bucket="bucket", originals_bucket="bucket", quality=90)


def rendered(original: bytes, size: str, settings: Settings = SETTINGS) -> bytes:
    """The variant's bytes."""
    return render(original, parse(size), settings).data
