"""The process in which atheris fuzzes a target, whose name comes behind the program that starts such a process again.

Whatever else is on the command line is libFuzzer's.

Coverage is that of newsearch, whose modules are all loaded first; what its libraries do is not looked at.
"""

import importlib
import pkgutil
import sys

import atheris


def main() -> None:
    """Fuzz until the time is over, or something was found."""
    with atheris.instrument_imports(include=["newsearch"]):
        package = importlib.import_module("newsearch")
        for module in pkgutil.walk_packages(package.__path__, "newsearch."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from .fuzz_targets import TARGETS

    launcher, name, *options = sys.argv[1:]
    atheris.Setup([launcher, *options], TARGETS[name].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
