"""The front page at `/`, and what it asks for below `/.sizewise/`: no original can be named like that.

It lists the folder. So only a browser on this machine is answered, and only where the server listens to nothing else.
"""

import json
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import flask

from core.errors import SizewiseError
from core.http import METHODS, Request
from core.problems import problem
from providers.local.facts import Facts, Site, images, original, requested, settings_told
from providers.wsgi import to_answer

_HOME: Final = "/.sizewise/"
_PAGE: Final = Path(__file__).with_name("page")
_FILES: Final = {"/": _PAGE / "index.html"} | {f"{_HOME}{path.name}": path for path in _PAGE.iterdir()}
_FACTS: Final[dict[str, Callable[[Site, Mapping[str, str]], Facts]]] = {
    f"{_HOME}settings": lambda site, _: settings_told(site.settings),
    f"{_HOME}images": lambda site, asked: images(
        site, asked.get("folder", ""), asked.get("search", ""), asked.get("start", "")
    ),
    f"{_HOME}original": lambda site, asked: original(site, asked.get("key", "")),
    f"{_HOME}request": lambda site, asked: requested(site, asked.get("path", ""), asked.get("accept", "")),
}
_ICON: Final = "/favicon.ico"
"""Browsers ask for it beside any image that they show by itself."""


class NotFromHere(SizewiseError):
    """The front page is asked for from elsewhere than this machine."""

    status: ClassVar[int] = 403


def serve(site: Site, request: flask.Request, asked: Request) -> flask.Response | None:
    """The front page's part of the answers; None for everything else."""
    path = asked.path
    if asked.method not in METHODS or not (path == _ICON or path in _FILES or path in _FACTS):
        return None
    try:
        if path == _ICON:
            return None if site.variants.find(_ICON[1:]) else flask.send_file(_PAGE / "icon.svg")
        _check_local(request.environ)
        response = flask.send_file(_FILES[path]) if path in _FILES else _told(_FACTS[path](site, request.args))
    except SizewiseError as error:
        response = to_answer(problem(error, asked.accept))
    for name, value in _headers(site).items():
        response.headers.setdefault(name, value)
    return response


def _told(facts: Facts) -> flask.Response:
    return flask.Response(json.dumps(facts), content_type="application/json")


def _headers(site: Site) -> dict[str, str]:
    """What keeps the page to itself: nothing but this server's own files runs or is shown in it."""
    public = urlsplit(site.settings.public_url or "")
    images = f"'self' {public.scheme}://{public.netloc}" if public.netloc else "'self'"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": images,
        "img-src": images,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _check_local(environ: dict[str, Any]) -> None:
    """Raises NotFromHere unless the server listens to this machine alone, and the browser means this machine.

    Another website's name may lead a browser here (DNS rebinding), and then the Host header has that name.
    """
    named = urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname
    if not all(map(_is_loopback, (environ["SERVER_NAME"], environ["REMOTE_ADDR"], named))):
        raise NotFromHere(
            "The front page lists the folder, so it is shown on the machine that it is served from, at an address such "
            "as http://127.0.0.1:8080/, and only where --host is a loopback address. Images are at /{size}/{image}."
        )


def _is_loopback(name: str | None) -> bool:
    try:
        return name == "localhost" or ip_address(name or "").is_loopback
    except ValueError:
        return False
