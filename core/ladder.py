"""One variant, one key: the canonical size that a deployment renders for a size that is asked."""

from dataclasses import replace
from typing import Final

from core.errors import SizeRefused
from core.settings import Settings
from core.size import AUTO, Size, parse

_LOSSLESS: Final = ("png", "gif")
"""The formats without a quality."""

_AUTO_OUTCOMES: Final = (None, "webp", "avif")
"""What `.auto` can come to: the original's own format, or one that the Accept header names."""


def canonical(size: Size, settings: Settings) -> Size:
    """The size whose variant answers a request for `size`.

    A width is rounded up to the next rung of the ladder; anything wider than the last rung becomes the last. A
    height given with it is scaled alike, rounded half up. What is spelled out but is this
    deployment's default is dropped. Raises SizeRefused for a size off the closed list, or with a
    side over `max_side` pixels.
    """
    result = _plain(size, settings)
    if settings.sizes and result not in _closed_list(settings):
        raise SizeRefused(f"The size {result} is not rendered here. Sizes that are: {', '.join(settings.sizes)}.")
    longest = max(result.width or 0, result.height or 0) * result.dpr
    if longest > settings.max_side:
        raise SizeRefused(f"A side of {longest} pixels is too long: up to {settings.max_side} are rendered here.")
    return result


def _plain(size: Size, settings: Settings) -> Size:
    result = _on_ladder(size, settings.widths)
    if result.format == settings.format:
        result = replace(result, format=None)
    if result.quality == settings.quality or (result.format or settings.format) in _LOSSLESS:
        result = replace(result, quality=None)
    return result


def _on_ladder(size: Size, widths: tuple[int, ...]) -> Size:
    if not size.width or not widths:
        return size
    width = next((rung for rung in widths if rung >= size.width), widths[-1])
    height = size.height and max(1, (2 * size.height * width + size.width) // (2 * size.width))
    return replace(size, width=width, height=height)


def _closed_list(settings: Settings) -> set[Size]:
    listed = {_plain(parse(size), settings) for size in settings.sizes}
    outcomes = {
        _plain(replace(size, format=outcome), settings)
        for size in listed
        if size.format == AUTO
        for outcome in _AUTO_OUTCOMES
    }
    return listed | outcomes
