"""Texts that act on what shows them, or on who reads them, and names of files and words of commands made of them."""

from collections.abc import Callable
from pathlib import Path

from .case import SOURCES

TEXTS = {
    "colours": "\x1b[31;5mred\x1b[0m",
    "marks without an end": "a" + "\u0300\u0316" * 400_000,
    "clear screen": "\x1b[2J\x1b[H",
    "window title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "hidden link": "\x1b]8;;javascript:alert(1)\x1b\\here\x1b]8;;\x1b\\",
    "device control": "\x1bP+q544e\x1b\\",
    "status report": "\x1b[6n\x1b[c\x05",
    "keys redefined": '\x1b["rm -rf /";13p',
    "private message": "\x1b^pm\x1b\\\x1b_apc\x1b\\\x1bXsos\x1b\\",
    "graphics": "\x1bPq#0;2;0;0;0~\x1b\\",
    "alternate screen": "\x1b[?1049h\x1b[?25l\x1bc",
    "C1 introducer": "\x9b31mred\x9d0;owned\x9c",
    "C1 in UTF-8": "\u0090q\u0098x\u009e\u009f\u0085line",
    "bell and backspace": "safe\x08\x08\x08\x08evil\x07",
    "carriage return": "harmless\rharmful",
    "vertical tab and form feed": "a\x0bb\x0cc",
    "nul": "a\x00b",
    "delete": "a\x7fb",
    "shift out": "\x0e\x0f\x1b(0lqqk\x1b(B",
    "bidi override": "\u202eexe.txt\u202d",
    "bidi isolates": "\u2066\u2067\u2068a\u2069",
    "bidi marks": "a\u200e\u200f\u061cb",
    "bidi never closed": "\u202a\u202b" * 200 + "a",
    "tag characters": "a" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"),
    "line separators": "one\u2028two\u2029three",
    "byte order mark": "\ufeffa\ufffe",
    "annotations": "\ufff9a\ufffab\ufffb",
    "no characters": "\ufdd0\uffff\U0001fffe\U0010ffff",
    "private use": "\ue000\U000f0000",
    "zero width": "a\u200b\u200c\u200d\u2060b",
    "many accents": "Z" + "\u0301\u0489\u20dd" * 500,
    "wide and narrow": "\uff21" * 100 + "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "other letters": "\u0430pple \u03bfpen \uff5e\uff0f",
    "markup": "[bold red]a[/bold red] [/] [link=javascript:alert(1)]x[/link] [@click=app.quit]x[/]",
    "emoji codes": ":heart: :warning: :smile",
    "formula": "=cmd|' /C calc'!A0",
    "formula behind blanks": '  \n=HYPERLINK("http://evil.example")',
    "formula plus": "+1+1",
    "formula minus": "-2+3",
    "formula at": "@SUM(1)",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "formula wide": "\uff1d1+1",
    "formula quoted": '"=1+1",\n"=2"',
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown": "](javascript:alert(1)) ![x](http://evil.example/x.png) `$(id)` **b**\n# h\n---",
    "shell": "$(touch made) `touch made`; touch made | touch made & touch made > made",
    "format": "%s%n%x {0} {0.__class__} ${HOME} %(a)s",
    "path": "../../../../etc/passwd",
    "own message": "\nnewsearch: all is well\nindex: /elsewhere",
    "query": 'a AND (b OR "c" NOT saved:x~2) title:* \\',
    "statement": "'; DROP TABLE files; --",
    "backslashes": "\\[bold]\\\\ \\x1b[31m \\033[0m \\u202e",
    "long word": "x" * 100_000,
    "many blanks": "a" + " " * 100_000 + "b",
    "many lines": "a" + "\n" * 20_000 + "b",
}


def named(text: str) -> Callable[[Path], object]:
    """Return how to write sources, and a folder of them, that are named so."""
    name = "".join("_" if character in "/\0" else character for character in text)[:60]

    def write(base: Path) -> None:
        folder = base / SOURCES / f"d{name}"
        folder.mkdir()
        (folder / f"{name}.jsonl").write_text('{"title": "Named", "body": "In the harbour."}\n{"title": ["a"]}\n')
        (folder / f"{name}.bin").write_bytes(b"\x7fELF\0\1\2")
        (folder / f"link{name}").symlink_to(f"/nowhere/{name}")

    return write


def asked(text: str) -> list[list[str]]:
    """Return commands in whose words a text stands."""
    given = text.replace("\0", "\ufffd")
    return [
        ["query", "--", given],
        ["query", "--color", "always", "--explain", "--", f'"{given}" harbour'],
        ["query", "--literal", "--color", "always", "--", given],
        ["query", "harbour", "--source", given, "--section", given, "--lang", given],
        ["query", "harbour", "--since", given],
        ["query", "harbour", "--as-of", given],
        ["query", "harbour", "--tz", given],
        ["query", "harbour", "--fields", given],
        ["query", "harbour", "--format", given],
        ["query", "--", f"title:({given})"],
        ["query", "--", f"saved:{given}"],
        ["save", "kept", "--", given],
        ["save", "--", given, "harbour"],
        ["saved"],
        ["query", "saved:kept", "--color", "always"],
        ["saved", "--remove", given],
        ["show", "--", given],
        ["diff", "--", given],
        ["remove", "--yes", "--", given],
        ["index", "--map", f"title={given}", "--", given],
        ["index", "--assume-tz", given],
        ["index", "--as", given],
        ["index", "--exclude", given, SOURCES],
        ["status", "--index", given],
        ["config", "--index", given],
    ]
