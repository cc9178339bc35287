"""The stack that osls deployed, under the conformance suite, through API Gateway's emulation."""

import httpx
import pytest

from tests.e2e.aws.site import AwsSite
from tests.e2e.conformance import FAILURES, Conformance
from tests.e2e.deployment import Deployment

NO_ROUTE = ("no image", "nothing but a size")
"""The failures whose path is not /{size}/{image}."""


class TestAws(Conformance):
    """All of it, but for what API Gateway answers before any function is asked."""

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    def test_any_other_method_is_refused(self, site: Deployment, method: str) -> None:
        """A REST API has one answer, without Allow, for a path it does not know and a method a path has not."""
        assert_refused_by_the_gateway(site.ask("/211x/cat.jpg", method))
        assert site.stored("211x/cat.jpg") is None

    @pytest.mark.parametrize("failure", [name for name in FAILURES if name not in NO_ROUTE])
    def test_a_failure_says_what_would_be_right_and_stores_nothing(self, site: Deployment, failure: str) -> None:
        super().test_a_failure_says_what_would_be_right_and_stores_nothing(site, failure)

    @pytest.mark.parametrize("target", [*(FAILURES[name][0] for name in NO_ROUTE), "/favicon.ico", "/"])
    def test_a_path_without_a_route_is_refused_alike(self, site: Deployment, target: str) -> None:
        """No function is asked, so that nothing is timed."""
        assert_refused_by_the_gateway(site.ask(target))


def assert_refused_by_the_gateway(answer: httpx.Response) -> None:
    """The problem that serverless.yml has API Gateway say."""
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert "/{size}/{image}" in answer.json()["detail"]
    assert_a_problem_of_the_gateway(answer)


def assert_a_problem_of_the_gateway(answer: httpx.Response) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-sizewise"] == "miss"


def test_a_function_that_does_not_start_shows_no_stack_trace(site: AwsSite) -> None:
    """API Gateway's own 502, in the words of serverless.yml; the reason is in the log."""
    with site.changed({"MAX_SIDE": "huge"}):
        answer = site.ask("/300x200/cat.jpg")
        assert answer.status_code == 502
        assert_a_problem_of_the_gateway(answer)
        assert answer.json()["title"] == "Failed"
        assert "Traceback" not in answer.text
        assert "MAX_SIDE" not in answer.text
        assert "MAX_SIDE='huge' is not a whole number" in site.log()


def test_a_function_that_breaks_answers_500_without_a_stack_trace(site: AwsSite) -> None:
    """A quality that settings let through but Pillow does not: the core's own last resort."""
    with site.changed({"MAX_ORIGINAL_PIXELS": "1"}):
        assert site.ask("/300x200/cat.jpg").status_code == 413
