"""The entry point of `newsearch` and of `python -m newsearch`."""

import sys

from newsearch import __version__


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] == ["--version"]:
        # Answered here: the command line's own modules take longer to load than the answer takes to print.
        sys.stdout.write(f"newsearch {__version__}\n")
        return
    try:
        from newsearch.cli.app import run  # noqa: PLC0415 - see above

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("newsearch: interrupted\n")
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
