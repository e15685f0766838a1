"""Hostile things by their names, in groups: what each puts beside two ordinary articles."""

from collections.abc import Iterator, Mapping

from .archives import ARCHIVES, PDF
from .carriers import CARRIERS
from .case import SOURCES, Case, into, made
from .documents import CSV, JSON, MAIL, MARKDOWN, PAGES, SGML, WARC
from .markup import HTML, XML, XML_TRICKS, xml
from .places import FILES, INDEXES, SETTINGS, settings
from .texts import TEXTS, asked, named

__all__ = ["CASES", "SOURCES", "Case", "into"]
_LONGEST_WORD = 10_000
"""Characters of a word of a command."""


def _cases() -> Iterator[tuple[str, Case]]:
    """Yield all cases with their names, group by group."""
    for name, text in TEXTS.items():
        for place, (file, carry) in CARRIERS.items():
            yield f"{place}: {name}", Case(into(file, carry(text)))
        yield f"in file names: {name}", Case(named(text))
        yield f"in commands: {name}", Case(lambda _: None, asked(text[:_LONGEST_WORD]), silent=True)
    yield from ((f"pages: {name}", Case(into("a.txt", content))) for name, content in PAGES.items())
    yield from ((f"html: {name}", Case(into("a.html", content))) for name, content in HTML.items())
    for kind in XML:
        yield from ((f"xml: {kind}: {name}", Case(into("a.xml", xml(kind, name)))) for name in XML_TRICKS)
    yield from ((f"json: {name}", Case(into(f"a{name[name.index('.') :]}", content))) for name, content in JSON.items())
    yield from ((f"csv: {name}", Case(into("a.csv", content))) for name, content in CSV.items())
    yield from ((f"mail: {name}", Case(into("a.eml", content))) for name, content in MAIL.items())
    yield from ((f"markdown: {name}", Case(into("a.md", content))) for name, content in MARKDOWN.items())
    yield from ((f"warc: {name}", Case(into("a.warc", content))) for name, content in WARC.items())
    yield from ((f"sgml: {name}", Case(into("a.sgm", content))) for name, content in SGML.items())
    yield from (
        (f"archives: {name}", Case(made(f"a{name[name.index('.') :]}", content))) for name, content in ARCHIVES.items()
    )
    yield from ((f"pdf: {name}", Case(made("a.pdf", content))) for name, content in PDF.items())
    yield from ((f"settings: {name}", Case(settings(text), codes={2, 3})) for name, text in SETTINGS.items())
    yield from ((f"files: {name}", case) for name, case in FILES.items())
    yield from ((f"indexes: {name}", Case(lambda _: None, spoil=spoil)) for name, spoil in INDEXES.items())


CASES: Mapping[str, Case] = dict(_cases())
