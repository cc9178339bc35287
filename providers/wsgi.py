"""What the providers behind functions-framework share: Flask's requests as the core's, its answers as Flask's."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import flask

from core.http import Request, Response


def to_request(request: flask.Request) -> Request:
    """The request, its path percent-encoded as it was on the wire."""
    return Request.of(request.method, wire_path(request.environ), dict(request.headers))


def to_answer(response: Response) -> flask.Response:
    """A response as Flask sends it."""
    answer = flask.Response(response.body, response.status, dict(response.headers))
    if not response.body:
        del answer.headers["Content-Type"]  # Flask's own, of nothing.
    return answer


def answer_every_path(view: Callable[[flask.Request], Any]) -> None:
    """Has the view answer what the framework answers with a 404 of its own: a line break, and /favicon.ico.

    It is called while functions-framework loads the function.
    """
    flask.current_app.register_error_handler(404, lambda _: view(flask.request))


def wire_path(environ: Mapping[str, object]) -> str:
    """The percent-encoded path of a WSGI request.

    PATH_INFO is decoded, `%2F` too (PEP 3333), so this takes RAW_URI, the request target that
    gunicorn and werkzeug hand on, decoded as Latin-1.
    """
    target = str(environ.get("RAW_URI") or quote(str(environ["PATH_INFO"]).encode("latin-1")))
    path = target.partition("?")[0]
    if not path.startswith("/"):  # The absolute form (RFC 9112, section 3.2.2).
        path = "/" + path.partition("://")[2].partition("/")[2]
    return quote(path.encode("latin-1", "replace"), safe="%/!#$&'()*+,:;=@[]~\"<>\\^`{|} ")
