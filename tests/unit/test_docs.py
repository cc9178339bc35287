"""Commands and file names in the documentation."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from core.ladder import variants_per_original
from core.settings import load
from core.size import Size
from tests.support.servers.processes import ROOT
from tests.support.sizes import sizes

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "providers").rglob("*.md")]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
OTHER_FOLDERS = ("Mexico 2024", "extra", "2026", "max", "x", "Fox-2x", "x-ray", "10x prints", "axb", ".sizewise")


def listing() -> str:
    """The command that lists the folders of variants."""
    (command,) = re.findall(r"^    (ls PICTURES .*)$", OPERATIONS, re.MULTILINE)
    return str(command)


def test_the_command_lists_only_folders_of_variants(tmp_path: Path) -> None:
    pictures = tmp_path / "PICTURES"
    variants = ["600x", "x400-q70", "300x200.webp", "600x400-contain-bg1e90ff-q70.webp", "600x400-f30x70"]
    for name in (*variants, *OTHER_FOLDERS):
        (pictures / name).mkdir(parents=True)
    listed = subprocess.run(["sh", "-c", listing()], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert sorted(listed.split("\n")[:-1]) == sorted(variants)


@given(sizes(signed=True))
def test_the_command_lists_the_folder_of_every_size(size: Size) -> None:
    pattern = re.search("'(.*)'", listing())
    assert pattern
    assert re.fullmatch(pattern[1], str(size))


@pytest.mark.parametrize("command", re.findall(r"^.*\brm -r.*$", OPERATIONS, re.MULTILINE))
def test_no_command_deletes_by_a_pattern(command: str) -> None:
    assert "*" not in command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_named_file_exists(page: Path) -> None:
    named = re.findall(
        r"(?<![\w./-])(?:core|providers|cli|tests|benchmarks|tools|docs|samples)/[\w/.-]*\w", page.read_text()
    )
    assert [
        name for name in named if not (ROOT / name).exists() and name.upper() != name and "PROVIDER" not in name
    ] == []


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")


def links(page: Path) -> set[str]:
    """The targets within the repository that a page links to."""
    text = re.sub(r"`[^`\n]*`", "", page.read_text())
    targets = re.findall(r"\]\(([^)\s]+)\)|^\[[^]]+\]: (\S+)", text, re.MULTILINE)
    return {one or other for one, other in targets if not re.match(r"[a-z]+:", one or other)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = page.read_text()
    named = set(re.findall(r"\[[^]\n]+\]\[(\w+)\]", text))
    broken = sorted(named - set(re.findall(r"^\[(\w+)\]: \S+$", text, re.MULTILINE)))
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        text = target.read_text() if target.is_file() and anchor else ""
        if not target.exists() or (anchor and anchor not in map(slug, re.findall(r"^#+ (.*)$", text, re.MULTILINE))):
            broken.append(link)
    assert broken == []


def test_the_index_links_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    pages = {*(ROOT / "docs").rglob("*.md"), *(ROOT / "providers").rglob("*.md")} - {index}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - linked) == []


COUNTED = ("README.md", "SECURITY.md", "docs/settings.md", "docs/sizes.md", "docs/costs.md")


@pytest.mark.parametrize("page", COUNTED)
@pytest.mark.parametrize("ratios", [{}, {"RATIOS": "none"}], ids=["with boxes", "without"])
def test_the_number_of_variants_is_what_the_settings_allow(page: str, ratios: dict[str, str]) -> None:
    number = variants_per_original(load({"BUCKET": "pictures", "WIDTHS": "250,600,1200", **ratios}))
    assert re.search(rf"\b{number:,}\b", (ROOT / page).read_text())
