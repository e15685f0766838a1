"""Fragments of HTML to paragraphs, and what is taken for HTML at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract import Settings, articles_in
from newsearch.extract.markup import looks_like_markup, text_of
from newsearch.model import Article, Origin, RecordCapture


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>The ferry\n sails.</p><p>It <b>came</b> back.</p>", "The ferry sails.\n\nIt came back."),
        ("One<br>two<br/><br />three", "One\ntwo\n\nthree"),
        ("<p>One<p>two", "One\n\ntwo"),
        ("<h2>Port</h2>It sailed.<ul><li>a<li>b</ul>", "Port\n\nIt sailed.\n\na\n\nb"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"),
        ("<p>Caf&eacute; &amp; bar &lt;p&gt; &#8364;5</p>", "Café & bar <p> €5"),
        ("<p>a</p><script>if (a < b) '<p>no</p>'</script><style>p {}</style><!-- <p>no</p> -->", "a"),
        ("<p>kept</p><script>never closed <p>no</p>", "kept"),
        ("<a title=\"a > b\" href='x'>link</a> and 1 < 2", "link and 1 < 2"),
        ("<![CDATA[<p>wrapped</p>]]>", "wrapped"),
        ("<P CLASS=x>loud</P><DIV>too</DIV>", "loud\n\ntoo"),
        ("a <b and no end", "a <b and no end"),
        ("", ""),
    ],
    ids=lambda value: value[:24],
)
def test_a_fragment_is_read_as_a_browser_shows_it(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p>", True),
        ("One.<br>Two.", True),
        ("One\n<div class='x'>\nTwo", True),
        ("It <em>sailed</em> off", True),
        ('Seen <a href="https://wire.example/">here</a>.', True),
        ("<P>One</P><P>Two", True),
        ("One Line<NAV> and two,\n<DD> and others", False),
        ("Put a <p> tag there", False),
        ("the <p> and </p> tags, (<br>) and `<div>`", False),
        ("<p> is the tag of a paragraph", False),
        ("if a<b and c>d", False),
        ("1 < 2 > 0 & so on", False),
        ("Plain text.\n\nMore.", False),
        ("vector<string>x</string>", False),
    ],
    ids=lambda value: str(value)[:24],
)
def test_prose_that_names_a_tag_is_no_markup(text: str, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert looks_like_markup(text) is expected


@pytest.mark.parametrize("unit", ["<", "<!--", "<a ", '<a b="', "<a \"'", "<?", "<script ", "<div>", "&#" + "9" * 5000])
def test_a_text_of_unclosed_tags_is_read_to_its_end(unit: str) -> None:
    markup = unit * (300_000 // len(unit))
    assert isinstance(text_of(markup), str)
    assert isinstance(looks_like_markup(markup), bool)


@given(st.text(st.sampled_from("<>/!-\"'= apbr&;#[]\n\x00\ud800")))
def test_any_text_gives_text_that_can_be_stored(markup: str) -> None:
    text_of(markup).encode()


def test_the_body_and_title_of_a_record_are_read_as_markup_only_where_they_are() -> None:
    fields = {"title": "<b>Ferry</b> &amp; tide", "body": "<p>It sailed.</p><p>It came back.</p>", "source": "<p>x</p>"}
    (article,) = articles_in(RecordCapture(Origin("wire.jsonl", 1, 1), fields, None), Settings())
    assert isinstance(article, Article)
    assert (article.title, article.body) == ("Ferry & tide", "It sailed.\n\nIt came back.")
    assert article.source == "<p>x</p>"


def test_a_record_whose_markup_shows_nothing_has_no_text() -> None:
    (skipped,) = articles_in(RecordCapture(Origin("wire.jsonl", 1, 1), {"body": "<p> </p>"}, None), Settings())
    assert not isinstance(skipped, Article)
    assert skipped.reason == "no-text"
