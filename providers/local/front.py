"""The front page at `/`, and its requests below `/.sizewise/`, which is never the name of an original.

The page lists the folder. So only a browser on this machine gets the page, and only if the server listens on no other
address.
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
from providers.local.facts import Facts, Site, followed, images, original, requested, settings_facts
from providers.local.sending import refuse, send
from providers.local.storage import OpenFile, etag

_HOME: Final = "/.sizewise/"
_PAGE: Final = Path(__file__).with_name("page")
_FILES: Final = {"/": _PAGE / "index.html"} | {f"{_HOME}{path.name}": path for path in _PAGE.iterdir()}
_FACTS: Final[dict[str, Callable[[Site, Mapping[str, str]], Facts]]] = {
    f"{_HOME}settings": lambda site, _: settings_facts(site.settings),
    f"{_HOME}images": lambda site, asked: images(
        site, asked.get("folder", ""), asked.get("search", ""), asked.get("start", "")
    ),
    f"{_HOME}original": lambda site, asked: original(site, asked.get("key", "")),
    f"{_HOME}request": lambda site, asked: requested(site, asked.get("path", ""), asked.get("accept", "")),
}
_IMAGE: Final = f"{_HOME}image"
"""The prefix that the page puts before an image's path to show the image."""
_ICON: Final = "/favicon.ico"
"""Browsers request it for any image that is opened by itself."""

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
"""Headers that isolate the page: it runs and shows only this server's own files."""

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via")
"""Headers that a proxy adds. The proxy's address does not tell who sent the request."""


class NotFromHere(SizewiseError):
    """The front page is requested from elsewhere than this machine."""

    status: ClassVar[int] = 403


def serve(site: Site, request: flask.Request, asked: Request) -> flask.Response | None:
    """Answers the front page's requests; None for everything else."""
    path = asked.path
    is_part = path == _ICON or path in _FILES or path in _FACTS or path.startswith(f"{_IMAGE}/")
    if not is_part:
        return None
    if asked.method == "OPTIONS":
        # A preflight request of another website gets no permission.
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
    except Exception as error:  # A bug, or too little memory.
        LOGGER.exception("the front page failed")
        response = refuse(
            SizewiseError(f"Something went wrong: {type(error).__name__}. The reason is in the server's log."),
            asked.accept,
        )
    # Another website must not read the answer.
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
    """Raises NotFromHere unless the server's, the client's and the requested address are this machine's, without proxy.

    Another website's name can lead a browser here (DNS rebinding). Then the Host header has that name. A website can
    also link to the page, but can't make the server do more (Fetch Metadata, Sec-Fetch-Site).
    """
    environ = request.environ
    here = all(map(_is_loopback, (environ["SERVER_NAME"], environ["REMOTE_ADDR"], _host(request))))
    by_website = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    if not here or (by_website and request.path != "/") or any(name in request.headers for name in _FORWARDED):
        raise NotFromHere(
            "The front page lists the names of files, so only a browser on the serving machine can see it: open "
            f"http://127.0.0.1:{environ['SERVER_PORT']}/ there, without a proxy or a link from another website. With "
            "a --host that other machines can reach, it is not shown at all. "
            "Images are at /{size}/{image}."
        )


def _host(request: flask.Request) -> str:
    try:
        return urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:  # An unmatched bracket.
        return ""


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
