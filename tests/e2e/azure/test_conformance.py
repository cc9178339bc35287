"""The conformance suite on the staged package of Azure, over HTTP; host.py says what of it is real."""

import pytest

from tests.e2e.conformance.failures import FAILURES
from tests.e2e.conformance.suite import Conformance
from tests.e2e.deployment import Deployment, RecordProperty

REJECTED = {"a NUL": 400, "a path of 10 kB": 414}


class TestAzure(Conformance):
    """The whole suite, except for two requests that the host itself refuses."""

    @pytest.fixture(autouse=True)
    def noted(self, request: pytest.FixtureRequest, record_property: RecordProperty) -> None:
        """Records which answers are the platform's, for the table of docs/conformance.md."""
        failure = request.node.callspec.params.get("failure") if hasattr(request.node, "callspec") else None
        if failure in REJECTED:
            record_property("platform", REJECTED[failure])

    @pytest.mark.parametrize("failure", FAILURES)
    def test_a_failure_says_what_would_be_right_and_stores_nothing(self, site: Deployment, failure: str) -> None:
        """Kestrel refuses a NUL and a request line over 8 KiB, without a body and before they reach the function."""
        if failure not in REJECTED:
            super().test_a_failure_says_what_would_be_right_and_stores_nothing(site, failure)
            return
        before = site.keys()
        answer = site.ask(FAILURES[failure][0])
        assert (answer.status_code, answer.content) == (REJECTED[failure], b"")
        assert site.keys() == before
