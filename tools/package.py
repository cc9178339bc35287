"""Packages: what would be deployed, in build/."""

import shutil
from pathlib import Path

import nox

from tools.environments import ROOT

NOT_STAGED = ("__pycache__", "*.pyc", "*.md", "node_modules", "package*.json")
MANIFESTS = (".serverless", "serverless.yml", "function.yaml", "setup.sh", "cors.json", "infra", "azure.yaml")
LIFTED = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
"""The files that a platform wants at the package's root."""
SHARED = {
    "aws": ["providers/connections.py"],
    "gcp": ["providers/connections.py", "providers/sessions.py", "providers/wsgi.py"],
    "azure": ["providers/connections.py", "providers/sessions.py"],
}
"""What a provider has in common with others."""


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, nothing of the others.

    Import paths are those of the repository.
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


def zip_for_lambda(session: nox.Session, python: str = "3.13") -> None:
    """Makes build/aws-ARCHITECTURE.zip: the staged folder and its Linux wheels, for each that Lambda runs on."""
    staged = stage("aws")
    for architecture, wheels in {"arm64": "aarch64", "x86_64": "x86_64"}.items():
        target = staged.with_name(f"aws-{architecture}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(staged, target)
        fit = (f"--python-platform={wheels}-manylinux_2_28", f"--python-version={python}", "--only-binary=:all:")
        pins = ("--no-deps", "-r", f"{staged}/requirements.txt")
        command = ("uv", "pip", "install", "--quiet", f"--target={target}", *fit, *pins)
        # Never zipped without its wheels: nox runs the one under --install-only, the other under --no-install.
        if not session.run_install(*command, external=True):
            session.run(*command, external=True)
        (target / ".lock").unlink(missing_ok=True)  # uv's own.
        shutil.make_archive(str(target), "zip", target)
