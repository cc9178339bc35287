"""Two deployments of the conformance suite, for providers that have a fixture `deploy`."""

from collections.abc import Iterator

import pytest

from tests.e2e.deployment import LADDER, LIMITS, Deploy, Deployment


@pytest.fixture(scope="module")
def site(deploy: Deploy) -> Iterator[Deployment]:
    with deploy(LIMITS) as running_site:
        yield running_site


@pytest.fixture(scope="module")
def laddered(deploy: Deploy) -> Iterator[Deployment]:
    with deploy(LADDER) as running_site:
        yield running_site
