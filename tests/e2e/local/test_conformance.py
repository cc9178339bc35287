"""The local provider under the conformance suite, over HTTP to the real functions-framework."""

from tests.e2e.conformance.suite import Conformance


class TestLocal(Conformance):
    """All of it: the website's half too is the local provider's own."""
