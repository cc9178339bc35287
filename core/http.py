"""Requests and responses as the core sees them, on every platform alike."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from posixpath import normpath
from typing import Final, Literal
from urllib.parse import quote, unquote

from core.errors import MethodRefused, SizewiseError, StorageUnavailable

METHODS: Final = ("GET", "HEAD")
RETRY_AFTER: Final = 2
"""Seconds."""

EVERY_ANSWER: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Server-Timing, X-Sizewise",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Request:
    """`path` is percent-encoded, as on the wire; a platform that decodes it encodes it again.

    `accept` and `traceparent` are the headers of these names, empty where there are none.
    """

    method: str
    path: str
    accept: str = ""
    traceparent: str = ""


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
        headers["Retry-After"] = str(RETRY_AFTER)
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


def wsgi_path(environ: Mapping[str, object]) -> str:
    """The percent-encoded path of a WSGI request.

    PATH_INFO is decoded, `%2F` too (PEP 3333), so this takes RAW_URI, the request target that
    gunicorn and werkzeug hand on, as bytes in Latin-1 clothes.
    """
    target = str(environ.get("RAW_URI") or quote(str(environ["PATH_INFO"]).encode("latin-1")))
    path = target.partition("?")[0]
    if not path.startswith("/"):  # The absolute form (RFC 9112, section 3.2.2).
        path = "/" + path.partition("://")[2].partition("/")[2]
    return quote(path.encode("latin-1", "replace"), safe="%/!#$&'()*+,:;=@[]~\"<>\\^`{|} ")


def as_sent(path: str, sent: str) -> str:
    """The percent-encoded path of a request, of a platform that decodes and tidies it and encodes it anew.

    That loses which `%2F` was a slash and which a name's. `sent` is the target that the platform's
    front says it was sent, empty if it says nothing; it counts only where it is a spelling of
    `path`, so that nobody who can set it is answered for one address with another's image.
    """
    target = sent.partition("?")[0]
    return target if _tidied(target) == _tidied(path) else path


def _tidied(path: str) -> str:
    # A front and the server behind it decode once each; a third time shows no difference between them.
    for _ in range(3):
        path = unquote(path, "latin-1")
    return normpath(path.replace("\\", "/"))
