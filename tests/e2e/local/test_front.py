"""The front page over HTTP: its files, its images, and how they are cached."""

import json

from tests.e2e.local.conftest import LocalSite
from tests.support.pictures.samples import CAT


def test_the_root_address_is_a_page(album: LocalSite) -> None:
    answer = album.ask("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert album.ask("/", "HEAD").headers["content-length"] == answer.headers["content-length"]
    assert album.ask("/", "POST").status_code == 405


def test_only_the_servers_own_files_run_in_the_page(album: LocalSite) -> None:
    policy = album.ask("/").headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert "unsafe" not in policy


def test_the_pages_images_are_revalidated_and_closed_to_other_websites(album: LocalSite) -> None:
    """Every folder is served at the same address, so a browser may have cached another folder's images."""
    image = album.ask("/.sizewise/image/40x/cat.jpg")
    assert (image.headers["cache-control"], image.headers["x-sizewise"]) == ("no-cache", "hit")
    assert "access-control-allow-origin" not in image.headers
    again = album.ask("/.sizewise/image/40x/cat.jpg", headers={"If-None-Match": image.headers["etag"]})
    assert again.status_code == 304
    refused = album.ask("/.sizewise/image/9000x/cat.jpg")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")


def test_an_unsatisfiable_range_or_another_version_is_not_logged_as_an_error(album: LocalSite) -> None:
    before = len(album.server.lines)
    for target in ("/", "/.sizewise/main.js", "/favicon.ico", "/.sizewise/image/41x/cat.jpg"):
        part = album.ask(target, headers={"Range": "bytes=0-9"})
        assert (part.status_code, len(part.content)) == (206, 10), target
        refused = album.ask(target, headers={"Range": "bytes=9999999-"})
        assert (refused.status_code, refused.headers["cache-control"]) == (416, "no-store"), target
        assert refused.headers["content-range"].startswith("bytes */")
        assert "access-control-allow-origin" not in refused.headers
        assert album.ask(target, "HEAD", headers={"Range": "bytes=9999999-"}).status_code == 200
        other = album.ask(target, headers={"If-Match": '"another"'})
        assert (other.status_code, other.headers["content-type"]) == (412, "application/problem+json"), target
        again = album.ask(target, headers={"If-None-Match": part.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache"), target
    assert len(album.server.printed(1, "/41x/cat.jpg", before)) >= 1
    assert [line for line in album.server.lines[before:] if json.loads(line)["severity"] != "INFO"] == []


def test_a_visit_logs_no_error_and_the_folders_own_icon_is_served(album: LocalSite) -> None:
    assert album.ask("/favicon.ico").headers["content-type"].startswith("image/svg+xml")
    before = len(album.server.lines)
    for target in ("/", "/favicon.ico", "/.sizewise/settings", "/30x/cat.jpg"):
        album.ask(target)
    assert len(album.server.printed(1, "/30x/cat.jpg", before)) == 1
    assert [line for line in album.server.lines[before:] if json.loads(line)["severity"] != "INFO"] == []
    album.put("favicon.ico", CAT)
    assert album.ask("/favicon.ico").content == CAT
