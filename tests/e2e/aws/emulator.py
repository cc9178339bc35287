"""AWS on loopback: ministack, and osls, which deploys the package that `./noxw -s aws` made."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import boto3
import httpx

from tests.e2e.aws.fronts import fronts
from tests.e2e.aws.invocations import Invocations
from tests.e2e.aws.template import resolved
from tests.support.servers.processes import ROOT, free_port, running

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MANIFEST: Final = ROOT / "providers" / "aws"
OSLS: Final = Path(sys.prefix) / "npm" / "providers" / "aws" / "node_modules" / ".bin" / "osls"
"""noxfile.py installs it in the session's virtual environment, and Node in the same folder as Python."""

LAMBDA: Final = ROOT / ".nox" / "lambda" / "bin" / "python"
"""The interpreter with which the emulator runs functions; the session `aws` makes it."""

ARCHITECTURE: Final = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
PACKAGE: Final = ROOT / "build" / f"aws-{ARCHITECTURE}.zip"
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
OSLS_VARIABLES: Final = {"CI": "1", "SLS_NOTIFICATIONS_MODE": "off", "SLS_AWS_MONITORING_FREQUENCY": "300"}
"""No questions, no notices, and a query of the stack every 0.3 seconds."""


def client(address: str, service: str, region: str = "us-east-1") -> Any:
    """A client of a service at an address, as the account's administrator."""
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=region,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


@dataclass(frozen=True)
class Aws:
    """An emulated AWS: its address, an HTTP client of everything that it serves, and the current invocations.

    `proxied` are the environment variables through which another program reaches what it serves.
    """

    address: str
    web: httpx.Client
    proxied: Mapping[str, str]
    invocations: Invocations

    def environment(self, home: Path) -> dict[str, str]:
        """The environment in which a program uses this AWS, without anything from the developer's environment."""
        return {**environment(home), **self.proxied, "AWS_ENDPOINT_URL": self.address}

    def sdk(self, service: str, region: str = "us-east-1") -> Any:
        """A client of a service, as the account's administrator."""
        return client(self.address, service, region)

    @cached_property
    def s3(self) -> "S3Client":
        client: S3Client = self.sdk("s3")
        return client


@contextmanager
def emulated(folder: Path, limits: Mapping[str, str] | None = None) -> Iterator[Aws]:
    """Runs ministack, which enforces permissions and keeps its state in the folder, and the fronts.

    `limits` are the account's, as ministack's environment variables.
    """
    folders = {name: str(folder / name) for name in ("STATE_DIR", "S3_DATA_DIR", "TMPDIR", "HOME")}
    for path in folders.values():
        Path(path).mkdir()
    port = str(free_port())
    env = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": port, "MINISTACK_HOST": "localhost", "AUTH": "true"}
    quiet = {"SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0"}
    with running(
        [str(LAMBDA), "-m", "ministack"], r"Ready .* on port", {**folders, **env, **quiet, **(limits or {})}, folder
    ):
        address = f"http://127.0.0.1:{port}"
        with fronts(address, partial(client, address), folder) as found:
            yield Aws(address, *found)


def environment(home: Path) -> dict[str, str]:
    """The environment that osls needs: Node, a home folder and credentials."""
    path = f"{sys.prefix}/bin:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(home), **OSLS_VARIABLES, **CREDENTIALS}


def osls(
    command: str, folder: Path, stage: str, parameters: Mapping[str, str], env: Mapping[str, str] | None = None
) -> str:
    """Runs an osls command on a copy of the manifests in the folder, and returns what it printed."""
    here = folder / "providers" / "aws"
    if not here.exists():
        here.mkdir(parents=True)
        for manifest in MANIFEST.glob("*.yml"):
            shutil.copy(manifest, here)
        (folder / "build").symlink_to(ROOT / "build")
    given = [f"--param={name}={value}" for name, value in parameters.items()]
    done = subprocess.run(
        [str(OSLS), *command.split(), f"--stage={stage}", *given],
        cwd=here,
        env={**environment(folder), **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = done.stdout + done.stderr
    if done.returncode:
        raise RuntimeError(f"osls {command} failed:\n{printed}")
    return printed


def packaged(folder: Path, parameters: Mapping[str, str], region: str = "us-east-1") -> tuple[Path, Path]:
    """The two templates that osls makes for the stage `prod`: the stack's, and that of the bucket it deploys first.

    Nothing listens at AWS_ENDPOINT_URL: osls would fail if it sent any request to AWS.
    """
    osls(f"package --region={region}", folder, "prod", parameters, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    made = folder / "providers" / "aws" / ".serverless"
    return made / "cloudformation-template-update-stack.json", made / "cloudformation-template-create-stack.json"


@dataclass(frozen=True)
class Stack:
    """A deployed stack."""

    stage: str
    region: str
    outputs: Mapping[str, str]


def deployed(aws: Aws, folder: Path, parameters: Mapping[str, str], region: str = "us-east-1") -> Stack:
    """Deploys the staged package to the emulator with the manifest."""
    stage = f"t{uuid4().hex[:8]}"
    env = {"AWS_ENDPOINT_URL": aws.address, "AWS_REGION": region}
    given = {"architecture": ARCHITECTURE, **parameters}
    osls("deploy", folder, stage, given, env)
    reserve(aws, f"sizewise-{stage}", region)
    (stack,) = aws.sdk("cloudformation", region).describe_stacks(StackName=f"sizewise-{stage}")["Stacks"]
    return Stack(stage, region, {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})


def reserve(aws: Aws, stack: str, region: str) -> None:
    """Reserves the concurrency in a deployed template, which the emulated CloudFormation ignores."""
    template = aws.sdk("cloudformation", region).get_template(StackName=stack)["TemplateBody"]
    resources = resolved(template if isinstance(template, dict) else json.loads(template))["Resources"]
    asked = resources["ResizeLambdaFunction"]["Properties"].get("ReservedConcurrentExecutions")
    if asked:
        aws.sdk("lambda", region).put_function_concurrency(
            FunctionName=f"{stack}-resize", ReservedConcurrentExecutions=int(asked)
        )
