"""Every task a person runs. `./noxw -l` lists them, `./noxw` runs those that are starred."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import nox

ROOT = Path(__file__).parent
EXTRAS = ("local", "aws", "gcp", "azure")
"""The providers, by the names that pyproject.toml gives their run-time dependencies."""

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "tests", "aws", "gcp"]


def install(session: nox.Session, *groups: str, extras: tuple[str, ...] = ()) -> None:
    """Installs dependency groups and providers' run-time dependencies, all at the versions of constraints.txt."""
    options = [f"--group={group}" for group in groups] + [f"--extra={extra}" for extra in extras]
    session.install("-c", "constraints.txt", "-r", "pyproject.toml", *options)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint rules, and the direction of imports."""
    install(session, "lint", extras=EXTRAS)
    session.run("ruff", "format", "--check", "--diff", *session.posargs)
    session.run("ruff", "check", *session.posargs)
    session.run("lint-imports", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Strict types: core, providers, tests, benchmarks and this file."""
    install(session, "types", "test-aws", "nox", "bench", extras=EXTRAS)

    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The core and the local provider: unit, contract, and end to end over HTTP."""
    install(session, "test", extras=("local",))
    paths = session.posargs or ["tests/unit", "tests/contract/test_local.py", "tests/e2e/local"]
    session.run("pytest", "-n", "auto", *paths)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of images and of requests: `-- --seconds 600`, `-- --target images`."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        session.error("the fuzzer, atheris, comes for Linux on x86-64 only")
    install(session, "fuzz")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Sizewise on a folder of images: `-- --root ~/Pictures --port 9000`."""
    install(session, extras=("local",))
    session.run("python", "-m", "providers.local", *session.posargs)


def npm_install(session: nox.Session, source: str) -> Path:
    """Installs the packages that a folder's package-lock.json pins; the folder that node_modules is in.

    Beside node_modules stand the folder's own scripts, so that they find it.
    """
    target = Path(session.virtualenv.location) / "npm" / source
    locked = (ROOT / source / "package-lock.json").read_bytes()
    installed = target / "installed"
    shutil.copytree(ROOT / source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if not installed.exists() or installed.read_bytes() != locked:
        session.run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(target))
        installed.write_bytes(locked)
    return target


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Rendering, side by side with sharp and pyvips: `-- --json FILE`, `-- --formats jpg --widths 600`."""
    install(session, "bench")
    sharp = npm_install(session, "benchmarks/sharp")
    session.run("python", "-m", "benchmarks.render", f"--sharp={sharp}", *session.posargs)


@nox.session(name="bench-misses", default=False)
def bench_misses(session: nox.Session) -> None:
    """Whole misses a second, side by side with thumbor and ipx."""
    install(session, "bench", "test", extras=("local",))
    ipx = npm_install(session, "benchmarks/ipx") / "node_modules" / ".bin" / "ipx"
    thumbor = Path(session.virtualenv.location) / "thumbor"
    # Its Pillow is older than ours, so it has an environment of its own.
    session.run("uv", "venv", "--quiet", "--allow-existing", str(thumbor), external=True)
    python = thumbor / "bin" / "python"
    session.install("--python", str(python), "-r", "benchmarks/thumbor/requirements.txt")
    thumbor_options = f"--thumbor={thumbor / 'bin' / 'thumbor'}"
    session.run("python", "-m", "benchmarks.misses", thumbor_options, f"--ipx={ipx}", *session.posargs)


@nox.session(default=False)
def sheets(session: nox.Session) -> None:
    """Sharpness beside sharp's: docs/sharpness.md with its pictures, and what the unit tests compare with."""
    install(session, "bench")
    sharp = npm_install(session, "benchmarks/sharp")
    session.run("python", "-m", "benchmarks.sheets", f"--sharp={sharp}")


def stage(provider: str) -> Path:
    """Makes build/PROVIDER: the core, one provider and its pinned requirements, nothing of the others.

    Import paths are those of the repository; `lifted` files stand at the root too, where the platform wants them.
    """
    lifted = {"gcp": ["main.py"], "azure": ["function_app.py", "host.json"]}
    target = ROOT / "build" / provider
    shutil.rmtree(target, ignore_errors=True)
    tools = ("node_modules", ".serverless", "serverless.yml", "package*.json", "*.md")
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc", *tools)
    for package in ("core", f"providers/{provider}"):
        shutil.copytree(ROOT / package, target / package, ignore=left_out)
    for file in ["providers/__init__.py", "LICENSE"]:
        shutil.copy(ROOT / file, target / file)
    for file in ["requirements.txt", *lifted.get(provider, [])]:
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
        session.run("uv", "pip", "install", "--quiet", f"--target={target}", *fit, *pins, external=True)
        (target / ".lock").unlink(missing_ok=True)  # uv's own.
        shutil.make_archive(str(target), "zip", target)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """What would be deployed, in build/PROVIDER: `-- aws` (zipped for Lambda too), `-- gcp` or `-- azure`."""
    for provider in session.posargs or ["aws", "gcp", "azure"]:
        if provider == "aws":
            zip_for_lambda(session)
        session.log(f"staged {stage(provider)}")


@nox.session
def gcp(session: nox.Session) -> None:
    """Google Cloud without an account: the staged package on an emulator's buckets."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    paths = session.posargs or ["tests/contract/test_gcp.py", "tests/e2e/gcp"]
    session.run("pytest", "-n", "4", *paths)


@nox.session(name="bench-gcp", default=False)
def bench_gcp(session: nox.Session) -> None:
    """What a hit costs on Google Cloud, beside a function that answers a constant 301; needs `wrk`."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    session.run("python", "-m", "benchmarks.gcp_hit", *session.posargs)


def python_of_the_clouds() -> str | None:
    """A Python 3.13, which is what is deployed to, if one is on the path or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for candidate in (shutil.which("python3.13"), *pyenv.glob("versions/3.13.*/bin/python")):
        # pyenv's shims are on the path whether their Python is chosen or not.
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(candidate)
    return None


def install_emulator(session: nox.Session) -> str:
    """Makes .nox/lambda, where the emulator runs functions: boto3, as Lambda's runtime has it, and nothing of ours.

    Returns the version of its Python: 3.13, as on Lambda, or the session's own where there is no 3.13.
    """
    home, python = ROOT / ".nox" / "lambda", python_of_the_clouds()
    if not python:
        session.warn("no Python 3.13 here: the emulator runs the function, and its wheels, with the session's own")
    created = ("uv", "venv", "--quiet", "--clear", f"--python={python or session.virtualenv.bin + '/python'}")
    session.run(*created, str(home), external=True)
    pins = ("-c", "constraints.txt", "ministack", "boto3")
    session.run("uv", "pip", "install", "--quiet", f"--python={home}", *pins, external=True)
    tell = "import sys; print(*sys.version_info[:2], sep='.')"
    return str(session.run(f"{home}/bin/python", "-c", tell, external=True, silent=True)).strip()


@nox.session
def aws(session: nox.Session) -> None:
    """AWS: adapter, manifest, package, and the whole chain over what osls deployed to an emulator.

    Real: the HTTP client and each redirect it follows, osls, the CloudFormation template, the package and
    its Linux wheels, the SDK. Emulated: S3 by moto (the adapter's contract), and by ministack everything that
    is deployed: CloudFormation, IAM, S3 with its policies, API Gateway, Lambda, logs. Ours, played from what
    was deployed, as no emulator has it: the bucket's website and API Gateway's TLS (tests/e2e/aws/fronts.py),
    and CloudFront (tests/e2e/aws/edge.py).
    """
    install(session, "test-aws", extras=("aws",))
    npm_install(session, "providers/aws")
    zip_for_lambda(session, install_emulator(session))
    paths = session.posargs or ["tests/unit/aws", "tests/contract/test_aws.py", "tests/e2e/aws"]
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *paths)


@nox.session(default=False)
def deploy(session: nox.Session) -> None:
    """Packages and deploys: `-- aws --stage prod`; what follows the provider goes to its tool."""
    provider, *options = session.posargs or [""]
    if provider != "aws":
        session.error("name what to deploy to: ./noxw -s deploy -- aws --stage prod")
    zip_for_lambda(session)
    install(session, "node")
    osls = f"{npm_install(session, 'providers/aws')}/node_modules/.bin/osls"
    with session.chdir(ROOT / "providers" / "aws"):
        session.run(osls, "deploy", *options, external=True)
        session.run(osls, "info", "--verbose", *options, external=True)


@nox.session(name="bench-cold", default=False)
def bench_cold(session: nox.Session) -> None:
    """What a cold start of the Lambda function imports, beside boto3 and PIL.Image alone."""
    install(session, extras=("aws",))
    session.run("python", "-m", "benchmarks.cold_start")


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Writes constraints.txt, and each provider's requirements.txt, anew from pyproject.toml."""
    session.install("-c", "constraints.txt", "uv")

    def compile_pins(output: str, *options: str) -> None:
        fixed = ("--universal", "--no-annotate", "--no-header", "--quiet", "pyproject.toml")
        session.run("uv", "pip", "compile", *fixed, "-o", output, *options, *session.posargs)

    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    wanted = [f"--group={group}" for group in groups]
    compile_pins("constraints.txt", "--python-version=3.11", "--all-extras", *wanted)
    for provider in ("aws", "gcp", "azure"):
        # Lambda's runtime carries boto3, which is all that the extra `aws` asks for.
        extra = [] if provider == "aws" else [f"--extra={provider}"]
        pins = ("-c", "constraints.txt", "--python-version=3.13", *extra)
        compile_pins(f"providers/{provider}/requirements.txt", *pins)
