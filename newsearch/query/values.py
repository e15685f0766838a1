"""What articles state about themselves, and which of these values answer to one in a query."""

import re
import unicodedata
from functools import lru_cache

from newsearch.analysis import fold, tokenize
from newsearch.model import Article
from newsearch.query.tree import ValueField

_NO_QUOTES = dict.fromkeys(map(ord, '"“”„«»'), " ")
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@:]+(?:\.[^\s/?#@:]+)+")


def stated(article: Article, field: ValueField) -> str:
    """Return what an article states in a field; empty when it states nothing, and the names of authors line by line."""
    match field:
        case "by":
            return "\n".join(" ".join(name.split()) for name in article.authors)
        case "file":
            origin = article.origin  # what is in an archive is asked for as if it lay in a folder
            return "/".join((origin.path, *filter(None, origin.member.split("!"))))
        case "site":
            return _host(article.url) or (_host(article.source) if _HOST.fullmatch(article.source) else "")
    return str(getattr(article, field))


def normal(field: ValueField, value: str) -> str:
    """Return the form of a value, stated or asked for, in which it is compared.

    Whole names are folded; of a site its host remains; authors and datelines become folded words between spaces.
    """
    match field:
        case "site":
            return _host(folded_value(value))
        case "by" | "dateline":
            return "\n".join(filter(None, map(_words, value.split("\n"))))
    return folded_value(value)


def answers(field: ValueField, value: str, asked: str) -> bool:
    """Tell whether a value answers to one that is asked for.

    Args:
        field: what they are values of.
        value: what is stated, in its normal form.
        asked: alike. An empty one asks for what states nothing.
    """
    if not asked or not value or field in ("source", "section", "lang"):
        return value == asked
    match field:
        case "site":
            return value == asked or value.endswith(f".{asked}")
        case "file":
            return bool(_path(asked).fullmatch(value))
    return asked in value


def folded_value(value: str) -> str:
    """Fold a value for comparison: case, compatibility forms and white space do not matter.

    Quotes do not count either, so that every value can be quoted.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return " ".join(folded.translate(_NO_QUOTES).split())


def _words(line: str) -> str:
    """Return the folded words of a line between spaces; what folding leaves of an odd one is cut and folded again."""
    words = ""
    while line != words:
        words, line = line, " ".join(fold(token.text) for token in tokenize(unicodedata.normalize("NFKC", line)))
    return f" {words} " if words else ""


def _host(address: str) -> str:
    start = _SCHEME.match(address)
    authority = re.split(r"[/?#]", address[start.end() if start else 0 :], maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].strip(" .").casefold()


@lru_cache(maxsize=1 << 8)
def _path(asked: str) -> re.Pattern[str]:
    """Return what matches a path or its last parts, with `*` and `?`; ending with a slash, all below a folder."""
    from fnmatch import translate  # noqa: PLC0415 - as few queries need it

    wild = asked.replace("[", "[[]") + ("*" if asked.endswith("/") else "")
    return re.compile(f"(?:.*/)?{translate(wild)}", re.DOTALL)
