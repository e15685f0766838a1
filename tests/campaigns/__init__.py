"""Campaigns: what the tests try a few hundred times, tried many thousand times; `__main__.py` tells how to run them.

They are made of what the tests of the engines are made of, whose modules know each other by their bare names.
"""

import sys
from pathlib import Path

_ENGINES = str(Path(__file__).parents[1] / "engines")
if _ENGINES not in sys.path:
    sys.path.append(_ENGINES)
