"""The entry point of `newsearch` and of `python -m newsearch`."""

import os
import sys

from newsearch import __version__

_COLLECT_EVERY = 100_000
_MOMENT = 0.01
"""Seconds until an interruption comes again that was swallowed."""
_TERMINATED = 143
"""What shells call the end by SIGTERM."""


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] == ["--version"]:
        # Answered here: the command line's own modules take longer to load than the answer takes to print.
        try:
            sys.stdout.write(f"newsearch {__version__}\n")
            sys.stdout.flush()
        except (OSError, AttributeError):
            pass  # what it cannot be written to is told of below
        else:
            return
    import gc  # noqa: PLC0415 - see above
    import signal  # noqa: PLC0415

    # Nearly all that a start allocates stays until the end, so looking through it for cycles, and once more before the
    # process ends, is time lost.
    gc.set_threshold(_COLLECT_EVERY)
    # NumPy's threads for linear algebra, of which there is none here, cost memory and time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    terminated = False

    def terminate(*_: object) -> None:
        """Let SIGTERM end a command as Ctrl-C does: it says what is kept, and leaves nothing lying around."""
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    def again(unraisable: "sys.UnraisableHookArgs") -> None:
        """Let an interruption come again a moment later that Python swallows, as while it lets go of something."""
        if unraisable.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(unraisable)
            return
        from threading import Timer, get_ident  # noqa: PLC0415 - see above

        which = signal.SIGTERM if terminated else signal.SIGINT
        Timer(_MOMENT, signal.pthread_kill, (get_ident(), which)).start()

    signal.signal(signal.SIGTERM, terminate)
    sys.unraisablehook = again
    try:
        from newsearch.cli.app import run  # noqa: PLC0415 - see above

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("newsearch: interrupted\n")
        status = 130
    # All is said and done; Python, as it takes itself apart, would show where in that it was interrupted.
    for interruption in (signal.SIGINT, signal.SIGTERM):
        signal.signal(interruption, signal.SIG_IGN)
    gc.freeze()
    sys.exit(_TERMINATED if terminated else status)


if __name__ == "__main__":
    main()
