"""The lines of the log."""

from uuid import uuid4

from tests.e2e.deployment import Deployment, logged
from tests.support.pictures.samples import CAT


class Log:
    """What the line of a request says."""

    def test_a_requests_line_of_the_log_names_its_trace(self, site: Deployment) -> None:
        """By traceparent; on AWS by the header of X-Ray, which API Gateway puts on every request."""
        trace = uuid4().hex
        xray = f"Root=1-{trace[:8]}-{trace[8:]}"
        headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Amzn-Trace-Id": xray}
        site.put("traced.jpg", CAT)
        assert site.ask("/213x/traced.jpg", headers=headers).status_code == 301
        assert logged(site, "213x/traced.jpg")
        (line,) = (line for line in site.log().splitlines() if "213x/traced.jpg" in line)
        assert trace in line.replace("-", "")
