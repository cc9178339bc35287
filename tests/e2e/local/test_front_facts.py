"""The facts that the front page gets from the server: originals, hops of a request, and settings."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.local.conftest import LocalSite, serving
from tests.support.pictures.samples import CAT


def facts(site: LocalSite, name: str, **asked: str) -> dict[str, Any]:
    answer = httpx.get(f"{site.address}/.sizewise/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    told: dict[str, Any] = answer.json()
    return told


def test_the_page_shows_this_servers_images_even_if_a_cdn_is_in_front_of_it(root: Path) -> None:
    with serving(root, {"PUBLIC_URL": "https://img.example.com/photos"}) as site:
        told = facts(site, "request", path="/30x/cat.jpg")
        assert [hop["status"] for hop in told["hops"]] == [301, 200]
        image = site.ask("/.sizewise/image/20x/cat.jpg")
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")


def test_headers_of_the_pages_own_request_do_not_affect_the_request_that_it_shows(album: LocalSite) -> None:
    album.ask("/42x/cat.jpg")
    headers = {"Range": "bytes=0-9", "If-Modified-Since": "Sun, 06 Nov 2094 08:49:37 GMT"}
    answer = album.ask("/.sizewise/request?path=/42x/cat.jpg", headers=headers)
    assert [hop["status"] for hop in answer.json()["hops"]] == [200]


@pytest.mark.parametrize("start", ["", "x", "-1", "1.5", "9" * 5000, "\u0661"])
def test_a_start_that_is_not_a_number_is_refused(album: LocalSite, start: str) -> None:
    answer = httpx.get(f"{album.address}/.sizewise/images", params={"start": start})
    assert (answer.status_code, answer.json()["detail"]) == (400, "The start of the list must be a whole number.")


def test_an_original_is_described(album: LocalSite) -> None:
    album.put("albums/cat.jpg", CAT, focal="30x70")
    told = facts(album, "original", key="albums/cat.jpg")
    assert (told["bytes"], told["width"], told["height"]) == (len(CAT), 451, 300)
    assert (told["type"], told["format"], told["point"], told["shown"]) == ("image/jpeg", "jpg", [30, 70], True)


@pytest.mark.parametrize(
    ("key", "status"), [("nobody.jpg", 404), ("../cat.jpg", 400), (".sizewise/x", 400), ("", 400), ("notes.jpg", 415)]
)
def test_an_original_that_can_not_be_described_says_why(album: LocalSite, key: str, status: int) -> None:
    album.put("notes.jpg", b"just some text")
    answer = httpx.get(f"{album.address}/.sizewise/original", params={"key": key})
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_hops_of_a_request_are_listed_and_a_miss_is_stored(album: LocalSite) -> None:
    path = "/0200x100-f30x70/cat.jpg"  # Redirected to its canonical spelling.
    hops = facts(album, "request", path=path)["hops"]
    assert [(hop["status"], hop["outcome"], hop["path"]) for hop in hops] == [
        (301, "miss", path),
        (200, "hit", "/200x100-f30x70/cat.jpg"),
    ]
    assert "render;dur=" in hops[0]["timing"]
    stored = album.stored("200x100-f30x70/cat.jpg")
    assert stored
    assert hops[1]["bytes"] == len(stored.data)
    (hit,) = facts(album, "request", path="/200x100-f30x70/cat.jpg")["hops"]
    assert (hit["status"], hit["outcome"]) == (200, "hit")


def test_a_refused_size_has_the_servers_own_problem(album: LocalSite) -> None:
    (hop,) = facts(album, "request", path="/9000x/cat.jpg")["hops"]
    assert hop["problem"] == httpx.get(f"{album.address}/9000x/cat.jpg").json()


def test_a_request_without_a_path_has_no_hops(album: LocalSite) -> None:
    for path in ("", "cat.jpg", "http://evil.example/cat.jpg"):
        assert facts(album, "request", path=path) == {"hops": [], "part": None, "etag": None}


@pytest.mark.parametrize(
    ("settings", "thumbnail"),
    [
        ({}, "300x"),
        ({"WIDTHS": "100,250,600"}, "250x"),
        ({"WIDTHS": "100,150"}, "150x"),
        ({"WIDTHS": "100,150", "SIZES": "90x60.webp"}, "90x60.webp"),
        ({"SIZES": "640x360,90x60"}, "640x360"),
        ({"MAX_SIDE": "120"}, "120x"),
        ({"WIDTHS": "200", "QUALITY": "50"}, "200x"),
    ],
)
def test_thumbnails_have_a_size_that_the_settings_allow(root: Path, settings: dict[str, str], thumbnail: str) -> None:
    with serving(root, settings) as site:
        told = facts(site, "settings")
        assert told["thumbnail"] == thumbnail
        answer = site.ask(f"/{thumbnail}/cat.jpg")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/{thumbnail}/cat.jpg")
        assert site.ask(f"/{told['first']}/cat.jpg").status_code in (200, 301)


def test_originals_in_another_folder_are_listed_and_described(root: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants"
    variants.mkdir()
    with serving(variants, {"ORIGINALS_BUCKET": str(root)}) as site:
        assert facts(site, "images", start="0")["keys"] == ["cat.jpg"]
        # The page can't show it: its address belongs to the folder of variants, which does not have it.
        assert facts(site, "original", key="cat.jpg")["shown"] is False
