"""The command line: plain strings in, frozen values to the packages below, words and exit codes out."""

import os

# The library draws its own help and completion with rich otherwise, which costs every call.
os.environ.setdefault("TYPER_USE_RICH", "0")
