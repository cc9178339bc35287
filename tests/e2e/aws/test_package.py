"""What is deployed: build/aws-ARCHITECTURE.zip, as the session `aws` packed it."""

import re
from pathlib import PurePosixPath
from zipfile import ZipFile

import pytest

from tests.e2e.aws.emulator import ARCHITECTURE, PACKAGE
from tests.support.processes import ROOT

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
LARGEST = 15_000_000
"""Bytes of the zip."""

GLIBC = 34
"""Amazon Linux 2023, on which Lambda's Python 3.12 and newer run, has glibc 2.34."""


@pytest.fixture(params=MACHINES)
def package(request: pytest.FixtureRequest) -> ZipFile:
    return ZipFile(ROOT / "build" / f"aws-{request.param}.zip")


def machine(package: ZipFile) -> str:
    (architecture,) = (name for name in MACHINES if f"aws-{name}.zip" in str(package.filename))
    return MACHINES[architecture]


def test_it_holds_the_core_one_provider_and_pillow(package: ZipFile) -> None:
    files = {name for name in package.namelist() if not name.endswith("/")}
    ours = {name for name in files if name.startswith(("core/", "providers/"))}
    packages = (ROOT / "core", ROOT / "providers" / "aws")
    modules = {path.relative_to(ROOT).as_posix() for folder in packages for path in folder.glob("*.py")}
    assert ours == modules | {"providers/__init__.py"}
    others = {PurePosixPath(name).parts[0] for name in files - ours}
    assert {re.sub(r"-[0-9.]+(?=\.dist-info)", "", name) for name in others} == {
        *("LICENSE", "requirements.txt", "PIL", "pillow.libs", "pillow.dist-info")
    }


def test_it_is_small(package: ZipFile) -> None:
    assert sum(file.compress_size for file in package.infolist()) < LARGEST


def test_its_wheels_are_for_lambda(package: ZipFile) -> None:
    """For the machine, and built for a C library that is no newer than Lambda's."""
    (wheel,) = (name for name in package.namelist() if name.endswith(".dist-info/WHEEL"))
    tags = re.findall(r"^Tag: .*-manylinux_2_(\d+)_(\w+)$", package.read(wheel).decode(), re.MULTILINE)
    assert tags
    assert {built_for for _, built_for in tags} == {machine(package)}
    libraries = [name for name in package.namelist() if ".so" in PurePosixPath(name).name]
    needed = {int(minor) for name in libraries for minor in re.findall(rb"GLIBC_2\.(\d+)", package.read(name))}
    assert needed
    assert max(needed) <= GLIBC


def test_what_the_emulator_ran_is_the_package_for_this_machine() -> None:
    assert machine(ZipFile(PACKAGE)) == MACHINES[ARCHITECTURE]
