"""Many simultaneous requests, and a server that is killed while it answers them."""

import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image

from core.rendering.renderer import processors
from tests.e2e.deployment import Deploy, RecordProperty
from tests.e2e.local.conftest import LocalSite, serving
from tests.support.peak import Watch
from tests.support.pictures.samples import SUNSET

ORIGINAL_MIB = 64
CHILD_MIB = 512
SERVER_MIB = 110
"""The memory that docs/operations.md states, for an original per place, a child per processor, and the server."""

MOMENTS = 4
"""The number of servers that are killed, each one answer later than the one before."""


def renders(log: str) -> list[str]:
    """The keys that were rendered, according to the log."""
    lines = (json.loads(line) for line in log.splitlines() if line.startswith("{"))
    return [line["key"] for line in lines if "render" in line.get("ms", {})]


def ask_all(site: LocalSite, targets: list[str]) -> list[httpx.Response]:
    """Requests all targets at once, each over a separate connection."""
    with ThreadPoolExecutor(len(targets)) as pool:
        return list(pool.map(lambda target: httpx.get(f"{site.address}{target}", timeout=120), targets))


def test_two_hundred_requests_for_one_missing_variant_render_it_once(deploy: Deploy, site: LocalSite) -> None:
    site.put("alone/sunset.jpg", SUNSET)
    site.ask("/800x600/alone/sunset.jpg")
    single = site.stored("800x600/alone/sunset.jpg")
    with deploy({}) as crowded:
        assert isinstance(crowded, LocalSite)
        crowded.put("sunset.jpg", SUNSET)
        answers = ask_all(crowded, ["/800x600/sunset.jpg"] * 200)
        assert {answer.status_code for answer in answers} <= {200, 301}
        crowded.server.printed(200, '"message": "request"')
        assert renders(crowded.log()) == ["800x600/sunset.jpg"]
        stored = crowded.stored("800x600/sunset.jpg")
        assert stored
        assert single
        assert stored.data == single.data
        stored_keys = crowded.keys() - {"sunset.jpg"}
        assert {key for key in stored_keys if not key.startswith(".")} == {"800x600/sunset.jpg"}


def test_sixty_four_simultaneous_variants_are_right_and_fit_in_memory(
    deploy: Deploy, record_property: RecordProperty
) -> None:
    widths = range(300, 300 + 64 * 10, 10)
    with deploy({}) as site:
        assert isinstance(site, LocalSite)
        site.put("sunset.jpg", SUNSET)
        with Watch(site.server.process.pid) as watch:
            answers = ask_all(site, [f"/{width}x/sunset.jpg" for width in widths])
        assert {answer.status_code for answer in answers} == {301}
        for width in widths:
            stored = site.stored(f"{width}x/sunset.jpg")
            assert stored
            # The height follows from 4272x2848, which is 3:2.
            assert Image.open(BytesIO(stored.data)).size == (width, (width * 2 + 1) // 3)
        if Path("/proc/self/status").exists():
            record_property("measured", f"peak RSS of 64 renders at once: {watch.peak:.0f} MiB")
            children = processors()
            assert 0 < watch.peak < (children + 1) * ORIGINAL_MIB + children * CHILD_MIB + SERVER_MIB


def test_a_killed_server_leaves_no_partial_variant_that_is_served(tmp_path: Path) -> None:
    (tmp_path / "sunset.jpg").write_bytes(SUNSET)
    for turn in range(MOMENTS):
        with serving(tmp_path, {}) as site:
            targets = [f"/{300 + turn * 50 + number}x/sunset.jpg" for number in range(50)]
            with ThreadPoolExecutor(50) as pool:
                asked = [pool.submit(httpx.get, f"{site.address}{target}", timeout=120) for target in targets]
                # Each turn kills the server one answer later, while the other requests are still open.
                for count, _ in enumerate(as_completed(asked)):
                    if count == turn:
                        site.server.kill()
                        break
    variants = list(tmp_path.glob("*x/*"))
    assert len(variants) >= sum(range(MOMENTS))
    with serving(tmp_path, {}) as site:
        for variant in variants:
            answer = site.ask(f"/{variant.relative_to(tmp_path).as_posix()}")
            assert (answer.status_code, answer.headers["x-sizewise"]) == (200, "hit")
            picture = Image.open(BytesIO(answer.content))
            picture.load()
            assert f"{picture.width}x" == variant.parent.name
        for part in (tmp_path / ".sizewise").iterdir():
            assert site.ask(f"/.sizewise/{part.name}").status_code == 400
