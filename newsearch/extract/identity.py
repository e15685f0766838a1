"""Which captures show the same article, and which contents are the same."""

import hashlib
import json
import re
from base64 import b32encode
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsearch.model import Article, Moment

_USABLE_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffd]{1,200}")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref_src|cmpid|yclid")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes captures show the same article."""

    key: str
    """Equal for the same article."""
    id: str
    """The id to give it, unless another article already bears it."""


def identify(article: Article) -> Identity:
    """Return an article's identity.

    In this order: the record's own id within its source, or within its file where it states no source; else its
    canonical URL; else source, title and the published minute; else its content.
    """
    if article.own_id:
        key = f"id\n{article.source.casefold() or article.origin.path}\n{article.own_id}"
        usable = _USABLE_ID.fullmatch(article.own_id) and not article.own_id.startswith("-")
        return Identity(key, article.own_id if usable else _short(key))
    if url := canonical_url(article.url):
        key = f"url\n{url}"
    elif article.title and article.published and article.published.precision == "minute":
        minute = article.published.instant.isoformat(timespec="minutes")
        key = f"title\n{article.source.casefold()}\n{article.title}\n{minute}"
    else:
        key = f"content\n{digest(article)}"
    return Identity(key, _short(key))


def alternative_id(identity: Identity) -> str:
    """Return the id for an article whose own id another source's article already bears."""
    return f"{identity.id}@{_short(identity.key)[:8]}"


def digest(article: Article) -> str:
    """Return the hash of an article's content: title, body, and everything the source states about them."""
    stated = [
        article.title,
        article.body,
        *(_stated(moment) for moment in (article.published, article.updated)),
        article.source,
        article.section,
        article.url,
        article.authors,
        "" if article.lang_detected else article.lang,
        article.dateline,
        article.own_id,
    ]
    return hashlib.blake2b(json.dumps(stated).encode(), digest_size=16).hexdigest()


def canonical_url(url: str) -> str:
    """Return an http(s) URL without what does not tell pages apart; empty when it is none.

    Scheme, `www.`, default port, fragment, tracking parameters and the order of the others do not.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return urlunsplit(("https", place, parts.path.rstrip("/") or "/", urlencode(query), ""))


def _stated(moment: Moment | None) -> str:
    return f"{moment.isoformat()} {moment.evidence}" if moment else ""


def _short(key: str) -> str:
    return b32encode(hashlib.blake2b(key.encode(), digest_size=10).digest()).decode().lower()
