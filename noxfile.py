"""Every task a person runs. `./noxw -l` lists them, `./noxw` runs those that are starred."""

import logging
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import nox

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))  # nox runs from an environment of its own.

from cli.deployment_file import read  # noqa: E402
from core.errors import SettingsError  # noqa: E402
from tools.deployment.cloud import cloud_of  # noqa: E402
from tools.deployment.errors import DeploymentError  # noqa: E402
from tools.environments import (  # noqa: E402
    become_python,
    install,
    install_azure_cli,
    install_azure_worker,
    install_chromium,
    install_lambda,
    install_once,
    npm_install,
)
from tools.package import stage, zip_for_lambda  # noqa: E402

EXTRAS = ("local", "aws", "gcp", "azure")
"""The providers, by the names that pyproject.toml gives their run-time dependencies."""
JUNIT = ROOT / ".nox" / "junit"
QUIET = ("serve", "sign", "deploy", "info", "logs", "remove")
"""The sessions that are a user's own commands."""

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True


def hush(record: logging.LogRecord) -> bool:
    """Silences nox from the start of a session whose own lines are to be seen; errors are still shown."""
    if record.getMessage().removeprefix("Running session ") not in QUIET:
        return True
    logging.getLogger("nox").setLevel(logging.WARNING)
    return False


logging.getLogger("nox").addFilter(hush)


def run_tests(session: nox.Session, provider: str, *paths: str, env: dict[str, str] | None = None) -> None:
    """Runs tests, all of a provider's or those that the command line names, and notes what they said.

    The notes are JUNIT/PROVIDER.xml, of which `conformance` makes its table.
    """
    # A cloud's own tool keeps a test waiting much of its time. Other tests have deadlines that need a processor.
    workers = (os.cpu_count() or 1) + (provider in ("aws", "gcp"))
    options = ("-n", str(workers), "--dist", "loadfile") if provider == "aws" else ("-n", str(workers))
    session.run("pytest", *options, f"--junitxml={JUNIT / provider}.xml", *(session.posargs or paths), env=env)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint rules, and the direction of imports."""
    install(session, "lint", extras=EXTRAS)
    session.run("ruff", "format", "--check", "--diff", *session.posargs)
    session.run("ruff", "check", *session.posargs)
    session.run("lint-imports", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Strict types: core, providers, cli, tests, benchmarks, tools and this file."""
    install(session, "types", "test-local", "test-aws", "test-azure", "nox", "bench", extras=EXTRAS)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The core and the local provider: unit, contract, and end to end over HTTP and in a browser."""
    install(session, "test-local", extras=("local",))
    install_chromium(session)
    others = ("aws", "azure", "test_connections.py")
    elsewhere = (f"--ignore=tests/unit/providers/{name}" for name in others)
    contract = ("tests/contract/test_memory.py", "tests/contract/test_local.py")
    paths = ("tests/unit", *elsewhere, *contract, "tests/e2e/local")
    run_tests(session, "local", *paths)


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
    zip_for_lambda(installing(session), python=install_lambda(session))
    unit = ("tests/unit/providers/aws", "tests/unit/providers/test_connections.py")
    run_tests(
        session, "aws", *unit, "tests/contract/test_aws.py", "tests/contract/test_aws_variants.py", "tests/e2e/aws"
    )


@nox.session
def gcp(session: nox.Session) -> None:
    """Google Cloud without an account: the staged package on an emulator's buckets."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    run_tests(session, "gcp", "tests/contract/test_gcp.py", "tests/e2e/gcp")


@nox.session
def azure(session: nox.Session) -> None:
    """Azure without an account: Azurite, the manifests, and the staged package in Microsoft's Python worker."""
    install(session, "test-azure", extras=("azure",))
    npm_install(session, "tests/e2e/azure")
    install_azure_cli(session)
    env = {"AZURE_WORKER_PYTHON": str(install_azure_worker(session, stage("azure")))}
    run_tests(
        session, "azure", "tests/unit/providers/azure", "tests/contract/test_azure.py", "tests/e2e/azure", env=env
    )


@nox.session(default=False, requires=["tests", "aws", "gcp", "azure"])
def conformance(session: nox.Session) -> None:
    """docs/conformance.md and a table of docs/operations.md: what the providers' tests did, just now."""
    session.run("python", "-m", "tests.support.table", str(JUNIT), "docs/conformance.md")
    session.run("python", "-m", "tests.support.stores", str(JUNIT), "docs/operations.md")


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of images, children's answers and requests: `-- --seconds 600`, `-- --target images`."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        session.error("the fuzzer, atheris, comes for Linux on x86-64 only")
    install(session, "fuzz", "test")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session(default=False)
def oracle(session: nox.Session) -> None:
    """Random valid files against a real browser and sharp: `-- --seconds 600`, `-- --only GIF --seed 1`.

    Each is rendered at its own size to PNG and to each animated format. What differs is kept in .nox/differing.
    """
    install(session, "test", "node")
    peers = npm_install(session, "tests/oracle")
    env = {"CHROMIUM": install_chromium(session)}
    session.run("python", "-m", "tests.oracle", f"--peers={peers}", *session.posargs, env=env)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Mutation tests of sizes, keys, the ladder, HTTP, single flight and geometry: `-- core/size.py` for one of them.

    Cosmic Ray changes one operator, comparison, condition, number, exception or decorator at a time, and a test has to
    fail. It changes no text, so the wording of messages is left out. Type annotations are left out by their operator.
    """
    install(session, "mutants", "test")
    # After Ctrl-C, the tests that run are waited for.
    session.run("python", "-u", "-m", "tools.mutants", *session.posargs, interrupt_timeout=120)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Sizewise on a folder of images, the sample photographs by default: `-- --root ~/Pictures --port 9000`."""
    install_once(session, extras=("local",))
    become_python(session, "-m", "cli", "serve", f"--default={ROOT / 'samples'}", *session.posargs)


@nox.session(default=False)
def sign(session: nox.Session) -> None:
    """The path of an image at a size beyond the ladder, by SIGNING_KEYS: `-- 613x409 albums/cat.jpg`."""
    install_once(session, extras=("local",))
    become_python(session, "-m", "cli", "sign", *session.posargs)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """What would be deployed, in build/PROVIDER: `-- aws` (zipped for Lambda too), `-- gcp` or `-- azure`."""
    for provider in session.posargs or ["aws", "gcp", "azure"]:
        if provider == "aws":
            zip_for_lambda(installing(session))
        session.log(f"staged {stage(provider)}")


def installing(session: nox.Session) -> Callable[..., object]:
    """What runs a command that installs: nox runs the one under --install-only, the other under --no-install."""
    return lambda *command: session.run_install(*command, external=True) or session.run(*command, external=True)


@nox.session(default=False)
def deploy(session: nox.Session) -> None:
    """Deploys, or brings in line with its file, what a file describes: `-- deployments/prod.toml`, `--yes`."""
    manage(session, "deploy", tools=True)


@nox.session(default=False)
def info(session: nox.Session) -> None:
    """What is deployed, its addresses, version, limits and settings: `-- deployments/prod.toml`."""
    manage(session, "info")


@nox.session(default=False)
def logs(session: nox.Session) -> None:
    """The last lines of a deployment's log, and those that come: `-- deployments/prod.toml`."""
    manage(session, "logs")


@nox.session(default=False)
def remove(session: nox.Session) -> None:
    """Takes away what a file describes, but for pictures and keys: `-- deployments/prod.toml`, `--yes`."""
    manage(session, "remove", tools=True)


def manage(session: nox.Session, command: str, *, tools: bool = False) -> None:
    """Becomes tools.deployment, with what the file's cloud needs. AWS needs osls only where its `tools` are wanted."""
    try:
        with session.chdir(session.invoked_from):
            clouds = {cloud_of(read(Path(word))) for word in session.posargs if not word.startswith("-")}
    except (DeploymentError, SettingsError) as error:
        sys.exit(f"Error: {error}")
    groups = ("node",) if "aws" in clouds and tools else ()
    install_once(session, *groups, extras=("aws",) if "aws" in clouds else ())
    programs = [session.bin]
    if groups:
        programs.append(str(npm_install(session, "providers/aws") / "node_modules" / ".bin"))
    if "azure" in clouds:
        programs += install_azure_cli(session)
    session.env["PATH"] = os.pathsep.join([*programs, os.environ["PATH"]])
    become_python(session, "-m", "tools.deployment", command, *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Benchmarks: `-- render`, which is the default, or another one's name, then its own options.

    The others are `quality`, `misses`, `child`, `worst`, `gcp`, `cold` and `sheets`.
    """
    name, options = "render", session.posargs
    if options and not options[0].startswith("-"):
        name, *options = options
    if name not in BENCHMARKS:
        session.error(f"there is no benchmark {name!r}: name one of {', '.join(BENCHMARKS)}")
    module, *prepared = BENCHMARKS[name](session)
    session.run("python", "-m", module, *prepared, *options)


def bench_render(session: nox.Session) -> list[str]:
    """Rendering, side by side with sharp and pyvips: `--json FILE`, `--formats jpg --widths 600`."""
    install(session, "bench")
    return ["benchmarks.render", f"--sharp={npm_install(session, 'benchmarks/sharp')}"]


def bench_quality(session: nox.Session) -> list[str]:
    """The curves from a quality to what encoders are told: `--pictures FOLDER`, of at least 30; `--docs`."""
    install(session, "bench")
    return ["benchmarks.quality"]


def bench_misses(session: nox.Session) -> list[str]:
    """Whole misses per second, side by side with thumbor and ipx."""
    install(session, "bench", "test", extras=("local",))
    ipx = npm_install(session, "benchmarks/ipx") / "node_modules" / ".bin" / "ipx"
    thumbor = Path(session.virtualenv.location) / "thumbor"
    # Its Pillow is older than ours, so it has an environment of its own.
    session.run_install("uv", "venv", "--quiet", "--allow-existing", str(thumbor), external=True)
    python = thumbor / "bin" / "python"
    session.install("--python", str(python), "-r", "benchmarks/thumbor/requirements.txt")
    return ["benchmarks.misses", f"--thumbor={thumbor / 'bin' / 'thumbor'}", f"--ipx={ipx}"]


def bench_child(session: nox.Session) -> list[str]:
    """What it costs that a child renders: a render, and a start."""
    install(session, "bench", "test", extras=("aws",))
    return ["benchmarks.child"]


def bench_worst(session: nox.Session) -> list[str]:
    """What the largest and longest pictures take, and 64 requests at once: CPU time and memory."""
    install(session, "bench", "test", extras=("local",))
    return ["benchmarks.worst"]


def bench_gcp(session: nox.Session) -> list[str]:
    """What a hit costs on Google Cloud, beside a function that answers a constant 301; needs `wrk`."""
    install(session, "test-gcp", extras=("gcp",))
    stage("gcp")
    return ["benchmarks.gcp_hit"]


def bench_cold(session: nox.Session) -> list[str]:
    """What a cold start of the Lambda function imports, beside boto3 and PIL.Image alone."""
    install(session, extras=("aws",))
    return ["benchmarks.cold_start"]


def bench_sheets(session: nox.Session) -> list[str]:
    """Sharpness beside sharp's: docs/sharpness.md with its pictures, and what the unit tests compare with."""
    install(session, "bench")
    return ["benchmarks.sheets", f"--sharp={npm_install(session, 'benchmarks/sharp')}"]


BENCHMARKS: dict[str, Callable[[nox.Session], list[str]]] = {
    "render": bench_render,
    "quality": bench_quality,
    "misses": bench_misses,
    "child": bench_child,
    "worst": bench_worst,
    "gcp": bench_gcp,
    "cold": bench_cold,
    "sheets": bench_sheets,
}
"""Each prepares the session's environment, and returns the module to run and what it has to be told."""


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Writes constraints.txt, each provider's requirements.txt, and the Azure CLI's pins anew."""
    session.install("-c", "constraints.txt", "uv")

    def compile_pins(output: str, *options: str, source: str = "pyproject.toml") -> None:
        fixed = ("--universal", "--no-annotate", "--no-header", "--quiet", source)
        session.run("uv", "pip", "compile", *fixed, "-o", output, *options, *session.posargs)

    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    wanted = [f"--group={group}" for group in groups]
    compile_pins("constraints.txt", "--python-version=3.11", "--all-extras", *wanted)
    for provider in ("aws", "gcp", "azure"):
        # Lambda's runtime carries boto3, which is all that the extra `aws` asks for.
        extra = [] if provider == "aws" else [f"--extra={provider}"]
        pins = ("-c", "constraints.txt", "--python-version=3.13", *extra)
        compile_pins(f"providers/{provider}/requirements.txt", *pins)
    # The Azure CLI pins its own SDK, so it has an environment of its own.
    wanted_cli = Path(session.create_tmp()) / "azure-cli.in"
    wanted_cli.write_text("azure-cli\n")
    compile_pins("providers/azure/cli-requirements.txt", "--python-version=3.11", source=str(wanted_cli))
