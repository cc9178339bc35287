"""Requests that fail: their answers and pages. Nothing is stored."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SizewiseError, StorageRefused, StorageUnavailable
from core.http import EVERY_ANSWER
from tests.support.browser import NAVIGATION
from tests.support.entries import entries
from tests.support.memory import Site, assert_problem
from tests.support.pictures.samples import CAT

FAILURES = {
    "no size": ("/banana/cat.jpg", {}, 400),
    "no image": ("/60x/", {}, 400),
    "a variant of a variant": ("/60x/60x/cat.jpg", {}, 400),
    "not UTF-8": ("/60x/%FF.jpg", {}, 400),
    "off the list": ("/61x/cat.jpg", {"sizes": ("60x",)}, 403),
    "too wide": ("/60x/cat.jpg", {"max_side": 59}, 403),
    "not there": ("/60x/nobody.jpg", {}, 404),
    "too many bytes": ("/60x/cat.jpg", {"max_original_bytes": len(CAT) - 1}, 413),
    "too many pixels": ("/60x/cat.jpg", {"max_original_pixels": 451 * 300 - 1}, 413),
    "no image format": ("/60x/a.txt", {}, 415),
    "cut short": ("/60x/cut.jpg", {}, 422),
}


@pytest.mark.parametrize(("path", "changed", "status"), FAILURES.values(), ids=FAILURES)
def test_a_failure_stores_nothing(path: str, changed: dict[str, object], status: int, log: StringIO) -> None:
    site = Site(**changed)
    assert_problem(site.ask(path), status)
    assert "create" not in site.trips.names
    assert [entry["status"] for entry in entries(log)] == [status]


@pytest.mark.parametrize("method", ["find", "read", "create"])
@pytest.mark.parametrize("fault", [StorageRefused, StorageUnavailable, ZeroDivisionError])
def test_a_failure_of_storage_is_distinguished_from_a_bug(method: str, fault: type[Exception], log: StringIO) -> None:
    site = Site()
    error = fault("secret-bucket") if fault is ZeroDivisionError else fault()
    error.__cause__ = PermissionError("secret-bucket")
    site.originals.faults[method] = site.variants.faults[method] = error
    answer = site.ask("/60x/cat.jpg")
    assert_problem(answer, fault.status if issubclass(fault, SizewiseError) else 500)
    for leak in (b"secret", b"Traceback", b"Division", b"Permission", b".py"):
        assert leak not in answer.body
    assert ("Retry-After" in answer.headers) == (fault is StorageUnavailable)
    assert not site.variants.objects
    (entry,) = entries(log)
    assert "secret-bucket" in entry["reason"]
    assert ("exception" in entry) == (fault is ZeroDivisionError)


def test_a_browser_gets_a_page_in_which_the_markup_of_a_name_is_escaped() -> None:
    answer = Site().ask("/60x/%3Cscript%3Ealert(%22%26'1)%3C/script%3E.jpg", accept=NAVIGATION)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert answer.headers.items() >= EVERY_ANSWER.items()
    assert answer.headers["X-Sizewise"] == "miss"
    assert b"&lt;script&gt;alert(&quot;&amp;" in answer.body
    assert b"<script" not in answer.body


def test_a_browser_gets_a_page_without_the_details_of_a_bug(log: StringIO) -> None:
    site = Site()
    site.originals.faults["read"] = ZeroDivisionError("secret-bucket")
    answer = site.ask("/60x/cat.jpg", accept=NAVIGATION)
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"secret" not in answer.body
    assert "secret-bucket" in entries(log)[0]["reason"]


def test_after_a_failure_the_same_request_succeeds() -> None:
    site = Site()
    site.originals.faults["read"] = StorageUnavailable()
    assert site.ask("/60x/cat.jpg").status == 503
    site.originals.faults.clear()
    assert site.ask("/60x/cat.jpg").status == 301


def test_the_length_of_a_key_includes_the_size() -> None:
    assert_problem(Site().ask("/60x/" + "a" * 1020), 404)
    assert_problem(Site().ask("/60x/" + "a" * 1021), 400)
    assert_problem(Site().ask("/00060x/" + "a" * 1020), 404)
    assert_problem(Site(widths=(600,)).ask("/60x/" + "a" * 1020), 400)


SITE = Site()


@given(st.text(alphabet=st.characters(exclude_categories=[])) | st.text(alphabet="/60x.webp-q%2F cat.jg"))
def test_any_random_path_gets_problem_details(path: str) -> None:
    answer = SITE.ask(path)
    assert answer.status in (400, 403, 404)
    assert_problem(answer, answer.status)
