"""The Azure provider as deployed: the staged package in the Functions worker, with Azurite as storage."""

import os
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContentSettings

from core.storage import StoredObject
from providers.azure.account import EMULATOR
from tests.e2e.azure.snapshots import NEEDED
from tests.e2e.azure.subscription import Subscription
from tests.e2e.deployment import Deploy, Deployment
from tests.support.bicep import Bicep
from tests.support.servers.azurite import ACCOUNT, azurite, connection_string, container
from tests.support.servers.processes import ROOT, Server, running

PACKAGE = ROOT / "build/azure"
HOST = Path(__file__).parent / "host.py"

Serve = Callable[..., AbstractContextManager[Server]]


class AzureSite:
    """A function app and its two containers; see `Deployment`. Originals are uploaded as the portal uploads them."""

    def __init__(self, server: Server, service: BlobServiceClient, originals: str, variants: str) -> None:
        self.server = server
        self.originals = service.get_container_client(originals)
        self.variants = service.get_container_client(variants)
        self.client = httpx.Client(base_url=server.match[1], timeout=60)

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.client.request(method, "/", headers=headers, extensions={"target": target.encode()})

    def follow(self, response: httpx.Response) -> httpx.Response:
        """A GET without credentials, as from a browser; the URL is sent as it is."""
        url = httpx.URL(response.headers["location"])
        return self.client.get(url, extensions={"target": url.raw_path})

    def location(self, path: str) -> str:
        return f"{self.variants.url}/{path}"

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        settings = ContentSettings(content_type="application/octet-stream")
        metadata = {"Focal": focal} if focal else None
        self.originals.upload_blob(key, data, overwrite=True, content_settings=settings, metadata=metadata)

    def stored(self, key: str) -> StoredObject | None:
        with suppress(ResourceNotFoundError):
            found = self.variants.download_blob(key)
            blob = found.properties
            kept = blob.content_settings
            described = (str(blob.etag), str(kept.content_type), kept.cache_control or "", blob.metadata)
            return StoredObject(*described, found.readall())
        return None

    def delete(self, key: str) -> None:
        self.variants.delete_blob(key)

    def keys(self) -> set[str]:
        return {f"{c.container_name}/{name}" for c in (self.originals, self.variants) for name in c.list_blob_names()}

    def log(self) -> str:
        return "\n".join(self.server.lines)


@contextmanager
def serving(environ: Mapping[str, str], *options: str) -> Iterator[Server]:
    """The staged package under these settings, in the worker that `./noxw -s azure` installed."""
    worker = os.environ.get("AZURE_WORKER_PYTHON")
    if not worker or not (PACKAGE / "function_app.py").exists():
        raise RuntimeError("no worker, or no build/azure: run these tests with ./noxw -s azure")
    # -P: only the staged package is on the import path, nothing of the checkout.
    command = [worker, "-P", str(HOST), str(PACKAGE), *options]
    with running(command, r"listens on (http://\S+)", {"PYTHONDONTWRITEBYTECODE": "1", **environ}) as server:
        yield server


@pytest.fixture
def infra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bicep:
    """The compiler with a copy of the Bicep files, which the test may change, and the required variables."""
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return Bicep.copy(tmp_path)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with azurite() as url:
        yield url


@pytest.fixture(scope="session")
def service(endpoint: str) -> Iterator[BlobServiceClient]:
    """A client of Azurite with the account's key."""
    with BlobServiceClient.from_connection_string(connection_string(endpoint)) as client:
        yield client


@contextmanager
def deployed(service: BlobServiceClient, settings: Mapping[str, str], *options: str) -> Iterator[AzureSite]:
    """A function app with two new containers, of which only that of the variants is public."""
    name = str(uuid.uuid4())
    originals, variants = f"originals-{name}", f"variants-{name}"
    container(service, originals)
    container(service, variants, public=True)
    own = {EMULATOR: connection_string(service.url.rstrip("/")), "BUCKET": variants, "ORIGINALS_BUCKET": originals}
    with serving({**own, **settings}, *options) as server:
        app = AzureSite(server, service, originals, variants)
        with app.client:
            yield app


@pytest.fixture(scope="module")
def deploy(service: BlobServiceClient) -> Deploy:
    return lambda settings: deployed(service, settings)


@pytest.fixture
def wrong_bucket(deploy: Deploy) -> Iterator[Deployment]:
    with deploy({"BUCKET": "mistyped"}) as running_site:
        yield running_site


@pytest.fixture
def out_of_reach(deploy: Deploy) -> Iterator[Deployment]:
    """The account's address is a port that is bound, so that no other process takes it, but not listening."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/{ACCOUNT}"
        with deploy({EMULATOR: connection_string(gone)}) as running_site:
            yield running_site


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the stand-in for `az` keeps the compiler's snapshots."""
    return tmp_path_factory.mktemp("snapshots")


@pytest.fixture
def empty(tmp_path: Path, snapshots: Path) -> Subscription:
    """A new subscription."""
    (tmp_path / "checkout").mkdir()
    return Subscription.make(tmp_path / "checkout", snapshots)


@pytest.fixture
def subscription(empty: Subscription, service: BlobServiceClient) -> Subscription:
    """A subscription whose originals include a picture, so that `deploy` uploads no sample."""
    names = {name: f"{name}-{uuid.uuid4()}" for name in ("originals", "variants")}
    for name in names.values():
        container(service, name)
    endpoint = service.url.rstrip("/")
    empty.change(url="https://app.example", azurite=connection_string(endpoint), containers=names)
    service.get_blob_client(names["originals"], "cat.jpg").upload_blob(b"a cat")
    return empty
