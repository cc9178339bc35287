"""HTTP methods: HEAD, a browser's preflight request, and the methods that are refused."""

import pytest

from tests.e2e.deployment import Deployment
from tests.support.pictures.samples import CAT


class Methods:
    """The answers to methods other than GET."""

    def test_head_answers_like_get_without_a_body(self, site: Deployment) -> None:
        site.put("head/cat.jpg", CAT)
        head = site.ask("/300x200/head/cat.jpg", "HEAD")
        assert (head.status_code, head.content) == (301, b"")
        assert head.headers["location"] == site.location("300x200/head/cat.jpg")
        assert site.stored("300x200/head/cat.jpg")

    @pytest.mark.parametrize("target", ["/banana/cat.jpg", "/300x200/nobody.jpg"])
    def test_head_of_a_failure_agrees_with_get(self, site: Deployment, target: str) -> None:
        """RFC 9110, section 8.6: HEAD has the Content-Length of GET, or none."""
        head, got = site.ask(target, "HEAD"), site.ask(target)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers.get("content-length", str(len(got.content))) == str(len(got.content))

    def test_a_page_of_another_origin_may_send_a_custom_header(self, site: Deployment) -> None:
        """A browser sends OPTIONS first, and then GET with the header: each hop has to allow it."""
        site.put("preflight/cat.jpg", CAT)
        origin = {"Origin": "https://www.example.com"}
        asked = {**origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-own"}
        answer = site.ask("/300x200/preflight/cat.jpg", "OPTIONS", asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "GET" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-allow-headers"].startswith("*")
        assert int(answer.headers["access-control-max-age"]) > 0
        assert site.stored("300x200/preflight/cat.jpg") is None
        got = site.ask("/300x200/preflight/cat.jpg", headers={**origin, "X-Own": "1"})
        assert got.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    def test_any_other_method_is_refused(self, site: Deployment, method: str) -> None:
        site.put("cat.jpg", CAT)
        answer = site.ask("/211x/cat.jpg", method)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert site.stored("211x/cat.jpg") is None
