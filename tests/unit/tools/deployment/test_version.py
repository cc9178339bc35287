"""The version of a deployment."""

import re
from pathlib import Path

from tools.deployment.version import version_of


def test_the_version_stays_the_same_while_the_package_and_its_manifests_do(tmp_path: Path) -> None:
    package, manifest = tmp_path / "package", tmp_path / "manifest"
    (package / "core").mkdir(parents=True)
    (package / "core" / "size.py").write_text("one")
    manifest.write_text("one")
    first = version_of(package, [manifest], None)
    assert re.fullmatch(r"\d+\.\d+\.\d+\+([0-9a-f]+(-dirty)?\.)?[0-9a-f]{12}", first)
    assert version_of(package, [manifest], first) == first
    earlier = f"0.0.9+{first[-12:]}"
    assert version_of(package, [manifest], earlier) == earlier, "the package is the same, whatever was committed since"
    manifest.write_text("two")
    second = version_of(package, [manifest], first)
    (package / "core" / "size.py").rename(package / "size.py")
    assert len({first, second, version_of(package, [manifest], first)}) == 3
