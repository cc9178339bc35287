"""The stack that osls deployed, under the conformance suite, through API Gateway's emulation."""

import re

import httpx
import pytest

from tests.e2e.answers import assert_problem
from tests.e2e.aws.site import AwsSite
from tests.e2e.conformance.failures import FAILURES
from tests.e2e.conformance.suite import Conformance
from tests.e2e.deployment import Deployment, RecordProperty
from tests.support.pictures.samples import CAT

NO_ROUTE = ("no image", "nothing but a size")
"""The failures whose path is not /{size}/{image}."""


class TestAws(Conformance):
    """All of it, but for what API Gateway answers before any function is asked."""

    @pytest.fixture(autouse=True)
    def _note(self, record_property: RecordProperty) -> None:
        self.note = record_property

    @pytest.mark.parametrize("failure", FAILURES)
    def test_a_failure_says_what_would_be_right_and_stores_nothing(self, site: Deployment, failure: str) -> None:
        """Without a route no function is asked, so that nothing is timed."""
        if failure in NO_ROUTE:
            self.note("platform", 400)
            assert_refused_by_the_gateway(site.ask(FAILURES[failure][0]))
        else:
            super().test_a_failure_says_what_would_be_right_and_stores_nothing(site, failure)


def assert_refused_by_the_gateway(answer: httpx.Response) -> None:
    """The problem that serverless.yml has API Gateway say."""
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert "/{size}/{image}" in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-sizewise"] == "miss"


@pytest.mark.parametrize("target", ["/favicon.ico", "/"])
def test_a_path_without_a_route_is_refused_alike(site: AwsSite, target: str) -> None:
    assert_refused_by_the_gateway(site.ask(target))


def test_without_the_right_to_write_it_is_a_502_with_its_reason_in_the_log(site: AwsSite) -> None:
    site.put("cat.jpg", CAT)
    with site.forbidden("s3:PutObject"):
        answer = site.ask("/213x/cat.jpg")
    assert_problem(answer, 502, "log")
    assert site.stored("213x/cat.jpg") is None
    assert re.search(r'"reason": .*AccessDenied.*PutObject', site.log())


def test_a_bug_of_ours_is_a_500_that_gives_nothing_away(site: AwsSite) -> None:
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
    """The emulator's body has the error's message; AWS's has not even that, but what serverless.yml says."""
    with site.patched({"providers/aws/handler.py": BROKEN[when]}):
        answer = site.ask("/300x200/cat.jpg")
    assert answer.status_code == 502
    assert f"at the {when}" in answer.text, "the test needs the handler to have broken"
    assert not re.search(r"Traceback|File \"|\.py", answer.text)


def test_a_setting_out_of_range_is_named_at_the_start(site: AwsSite) -> None:
    """By the emulator in the answer; by Lambda in the log alone."""
    with site.changed({"MAX_SIDE": "huge"}):
        answer = site.ask("/300x200/cat.jpg")
    assert answer.status_code == 502
    assert "MAX_SIDE='huge' is not a whole number from 1 to 16383" in answer.text
    assert not re.search(r"Traceback|File \"|\.py", answer.text)
