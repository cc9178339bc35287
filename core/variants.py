"""The variants that can answer a request."""

from dataclasses import dataclass, replace

from core.http import Negotiated, Request, negotiated
from core.keys import check, from_path, split
from core.settings import Settings
from core.signing import permitted, signed
from core.size import AUTO, Size, parse


@dataclass(frozen=True)
class Variant:
    """A variant: its key, its original's key and its size. It is `automatic` if the Accept header decided its format.

    An automatic variant's `format` is the format that the header names, or None for the original's own. In the header's
    order, `better` is the previous variant, and `rival` the next variant, which is stored instead if it is smaller.
    """

    key: str
    original: str
    size: Size
    automatic: bool
    format: Negotiated | None = None
    better: "Variant | None" = None
    rival: "Variant | None" = None


def requested(request: Request, settings: Settings) -> list[Variant]:
    """The variants that can answer a request, the best first: only one, unless the request leaves the format open.

    Raises BadKey, BadSize and SizeRefused.
    """
    segment, original = split(from_path(request.path))
    size = permitted(parse(segment), original, settings)
    if size.format != AUTO:
        return [_variant(size, original)]
    outcomes: dict[Size, Negotiated | None] = {}
    for name in negotiated(request.accept):
        outcomes.setdefault(_outcome(size, name, original, settings), name)
    variants = [replace(_variant(size, original), automatic=True, format=name) for size, name in outcomes.items()]
    around = zip(variants, [None, *variants[:-1]], [*variants[1:], None], strict=True)
    return [replace(variant, better=better, rival=rival) for variant, better, rival in around]


def _outcome(size: Size, name: Negotiated | None, original: str, settings: Settings) -> Size:
    """The permitted size of an `.auto` size in one format. A signature of the `.auto` size allows all formats."""
    outcome = replace(size, format=name)
    if size.signature:
        outcome = signed(outcome, original, settings.signing_keys[0])
    return permitted(outcome, original, settings)


def _variant(size: Size, original: str) -> Variant:
    """The variant of an original at a size. Raises BadKey if its key is too long."""
    key = f"{size}/{original}"
    check(key)
    return Variant(key, original, size, automatic=False)
