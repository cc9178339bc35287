"""Renderers that tests share: to start a child takes a tenth of a second."""

from functools import cache

from core.imaging.settings import ImagingSettings
from core.rendering.renderer import Renderer


@cache
def renderer(settings: ImagingSettings) -> Renderer:
    """The renderer of these settings, which ends with the process."""
    return Renderer(settings)
