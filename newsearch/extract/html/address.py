"""Under which address and whose name a page was published."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from newsearch.extract.html import json_ld
from newsearch.extract.html.statements import Statements
from newsearch.extract.html.tree import elements
from newsearch.extract.text import one_line

_LONGEST = 2000
_SECOND_LEVEL = {"ac", "co", "com", "edu", "gob", "gov", "gv", "ne", "net", "or", "org"}


def url_of(page: Statements, captured: str) -> str:
    """Return the address of the article.

    The canonical one that the page states, where it can be: on the page's own site and not the site itself. Else that
    of the capture, else what `og:url` or the JSON-LD states.

    Args:
        page: what it states.
        captured: under which it was captured; empty when unknown.
    """
    links = [link.get("href") or "" for link in elements(page.root, "link") if _is_canonical(link.get("rel"))]
    stated = [statement.text for statement in page.meta("ogurl")]
    own = json_ld.text(page.article.get("url"), "@id") or json_ld.text(
        page.article.get("mainEntityOfPage"), "@id", "url"
    )
    base = captured or next((url for url in (*stated, own) if _host(url)), "")
    for link in links:
        url = _absolute(link, base)
        if url and not (captured and (_site(url) != _site(captured) or _is_root(url) > _is_root(captured))):
            return url
    return captured or next((url for text in (*stated, own) if (url := _absolute(text, base))), "")


def source_of(page: Statements, url: str) -> str:
    """Return who published it: the host of its address, else the name that the page states."""
    return _host(url).removeprefix("www.") or next(names_of_site(page), "")


def names_of_site(page: Statements) -> Iterator[str]:
    """Yield the names a page gives its site."""
    yield from (one_line(statement.text) for statement in page.meta("ogsitename"))
    yield from json_ld.texts(page.article.get("publisher"), "name")
    yield from (one_line(statement.text) for statement in page.meta("applicationname", "applemobilewebapptitle"))
    for node in page.pages:
        if {"WebSite", "NewsMediaOrganization", "Organization"} & {*json_ld.types_of(node)}:
            yield from json_ld.texts(node.get("name"))


def labels_of_host(url: str) -> Iterator[str]:
    """Yield what a host may be called by: all of it, and its name without what it has in common with others."""
    host = _host(url).removeprefix("www.")
    yield host
    yield _site(url).partition(".")[0]


def _is_canonical(rel: str | None) -> bool:
    return "canonical" in (rel or "").lower().split()


def _absolute(link: str, base: str) -> str:
    """Return an http(s) address without its fragment; empty when it is none."""
    link = link.strip()
    if not link or len(link) > _LONGEST or re.search(r"[\s<>\"{}]", link):
        return ""
    try:
        url = urljoin(base, link).partition("#")[0]
    except ValueError:
        return ""
    return url if _host(url) else ""


def _host(url: str) -> str:
    """Return the host of an http(s) address; empty when it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip(".") if parts.scheme in {"http", "https"} and "." in parts.netloc else ""
    except ValueError:
        return ""


def _site(url: str) -> str:
    """Return the part of a host under which one owner has all: `news.example.co.uk` is of `example.co.uk`."""
    labels = _host(url).split(".")
    own = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2  # noqa: PLR2004 - labels
    return ".".join(labels[-own:])


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/") == "" and not parts.query
