"""The conformance suite on the stack that osls deployed, through the emulation of API Gateway."""

import re

import httpx
import pytest

from tests.e2e.answers import assert_problem
from tests.e2e.aws.site import AwsSite
from tests.e2e.conformance.failures import FAILURES
from tests.e2e.conformance.suite import Conformance
from tests.e2e.deployment import Deployment, RecordProperty
from tests.support.pictures.samples import CAT

NO_ROUTE = ("no image", "only a size")
"""The failures whose path is not /{size}/{image}."""


class TestAws(Conformance):
    """The whole suite, except for requests that API Gateway refuses before they reach the function."""

    @pytest.fixture(autouse=True)
    def _note(self, record_property: RecordProperty) -> None:
        self.note = record_property

    @pytest.mark.parametrize("failure", FAILURES)
    def test_a_failure_says_what_would_be_right_and_stores_nothing(self, site: Deployment, failure: str) -> None:
        """A path without a route does not reach the function, so its answer has no Server-Timing."""
        if failure in NO_ROUTE:
            self.note("platform", 400)
            assert_refused_by_the_gateway(site.ask(FAILURES[failure][0]))
        else:
            super().test_a_failure_says_what_would_be_right_and_stores_nothing(site, failure)


def assert_refused_by_the_gateway(answer: httpx.Response) -> None:
    """Expects the problem that serverless.yml configures for API Gateway."""
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert "/{size}/{image}" in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-sizewise"] == "miss"


@pytest.mark.parametrize("target", ["/favicon.ico", "/"])
def test_the_gateway_refuses_a_path_without_a_route(site: AwsSite, target: str) -> None:
    assert_refused_by_the_gateway(site.ask(target))


def test_a_missing_permission_to_write_is_a_502_with_its_reason_in_the_log(site: AwsSite) -> None:
    site.put("cat.jpg", CAT)
    with site.forbidden("s3:PutObject"):
        answer = site.ask("/213x/cat.jpg")
    assert_problem(answer, 502, "log")
    assert site.stored("213x/cat.jpg") is None
    assert re.search(r'"reason": .*AccessDenied.*PutObject', site.log())


def test_a_bug_in_sizewise_is_a_500_that_reveals_nothing(site: AwsSite) -> None:
    site.put("cat.jpg", CAT)
    with site.patched(
        {"core/imaging/pipeline.py": "def render(*_: object) -> None:\n    raise ZeroDivisionError('secret')\n"}
    ):
        answer = site.ask("/212x/cat.jpg")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert not re.search(r"secret|Traceback|File \"|ZeroDivision", answer.text)
    assert re.search(r"Traceback.*ZeroDivisionError: secret", site.log())


BROKEN = {
    "start": "raise ZeroDivisionError('at the start')",
    "request": "def handle(event, context):\n    raise ZeroDivisionError('at the request')",
}


@pytest.mark.parametrize("when", BROKEN)
def test_a_broken_handler_is_a_502_without_a_stack_trace(site: AwsSite, when: str) -> None:
    """The emulator's body has the error's message; on AWS the body is the one in serverless.yml."""
    with site.patched({"providers/aws/handler.py": BROKEN[when]}):
        answer = site.ask("/300x200/cat.jpg")
    assert answer.status_code == 502
    assert f"at the {when}" in answer.text, "the handler did not break: this test proves nothing"
    assert not re.search(r"Traceback|File \"|\.py", answer.text)


def test_a_setting_out_of_range_is_named_at_the_start(site: AwsSite) -> None:
    """The emulator names it in the answer, Lambda only in the log."""
    with site.changed({"MAX_SIDE": "huge"}):
        answer = site.ask("/300x200/cat.jpg")
    assert answer.status_code == 502
    assert "MAX_SIDE='huge' is not a whole number from 1 to 16383" in answer.text
    assert not re.search(r"Traceback|File \"|\.py", answer.text)
