"""Sources of each kind that carry a text."""

import csv
import html
import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from xml.sax.saxutils import escape

_BODY = "The harbour was quiet on the day that the ships left it for the north."


def _records(text: str) -> str:
    """Carry it in all fields of a record, and in others that are refused for what is in them."""
    names = ("id", "title", "body", "source", "section", "url", "authors", "lang", "dateline")
    whole = {name: f"{text} harbour" if name == "body" else text for name in names}
    others = [
        whole | {"body": f"Another text, {text}.", "url": f"https://a.example/{text}"},
        {"title": text, "published": text},
        {"title": [text]},
        {text: text},
        {"id": text, "title": text, "updated": f"2025-03-04{text}"},
    ]
    lines = [json.dumps(one) for one in (whole, *others)]
    return "\n".join([*lines, "{" + text.replace("\n", " "), ""])


def _table(text: str) -> str:
    table = io.StringIO()
    csv.writer(table).writerows([["id", "title", "body"], ["carried", text.replace("\0", ""), _BODY]])
    return table.getvalue()


def _page(text: str) -> str:
    shown, body = html.escape(text), f"<p>{_BODY}</p>" * 4
    head = f"<title>{shown}</title><meta name=author content='{shown}'>"
    return f"<html><head>{head}</head><body><article><h1>{shown}</h1>{body}<p>{shown}</p></article></body></html>"


def _feed(text: str) -> str:
    shown = escape(text)
    item = f"<item><title>{shown}</title><description>{_BODY} {shown}</description><link>{shown}</link></item>"
    return f"<rss version='2.0'><channel><title>{shown}</title>{item}</channel></rss>"


def _mail(text: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Harbour"
    message["From"] = "a@a.example"
    message.set_content(f"{_BODY} {text}")
    noted = " ".join(f"X-Note: {text}".split("\n")).encode()
    return noted + b"\n" + message.as_bytes()


def _markdown(text: str) -> str:
    return f"---\ntitle: {json.dumps(text)}\n---\n\n# {text}\n\n{_BODY}\n\n{text}\n"


def _saved_page(text: str) -> str:
    return f"{text}\n2025-03-22\n\n{_BODY}\n\n{text}\n"


CARRIERS: dict[str, tuple[str, Callable[[str], bytes | str]]] = {
    "in records": ("a.jsonl", _records),
    "in a table": ("a.csv", _table),
    "in a page": ("a.html", _page),
    "in a feed": ("a.xml", _feed),
    "in a message": ("a.eml", _mail),
    "in Markdown": ("a.md", _markdown),
    "in a page saved as text": ("a.txt", _saved_page),
}
"""What carries a text, and the name of its file."""
