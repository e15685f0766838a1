"""What a page states of itself: its meta elements, its JSON-LD, and the attributes that name what an element is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from newsearch.extract.html import json_ld
from newsearch.extract.html.json_ld import Node
from newsearch.extract.html.tree import Element, elements, text_in
from newsearch.extract.identity import canonical_url
from newsearch.extract.text import one_line

_ARTICLE = re.compile(r"\w*(?:Article|BlogPosting|MediaPosting|ForumPosting|Review)|Report")
_LIST_PAGE = {"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"}
_NAME_PARTS = re.compile(r"[^a-z0-9]+")
_PROPERTIES = {"datepublished", "datemodified", "headline", "articlesection"}
_MOST = 20
_TEXT_LIMIT = 10_000


class Statement(NamedTuple):
    """A text and what states it."""

    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Statements:
    """All of them."""

    root: Element
    metas: Mapping[str, Sequence[Statement]]
    """By name, in lower case and without punctuation."""
    article: Node
    """The JSON-LD object of the article; empty when there is none."""
    pages: Sequence[Node]
    """The other JSON-LD objects."""
    items: Mapping[str, Sequence[Statement]]
    """Microdata, by the name of the property; `article` for each item that is one."""

    def meta(self, *names: str) -> Iterator[Statement]:
        """Yield what the meta elements of some names state, in the order of the names."""
        for name in names:
            yield from self.metas.get(name, ())

    @property
    def is_article(self) -> bool:
        """Whether the page states that it is an article, one and no more."""
        marked = len(self.items.get("article", ())) == 1
        return bool(self.article) or marked or any(kind.text.lower() == "article" for kind in self.meta("ogtype"))

    @property
    def is_list(self) -> bool:
        """Whether the page states that it is a list of others, and no article."""
        return not self.is_article and any(_LIST_PAGE & {*json_ld.types_of(node)} for node in self.pages)


def statements_of(root: Element) -> Statements:
    """Collect what a page states."""
    scripts = [
        script.text or "" for script in elements(root, "script") if "ld+json" in (script.get("type") or "").lower()
    ]
    found = json_ld.nodes(scripts)
    metas = _metas(root)
    articles = [node for node in found if any(map(_ARTICLE.fullmatch, json_ld.types_of(node)))]
    article = _main(articles, _addresses(root, metas), _titles(root, metas))
    return Statements(root, metas, _resolved(article, found), [n for n in found if n not in articles], _items(root))


def _main(articles: Sequence[Node], addresses: set[str], titles: Sequence[str]) -> Node:
    """Return the object of the article itself: with the page's own address or headline, else the first that is dated.

    Args:
        articles: all that the page describes.
        addresses: of the page, canonical.
        titles: what it is called, what is meant most for that first.
    """
    if len(articles) > 1:
        for node in articles:
            if not addresses.isdisjoint(_own_addresses(node)):
                return node
    headlines = [one_line(json_ld.text(node.get("headline"))) for node in articles]
    for title in titles:
        if title in headlines:
            return articles[headlines.index(title)]
    dated = (node for node in articles if node.get("datePublished"))
    return next(dated, next(iter(articles), {}))


def _addresses(root: Element, metas: Mapping[str, Sequence[Statement]]) -> set[str]:
    """Return the addresses that a page calls its own, as far as they are any."""
    links = (
        link.get("href") or "" for link in elements(root, "link") if "canonical" in (link.get("rel") or "").split()
    )
    stated = (statement.text for statement in metas.get("ogurl", ()))
    return {address for url in (*links, *stated) if (address := canonical_url(url))}


def _own_addresses(node: Node) -> Iterator[str]:
    """Yield the addresses at which an object says it is."""
    page = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page):
        if isinstance(value, str) and (address := canonical_url(value.partition("#")[0])):
            yield address


def _titles(root: Element, metas: Mapping[str, Sequence[Statement]]) -> list[str]:
    """Return what a page is called: for others, in its only heading of the first level, and in its head."""
    headings = [text_in(heading) for heading in elements(root, "h1")]
    stated = [statement.text for statement in metas.get("ogtitle", ())]
    titles = [
        *stated,
        *(headings if len(headings) == 1 else []),
        *(text_in(title) for title in elements(root, "title")),
    ]
    return [title for title in titles if title]


def _resolved(node: Node, found: Sequence[Node]) -> Node:
    """Return an object with the objects its fields refer to in their places."""
    known = {key: other for other in found if isinstance(key := other.get("@id"), str)}

    def resolve(value: object) -> object:
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):  # noqa: PLR2004 - and a type
            return known.get(value["@id"], value)
        return (
            [resolve(item) if isinstance(item, dict) else item for item in value] if isinstance(value, list) else value
        )

    return {name: resolve(value) for name, value in node.items()}


def _metas(root: Element) -> dict[str, list[Statement]]:
    metas: dict[str, list[Statement]] = {}
    for meta in elements(root, "meta"):
        written = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = one_line((meta.get("content") or "")[:_TEXT_LIMIT])
        for name in written.split()[:_MOST] if content else ():
            values = metas.setdefault(key(name), [])
            if len(values) < _MOST:
                values.append(Statement(content, f"meta {one_line(name)[:80]}"))
    return metas


def key(name: str) -> str:
    """Return a meta element's name as all its spellings have it: `article:published_time` is `articlepublishedtime`."""
    return _NAME_PARTS.sub("", name.lower().rpartition("#")[2])


def _items(root: Element) -> dict[str, list[Statement]]:
    items: dict[str, list[Statement]] = {}
    for element in elements(root):
        if _ARTICLE.fullmatch((element.get("itemtype") or "").rpartition("/")[2]):
            items.setdefault("article", []).append(Statement("", "itemtype"))
        name = (element.get("itemprop") or "").lower()
        if element.tag == "meta" or name not in _PROPERTIES:
            continue
        values = items.setdefault(name, [])
        value = "" if len(values) == _MOST else element.get("content") or element.get("datetime") or text_in(element)
        if value:
            values.append(Statement(one_line(value[:_TEXT_LIMIT]), f"itemprop {element.get('itemprop')}"))
    return items
