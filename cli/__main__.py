"""The command `sizewise`, which is also `python -m cli`."""

import io
import sys
from importlib.util import find_spec

if not (find_spec("click") and find_spec("functions_framework")):
    sys.exit("Error: the command needs the extra `local`: install sizewise[local], or '.[local]' in a checkout.")

import click

from cli.serve import serve
from cli.sign import sign


@click.group()
def main() -> None:
    """Images resized on demand."""
    # A folder's name can have letters that the terminal's encoding lacks.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


main.add_command(serve)
main.add_command(sign)

if __name__ == "__main__":
    main(prog_name="sizewise")
