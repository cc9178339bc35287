"""Revisions: processes that serve a deployed source, with the emulator's buckets as storage."""

import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO

from tests.e2e.gcp.apis.secrets import held
from tests.e2e.gcp.apis.state import Google, Printed, Revision, now

NOT_STARTED = (
    "Could not create or update Cloud Run service {}, Container Healthcheck failed. The user-provided container failed "
    "to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated "
    "timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health "
    "check timeout can be extended. Logs for this revision might contain more information."
)
NO_VERSION = "Could not create or update Cloud Run service {}, Secret {} was not found"


@dataclass(frozen=True)
class Package:
    """A zip, its entry point, its environment, and the secret version that each further variable gets."""

    source: bytes
    entry_point: str
    env: Mapping[str, str]
    secrets: Mapping[str, tuple[str, str]]


def start(google: Google, name: str, package: Package) -> str:
    """Starts a package in place of the revision with that name. Returns why it failed, or an empty string."""
    service = name.rpartition("/")[2]
    env = {**package.env, "STORAGE_EMULATOR_HOST": google.emulator.url}
    for variable, (secret, version) in package.secrets.items():
        data = held(google, secret, version)
        if data is None:
            return NO_VERSION.format(service, f"{secret}/versions/{version}")
        env[variable] = data.decode()
    started = now()
    folder = google.folder / f"revision-{len(google.printed) + 1}"
    with zipfile.ZipFile(BytesIO(package.source)) as archive:
        archive.extractall(folder)
    with ExitStack() as stack:
        try:
            server = stack.enter_context(google.serve(env, folder, package.entry_point))
        except RuntimeError as failure:  # After its first line, the message is what the process printed.
            google.printed.append(Printed(name, started, str(failure).splitlines()[1:]))
            return NOT_STARTED.format(service)
        google.printed.append(Printed(name, started, server.lines))
        if name in google.revisions:
            google.revisions[name].stack.close()
        google.revisions[name] = Revision(server, stack.pop_all())
    return ""
