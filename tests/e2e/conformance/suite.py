"""The same requests and the same expected answers on every provider.

A provider's test module subclasses `Conformance`. Its fixtures are `site`, a deployment under `deployment.LIMITS`;
`laddered`, one under `deployment.LADDER`; `wrong_bucket`, one whose storage does not exist; and `out_of_reach`, one
whose storage does not answer. tests/e2e/conftest.py makes the first two with the provider's fixture `deploy`.
"""

from tests.e2e.conformance.failures import Failures
from tests.e2e.conformance.ladder import Ladder
from tests.e2e.conformance.log import Log
from tests.e2e.conformance.methods import Methods
from tests.e2e.conformance.pictures import Pictures
from tests.e2e.conformance.redirects import Redirects


class Conformance(Redirects, Pictures, Ladder, Methods, Failures, Log):
    """The behaviour that `docs/` describes to users."""
