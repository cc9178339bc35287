"""The cost of a cold start of the Lambda function, compared with the minimum for such a function.

`./noxw -s bench -- cold` prints it. The first column is the sum of `python -X importtime`. It includes what a module
does while it is imported, such as making the S3 client in the entry point. The second column is the whole process, from
start to end, without that option.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

RUNS: Final = 9
ENTRY_POINT: Final = "the entry point, ready to answer"
SUBJECTS: Final = {
    "boto3 and PIL.Image alone": "import boto3, PIL.Image",
    "boto3 and PIL.Image, and an S3 client": "import boto3, PIL.Image; boto3.client('s3', region_name='eu-west-1')",
    ENTRY_POINT: "import providers.aws.handler",
}
LINE: Final = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \| +(\S+)$", re.MULTILINE)


def run(code: str, *options: str) -> tuple[float, str]:
    """The milliseconds that a fresh interpreter needs for the code, and its standard error."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path.cwd()),
            "BUCKET": "pictures",
            "PUBLIC_URL": "https://images.example.com",
            "AWS_REGION": "eu-west-1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return (time.perf_counter() - start) * 1000, done.stderr


def imported(code: str) -> dict[str, float]:
    """The milliseconds of each module's own import."""
    return {name: int(own) / 1000 for own, name in LINE.findall(run(code, "-X", "importtime")[1])}


def main() -> None:
    """Prints a table of medians. The subjects take turns, so that the machine's load is the same for all."""
    imports: dict[str, list[dict[str, float]]] = {name: [] for name in SUBJECTS}
    wholes: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(RUNS):
        for name, code in SUBJECTS.items():
            imports[name].append(imported(code))
            wholes[name].append(run(code)[0])
    print(f"Python {sys.version.split()[0]}, median of {RUNS} runs, milliseconds\n")
    print(f"{'':40}{'importtime':>12}{'process':>10}{'modules':>10}")
    for name in SUBJECTS:
        own = median(sum(modules.values()) for modules in imports[name])
        print(f"{name:40}{own:12.0f}{median(wholes[name]):10.0f}{len(imports[name][0]):10}")
    print("\nThe entry point's slowest modules, each without its own imports:")
    typical = {module: median(run[module] for run in imports[ENTRY_POINT]) for module in imports[ENTRY_POINT][0]}
    for module, own in sorted(typical.items(), key=lambda item: -item[1])[:6]:
        print(f"{own:10.1f}  {module}")


if __name__ == "__main__":
    main()
