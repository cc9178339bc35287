"""The website of the local server: stored objects are served as by a bucket's website."""

import json
import os
import re
import resource
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from providers.local.storage import RESERVED
from tests.e2e.local.conftest import LocalSite, serving, serving_with
from tests.support.pictures.hostile import tiff
from tests.support.pictures.samples import CAT


def test_an_original_is_served_as_it_is(site: LocalSite) -> None:
    site.put("web/cat.jpg", CAT)
    answer = site.ask("/web/cat.jpg")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/jpeg", CAT)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_large_original_is_not_loaded_into_memory(site: LocalSite) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux reports the peak memory of a process")
    large = 192 * 2**20
    site.put("web/large.bin", b"")
    os.truncate(site.root / "web" / "large.bin", large)
    before = peak_of(site)
    with httpx.stream("GET", f"{site.address}/web/large.bin") as answer:
        assert sum(map(len, answer.iter_raw())) == large
    assert peak_of(site) - before < large / 4


def test_head_has_the_length_of_get(site: LocalSite) -> None:
    site.put("web/head.jpg", CAT)
    head = site.ask("/web/head.jpg", "HEAD")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CAT)), b"")


def test_a_variant_keeps_the_cache_control_it_was_stored_with(site: LocalSite) -> None:
    site.put("web/cached.jpg", CAT)
    site.ask("/200x/web/cached.jpg")
    assert site.ask("/200x/web/cached.jpg").headers["cache-control"] == "public, max-age=31536000"


def test_no_setting_makes_the_redirect_cacheable(root: Path) -> None:
    """A cached redirect would loop if its variant was deleted: both have the same address."""
    with serving(root, {"REDIRECT_MAX_AGE": "3600", "PUBLIC_URL": "https://img.example.com"}) as site:
        miss = site.ask("/200x/cat.jpg")
        assert (miss.status_code, miss.headers["location"]) == (301, "https://img.example.com/200x/cat.jpg")
        assert miss.headers["cache-control"] == "no-store"
        site.delete("200x/cat.jpg")
        assert site.ask("/200x/cat.jpg").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("key", [".env", ".git/config", "albums/.cat.jpg", ".sizewise/x.part"])
def test_a_hidden_file_is_not_served(site: LocalSite, key: str) -> None:
    site.put(key, CAT)
    answer = site.ask(f"/{key}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_hit_names_its_trace_in_the_log(site: LocalSite) -> None:
    trace = uuid4().hex
    site.put("web/traced.jpg", CAT)
    site.ask("/web/traced.jpg", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    (line,) = site.server.printed(1, trace)
    assert (json.loads(line)["trace"], json.loads(line)["outcome"]) == (trace, "hit")


def test_no_decoder_writes_to_the_log(site: LocalSite) -> None:
    """These originals cause errors of libtiff, warnings of Pillow and messages of Pillow's logger."""
    remarkable = {
        "strip.tif": (tiff.strip(9, b"junk", tiff.basics(9, 9, tiff.DEFLATE)), 422),
        "samples.tif": (tiff.strip(9, bytes(81), {**tiff.basics(9, 9), 277: tiff.short(65535)}), 415),
        "exif.jpg": (CAT[:2] + b"\xff\xe1\0\x12Exif\0\0MM\0*\0\0\xff\xff\0\0" + CAT[2:], 301),
    }
    before = len(site.server.lines)
    for name, (data, status) in remarkable.items():
        site.put(f"log/{name}", data)
        assert site.ask(f"/202x/log/{name}").status_code == status
    assert len(site.server.printed(len(remarkable), "/202x/log/", before)) == len(remarkable)
    assert all(json.loads(line) for line in site.server.lines[before:])


def test_every_request_is_one_line_of_the_log_whatever_its_path(site: LocalSite) -> None:
    site.put("web/logged.jpg", CAT)
    before = len(site.server.lines)
    forged = "/web/x%0A%7B%22status%22%3A200%7D%E2%80%A8"
    for target in ("/201x/web/logged.jpg", "/201x/web/logged.jpg", forged):
        site.ask(target)
    lines = [json.loads(line) for line in site.server.printed(3, "{", before)]
    assert [(line["status"], line["outcome"]) for line in lines] == [(301, "miss"), (200, "hit"), (400, "miss")]
    assert lines[0]["bytes_in"] == len(CAT)
    assert lines[0]["bytes_out"] == lines[1]["bytes_out"] > 0
    assert set(lines[0]["ms"]) == {"check", "read", "render", "write", "total"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"content_type": 1, "cache_control": "", "metadata": {}}'])
def test_a_variant_with_a_damaged_sidecar_is_served_like_a_users_file(site: LocalSite, text: str) -> None:
    site.put("web/damaged.jpg", CAT)
    (site.root / "205x" / "web" / "damaged.jpg").unlink(missing_ok=True)
    assert site.ask("/205x/web/damaged.jpg").status_code == 301
    status = (site.root / "205x" / "web" / "damaged.jpg").stat()
    (site.root / RESERVED / f"{status.st_ino}-{status.st_mtime_ns}.json").write_text(text)
    answer = site.ask("/205x/web/damaged.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-cache"


def test_an_unreadable_original_is_a_502_with_its_reason_only_in_the_log(root: Path) -> None:
    with serving_with(str(root)) as server:
        (root / "cat.jpg").chmod(0)
        for method, target in (("GET", "/cat.jpg"), ("HEAD", "/cat.jpg"), ("GET", "/206x/cat.jpg")):
            answer = httpx.request(method, f"{server.match[1]}{target}")
            assert (answer.status_code, answer.headers["cache-control"]) == (502, "no-store")
            assert answer.headers["content-type"] == "application/problem+json"
            assert (answer.headers["access-control-allow-origin"], answer.headers["x-sizewise"]) == ("*", "miss")
            assert str(root) not in answer.text
        lines = [json.loads(line) for line in server.printed(3, '"status": 502')]
    assert [line["severity"] for line in lines] == ["ERROR"] * 3
    assert all("Permission denied" in line["reason"] for line in lines)


def test_an_original_that_is_temporarily_unreadable_is_a_503(root: Path) -> None:
    """Too many open files: the test sets the server's limit to hardly more than it has open."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits another process")
    with serving(root, {}) as site:
        assert site.ask("/cat.jpg").status_code == 200
        (worker,) = children(site.server.process.pid)
        opened = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        with httpx.Client(base_url=site.address) as client:
            client.get("/nobody.jpg")  # Opens the connection before the limit is set.
            resource.prlimit(worker, resource.RLIMIT_NOFILE, (3, opened + 10))
            answer = client.get("/cat.jpg")
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (opened + 10, opened + 10))
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert int(answer.headers["retry-after"]) > 0
        assert "Too many open files" in site.server.printed(1, '"status": 503')[0]
        assert site.ask("/cat.jpg").content == CAT


def children(parent: int) -> list[int]:
    """The IDs of a process's children (Linux)."""
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def peak_of(site: LocalSite) -> int:
    """The peak memory in bytes of the largest process of the server (Linux's VmHWM)."""
    peaks = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):
            if os.getpgid(int(path.name)) == site.server.process.pid:
                peaks += re.findall(r"VmHWM:\s+(\d+) kB", (path / "status").read_text())
    return max(map(int, peaks)) * 1024
