"""Campaigns: what the tests try a few hundred times, tried many thousand times.

From the project's root, in an environment with the `test` extra:

    python -m tests.campaigns agree                                 # 2,000 cases
    python -m tests.campaigns agree --cases 100000 --processes 2
    python -m tests.campaigns agree --seed 4711 --cases 1           # one history again
    python -m tests.campaigns together --cases 100000               # readers beside writers that are killed
    python -m tests.campaigns crash --cases 1000                    # processes that are killed, disks that fail
    python -m tests.campaigns damage --cases 2000                   # files that are not what was written
    python -m tests.campaigns hostile                               # what strangers can write
    python -m tests.campaigns hostile --only zip
    python -m tests.campaigns fuzz query --seconds 600              # inputs that reach what none has reached
    python -m tests.campaigns fuzz --list

The result is one line on stdout; progress, and the smallest failing case found, go to stderr. The exit code is 1 when
something is wrong.
"""

import argparse
import sys
from collections.abc import Sequence

from . import agree, crash, damage, fuzz, hostile, together

CAMPAIGNS = {
    "agree": agree,
    "crash": crash,
    "damage": damage,
    "fuzz": fuzz,
    "hostile": hostile,
    "together": together,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign that the command line names."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__, formatter_class=layout)
    chosen = parser.add_subparsers(dest="campaign", required=True, metavar="CAMPAIGN")
    for name, campaign in CAMPAIGNS.items():
        text = campaign.__doc__ or ""
        own = chosen.add_parser(name, help=text.partition("\n")[0], description=text, formatter_class=layout)
        campaign.add_options(own)
    options = parser.parse_args(arguments)
    return CAMPAIGNS[options.campaign].run(options)


if __name__ == "__main__":
    sys.exit(main())
