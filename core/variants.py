"""The variants that can answer a request."""

from dataclasses import dataclass, replace

from core.http import Negotiated, Request, negotiated
from core.keys import check, from_path, split
from core.settings import Settings
from core.signing import permitted, signed
from core.size import AUTO, Size, parse


@dataclass(frozen=True)
class Variant:
    """A variant's key, its original and its size. It is `automatic` if the Accept header decided its format.

    Then `format` is the format that the header names, and `better` and `rival` are the variants before and after this
    one in the header's order.
    """

    key: str
    original: str
    size: Size
    automatic: bool
    format: Negotiated | None = None
    better: "Variant | None" = None
    rival: "Variant | None" = None


def requested(request: Request, settings: Settings) -> list[Variant]:
    """The variants that can answer a request, the best first: one, unless the request leaves the format open.

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
    """The permitted size of a size in `.auto`, in one format. A signature allows it in all formats."""
    outcome = replace(size, format=name)
    if size.signature:
        outcome = signed(outcome, original, settings.signing_keys[0])
    return permitted(outcome, original, settings)


def _variant(size: Size, original: str) -> Variant:
    """Raises BadKey."""
    key = f"{size}/{original}"
    check(key)
    return Variant(key, original, size, automatic=False)
