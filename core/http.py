"""Requests and responses as the core sees them, the same on every platform."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self, cast, get_args

METHODS: Final = ("GET", "HEAD")
"""The methods that request an image."""

ALLOWED: Final = "GET, HEAD, OPTIONS"
"""All allowed methods, as the value of the headers Allow and Access-Control-Allow-Methods."""

EVERY_ANSWER: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Range, ETag, Retry-After, Server-Timing, X-Sizewise",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


_TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
"""W3C Trace Context, section 3.2: version, trace, parent, flags, and additions of later versions."""


@dataclass(frozen=True)
class Request:
    """A request.

    `path` is percent-encoded, as on the wire; if a platform decodes the path, its provider encodes the path again.
    `accept` is the Accept header, empty if absent. `trace_id` is the trace ID of the traceparent header, 32 hexadecimal
    digits, or empty. `hosts` are the host names that the request was addressed to, in lower case, as far as they are
    known.
    """

    method: str
    path: str
    accept: str = ""
    trace_id: str = ""
    hosts: tuple[str, ...] = ()

    @classmethod
    def of(cls, method: str, path: str, headers: Mapping[str, str]) -> Self:
        """The request with these headers. Their names can be in upper or lower case."""
        named = {name.lower(): value for name, value in headers.items()}
        traced = _TRACEPARENT.fullmatch(named.get("traceparent", ""))
        addressed = (named[name] for name in ("host", "x-forwarded-host") if named.get(name))
        hosts = (host.strip() for names in addressed for host in names.lower().split(","))
        return cls(method, path, named.get("accept", ""), traced[1] if traced else "", tuple(hosts))


@dataclass(frozen=True)
class Response:
    """A complete response. Header names are in their usual spelling, each at most once.

    The response to HEAD is the same as to GET: the platform sends the length of its body, but not the body (RFC 9110,
    section 9.3.2).
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def redirect(status: int, location: str, max_age: int, vary: bool) -> Response:
    """A redirect that caches keep for `max_age` seconds; with 0 they do not store it."""
    headers = {"Location": location, "Cache-Control": f"public, max-age={max_age}" if max_age else "no-store"}
    return Response(status, headers | ({"Vary": "Accept"} if vary else {}))


def preflight() -> Response:
    """The answer to OPTIONS: pages of any origin can send requests with any header. Browsers keep the answer for a day.

    Source: Fetch, "CORS protocol". A wildcard does not cover Authorization, which some clients add to every request.
    """
    granted = {"Methods": ALLOWED, "Headers": "*, Authorization"}
    headers = {f"Access-Control-Allow-{name}": value for name, value in granted.items()}
    return Response(204, {"Allow": ALLOWED, **headers, "Access-Control-Max-Age": "86400"})


Negotiated = Literal["avif", "webp"]
"""The formats that a request's Accept header chooses from, in addition to the original's own."""

_NEGOTIATED: Final = cast(tuple[Negotiated, ...], get_args(Negotiated))


def negotiated(accept: str) -> tuple[Negotiated | None, ...]:
    """The formats that an Accept header allows, the best first (RFC 9110, section 12.5.1); None is the original's own.

    AVIF and WebP count only if the header names them, with at least the weight of other image types: a wildcard does
    not promise that the client decodes them. At equal weights AVIF comes before WebP. The original's own format is
    always the last.
    """
    weights = accepted(accept)
    named = {name: weights.pop(f"image/{name}") for name in _NEGOTIATED if f"image/{name}" in weights}
    others = [weight for name, weight in weights.items() if name.startswith(("image/", "*/"))]
    better = [name for name, weight in named.items() if weight and weight >= max(others, default=weight)]
    return (*sorted(better, key=named.__getitem__, reverse=True), None)


def accepted(accept: str) -> dict[str, float]:
    """The media ranges that an Accept header names, in lower case, each with its weight (`q`) from 0.0 to 1.0.

    Source: RFC 9110, sections 12.4.2 and 12.5.1. Parameters other than the weight are dropped. If a range is named
    twice, the last one counts. An invalid weight is 0.0.
    """
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights[media_range] = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
    return weights


def _weight(text: str) -> float:
    # float() alone also accepts nan, inf, 1e9 and the digits of every script. Any number of digits is valid: old
    # clients send q=.2 and q=0.33333.
    return min(1.0, float(text)) if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", text) else 0.0
