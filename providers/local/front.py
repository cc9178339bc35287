"""The front page at `/`, and what it asks for below `/.sizewise/`: no original can be named like that.

It lists the folder. So only a browser on this machine is answered, and only where the server listens to nothing else.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import ip_address
from mimetypes import guess_type
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

import flask
from werkzeug.utils import get_content_type

from core.errors import SizewiseError
from core.http import ALLOWED, METHODS, Request
from core.logs import LOGGER
from core.storage import Description
from providers.local.facts import Facts, Site, followed, images, original, requested, settings_told
from providers.local.sending import refuse, send
from providers.local.storage import OpenFile, etag

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
_IMAGE: Final = f"{_HOME}image"
"""In front of an image's own path: the image as the page shows it."""
_ICON: Final = "/favicon.ico"
"""Browsers ask for it beside any image that they show by itself."""

_POLICY: Final = {
    "default-src": "'none'",
    **dict.fromkeys(("script-src", "style-src", "connect-src", "img-src"), "'self'"),
    **dict.fromkeys(("base-uri", "form-action", "frame-ancestors", "trusted-types"), "'none'"),
    "require-trusted-types-for": "'script'",
}
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What keeps the page to itself: nothing but this server's own files runs or is shown in it."""

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via")
"""What a proxy adds. Its own address says nothing of who asks."""


class NotFromHere(SizewiseError):
    """The front page is asked for from elsewhere than this machine."""

    status: ClassVar[int] = 403


def serve(site: Site, request: flask.Request, asked: Request) -> flask.Response | None:
    """The front page's part of the answers; None for everything else."""
    path = asked.path
    is_part = path == _ICON or path in _FILES or path in _FACTS or path.startswith(f"{_IMAGE}/")
    if not is_part:
        return None
    if asked.method == "OPTIONS":
        # Another website is not even to ask.
        return flask.Response(status=204, headers={"Allow": ALLOWED})
    if asked.method not in METHODS:
        return None
    try:
        if path == _ICON:
            return None if site.variants.find(_ICON[1:]) else _own(_PAGE / "icon.svg", request)
        _check_local(request)
        response = _answer(site, request, asked)
    except SizewiseError as error:
        response = refuse(error, asked.accept)
    except Exception as error:  # A bug of ours, or too little memory.
        LOGGER.exception("the front page failed")
        response = refuse(SizewiseError(f"Something went wrong here: {type(error).__name__}."), asked.accept)
    # Another website is to read nothing of it.
    response.headers.remove("Access-Control-Allow-Origin")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _answer(site: Site, request: flask.Request, asked: Request) -> flask.Response:
    if asked.path in _FILES:
        return _own(_FILES[asked.path], request)
    if asked.path not in _FACTS:
        return followed(site, replace(asked, path=asked.path.removeprefix(_IMAGE)), request.headers)
    facts = _FACTS[asked.path](site, request.args)
    return flask.Response(json.dumps(facts), content_type="application/json")


def _own(path: Path, request: flask.Request) -> flask.Response:
    """One of the page's own files."""
    status = path.stat()
    media_type = get_content_type(guess_type(path.name)[0] or "application/octet-stream", "utf-8")
    described = Description(etag(status), media_type, "", {})
    return send(OpenFile(path.open("rb"), status.st_size, status.st_mtime, described), request.method, request.headers)


def _check_local(request: flask.Request) -> None:
    """Raises NotFromHere unless the server listens to this machine alone, and the browser means this machine.

    Another website's name may lead a browser here (DNS rebinding), and then the Host header has that name. A website
    may also link to the page, but is not to have the server work (Fetch Metadata, Sec-Fetch-Site).
    """
    environ = request.environ
    here = all(map(_is_loopback, (environ["SERVER_NAME"], environ["REMOTE_ADDR"], _host(request))))
    by_website = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    if not here or (by_website and request.path != "/") or any(name in request.headers for name in _FORWARDED):
        raise NotFromHere(
            "The front page lists the names of files. So it is shown only to a browser on the machine that serves it, "
            f"at http://127.0.0.1:{environ['SERVER_PORT']}/, with no proxy or other website between them, and not "
            "where --host lets other machines in. "
            "Images are at /{size}/{image}."
        )


def _host(request: flask.Request) -> str:
    try:
        return urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:  # A bracket without its other one.
        return ""


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
