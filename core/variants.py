"""The variants that a request asks for."""

from dataclasses import dataclass, replace

from core.http import Request, negotiated
from core.keys import check, from_path, split
from core.ladder import canonical
from core.settings import Settings
from core.size import AUTO, Size, parse


@dataclass(frozen=True)
class Variant:
    """A variant's key, the original and the size that it is made from, and whether a header decided its format."""

    key: str
    original: str
    size: Size
    automatic: bool


def asked(request: Request, settings: Settings) -> list[Variant]:
    """The variants that a request asks for, the best first: one, unless the request leaves the format open.

    Raises BadKey, BadSize and SizeRefused.
    """
    segment, original = split(from_path(request.path))
    size = canonical(parse(segment), settings)
    if size.format != AUTO:
        return [_variant(size, original, automatic=False)]
    outcomes = (canonical(replace(size, format=name), settings) for name in negotiated(request.accept))
    return [_variant(outcome, original, automatic=True) for outcome in dict.fromkeys(outcomes)]


def _variant(size: Size, original: str, *, automatic: bool) -> Variant:
    """Raises BadKey."""
    key = f"{size}/{original}"
    check(key)
    return Variant(key, original, size, automatic)
