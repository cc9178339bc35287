"""The staged folder, which gcloud uploads."""

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.gcp.conftest import STAGED
from tests.support.servers.processes import ROOT

OTHERS = ("boto3", "botocore", "azure")


def sources(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}


def test_the_package_is_the_current_core_and_provider() -> None:
    """Fails if the other tests would run an outdated package."""
    core = {f"core/{name}": text for name, text in sources(ROOT / "core").items()}
    own = {f"providers/gcp/{name}": text for name, text in sources(ROOT / "providers" / "gcp").items()}
    main = own.pop("providers/gcp/main.py")
    names = (f"providers/{name}.py" for name in ("__init__", "connections", "sessions", "wsgi"))
    shared = {name: (ROOT / name).read_bytes() for name in names}
    assert sources(STAGED) == {**core, **own, **shared, "main.py": main}


def test_requirements_are_pinned_and_include_none_of_another_cloud() -> None:
    lines = (STAGED / "requirements.txt").read_text().splitlines()
    assert all(re.match(r"[a-z0-9-]+==\S+( ; .*)?$", line) for line in lines), lines
    names = {line.partition("==")[0] for line in lines}
    assert {"pillow", "functions-framework", "google-cloud-storage"} <= names
    assert not [name for name in names if name.startswith(OTHERS)]


def test_the_package_needs_nothing_but_itself_and_its_requirements() -> None:
    """The modules are imported with only the folder and the requirements on the path."""
    program = (
        "import sys, core, providers.gcp.client, providers.gcp.storage, providers.gcp.logs\n"
        f"assert core.__file__.startswith({str(STAGED)!r}), core.__file__\n"
        "assert not [name for name in sys.modules if name.startswith(('boto', 'azure', 'providers.local'))]\n"
    )
    subprocess.run(
        [sys.executable, "-B", "-P", "-c", f"import sys; sys.path.insert(0, '')\n{program}"], cwd=STAGED, check=True
    )
