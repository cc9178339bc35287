"""The conformance suite on the local provider, over HTTP to the real functions-framework."""

from tests.e2e.conformance.suite import Conformance


class TestLocal(Conformance):
    """The whole suite: the local provider is both the website and the function."""
