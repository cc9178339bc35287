"""The addresses that `sizewise serve` offers when it starts, all of which work, and its hints if there are none."""

import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.e2e.local.conftest import announced, offered, serving, serving_with
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT


def test_an_image_is_offered_by_its_address(tmp_path: Path) -> None:
    (tmp_path / "my album").mkdir()
    (tmp_path / "my album" / "cät 1.JPG").write_bytes(CAT)
    with serving(tmp_path, {}) as site:
        assert offered(site.server) == ["/300x/my%20album/c%C3%A4t%201.JPG"]


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"SIZES": "90x60,120x"}, "90x60"),
        ({"SIZES": "90x60.auto"}, "90x60.auto"),
        ({"WIDTHS": "250,600"}, "600x"),
        ({"WIDTHS": "250,1200", "RATIOS": "none"}, "1200x"),
        ({"WIDTHS": "600", "SIZES": "90x60-f3x3"}, "90x60-f3x3"),
        ({"MAX_SIDE": "100"}, "100x"),
        ({"MAX_SIDE": "250"}, "250x"),
    ],
)
def test_the_offered_size_is_one_that_the_settings_allow(
    root: Path, tmp_path: Path, settings: dict[str, str], size: str
) -> None:
    variants = tmp_path / "variants"
    variants.mkdir()
    with serving(variants, {"ORIGINALS_BUCKET": str(root), **settings}) as site:
        assert offered(site.server) == [f"/{size}/cat.jpg"]
        assert not announced(site.server)["hints"]


def test_with_a_public_path_no_address_is_offered_that_works_only_below_it(root: Path) -> None:
    with serving(root, {"PUBLIC_URL": "/images"}) as site:
        assert offered(site.server) == []
        (hint,) = announced(site.server)["hints"]
        assert "/images/SIZE/IMAGE" in hint
        assert site.ask("/300x/cat.jpg").headers["location"] == "/images/300x/cat.jpg"


def test_only_files_that_can_be_requested_are_offered(root: Path) -> None:
    names = [
        b"\xff.jpg",
        b"a\nb.jpg",
        b"a\x1b[2J.jpg",
        b"a\\b.jpg",
        b"._cat.jpg",
        b".cat.jpg",
        b"1/" * 505 + b"cat.jpg",
    ]
    for name in names:
        with suppress(OSError):  # Not every file system allows every name.
            path = Path(os.fsdecode(os.fsencode(root) + b"/" + name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(CAT)
    (root / "a.jpg").mkdir()
    (root / "b.jpg").symlink_to("nowhere.jpg")
    (root / "c.jpg").symlink_to(ROOT / "samples" / "albums" / "cat.jpg")
    (root / "c2.jpg").write_bytes(CAT)
    (root / "c2.jpg").chmod(0)
    (root / "a closed folder").mkdir(0)
    with serving_with(str(root)) as server:
        assert offered(server) == ["/300x/cat.jpg"]


def saved(mode: str, sides: tuple[int, int], form: str) -> bytes:
    """A black picture."""
    file = BytesIO()
    Image.new(mode, sides).save(file, form)
    return file.getvalue()


BROKEN = {
    "a text file.jpg": b"Dear diary\n",
    "an empty file.png": b"",
    "cut.jpg": CAT[:2000],
    "too many pixels.png": saved("L", (1000, 1000), "PNG"),
}


def test_only_images_that_can_be_rendered_are_offered(root: Path) -> None:
    for name, data in BROKEN.items():
        (root / name).write_bytes(data)
    (root / "too many bytes.jpg").write_bytes(bytes(100_000))
    (root / "cat.jpg").rename(root / "yours.jpg")
    with serving(root, {"MAX_ORIGINAL_PIXELS": "200000", "MAX_ORIGINAL_BYTES": "60000"}) as site:
        assert announced(site.server)["try"] == [f"{site.address}/300x/yours.jpg"]
        # The search stored no variant.
        assert site.keys() == {*BROKEN, "too many bytes.jpg", "yours.jpg"}
        assert site.ask("/300x/yours.jpg").status_code == 301


def test_no_image_is_offered_if_none_can_be_rendered(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.jpg").write_bytes(CAT[:2000])
    with serving(tmp_path, {}) as site:
        assert announced(site.server)["try"] == []


@pytest.mark.parametrize(("ending", "form"), [("tif", "TIFF"), ("BMP", "BMP")])
def test_an_original_of_any_format_is_offered(tmp_path: Path, ending: str, form: str) -> None:
    (tmp_path / f"scan.{ending}").write_bytes(saved("RGB", (400, 300), form))
    with serving(tmp_path, {}) as site:
        assert offered(site.server) == [f"/300x/scan.{ending}"]


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with serving(tmp_path, {}) as site:
        said = announced(site.server)
        assert said["try"] == []
        (hint,) = said["hints"]
        assert f"No image was found in {tmp_path}" in hint
        site.put("cat.jpg", CAT)
        answer = httpx.get(hint.split()[-1], follow_redirects=True)
        assert answer.headers["content-type"] == "image/jpeg"


def test_images_in_a_read_only_folder_are_served_with_variants_in_another_folder(root: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants"
    variants.mkdir()
    root.chmod(0o555)
    with serving_with(str(variants), ORIGINALS_BUCKET=str(root)) as server:
        assert offered(server) == ["/300x/cat.jpg"]
        assert announced(server)["hints"] == []
