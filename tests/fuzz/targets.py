"""What is fuzzed, as a process that libFuzzer drives: `python -m tests.fuzz.targets TARGET [libFuzzer's options]`.

An exception that leaves a target is a finding: anything but the design's errors, and a broken promise of the grammar.
"""

import sys
from collections.abc import Callable
from typing import Final

import atheris

with atheris.instrument_imports(include=["core", "PIL"]):
    from core.errors import SizewiseError
    from core.http import Request
    from core.imaging.pillow import prepare
    from core.imaging.pipeline import render
    from core.keys import check, from_path, to_path
    from core.settings import Settings
    from core.size import parse
    from core.variants import asked

SIZES: Final = tuple(map(parse, ("24x18", "9x", "x9-q1.jpg", "9x24-contain.png", "24x9-fill.webp", "9x9-top.gif")))
IMAGES: Final = Settings(max_original_pixels=250_000)
REQUESTS: Final = (
    Settings(),
    Settings(widths=(250, 600, 1200), format="webp", max_side=2000),
    Settings(sizes=("300x200", "600x.auto", "x400-q70"), format="png"),
)


def images(data: bytes) -> None:
    """An original gives a variant, or one of the three errors that are about originals; never for want of memory."""
    try:
        render(data, SIZES[len(data) % len(SIZES)], IMAGES.imaging)
    except SizewiseError as error:
        if error.status not in (413, 415, 422) or isinstance(error.__cause__, MemoryError):
            raise


def requests(data: bytes) -> None:
    """A path gives one of the errors about requests, or a canonical key: one whose own path leads to itself."""
    path, _, accept = data.decode("latin-1").partition("\n")
    for settings in REQUESTS:
        try:
            variants = asked(Request("GET", f"/{path}", accept), settings)
        except SizewiseError as error:
            if error.status not in (400, 403):
                raise
            continue
        for key in (variant.key for variant in variants):
            again = [variant.key for variant in asked(Request("GET", f"/{to_path(key)}", accept), settings)]
            check(key)
            if again != [key] or from_path(to_path(key)) != key:
                raise AssertionError(f"{path!r} leads to {key!r}, which leads to {again!r}")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"images": images, "requests": requests}


def main() -> None:
    """Hands the target that the command line names to libFuzzer."""
    name, *options = sys.argv[1:]
    prepare(IMAGES.max_original_pixels)
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
