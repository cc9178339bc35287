"""The packages to deploy, in build/."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tools.environments import ROOT

NOT_STAGED = ("__pycache__", "*.pyc", "*.md", "node_modules", "package*.json")
MANIFESTS = (".serverless", "*.yml", "*.yaml", "cors.json", "infra", "cli-requirements.txt")
LIFTED = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
"""The files that a platform expects at the package's root."""
SHARED = {
    "aws": ["providers/connections.py"],
    "gcp": ["providers/connections.py", "providers/sessions.py", "providers/wsgi.py"],
    "azure": ["providers/connections.py", "providers/sessions.py"],
}
"""The modules that a provider shares with other providers."""

LAMBDA_WHEELS = {"arm64": "aarch64", "x86_64": "x86_64"}
"""Lambda's architectures, and the name of each in wheels."""


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, without the other providers.

    Import paths are the same as in the repository.
    """
    target = ROOT / "build" / provider
    shutil.rmtree(target, ignore_errors=True)
    for package in ("core", f"providers/{provider}"):
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns(*NOT_STAGED, *MANIFESTS))
    for file in ["providers/__init__.py", "LICENSE", *SHARED.get(provider, [])]:
        shutil.copy(ROOT / file, target / file)
    for file in ["requirements.txt", *LIFTED.get(provider, [])]:
        shutil.move(target / "providers" / provider / file, target / file)
    return target


def zip_for_lambda(
    run: Callable[..., object], architectures: Iterable[str] = LAMBDA_WHEELS, python: str = "3.13"
) -> None:
    """Makes build/aws-ARCHITECTURE.zip for each architecture: the staged folder and its Linux wheels.

    `run` runs a command, given as words. The same files make the same bytes, so that a deployment can tell whether
    anything changed.
    """
    staged = stage("aws")
    for architecture in architectures:
        target = staged.with_name(f"aws-{architecture}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(staged, target)
        platform = f"{LAMBDA_WHEELS[architecture]}-manylinux_2_28"
        fit = (f"--python-platform={platform}", f"--python-version={python}", "--only-binary=:all:")
        pins = ("--no-deps", "-r", f"{staged}/requirements.txt")
        run("uv", "pip", "install", "--quiet", f"--target={target}", *fit, *pins)
        (target / ".lock").unlink(missing_ok=True)  # uv makes this file.
        zip_folder(target)


def zip_folder(folder: Path) -> Path:
    """Makes FOLDER.zip next to a folder, without the files' times."""
    archive = folder.with_name(f"{folder.name}.zip")
    with ZipFile(archive, "w", ZIP_DEFLATED) as target:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(file.relative_to(folder).as_posix())
            entry.external_attr = (0o755 if os.access(file, os.X_OK) else 0o644) << 16
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, file.read_bytes())
    return archive
