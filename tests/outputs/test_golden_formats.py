"""The bytes are the contract: one file an output format, made from one deliberately hard Results.

`pytest --update-golden` writes them anew; then read the diff.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hard_results import HONG_KONG, RESULTS, rendered

from newsearch.outputs import OUTPUTS
from newsearch.outputs.view import View

CheckGolden = Callable[[str, str], None]
_LINK_ID = re.compile(r"(?<=\x1b]8;id=)\d+")


@pytest.mark.parametrize("format_name", [name for name in OUTPUTS if name != "text"])
def test_a_formats_bytes_stay_as_they_are(check_golden: CheckGolden, format_name: str) -> None:
    check_golden(f"results.{format_name}", rendered(format_name, RESULTS))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_text_at_each_width_stays_as_it_is(check_golden: CheckGolden, width: int) -> None:
    check_golden(f"results-{width}.txt", rendered("text", RESULTS, View(zone=HONG_KONG, width=width)))


def test_the_text_in_colour_stays_as_it_is(check_golden: CheckGolden) -> None:
    text = rendered("text", RESULTS, View(zone=HONG_KONG, color=True, hyperlinks=True))
    check_golden("results-80-color.txt", _LINK_ID.sub("N", text))


def test_whole_articles_as_text_stay_as_they_are(check_golden: CheckGolden) -> None:
    articles = replace(RESULTS, receipt=None, offset=0, hits=[one for one in RESULTS.hits if one.article.body])
    check_golden("articles-80.txt", rendered("text", articles, View(zone=HONG_KONG, full=True)))
