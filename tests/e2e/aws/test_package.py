"""The deployed package, build/aws-ARCHITECTURE.zip, as the session `aws` made it."""

import re
from pathlib import PurePosixPath
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests.e2e.aws.emulator import ARCHITECTURE, PACKAGE
from tests.support.servers.processes import ROOT

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
LARGEST = 15_000_000
"""Bytes of the zip."""

GLIBC = 34
"""The minor version of glibc 2.34 in Amazon Linux 2023, on which Lambda runs Python 3.12 and newer."""


@pytest.fixture(params=MACHINES)
def package(request: pytest.FixtureRequest) -> ZipFile:
    return ZipFile(ROOT / "build" / f"aws-{request.param}.zip")


def machine(package: ZipFile) -> str:
    (architecture,) = (name for name in MACHINES if f"aws-{name}.zip" in str(package.filename))
    return MACHINES[architecture]


def test_the_package_contains_the_core_one_provider_and_the_pinned_packages(package: ZipFile) -> None:
    files = {name for name in package.namelist() if not name.endswith("/")}
    ours = {name for name in files if name.startswith(("core/", "providers/"))}
    packages = (ROOT / "core", ROOT / "providers" / "aws")
    modules = {path.relative_to(ROOT).as_posix() for folder in packages for path in folder.rglob("*.py")}
    assert ours == modules | {"providers/__init__.py", "providers/connections.py"}
    records = [name for name in files if name.endswith(".dist-info/RECORD")]
    where = {"sys_platform": "linux", "platform_machine": machine(package)}
    pins = [Requirement(line) for line in package.read("requirements.txt").decode().splitlines()]
    pinned = [f"{pin.name}{pin.specifier}" for pin in pins if pin.marker is None or pin.marker.evaluate(where)]
    assert sorted(map(distribution, records)) == sorted(pinned)
    assert not [pin for pin in pinned if pin.startswith(("boto", "google", "azure", "functions"))]
    lines = [line for record in records for line in package.read(record).decode().splitlines()]
    assert files - ours == {line.split(",")[0] for line in lines} | {"LICENSE", "requirements.txt"}


def distribution(record: str) -> str:
    """The name and version, as in a pin, of the distribution that has this RECORD."""
    name, version = PurePosixPath(record).parent.stem.rsplit("-", 1)
    return f"{name.replace('_', '-')}=={version}"


def test_the_package_is_small(package: ZipFile) -> None:
    assert sum(file.compress_size for file in package.infolist()) < LARGEST


def test_the_packages_wheels_are_for_lambda(package: ZipFile) -> None:
    """They are built for the machine and need no newer C library than Lambda's."""
    wheels = [package.read(name).decode() for name in package.namelist() if name.endswith(".dist-info/WHEEL")]
    machines = [re.findall(r"^Tag: .*-manylinux_2_\d+_(\w+)$", wheel, re.MULTILINE) for wheel in wheels]
    assert machines
    assert all(machine(package) in built_for for built_for in machines)
    libraries = [name for name in package.namelist() if ".so" in PurePosixPath(name).name]
    needed = {int(minor) for name in libraries for minor in re.findall(rb"GLIBC_2\.(\d+)", package.read(name))}
    assert needed
    assert max(needed) <= GLIBC


def test_the_emulator_runs_the_package_for_this_machine() -> None:
    assert machine(ZipFile(PACKAGE)) == MACHINES[ARCHITECTURE]
