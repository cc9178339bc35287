"""An error as the answer to a request: problem details for programs, a page for browsers."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from http import HTTPStatus
from typing import Final

from core.errors import MethodRefused, SizewiseError
from core.http import ALLOWED, Response, accepted

_RETRY_AFTER: Final = 2
"""The value of Retry-After, in seconds."""

_STYLE: Final = """
:root { color-scheme: light dark; color: #1a1a1a; background: #fff; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; }
p { white-space: pre-wrap; }
@media (prefers-color-scheme: dark) { :root { color: #e6e6e6; background: #1a1a1a; } }
"""

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<p>{detail}</p>
</body>
</html>
"""

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
        # default-src does not cover these.
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The page's Content-Security-Policy (W3C CSP Level 3): it allows only the page's own style, by its hash."""


def problem(error: SizewiseError, accept: str) -> Response:
    """The answer to a request that failed with an error. It is never cached.

    The answer is a page if `accept`, the request's Accept header, prefers a page, else RFC 9457's problem details.
    """
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(_RETRY_AFTER)
    if isinstance(error, MethodRefused):
        headers["Allow"] = ALLOWED
    if prefers_page(accept):
        headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _POLICY}
        return Response(error.status, headers, _page(error))
    headers["Content-Type"] = "application/problem+json"
    return Response(error.status, headers, _details(error))


def prefers_page(accept: str) -> bool:
    """Whether an Accept header gives HTML at least the weight of problem details (RFC 9110, section 12.5.1).

    HTML counts only if it is named. Browsers name it when they navigate; their `*/*` for an <img> means no page.
    For problem details, which clients also request as application/json, a wildcard counts too.
    """
    weights = accepted(accept)
    page = weights.get("text/html", 0.0)
    anything = weights.get("application/*", weights.get("*/*", 0.0))
    details = max(weights.get(name, anything) for name in ("application/problem+json", "application/json"))
    return page > 0 and page >= details


def _details(error: SizewiseError) -> bytes:
    body = {"title": HTTPStatus(error.status).phrase, "status": error.status, "detail": str(error)}
    return json.dumps(body).encode() + b"\n"


def _page(error: SizewiseError) -> bytes:
    title = f"{error.status} {HTTPStatus(error.status).phrase}"
    page = _PAGE.format(title=escape(title), style=_STYLE, detail=escape(str(error)))
    # UTF-8 cannot encode half a surrogate pair. Browsers show its character reference as U+FFFD.
    return page.encode(errors="xmlcharrefreplace")
