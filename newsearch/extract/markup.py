"""Fragments of HTML, as in the fields of feeds and records, to plain paragraphs; with nothing but the standard library.

Tags are found by one expression and not by `html.parser`, whose time grows with the square of a text full of unclosed
tags. What it finds is what a browser would take for a tag, a comment or a script (WHATWG HTML, 13.2.5), nesting aside.
"""

import re

from newsearch.analysis.references import unescaped
from newsearch.extract.text import paragraphs

_ATTRIBUTES = r"""(?:[\s/](?:[^<>"']++|"[^"]*+"|'[^']*+')*+)?"""
_MARKUP = re.compile(
    rf"""
    <!--.*?(?:-->|\Z)
    | <!\[CDATA\[ | \]\]>
    | <(?P<unseen>script|style|template|noscript|iframe|svg|title|figcaption){_ATTRIBUTES}>.*?(?:</(?P=unseen)\s*>|\Z)
    | </?(?P<name>[a-z][a-z0-9:-]*+){_ATTRIBUTES}>
    | <[!?][^<>]*+>
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
    *("nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"),
)
_INLINE = ("a", "abbr", "b", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strong", "sub", "sup", "u")
_SPACES = {**dict.fromkeys(_BLOCKS, "\n\n"), "br": "\n", "tr": "\n", "td": " ", "th": " "}
"""What stands in the text for a tag; the tags of elements that are not named here leave nothing."""
_TAG_IN_PLACE = re.compile(
    rf"""
    (?: ^[ \t]* | (?<=[^\s`'"(\[{{<,;:/]) ) <(?!(?-i:[A-Z]+>))(?:{"|".join(_SPACES)}){_ATTRIBUTES}> (?! [ ][^\s<] )
    | (?<=[^\s`'"(\[{{<,;:/]) </(?:{"|".join((*_SPACES, *_INLINE))})\s*>
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_SPACE = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S\n]+")


def looks_like_markup(text: str) -> bool:
    """Tell whether a text is HTML and not prose that names tags.

    It has a tag where markup has one: a block's at the start of a line or right behind a word, or the end of an element
    right behind what it holds. Prose sets a tag apart by a space, a quote or a bracket, and in the news of markets
    `DuPont <DD>` is a share: capitals alone are no tag.
    """
    return "<" in text and _TAG_IN_PLACE.search(text) is not None  # most texts are settled without the search


def text_of(markup: str) -> str:
    """Return what a fragment of HTML shows, as paragraphs separated by blank lines; scripts and the like left out."""
    pieces: list[str] = []
    end = 0
    for tag in _MARKUP.finditer(markup):
        pieces += _SPACE.sub(" ", markup[end : tag.start()]), _SPACES.get((tag["name"] or "").lower(), "")
        end = tag.end()
    pieces.append(_SPACE.sub(" ", markup[end:]))
    return paragraphs(_BLANKS.sub(" ", unescaped("".join(pieces))))
