"""The deployable package under functions-framework in production mode, with an emulator's buckets as storage."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.deployment import Deploy, Deployment
from tests.e2e.gcp.apis.server import google_apis
from tests.e2e.gcp.apis.state import Google
from tests.e2e.gcp.site import GoogleSite
from tests.e2e.gcp.warm import warm_python
from tests.support.deploying import Checkout
from tests.support.servers.gcs import Emulator, emulated
from tests.support.servers.processes import ROOT, Server, running

GCP = ROOT / "providers" / "gcp"
STAGED = ROOT / "build" / "gcp"
FRAMEWORK = Path(sys.executable).with_name("functions-framework")
READY = r"Listening at: (http://\S+)"
NO_METADATA_SERVER = {"GCE_METADATA_HOST": "127.0.0.1:9", "GCE_METADATA_IP": "127.0.0.1:9"}
"""The address at which Google's libraries look for the machine's credentials; nothing listens there."""

ORIGINALS, VARIANTS = "my-project-sizewise-originals", "my-project-sizewise-variants"
"""The buckets of the example's deployment."""

ACCOUNT = "serviceAccount:sizewise@my-project.iam.gserviceaccount.com"
ON_BUCKETS = {
    (ORIGINALS, "roles/storage.objectViewer", ACCOUNT),
    (VARIANTS, "roles/storage.objectViewer", ACCOUNT),
    (VARIANTS, "roles/storage.objectCreator", ACCOUNT),
    (VARIANTS, "roles/storage.legacyObjectReader", "allUsers"),
}
GRANTS = {
    *ON_BUCKETS,
    ("my-project", "roles/run.builder", "serviceAccount:sizewise-build@my-project.iam.gserviceaccount.com"),
    ("sizewise", "roles/run.invoker", "allUsers"),
}

KEYS = "sizewise-signing-keys"
"""The secret with the keys that sign sizes."""

Attempt = Callable[..., subprocess.CompletedProcess[str]]
README = (GCP / "README.md").read_text()
Run = Callable[..., str]


@contextmanager
def function(settings: Mapping[str, str], source: Path = STAGED, target: str = "resize") -> Iterator[Server]:
    """Runs the function in a folder as Cloud Run does, with the settings, on a free port.

    Only the folder and the installed requirements are on its import path.
    """
    command = [str(FRAMEWORK), "--target", target, "--host", "127.0.0.1", "--port", "0"]
    env = {
        "THREADS": "8",
        "GUNICORN_LOG_LEVEL": "info",
        "PYTHONDONTWRITEBYTECODE": "1",
        **NO_METADATA_SERVER,
        **settings,
    }
    with running(command, READY, env, cwd=source) as server:
        yield server


def readme_command(start: str) -> str:
    """The README's command that starts with the words, with its placeholders replaced by the tests' names."""
    (command,) = re.findall(rf"^    ({re.escape(start)}.*\n(?:        .*\n)*)", README, re.MULTILINE)
    return str(command).replace("PROJECT", "my-project").replace("ORIGINALS", f"gs://{ORIGINALS}").strip()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with emulated() as running_emulator:
        yield running_emulator


@contextmanager
def serving(emulator: Emulator, settings: Mapping[str, str]) -> Iterator[GoogleSite]:
    """The function in front of two new buckets."""
    originals, variants = emulator.bucket("originals"), emulator.bucket("variants")
    buckets = {"BUCKET": variants.name, "ORIGINALS_BUCKET": originals.name, "STORAGE_EMULATOR_HOST": emulator.url}
    with function({**buckets, **settings}) as server, httpx.Client(timeout=60) as client:
        yield GoogleSite(originals, variants, server, client)


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Google]:
    with emulated() as own_emulator, google_apis(own_emulator, function, tmp_path) as apis:
        yield apis


@pytest.fixture
def cloud_sdk(google: Google, tmp_path: Path) -> dict[str, str]:
    """The environment in which gcloud sends its requests to `google`."""
    if not shutil.which("gcloud"):
        pytest.skip("gcloud is not installed, and no package registry has it: nothing was deployed")
    return {"PATH": os.environ["PATH"], "CLOUDSDK_CONFIG": str(tmp_path / "gcloud"), **google.environment()}


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with warm_python(tmp_path_factory.mktemp("warm")) as python:
        yield python


@pytest.fixture
def warm_sdk(cloud_sdk: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    """As `cloud_sdk`, with a gcloud that starts quickly."""
    return {**cloud_sdk, "CLOUDSDK_PYTHON": str(request.getfixturevalue("warm"))}


@pytest.fixture
def here(warm_sdk: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The gcloud that the tests' own process starts uses `google` too."""
    for name, value in warm_sdk.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def checkout(warm_sdk: dict[str, str], tmp_path: Path) -> Checkout:
    (tmp_path / "sizewise").mkdir()
    return Checkout.make(tmp_path / "sizewise", warm_sdk)


@pytest.fixture
def attempt(cloud_sdk: dict[str, str]) -> Attempt:
    """Runs a command whose gcloud uses `google`."""
    return lambda *words: subprocess.run(
        words, cwd=ROOT, env=cloud_sdk, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def run(google: Google, attempt: Attempt) -> Run:
    """Runs a command that has to succeed, and returns everything that it printed."""

    def command(*words: str) -> str:
        done = attempt(*words)
        assert done.returncode == 0, done.stdout + done.stderr + "\n".join(google.asked)
        return done.stdout + done.stderr

    return command


@pytest.fixture(scope="module")
def deploy(emulator: Emulator) -> Deploy:
    return lambda settings: serving(emulator, settings)


@pytest.fixture
def wrong_bucket(deploy: Deploy) -> Iterator[Deployment]:
    with deploy({"BUCKET": "nobody-made-this"}) as running_site:
        yield running_site


@pytest.fixture
def out_of_reach(deploy: Deploy) -> Iterator[Deployment]:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        with deploy({"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{deaf.getsockname()[1]}"}) as running_site:
            yield running_site
