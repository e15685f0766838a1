"""PDF and Word files to articles."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from newsearch.extract import Settings, articles_in
from newsearch.inputs import read as captures
from newsearch.model import Article, DocumentCapture, Origin, Skipped

ORIGIN = Origin("report")
CAPTURED = datetime(2025, 4, 18, tzinfo=UTC)
LINES = (
    "The ferry left the harbour on time, and nobody who stood at the pier saw any-",
    "thing wrong with it. An inspector had told the owner that the plates were thin",
    "and had to go.",
    "Passengers were taken ashore in small boats, wrapped in blankets, and given hot",
    "tea in the old customs house.",
)
PARAGRAPHS = [
    (
        "The ferry left the harbour on time, and nobody who stood at the pier saw anything wrong with it. "
        "An inspector had told the owner that the plates were thin and had to go."
    ),
    "Passengers were taken ashore in small boats, wrapped in blankets, and given hot tea in the old customs house.",
]


def pdf(pages: Sequence[Sequence[str]], title: str = "", password: str = "") -> bytes:
    """A PDF document of lines."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in FONT.items()})
    for lines in pages:
        blank = writer.add_blank_page(612, 792)
        stream = DecodedStreamObject()
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream.set_data(f"BT /F1 11 Tf 14 TL 40 740 Td {shown} ET".encode())
        blank[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        blank[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if title:
        writer.add_metadata({"/Title": title, "/CreationDate": "D:20200101000000Z"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


OPENS = "sesame"
FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}


def word(paragraphs: Sequence[tuple[str, str]], title: str = "") -> bytes:
    """A Word document of paragraphs with their styles."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.created = datetime(2020, 1, 1, tzinfo=UTC)
    for text, style in paragraphs:
        document.add_paragraph(text, style or None)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Crew", "12"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(kind: str, content: bytes) -> Article | Skipped:
    (found,) = articles_in(DocumentCapture(ORIGIN, kind, content, CAPTURED), Settings())
    return found


def article(kind: str, content: bytes) -> Article:
    found = read(kind, content)
    assert isinstance(found, Article), found
    return found


def test_a_pdf_document_becomes_an_article() -> None:
    found = article("pdf", pdf([["Ferry sails", "", *LINES]], title="Ferry sails"))
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", PARAGRAPHS)
    assert (found.published, found.updated, found.authors, found.captured) == (None, None, (), CAPTURED)


@pytest.mark.parametrize(
    "title", ["", "Microsoft Word - ferry.doc", "ferry_final2.indd", "untitled", "x" * 400, "---"], ids=range(6)
)
def test_a_title_that_is_none_gives_way_to_the_first_line(title: str) -> None:
    found = article("pdf", pdf([["Ferry sails", "", *LINES]], title=title))
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", PARAGRAPHS)


def test_page_numbers_and_what_all_pages_have_on_top_are_not_searchable() -> None:
    pages = [["Harbour Report", *LINES, f"Page {number} of 4"] for number in range(1, 5)]
    found = article("pdf", pdf(pages, title="Ferry"))
    assert found.body.split("\n\n") == PARAGRAPHS * 4


def test_a_paragraph_goes_on_over_the_page() -> None:
    found = article("pdf", pdf([[*LINES[:2], "1"], [*LINES[2:], "2"]], title="Ferry"))
    assert found.body.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf([[]]), "no-text"),
        (pdf([]), "no-text"),
        (pdf([["? " * 400]]), "no-text"),
        (pdf([LINES], password=OPENS), "encrypted"),
        (pdf([LINES])[:300], "broken-pdf"),
        (b"%PDF-1.7\n" + b"\0" * 1000, "broken-pdf"),
    ],
    ids=["scan", "no page", "no letter", "password", "cut", "zeros"],
)
def test_a_pdf_document_without_text_is_skipped(content: bytes, reason: str) -> None:
    found = read("pdf", content)
    assert isinstance(found, Skipped)
    assert (found.origin, found.reason, "\n" in found.detail) == (ORIGIN, reason, False)


def test_a_word_document_becomes_an_article() -> None:
    found = article("docx", word([("Ferry sails", "Title"), *((text, "") for text in PARAGRAPHS)], title="Document1"))
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", [*PARAGRAPHS, "Crew 12"])
    assert (found.published, found.updated, found.authors) == (None, None, ())


def test_a_line_of_signs_is_neither_a_title_nor_lost() -> None:
    found = article("docx", word([("* " * 200, ""), *((text, "") for text in PARAGRAPHS)]))
    assert (found.title, found.body.split("\n\n")) == ("", [("* " * 200).strip(), *PARAGRAPHS, "Crew 12"])


def test_a_word_document_without_a_marked_title_has_that_of_its_metadata() -> None:
    texts = [(text, "") for text in PARAGRAPHS]
    assert article("docx", word(texts, title="Ferry sails")).title == "Ferry sails"
    assert article("docx", word([("Ferry sails", ""), *texts])).title == "Ferry sails"


def marked_up(*parts: str) -> bytes:
    """A Word document of parts as they stand in its XML."""
    document = docx.Document()
    names = "".join(f' xmlns:{prefix}="{nsmap[prefix]}"' for prefix in ("w", "wp"))
    for part in parts:
        compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        for element in parse_xml(f"<w:body{names} {compatible}>{part}</w:body>"):
            document.element.body.insert(-1, element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def run_of(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph_of(text: str) -> str:
    return f"<w:p>{run_of(text)}</w:p>"


def cell_of(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def repacked(content: bytes, *changes: tuple[str, str]) -> bytes:
    """A Word document with other names in it, and in its parts, which are left out where they have none."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as other:
        for name in made.namelist():
            part = made.read(name)
            for pattern, put in changes:
                name = re.sub(pattern, put, name)  # noqa: PLW2901
                part = re.sub(pattern.encode(), put.encode(), part)
            if name:
                other.writestr(name, part)
    return out.getvalue()


def test_a_word_document_may_call_its_text_as_it_likes() -> None:
    content = repacked(word([("Ferry sails", "Title"), (PARAGRAPHS[0], "")]), ("/document.xml", "/document2.xml"))
    (capture,) = captures(io.BytesIO(content), "report.docx", CAPTURED)
    assert isinstance(capture, DocumentCapture)
    (found,) = articles_in(capture, Settings())
    assert isinstance(found, Article)
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", [PARAGRAPHS[0], "Crew 12"])


def test_a_word_document_without_metadata_has_the_title_of_its_first_line() -> None:
    content = word([("Ferry sails", ""), (PARAGRAPHS[0], "")], title="Something else")
    content = repacked(content, ("^docProps/core.xml$", ""), ('<Relationship [^>]*"docProps/core.xml"[^>]*/>', ""))
    found = article("docx", content)
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", [PARAGRAPHS[0], "Crew 12"])


def test_a_content_control_is_read() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    inline = f"<w:p>{run_of('The ferry left ')}{control.format(run_of('the harbour'))}{run_of(' on time.')}</w:p>"
    found = article("docx", marked_up(control.format(paragraph_of("Ferry sails")), inline))
    assert (found.title, found.body) == ("Ferry sails", "The ferry left the harbour on time.")


def test_tracked_changes_are_taken_as_made() -> None:
    changed = (
        f"<w:p>{run_of('The ferry left ')}<w:ins w:id='1' w:author='a'>{run_of('the harbour ')}</w:ins>"
        f"<w:moveFrom w:id='2' w:author='a'>{run_of('at noon ')}</w:moveFrom>"
        "<w:del w:id='3' w:author='a'><w:r><w:delText>the island </w:delText></w:r></w:del>"
        f"{run_of('on time.')}</w:p>"
    )
    assert article("docx", marked_up(paragraph_of("Ferry"), changed)).body == "The ferry left the harbour on time."


def test_each_cell_of_a_table_counts_once_and_equal_ones_count_all() -> None:
    wide = "<w:gridSpan w:val='999999999'/>"
    cells = "".join(cell_of(paragraph_of(text)) for text in ("Crew", "12", "12"))
    table = f"<w:tbl><w:tr>{cell_of(paragraph_of('Aboard'), wide)}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    assert article("docx", marked_up(paragraph_of("Ferry"), table)).body == "Aboard\n\nCrew 12 12"


def test_a_table_that_lays_out_text_has_its_paragraphs() -> None:
    inner = f"<w:tbl><w:tr>{cell_of(''.join(map(paragraph_of, PARAGRAPHS)))}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr>{cell_of(paragraph_of('Ferry sails') + inner + '<w:p/>')}</w:tr></w:tbl>"
    found = article("docx", marked_up(outer))
    assert (found.title, found.body.split("\n\n")) == ("Ferry sails", PARAGRAPHS)


def test_text_boxes_in_each_other_are_read_once_each() -> None:
    nested = paragraph_of("Innermost.")
    for depth in range(30):
        box = f"<w:r><w:pict><w:txbxContent>{nested}</w:txbxContent></w:pict></w:r>"
        nested = f"<w:p>{run_of(f'Box {depth}.')}{box}</w:p>"
    found = article("docx", marked_up(paragraph_of("Ferry"), nested))
    assert found.body.split("\n\n") == [*(f"Box {depth}." for depth in reversed(range(30))), "Innermost."]


def test_what_was_deleted_is_read_nowhere() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph_of('A box that went.')}</w:txbxContent></w:pict></w:r>"
    gone = f"<w:p>{run_of('The ferry left.')}<w:del w:id='1' w:author='a'>{box}</w:del></w:p>"
    row = f"<w:tr><w:trPr><w:del w:id='2' w:author='a'/></w:trPr>{cell_of(paragraph_of('A row that went.'))}</w:tr>"
    kept = f"<w:tr>{cell_of(paragraph_of('A row that stayed.'))}</w:tr>"
    found = article("docx", marked_up(paragraph_of("Ferry"), gone, f"<w:tbl>{row}{kept}</w:tbl>"))
    assert found.body.split("\n\n") == ["The ferry left.", "A row that stayed."]


def test_cells_in_content_controls_are_cells_of_their_row() -> None:
    cells = "".join(
        f"<w:sdt><w:sdtContent>{cell_of(paragraph_of(text))}</w:sdtContent></w:sdt>" for text in ("Crew", "12")
    )
    found = article("docx", marked_up(paragraph_of("Ferry"), f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert found.body == "Crew 12"


def test_a_text_box_is_read_once_after_the_paragraph_it_stands_in() -> None:
    box = f"<w:txbxContent>{paragraph_of('A box of text.')}</w:txbxContent>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    holding = f"<w:p>{run_of('The ferry ')}<w:r>{twice}</w:r>{run_of('left.')}</w:p>"
    found = article("docx", marked_up(paragraph_of("Ferry"), holding, paragraph_of("It came back.")))
    assert found.body.split("\n\n") == ["The ferry left.", "A box of text.", "It came back."]


def test_characters_are_read_without_how_they_are_spoken() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run_of('とうきょう')}</w:rt><w:rubyBase>{run_of('東京')}</w:rubyBase></w:ruby></w:r>"
    found = article("docx", marked_up(paragraph_of("港"), f"<w:p>{ruby}{run_of('の港')}</w:p>"))
    assert found.body == "東京の港"


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", word([])[:500], b""], ids=["no-zip", "cut", "empty"])
def test_a_broken_word_document_is_skipped(content: bytes) -> None:
    found = read("docx", content)
    assert isinstance(found, Skipped)
    assert (found.reason, "\n" in found.detail) == ("broken-docx", False)


def test_a_dateline_in_the_text_is_the_day_of_publication() -> None:
    story = "LAS PALMAS--(HARBOUR WIRE)--May 6, 2024--The ferry left the harbour on time."
    found = article("docx", word([("Ferry sails", "Title"), (story, "")]))
    assert found.published is not None
    assert (found.published.isoformat(), found.published.evidence) == ("2024-05-06", "dateline")
    assert found.dateline == "LAS PALMAS--(HARBOUR WIRE)--May 6, 2024--"
    assert "May 6, 2024" in found.body
