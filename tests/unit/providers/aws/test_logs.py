"""The log on AWS: a line has the X-Ray trace of its request, in X-Ray's spelling."""

import logging

from providers.aws.logs import XRayFormatter

TRACE = "5759e988bd862e3fe1be46a994272793"


def test_a_line_has_its_trace_in_the_spelling_of_xray() -> None:
    entry = XRayFormatter().entry(logging.makeLogRecord({"msg": "request", "fields": {"status": 301, "trace": TRACE}}))
    assert entry["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert "trace" not in entry


def test_a_line_without_a_trace_has_no_field_for_it() -> None:
    assert "xray_trace_id" not in XRayFormatter().entry(logging.makeLogRecord({"msg": "settings"}))
