"""The focal point, which crops keep, in an original's metadata."""

from dataclasses import replace
from typing import Final

from core.logs import Trace
from core.size import Size, focal_point
from core.storage import Description

_FOCAL: Final = "focal"
"""The metadata name of an original's focal point, such as 30x70."""


def aimed(size: Size, original: Description, trace: Trace) -> Size:
    """The size to render: a `cover` without a focal point gets the original's focal point.

    An invalid focal point is noted in the trace.
    """
    named = named_focal(original)
    if not named or size.fit != "cover" or size.focal:
        return size
    focal = focal_point(named.lower())
    if focal is None:
        trace.ignored = f"{_FOCAL}: {named}"
    return replace(size, focal=focal)


def named_focal(original: Description) -> str:
    """The text of an original's focal point; empty if it has none."""
    # Azure keeps the case in which names were uploaded.
    return {name.lower(): value.strip() for name, value in original.metadata.items()}.get(_FOCAL, "")
