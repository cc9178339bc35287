"""Requests and responses as the core sees them, on every platform alike."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, Self

from core.errors import MethodRefused, SizewiseError, StorageUnavailable

METHODS: Final = ("GET", "HEAD")
_RETRY_AFTER: Final = 2
"""Seconds."""

EVERY_ANSWER: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Server-Timing, X-Sizewise",
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
    is absent.
    """

    method: str
    path: str
    accept: str = ""
    trace_id: str = ""

    @classmethod
    def of(cls, method: str, path: str, headers: Mapping[str, str]) -> Self:
        """The request with these headers, whose names are in any case."""
        named = {name.lower(): value for name, value in headers.items()}
        traced = _TRACEPARENT.fullmatch(named.get("traceparent", ""))
        return cls(method, path, named.get("accept", ""), traced[1] if traced else "")


@dataclass(frozen=True)
class Response:
    """A whole answer. Header names are in their usual spelling, each at most once."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def redirect(status: int, location: str, max_age: int, vary: bool) -> Response:
    """A redirect that caches keep for `max_age` seconds, and not at all for 0."""
    headers = {"Location": location, "Cache-Control": f"public, max-age={max_age}" if max_age else "no-store"}
    return Response(status, headers | ({"Vary": "Accept"} if vary else {}))


def problem(error: SizewiseError) -> Response:
    """An error as RFC 9457's problem details."""
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if isinstance(error, StorageUnavailable):
        headers["Retry-After"] = str(_RETRY_AFTER)
    if isinstance(error, MethodRefused):
        headers["Allow"] = ", ".join(METHODS)
    body = {"title": HTTPStatus(error.status).phrase, "status": error.status, "detail": str(error)}
    return Response(error.status, headers, json.dumps(body).encode() + b"\n")


def negotiated(accept: str) -> Literal["avif", "webp"] | None:
    """The format that an Accept header ranks best (RFC 9110, section 12.5.1); None for the original's own.

    AVIF and WebP count only where they are named: a wildcard is no promise to decode them. At equal
    quality values AVIF goes before WebP and both before the rest.
    """
    ranks: dict[str, float] = {}
    for part in accept.lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        ranks[media_type] = next((_rank(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
    avif, webp = ranks.pop("image/avif", 0.0), ranks.pop("image/webp", 0.0)
    others = max((rank for name, rank in ranks.items() if name.startswith(("image/", "*/"))), default=0.0)
    if avif and avif >= max(webp, others):
        return "avif"
    return "webp" if webp and webp >= others else None


def _rank(text: str) -> float:
    # float() alone takes nan, inf, 1e9 and every script's digits too. The digits are not counted: old
    # clients send q=.2 and q=0.33333.
    return min(1.0, float(text)) if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", text) else 0.0
