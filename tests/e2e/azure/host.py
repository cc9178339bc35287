"""A stand-in for the Azure Functions host, in front of Microsoft's own Python worker library.

    python -P host.py PACKAGE [--bare]

Real: azure-functions-runtime, which indexes PACKAGE/function_app.py, decodes the request and encodes
the response as the cloud's worker does, and runs the function on its own thread pool; azure-functions
and all other requirements of the package; HTTP; and the route prefix in PACKAGE/host.json.

Simulated, since the host is in no package registry: Kestrel's decoding of the path and its limits
(dotnet/aspnetcore, PathNormalizer and Http1Connection); the URL that the host makes from the path
(GrpcMessageConversionExtensions, PathString.ToUriComponent); the host's routing, its 401 and its 404; and
App Service's front end, which reads %2F and %5C as slashes and passes the original URL on in
X-WAWS-Unencoded-URL (dotnet/aspnetcore#40532, #44461). With --bare there is no front end, as with
`func start`. Not simulated: scaling, cold starts, authentication beyond the 401, Application Insights.
"""

import argparse
import asyncio
import json
import logging
import os
import re
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote

LONGEST_REQUEST_LINE = 8192
"""Bytes: Kestrel's limit."""


class Rejected(Exception):
    """The host itself answers, with this status and no body."""


class Protos:
    """Replaces the module of protocol buffers: every type is a plain record."""

    BindingInfo = type("BindingInfo", (SimpleNamespace,), {"inout": 2, "out": 1, "undefined": 0})
    StatusResult = type("StatusResult", (SimpleNamespace,), {"Success": "ok", "Failure": "failed"})

    def __getattr__(self, name: str) -> type[SimpleNamespace]:
        return SimpleNamespace


class WorkerLog(logging.Handler):
    """Prints the log records that the worker sends to the host: kind, level, category, invocation and message."""

    def emit(self, record: logging.LogRecord) -> None:
        from azure_functions_runtime import invocation_id_cv  # type: ignore[import-not-found]

        kind = "system" if record.name.startswith("azure.functions") else "user"
        fields = (kind, record.levelname, record.name, invocation_id_cv.get() or "-", self.format(record))
        sys.stdout.write("\t".join(fields) + "\n")
        sys.stdout.flush()


def index(package: Path) -> list[Any]:
    """The functions that the worker finds in the package, as on a WorkerInitRequest."""
    import azure_functions_runtime as worker
    from azure_functions_runtime import handle_event

    root = logging.getLogger()
    root.handlers, root.level = [WorkerLog()], logging.INFO
    sys.path.insert(0, str(package))
    os.chdir(package)
    request = SimpleNamespace(capabilities={}, function_app_directory=str(package))
    protos = Protos()
    answer = asyncio.run(
        worker.worker_init_request(
            SimpleNamespace(
                request=SimpleNamespace(worker_init_request=request), properties={"host": "", "protos": protos}
            )
        )
    )
    if answer.result.status != "ok":
        sys.exit(f"the worker refused the package: {answer.result.exception.stack_trace}")
    worker.start_threadpool_executor()
    return sorted(handle_event._metadata_result or [], key=lambda function: function.name)


class Routes:
    """The HTTP triggers of the indexed functions; the first match is used."""

    def __init__(self, functions: list[Any], prefix: str) -> None:
        self._routes = []
        for function in functions:
            trigger = next(b for b in map(json.loads, function.raw_bindings) if b["type"] == "httpTrigger")
            template = "/".join(part for part in (prefix, trigger.get("route", function.name)) if part)
            pattern = re.sub(r"/?\\{\\\*(\w+)\\}", r"(?:/(?P<\1>.*))?", re.escape(template))
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", pattern)
            self._routes.append((re.compile("/" + pattern, re.DOTALL), trigger, function))

    def find(self, method: str, path: str) -> tuple[Any, str, dict[str, str]]:
        """The function for a decoded path, the name of its trigger and the route's parameters."""
        for pattern, trigger, function in self._routes:
            match = pattern.fullmatch(path)
            methods = [name.upper() for name in trigger.get("methods", [])]
            if match and (not methods or method in methods):
                if trigger["authLevel"].lower() != "anonymous":
                    raise Rejected(401)
                return function, trigger["name"], {k: v for k, v in match.groupdict().items() if v is not None}
        raise Rejected(404)


def decoded(path: str) -> str:
    """Kestrel's decoding: UTF-8 is decoded except for %2F, other bytes stay encoded, dot segments are removed."""
    if "%00" in path:
        raise Rejected(400)

    def decode(run: re.Match[str]) -> str:
        text = bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "surrogateescape")
        # A byte that is not UTF-8 is now a lone surrogate, with the byte in its lower half.
        text = re.sub("[\udc80-\udcff]", lambda lone: f"%{ord(lone[0]) & 0xFF:02X}", text)
        return text.replace("/", "%2F")

    segments: list[str] = []
    for segment in re.sub("(?:%[0-9a-fA-F]{2})+", decode, path).split("/")[1:]:
        if segment == "..":
            segments = segments[:-1]
        elif segment != ".":
            segments.append(segment)
    return "/" + "/".join(segments)


def uri_component(path: str) -> str:
    """PathString.ToUriComponent: encodes the path again, but leaves whatever looks encoded."""
    return re.sub(
        r"%[0-9a-fA-F]{2}|[^\w\-.~!$&'()*+,;=:@/]|[^\x00-\x7f]",
        lambda match: match[0] if len(match[0]) == 3 else quote(match[0], safe=""),
        path,
    )


class Host(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    routes: Routes
    front: bool

    def do_GET(self) -> None:
        """Handles every method: the routes decide which are allowed."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            if len(self.requestline) > LONGEST_REQUEST_LINE:
                raise Rejected(414)
            self._answer(*self._invoked(body))
        except Rejected as rejected:
            self._answer(rejected.args[0], {}, b"")

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815 -- http.server names them

    def _invoked(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        from azure_functions_runtime.bindings.datumdef import Datum  # type: ignore[import-not-found]
        from azure_functions_runtime.native_invocation import run_invocation_sync  # type: ignore[import-not-found]

        headers = {name.lower(): value for name, value in self.headers.items()}
        target = self.requestline.split(" ")[1]
        raw, question, query = target.partition("?")
        if self.front:
            headers["x-waws-unencoded-url"] = target
            raw = re.sub("%2[fF]|%5[cC]", "/", raw)
        path = decoded(raw)
        function, parameter, parameters = self.routes.find(self.command, path)
        request = {
            "method": Datum(self.command, "string"),
            "url": Datum(f"http://{headers['host']}{uri_component(path)}{question}{query}", "string"),
            "headers": {name: Datum(value, "string") for name, value in headers.items()},
            "params": {name: Datum(value, "string") for name, value in parameters.items()},
            "query": {name: Datum(value, "string") for name, value in parse_qsl(query)},
            "body": Datum(body, "bytes"),
        }
        _, ok, answer, _, _, trace = run_invocation_sync(
            str(uuid.uuid4()), function.function_id, [(parameter, Datum(request, "http"))], {}
        )
        if not ok:
            sys.stdout.write(f"{trace}\n")
            raise Rejected(500)
        sent = {name: value.value for name, value in answer.value["headers"].items()}
        return int(answer.value["status_code"].value), sent, answer.value["body"].value

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- its name in the base class
        """Logs nothing: tests read only the worker's log."""


def main() -> None:
    """Serves the package on a free port and prints the address."""
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    parser.add_argument("--bare", action="store_true")
    arguments = parser.parse_args()
    prefix = json.loads((arguments.package / "host.json").read_text())["extensions"]["http"].get("routePrefix", "api")
    Host.routes = Routes(index(arguments.package.resolve()), prefix)
    Host.front = not arguments.bare
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    sys.stdout.write(f"listens on http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
