"""Renderers that tests share, since the start of a child needs a tenth of a second."""

from functools import cache

from core.imaging.settings import ImagingSettings
from core.rendering.renderer import Renderer


@cache
def renderer(settings: ImagingSettings) -> Renderer:
    """The renderer for these settings; it ends with the process."""
    return Renderer(settings)
