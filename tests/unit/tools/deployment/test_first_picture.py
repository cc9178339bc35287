"""A deployment is tried with a sample picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.servers.canned import Answer, Canned, answering
from tools.deployment import first_picture
from tools.deployment.errors import DeploymentError
from tools.deployment.first_picture import ORIGINAL, Store, try_first_picture

MADE = Answer(301, {"location": "http://images.example.com/", "x-sizewise": "miss"})
FOUND = Answer(301, {"location": "http://images.example.com/", "x-sizewise": "hit"})
STORED = Answer(200, {}, b"image")


class Bucket:
    """A store that records its calls."""

    def __init__(self, *, empty: bool = True) -> None:
        self.done: list[str] = []
        self.store = Store(lambda: empty, self._upload, lambda *keys: self.done.append(f"delete {' '.join(keys)}"))

    def _upload(self, key: str, file: Path) -> None:
        self.done.append(f"upload {key}" if file.stat().st_size else "nothing")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_picture, "_PAUSE", 0)


@contextmanager
def deployed(*answers: Answer) -> Iterator[Canned]:
    with answering(*answers) as site:
        yield site


@pytest.mark.parametrize(("second", "where"), [(STORED, "from storage"), (FOUND, "by a redirect")])
def test_a_miss_and_a_hit_are_reported_and_everything_is_deleted(
    second: Answer, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = Bucket()
    with deployed(MADE, second) as site:
        try_first_picture(lambda: site.url, bucket.store, {})
    assert site.asked == [f"GET /300x/{ORIGINAL}"] * 2, where
    printed = capsys.readouterr().out
    assert f"miss: 301 from {site.url}/300x/{ORIGINAL}" in printed
    assert f"hit: {second.status} from {site.url}/300x/{ORIGINAL}" in printed
    assert bucket.done == [f"upload {ORIGINAL}", f"delete {ORIGINAL} 300x/{ORIGINAL}"]


@pytest.mark.parametrize(
    ("settings", "size"),
    [({"WIDTHS": "250,600"}, "600x"), ({"SIZES": "64x64.webp"}, "64x64.webp"), ({"MAX_SIDE": "200"}, "200x")],
)
def test_the_requested_size_is_one_that_the_settings_allow(settings: dict[str, str], size: str) -> None:
    with deployed(MADE, STORED) as site:
        try_first_picture(lambda: site.url, Bucket().store, settings)
    assert site.asked[0] == f"GET /{size}/{ORIGINAL}"


def test_a_redirect_from_the_website_to_the_function_is_followed() -> None:
    with deployed(MADE) as function, deployed(Answer(307, {"location": f"{function.url}/x"}), STORED) as website:
        try_first_picture(lambda: website.url, Bucket().store, {})
    assert (len(website.asked), function.asked) == (2, ["GET /x"])


def test_a_bucket_with_pictures_is_left_alone() -> None:
    bucket = Bucket(empty=False)
    assert "not tried" in try_first_picture(lambda: "http://127.0.0.1:9", bucket.store, {})
    assert not bucket.done


def test_a_deployment_that_is_not_ready_yet_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    with deployed(Answer(403), Answer(403), Answer(502), MADE, STORED) as site:
        try_first_picture(lambda: site.url, Bucket().store, {})
    said = [line for line in capsys.readouterr().out.splitlines() if "not yet" in line]
    assert [line.split(": ", 1)[1][:3] for line in said] == ["403", "502"]


@pytest.mark.parametrize("answers", [[Answer(502)], [STORED], [MADE, Answer(404)]])
def test_no_picture_is_an_error_and_the_upload_is_deleted(
    answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_picture, "_PATIENCE", 0)
    bucket = Bucket()
    with deployed(*answers) as site, pytest.raises(DeploymentError, match=f"{answers[-1].status} from {site.url}"):
        try_first_picture(lambda: site.url, bucket.store, {})
    assert bucket.done[-1].startswith("delete")


def test_an_address_without_a_server_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_picture, "_PATIENCE", 0)
    with pytest.raises(DeploymentError, match="Connection refused"):
        try_first_picture(lambda: "http://127.0.0.1:9", Bucket().store, {})


def test_a_picture_that_a_cdn_has_cached_is_requested_under_another_address() -> None:
    with deployed(STORED, MADE, STORED) as site:
        try_first_picture(lambda: site.url, Bucket().store, {})
    kept, *others = site.asked
    assert [unquote(address) for address in site.asked] == [kept] * 3
    assert set(others) == {others[0]} != {kept}
