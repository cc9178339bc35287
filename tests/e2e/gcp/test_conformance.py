"""The staged package under the conformance suite, over HTTP to functions-framework in production mode."""

from tests.e2e.conformance.suite import Conformance


class TestGoogleCloud(Conformance):
    """All of it: the platform in front of the function answers nothing by itself."""
