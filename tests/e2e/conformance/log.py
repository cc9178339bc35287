"""The log of requests."""

from uuid import uuid4

from tests.e2e.deployment import Deployment, logged
from tests.support.pictures.samples import CAT


class Log:
    """A request's line of the log."""

    def test_the_log_line_of_a_request_names_its_trace(self, site: Deployment) -> None:
        """The trace is from traceparent; on AWS from X-Ray's header, which API Gateway adds to every request."""
        trace = uuid4().hex
        xray = f"Root=1-{trace[:8]}-{trace[8:]}"
        headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Amzn-Trace-Id": xray}
        site.put("traced.jpg", CAT)
        assert site.ask("/213x/traced.jpg", headers=headers).status_code == 301
        assert logged(site, "213x/traced.jpg")
        (line,) = (line for line in site.log().splitlines() if "213x/traced.jpg" in line)
        assert trace in line.replace("-", "")
