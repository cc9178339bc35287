"""The conformance suite on the staged package, over HTTP to functions-framework in production mode."""

from tests.e2e.conformance.suite import Conformance


class TestGoogleCloud(Conformance):
    """The whole suite: the platform in front of the function refuses nothing by itself."""
