"""Which encoding a page is in."""

import pytest
from pages_of_html import BODY, article, page

from newsearch.extract.html.decoding import decoded

WORD = "Fähre für Zürich"


def said(encoding: str) -> str:
    return page(f"<meta charset={encoding}><title>{WORD}</title>", BODY)


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (said("latin-1").encode("latin-1"), ""),
        (said("utf-8").encode("latin-1"), "iso-8859-1"),
        (b"\xef\xbb\xbf" + said("utf-16").encode(), ""),
        (b"\xef\xbb\xbf" + said("latin-1").encode(), "latin-1"),
        (said("utf-8").encode(), ""),
        (said("utf-16").encode(), ""),
        (said("no-such-thing").encode(), "nor-this"),
        (said("punycode").encode(), "unicode_escape"),
        (said("iso-8859-1").encode(), ""),  # saved anew as UTF-8, with the old meta element
        (page(f"<title>{WORD}</title>", BODY).encode(), ""),
        (f"<?xml version='1.0' encoding='iso-8859-1'?>{page(f'<title>{WORD}</title>', BODY)}".encode("latin-1"), ""),
        (
            page(
                f"<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><title>{WORD}</title>", BODY
            ).encode("cp1252"),
            "",
        ),
    ],
    ids=[
        "meta",
        "http",
        "bom",
        "bom-http",
        "utf-8",
        "utf-16",
        "unknown",
        "no-text",
        "stale",
        "none",
        "xml",
        "http-equiv",
    ],
)
def test_a_page_is_read_in_its_encoding(content: bytes, charset: str) -> None:
    assert article(content, charset=charset).title == WORD


@pytest.mark.parametrize(
    ("encoding", "name", "text"),
    [
        ("gb18030", "gb2312", "渡轮按时离港，岸上没有人发现异常。"),
        ("cp932", "shift_jis", "フェリーは定刻に出港した。①"),
        ("cp949", "euc-kr", "여객선은 제시간에 출항했다. 똠"),
        ("cp1251", "windows-1251", "Паром вышел из порта вовремя."),
        ("cp1252", "iso-8859-1", "The “ferry” – at last…"),
    ],
)
def test_the_name_of_an_encoding_means_what_browsers_take_it_for(encoding: str, name: str, text: str) -> None:
    content = f"<meta charset={name}><p>{text}</p>".encode(encoding)
    assert text in decoded(content, "")


@pytest.mark.parametrize("charset", ["utf-8\0", "iso-2022-jp\0", "iso-2022-\udc80"], ids=["nul", "longer", "surrogate"])
def test_what_is_no_name_of_an_encoding_is_as_none(charset: str) -> None:
    assert decoded("<p>Ferry à quai</p>".encode(), charset) == "<p>Ferry à quai</p>"


def test_a_few_broken_bytes_do_not_make_another_encoding_of_a_page() -> None:
    content = said("utf-8").encode() + "ü".encode() * 2000 + b"\xff"
    assert WORD in decoded(content, "")


def test_a_page_without_a_word_about_its_encoding_is_recognised() -> None:
    text = "Паром вышел из порта вовремя, и никто на берегу не заметил ничего странного. " * 5
    assert decoded(text.encode("cp1251"), "").startswith("Паром вышел")
