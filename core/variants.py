"""The variants that a request asks for."""

from contextlib import suppress
from dataclasses import dataclass, replace

from core.errors import SizeRefused
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
    best, *others = (replace(size, format=name) for name in negotiated(request.accept))
    variants = [_variant(canonical(best, settings), original, automatic=True)]
    for other in others:
        with suppress(SizeRefused):
            variants.append(_variant(canonical(other, settings), original, automatic=True))
    return list(dict.fromkeys(variants))


def _variant(size: Size, original: str, *, automatic: bool) -> Variant:
    """Raises BadKey."""
    key = f"{size}/{original}"
    check(key)
    return Variant(key, original, size, automatic)
