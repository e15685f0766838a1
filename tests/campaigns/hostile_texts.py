"""Texts that mean something to whatever shows them, and the places in which sources can carry them."""

import csv
import html
import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

Carry = Callable[[Path, str], None]
"""Puts a source that carries a text into a folder."""

TEXTS = {
    "clear screen": "\x1b[2J\x1b[H harbour",
    "window title": "\x1b]0;owned\x07 harbour",
    "clipboard": "\x1b]52;c;aGFyYm91cg==\x07 harbour",
    "hyperlink": "\x1b]8;;javascript:alert(1)\x1b\\harbour\x1b]8;;\x1b\\",
    "device report": "\x1b[6n\x1b[c\x1bZ harbour",
    "C1 sequence": "\x9b31m\x9d0;owned\x9c harbour",
    "backspaces": "harbour\b\b\b\b\b\b\bcastle",
    "carriage return": "harbour\rcastle",
    "bell and NUL": "har\x00bour \x07 harbour",
    "delete": "harbour\x7f\x7f\x7f",
    "right-to-left override": "harbour \u202etxt.exe\u202c",
    "isolates": "harbour \u2067\u2066abc\u2069 def",
    "marks": "harbour \u200e\u200f\u061c",
    "line separators": "harbour\u2028castle\u2029tower\x85end",
    "tags": "harbour \U000e0041\U000e0042",
    "surrogate": "harbour \ud83d castle \udc00",
    "no character": "harbour \ufffe\uffff \ufdd0",
    "combining": "harbour" + "\u0301" * 5_000,
    "wide": "harbour " + "\U00020000\uff21\u3042" * 200,
    "zero width": "har\u200bbour \u200dharbour\ufeff",
    "Rich markup": "[bold red]harbour[/] [link=file:///etc/passwd]x[/link] [/b] [@click=app.quit]q[/]",
    "emoji codes": ":heart: harbour :skull:",
    "backslashes": "harbour\\[bold]\\\\ \\x1b[31m \\033[0m",
    "formula": "=cmd|'/c calc'!A1 harbour",
    "formula with a sign": "+1+1 harbour",
    "formula at": "@SUM(1+1)*harbour",
    "formula behind a blank": " =1+1 harbour",
    "formula behind a tab": "\t=1+1 harbour",
    "minus": "-2+3+harbour",
    "quotes": "harbour \"\"\" ''' ``` $(id) `id` ; rm -rf ~",
    "markup": "<script>alert(1)</script> harbour <img src=x onerror=alert(1)>",
    "Markdown": "harbour ](javascript:alert(1)) ![x](http://evil.example/x) | a | # b",
    "percent": "harbour %s %n %(x)s {0} {x!r} ${HOME}",
    "path": "../../../../etc/passwd harbour",
    "long word": "harbour " + "x" * 100_000,
    "line of blanks": "harbour" + " " * 100_000 + "castle",
    "many lines": "harbour" + "\n" * 20_000 + "castle",
    "one letter": "a harbour " * 1,
}


def _jsonl(folder: Path, **fields: object) -> None:
    whole = {"id": "hostile", "title": "Harbour", "body": "The harbour was quiet. " * 4, **fields}
    (folder / "hostile.jsonl").write_text(json.dumps(whole) + "\n")


def _csv(folder: Path, text: str) -> None:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["id", "title", "body"])
    writer.writerow(["hostile", text.replace("\0", ""), "The harbour was quiet."])
    (folder / "hostile.csv").write_text(table.getvalue(), encoding="utf-8", errors="surrogatepass")


def _page(folder: Path, text: str) -> None:
    body = "<p>The harbour was quiet on the day that the ships left it for the north.</p>" * 4
    shown = html.escape(text)
    page = f"<html><head><title>{shown}</title><meta name=author content='{shown}'></head>"
    data = f"{page}<body><article><h1>{shown}</h1>{body}<p>{shown}</p></article></body></html>"
    (folder / "hostile.html").write_bytes(data.encode("utf-8", "surrogatepass"))


def _feed(folder: Path, text: str) -> None:
    shown = escape(text)
    item = f"<item><title>{shown}</title><description>harbour {shown}</description><link>{shown}</link></item>"
    data = f"<rss version='2.0'><channel><title>{shown}</title>{item}</channel></rss>"
    (folder / "hostile.xml").write_bytes(data.encode("utf-8", "surrogatepass"))


def _mail(folder: Path, text: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Harbour"
    message["From"] = "a@example.org"
    message["Message-ID"] = "<1@example.org>"
    message.set_content("harbour " + text.encode("utf-8", "replace").decode())
    head = f"X-Note: {text}\n".encode("utf-8", "surrogatepass")
    (folder / "hostile.eml").write_bytes(head.replace(b"\n", b" ")[:-1] + b"\n" + message.as_bytes())


def _markdown(folder: Path, text: str) -> None:
    data = f"---\ntitle: {json.dumps(text)}\n---\n\n# {text}\n\nThe harbour was quiet.\n\n{text}\n"
    (folder / "hostile.md").write_bytes(data.encode("utf-8", "surrogatepass"))


def _saved_page(folder: Path, text: str) -> None:
    data = f"{text}\n2025-03-22\n\nThe harbour was quiet on the day that the ships left it for the north.\n\n{text}\n"
    (folder / "hostile.txt").write_bytes(data.encode("utf-8", "surrogatepass"))


def _file_name(folder: Path, text: str) -> None:
    name = text.encode("utf-8", "surrogatepass").replace(b"\0", b"").replace(b"/", b"_")[:200] + b".jsonl"
    name = name.lstrip(b".")  # what begins with a dot is hidden, and not taken in
    with open(os_path(folder) + b"/" + name, "w", encoding="utf-8") as stream:  # noqa: PTH123 - of bytes
        stream.write('{"id": "hostile", "title": "Harbour"}\n{broken\n')


def os_path(folder: Path) -> bytes:
    """Return a place as the system knows it."""
    return str(folder).encode()


CARRIERS: dict[str, Carry] = {
    "a title": lambda folder, text: _jsonl(folder, title=text),
    "a body": lambda folder, text: _jsonl(folder, body=text),
    "a source": lambda folder, text: _jsonl(folder, source=text, section=text, dateline=text),
    "an author": lambda folder, text: _jsonl(folder, authors=[text, text]),
    "an id and a URL": lambda folder, text: _jsonl(folder, id=text, url=f"http://example.org/{text}"),
    "a field that is none": lambda folder, text: _jsonl(folder, **{f"x{text}": 1}, published=text),
    "a table": _csv,
    "a page": _page,
    "a feed": _feed,
    "a mail": _mail,
    "a Markdown document": _markdown,
    "a page saved as text": _saved_page,
    "a file name": _file_name,
}
