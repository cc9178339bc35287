"""Requests and responses as the core sees them, on every platform alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self, cast, get_args

METHODS: Final = ("GET", "HEAD")
"""The methods that ask for an image."""

ALLOWED: Final = "GET, HEAD, OPTIONS"
"""All methods that are answered, as the headers Allow and Access-Control-Allow-Methods have them."""

EVERY_ANSWER: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Range, ETag, Retry-After, Server-Timing, X-Sizewise",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


_TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
"""W3C Trace Context, section 3.2: version, trace, parent, flags, and what later versions add."""


@dataclass(frozen=True)
class Request:
    """What was asked.

    `path` is percent-encoded, as on the wire; a platform that decodes it encodes it again. `accept` is the header of
    that name. `trace_id` is the trace ID of the traceparent header, 32 hexadecimal digits. Both are empty if the header
    is absent. `hosts` are the names under which the server was asked, in lower case, as far as they are known.
    """

    method: str
    path: str
    accept: str = ""
    trace_id: str = ""
    hosts: tuple[str, ...] = ()

    @classmethod
    def of(cls, method: str, path: str, headers: Mapping[str, str]) -> Self:
        """The request with these headers, whose names are in any case."""
        named = {name.lower(): value for name, value in headers.items()}
        traced = _TRACEPARENT.fullmatch(named.get("traceparent", ""))
        asked = (named[name] for name in ("host", "x-forwarded-host") if named.get(name))
        hosts = (host.strip() for names in asked for host in names.lower().split(","))
        return cls(method, path, named.get("accept", ""), traced[1] if traced else "", tuple(hosts))


@dataclass(frozen=True)
class Response:
    """A whole answer. Header names are in their usual spelling, each at most once.

    To HEAD it is the answer to GET: whoever sends it counts the body and leaves it out (RFC 9110, section 9.3.2).
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def redirect(status: int, location: str, max_age: int, vary: bool) -> Response:
    """A redirect that caches keep for `max_age` seconds, and not at all for 0."""
    headers = {"Location": location, "Cache-Control": f"public, max-age={max_age}" if max_age else "no-store"}
    return Response(status, headers | ({"Vary": "Accept"} if vary else {}))


def preflight() -> Response:
    """What OPTIONS is answered: that pages of any origin may ask, with any header, and for how many seconds that holds.

    Source: Fetch, "CORS protocol". A wildcard does not cover Authorization, which some clients add to every request.
    """
    granted = {"Methods": ALLOWED, "Headers": "*, Authorization"}
    headers = {f"Access-Control-Allow-{name}": value for name, value in granted.items()}
    return Response(204, {"Allow": ALLOWED, **headers, "Access-Control-Max-Age": "86400"})


Negotiated = Literal["avif", "webp"]
"""The formats that a request's Accept header chooses from, beside the original's own."""

_NEGOTIATED: Final = cast(tuple[Negotiated, ...], get_args(Negotiated))


def negotiated(accept: str) -> tuple[Negotiated | None, ...]:
    """The formats that an Accept header allows, the best first (RFC 9110, section 12.5.1); None is the original's own.

    AVIF and WebP count only where they are named: a wildcard is no promise to decode them. At equal
    quality values AVIF goes before WebP and both before the rest, which is the last one.
    """
    weights = accepted(accept)
    named = {name: weights.pop(f"image/{name}") for name in _NEGOTIATED if f"image/{name}" in weights}
    others = [weight for name, weight in weights.items() if name.startswith(("image/", "*/"))]
    better = [name for name, weight in named.items() if weight and weight >= max(others, default=weight)]
    return (*sorted(better, key=named.__getitem__, reverse=True), None)


def accepted(accept: str) -> dict[str, float]:
    """The media ranges that an Accept header names, in lower case, each with its weight from 0.0 to 1.0.

    Source: RFC 9110, sections 12.4.2 and 12.5.1. Parameters other than the weight are dropped. Of a range that is named
    twice the last one counts, and a weight that can't be read is 0.0.
    """
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights[media_range] = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
    return weights


def _weight(text: str) -> float:
    # float() alone takes nan, inf, 1e9 and every script's digits too. The digits are not counted: old
    # clients send q=.2 and q=0.33333.
    return min(1.0, float(text)) if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", text) else 0.0
