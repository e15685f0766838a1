"""The headline of a page."""

import re
from collections.abc import Iterable
from itertools import islice

from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statements
from newsearch.extract.html.tree import elements, text_in
from newsearch.extract.markup import looks_like_markup, text_of
from newsearch.extract.text import folded, one_line

_SEPARATOR = re.compile(r"\s+[-–—·•:»«]+\s+|\s*[|｜ㅣ：]+\s*")
_PARTS = 3
_LONGEST = 1000
_MOST = 5


def title_of(page: Statements, sites: Iterable[str]) -> str:
    """Return the headline that a page states; empty when it states none.

    The JSON-LD headline goes before `og:title`, the first heading and the title element.

    Args:
        page: what it states.
        sites: names of its site, which are no part of a headline.
    """
    names = {folded(site) for site in sites} - {""}
    stated = headlines_of(page)
    known = {folded(text) for text in stated}
    titles = (_without_site(text, names, known) for text in stated if folded(text) not in names)
    return next(filter(None, titles), "")


def headlines_of(page: Statements) -> list[str]:
    """Return what may be the headline, best first."""
    headings = [text_in(heading) for heading in islice(elements(page.root, "h1"), _MOST)]
    return [
        one_line(_plain(text))
        for text in (
            json_ld.text(page.article.get("headline")),
            *(statement.text for statement in page.meta("ogtitle")),
            *(headings if len(headings) == 1 else []),
            *(statement.text for statement in page.items.get("headline", ())[:1]),
            *(statement.text for statement in page.meta("twittertitle")),
            *(text_in(title) for title in page.root.xpath("(//head/title)[1]")),
            json_ld.text(page.article.get("name")),
            *headings,
        )
        if 0 < len(text) <= _LONGEST
    ]


def _plain(text: str) -> str:
    return text_of(text) if looks_like_markup(text) else text


def _without_site(text: str, names: set[str], known: set[str]) -> str:
    """Return a title without the site's name, or without any end that another statement does not have."""
    cuts = list(_SEPARATOR.finditer(text))
    for cut in reversed(cuts[-_PARTS:]):
        rest, end = text[: cut.start()], text[cut.end() :]
        if folded(rest) in known or any(folded(part) in names for part in (end, *_SEPARATOR.split(end))):
            text = rest
    first = next(iter(_SEPARATOR.finditer(text)), None)
    if first and (folded(text[: first.start()]) in names or folded(text[first.end() :]) in known):
        return text[first.end() :]
    return text
