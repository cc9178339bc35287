"""One emulated AWS per worker, and one deployed stack per module."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.aws.emulator import Aws, deployed, emulated, packaged
from tests.e2e.aws.forms import FORMS, WEBSITE
from tests.e2e.aws.site import AwsSite
from tests.e2e.aws.template import Template, resolved
from tests.e2e.deployment import LADDER, LIMITS, SIGNING_KEYS, Deployment
from tests.support.deploying import Checkout
from tests.support.servers.processes import free_port
from tools.deployment.aws import parameter

KEYS_NAME = "/sizewise/signing-keys"


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with emulated(tmp_path_factory.mktemp("aws")) as running_aws:
        running_aws.sdk("ssm").put_parameter(Name=KEYS_NAME, Value=SIGNING_KEYS, Type="SecureString")
        yield running_aws


@pytest.fixture(scope="module")
def form() -> Mapping[str, str]:
    """The parameters of the module's stack that decide its form."""
    return WEBSITE


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    """The settings of the module's stack, by environment variable."""
    return LIMITS


@pytest.fixture(scope="module")
def site(
    aws: Aws, form: Mapping[str, str], settings: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AwsSite:
    given = {parameter(name): value for name, value in settings.items()} | {"signingKeys": f"{KEYS_NAME}:1"}
    return AwsSite(aws, deployed(aws, tmp_path_factory.mktemp("stack"), {**form, **given}))


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The template of each form, as a file."""
    return {form: packaged(tmp_path_factory.mktemp(form), parameters)[0] for form, parameters in FORMS.items()}


@pytest.fixture(scope="session")
def templates(packages: dict[str, Path]) -> dict[str, Template]:
    """The template of each form, with its conditions resolved."""
    return {form: resolved(json.loads(file.read_text())) for form, file in packages.items()}


@pytest.fixture
def laddered(site: AwsSite) -> Iterator[Deployment]:
    # The keys are in Parameter Store.
    with site.changed({name: value for name, value in LADDER.items() if name != "SIGNING_KEYS"}) as changed:
        yield changed


@pytest.fixture
def wrong_bucket(site: AwsSite) -> Iterator[Deployment]:
    """The function's settings name a bucket that does not exist."""
    mistyped = f"{site.bucket}-mistyped"
    with site.changed({"BUCKET": mistyped, "ORIGINALS_BUCKET": mistyped}) as changed:
        yield changed


@pytest.fixture
def out_of_reach(site: AwsSite) -> Iterator[Deployment]:
    """The function's settings name an S3 address at which nothing listens."""
    with site.changed({"AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{free_port()}"}) as changed:
        yield changed


@pytest.fixture
def checkout(aws: Aws, tmp_path: Path) -> Checkout:
    (tmp_path / "sizewise").mkdir()
    return Checkout.make(tmp_path / "sizewise", aws.environment(tmp_path))
