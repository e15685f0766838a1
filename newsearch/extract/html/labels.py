"""Who wrote an article, in which section it stands, and in which language it is, as the page states it."""

import re
from collections.abc import Iterable, Iterator

from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statements
from newsearch.extract.html.tree import text_in
from newsearch.extract.text import one_line

_BY = re.compile(r"^(?:by|von|par|por|di|door|af|av)[\s:]+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;|]\s*|\s*,\s+|\s+(?:and|und|et|y|&)\s+")
_NO_NAME = re.compile(r"https?:|www\.|[@<>{}]|^[\d\W]*$")
_AUTHOR_METAS = ("author", "parselyauthor", "articleauthor", "dccreator", "dctermscreator", "byl", "sailthruauthor")
_LONGEST_NAME, _LONGEST_SECTION = 100, 60
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_NO_LANGUAGE = {"und", "mul", "zxx", "mis"}


def authors_of(page: Statements) -> tuple[str, ...]:
    """Return the names of the authors: of the JSON-LD, else the meta elements, else the elements marked as such."""
    names = json_ld.texts(page.article.get("author"), "name", "headline")
    authors = _names(name for text in names for name in _apart(_BY.sub("", text)))
    for meta in _AUTHOR_METAS:
        if not authors:
            authors = _names(
                name for statement in page.meta(meta) for name in _BETWEEN.split(_BY.sub("", statement.text))
            )
    if not authors:
        marked = page.root.xpath("//*[@itemprop='author' or @rel='author'][not(ancestor::aside or self::meta)]")
        named = (element.xpath("(.//*[@itemprop='name'])[1]") or [element] for element in marked[:5])
        authors = _names(name for found in named for name in _BETWEEN.split(_BY.sub("", text_in(found[0]))))
    return authors


def section_of(page: Statements, title: str) -> str:
    """Return the source's own label of its section: the first that is short and says more than the title."""
    stated = [
        *(statement.text for statement in page.meta("articlesection")),
        *json_ld.texts(page.article.get("articleSection"), "name"),
        *(statement.text for statement in page.meta("parselysection", "section")),
        *(statement.text for statement in page.items.get("articlesection", ())[:1]),
        *_breadcrumbs(page),
    ]
    labels = (one_line(text) for text in stated)
    usable = (
        label for label in labels if len(label) <= _LONGEST_SECTION and not _NO_NAME.search(label) and label != title
    )
    return next(usable, "")


def lang_of(page: Statements) -> str:
    """Return the ISO 639 code of the language that the page states; empty when it states none."""
    stated = [
        *page.root.xpath("//html/@lang | //html/@xml:lang"),
        *json_ld.texts(page.article.get("inLanguage"), "alternateName", "name"),
        *(statement.text for statement in page.meta("contentlanguage", "dclanguage", "oglocale", "language")),
    ]
    codes = (match[1].lower() for text in stated if (match := _LANGUAGE.fullmatch(text.strip())))
    return next((code for code in codes if code not in _NO_LANGUAGE), "")


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    names = {one_line(_BY.sub("", text)).strip(" ,."): None for text in texts}
    return tuple(name for name in names if name and len(name) <= _LONGEST_NAME and not _NO_NAME.search(name))


def _apart(names: str) -> list[str]:
    """Return the names in a text that should be one: full ones, with a word between them."""
    parts = re.split(r"\s+(?:and|und)\s+|\s+\|\s+", names)
    return parts if all(" " in part for part in parts) else [names]


def _breadcrumbs(page: Statements) -> Iterator[str]:
    """Yield the sections that lead to the page, nearest first, without the home page and the page itself."""
    for node in page.pages:
        if "BreadcrumbList" not in json_ld.types_of(node):
            continue
        items = node.get("itemListElement")
        crumbs = [
            json_ld.text(item.get("name")) or json_ld.text(item.get("item"), "name")
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ]
        yield from crumbs[-2:0:-1] or crumbs[1:]
        return
