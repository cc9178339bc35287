"""A deployment's file: the settings that it can have, and the error for each mistake."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from cli.deployment_file import completed, read
from core.errors import SettingsError
from core.settings import Settings, load
from tests.support.servers.processes import ROOT

EXAMPLE = ROOT / "deployments" / "example.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prod.toml"


WORKING = {
    "public_url": "/images",
    "ratios": "3:2",
    "sizes": "100x",
    "format": "webp",
    "enlarge": "true",
    "redirect_status": "308",
}
"""Values of the settings for which "100" is invalid."""


def refused(file: Path) -> str:
    """The error for a file: one line, which begins with the file's name."""
    with pytest.raises(SettingsError) as raised:
        read(file)
    said = str(raised.value)
    assert "\n" not in said
    assert said.startswith(str(file))
    return said


def test_the_example_is_for_aws_with_three_widths() -> None:
    example = read(EXAMPLE)
    assert example.facts == {"cloud": "aws", "region": "eu-central-1", "stage": "prod"}
    assert example.settings == {"WIDTHS": "250,600,1200"}


def test_a_setting_can_be_a_toml_value_or_the_text_of_its_variable(file: Path) -> None:
    file.write_text("""
        [settings]
        WIDTHS = [600, 250]
        RATIOS = "none"
        SIZES = ["300x200", "600x-q70"]
        QUALITY = 70
        MAX_SIDE = "3000"
        ENLARGE = true
        VARIANT_CACHE_CONTROL = "public, max-age=60"
    """)
    settings = load({**read(file).settings, "BUCKET": "any"})
    assert (settings.widths, settings.ratios, settings.sizes) == ((250, 600), (), ("300x200", "600x-q70"))
    assert (settings.quality, settings.max_side, settings.enlarge) == (70, 3000, True)
    assert settings.variant_cache_control == "public, max-age=60"


def test_every_setting_is_allowed_except_buckets_region_and_signing_keys(file: Path) -> None:
    for row in fields(Settings):
        file.write_text(f'[settings]\n{row.name.upper()} = "{WORKING.get(row.name, "100")}"\n')
        if row.name in ("bucket", "originals_bucket", "region", "signing_keys"):
            assert f"{row.name.upper()} can't be in [settings]" in refused(file)
        else:
            read(file)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("QUALITY = 700", "QUALITY='700' is not a whole number from 1 to 100"),
        ("QUALITY = 70.5", "QUALITY='70.5' is not a whole number from 1 to 100"),
        ("WIDTHS = []", "WIDTHS is empty: leave its line out"),
        ('WIDTHS = ""', "WIDTHS is empty: leave its line out"),
        ("QUALITY = [70]", "QUALITY='[70]' is not a whole number from 1 to 100"),
        ("QUALITY = true", "QUALITY='true' is not a whole number from 1 to 100"),
        ("ENLARGE = 1", "ENLARGE='1' is not true or false"),
        (
            "WIDTHS = [250, true]",
            "WIDTHS='250,true' is not a list of widths from 1 to 4096 (MAX_SIDE), such as 250,600,1200",
        ),
        ("WIDTHS = {a = 1}", "WIDTHS=\"{'a': 1}\" is not a list of widths"),
        ("FORMAT = 1979-05-27", "FORMAT='1979-05-27' is not one of jpg, png, webp, avif, gif"),
        ("VARIANT_CACHE_CONTROL = 60", "VARIANT_CACHE_CONTROL = 60 is not text: put it in quotes"),
        ("WIDTH = 250", "[settings] has no WIDTH. Did you mean WIDTHS? It takes a list of widths from 1 to 4096"),
        ("quality = 70", "[settings] has no quality. Did you mean QUALITY? It takes a whole number from 1 to 100."),
        ("COLOUR = 1", "[settings] has no COLOUR. The known names are ENLARGE, FORMAT, "),
        ("QUALITY = ", "is not TOML: "),
        ("FORMAT = webp", "Put text in straight quotes"),
        ('cloud = "aws"', "[settings] has no cloud. The known names are ENLARGE"),
        ('cloud = "aws"', "Facts of the cloud belong above [settings]."),
        ("[setings]", "[setings] is not known: the only table is [settings]"),
        ("QUALITY = 70\nQUALITY = 80", "is not TOML: "),
    ],
)
def test_the_error_names_the_mistake_and_what_would_be_right(file: Path, line: str, said: str) -> None:
    file.write_text(f"[settings]\n{line}\n")
    assert said in refused(file)


def test_a_secret_is_not_shown(file: Path) -> None:
    file.write_text('[settings]\nSIGNING_KEYS = "an-example-key-of-nobody"\n')
    assert "an-example-key" not in refused(file)


def test_a_file_that_can_not_be_read_is_named(file: Path) -> None:
    assert "is not there: make it from deployments/example.toml" in refused(file)
    file.mkdir()
    assert "can't be read: Is a directory" in refused(file)
    file.rmdir()
    file.write_bytes(b"\xff\xfec\x00")
    assert "is not UTF-8: save it as UTF-8" in refused(file)
    file.write_text("settings = 5")
    assert "begin it with the line [settings]" in refused(file)


@pytest.mark.parametrize("saved", [b"\xef\xbb\xbfcloud = 'aws'\r\n[settings]\r\nQUALITY = 70\r\n"])
def test_a_file_saved_by_an_editor_of_windows_is_read(file: Path, saved: bytes) -> None:
    file.write_bytes(saved)
    assert (read(file).facts, read(file).settings) == ({"cloud": "aws"}, {"QUALITY": "70"})


def test_the_environment_overrides_the_file_and_public_url_is_ignored(file: Path) -> None:
    file.write_text('[settings]\nQUALITY = 70\nWIDTHS = 250\nPUBLIC_URL = "https://img.example.com"\n')
    assert completed({"QUALITY": "50", "WIDTHS": ""}, str(file)) == {"QUALITY": "50", "WIDTHS": "250"}
    assert completed({"QUALITY": "50"}, None) == {"QUALITY": "50"}


def sizewise(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **settings}
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_size_is_signed_with_the_settings_of_the_file(file: Path) -> None:
    file.write_text("[settings]\nWIDTHS = [250, 600]\nQUALITY = 70\n")
    given = {"SIGNING_KEYS": "an-example-key-of-nobody"}
    of_file = sizewise("sign", f"--deployment={file}", "613x-q70", "cat.jpg", **given)
    of_environment = sizewise("sign", "613x-q70", "cat.jpg", WIDTHS="250,600", QUALITY="70", **given)
    assert of_file.stdout.startswith("/613x-s")
    assert (of_file.returncode, of_file.stdout) == (0, of_environment.stdout)
    # On the ladder nothing is signed.
    assert sizewise("sign", f"--deployment={file}", "600x", "cat.jpg", **given).stdout == "/600x/cat.jpg\n"


@pytest.mark.parametrize("words", [("serve", "."), ("sign", "613x", "cat.jpg")])
def test_a_mistake_ends_a_command_in_one_line(file: Path, words: tuple[str, ...]) -> None:
    file.write_text("[settings]\nQUALITY = 700\n")
    done = sizewise(*words, f"--deployment={file}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: {file}: QUALITY='700' is not a whole number from 1 to 100\n"
