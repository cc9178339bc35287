"""`sizewise`, and the same as `python -m cli`."""

import io
import sys

try:
    import click
except ModuleNotFoundError:
    sys.exit("Error: the command needs the extra `local`: install sizewise[local], or '.[local]' in a checkout.")

from cli.serve import serve


@click.group()
def main() -> None:
    """Images resized on demand."""
    # A folder's name may have letters that the terminal's encoding does not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


main.add_command(serve)

if __name__ == "__main__":
    main(prog_name="sizewise")
