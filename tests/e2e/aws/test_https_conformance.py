"""The conformance suite on the stack with HTTPS."""

from collections.abc import Mapping

import pytest

from tests.e2e.aws.forms import FORMS
from tests.e2e.aws.test_conformance import TestAws

__all__ = ["TestAws"]


@pytest.fixture(scope="module")
def form() -> Mapping[str, str]:
    return FORMS["https"]
