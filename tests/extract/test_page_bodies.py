"""The text of a page's article: all of it, in its paragraphs, and nothing else."""

import pytest
from html_support import TEXT, article, json_ld, page

FIRST = "The ferry left the harbour on time this morning, with nobody on board but its captain and two gulls."
SECOND = "Its owner said that the crossing had been planned for weeks, and that the empty seats were a surprise to all."
THIRD = "A second boat, which is older and slower, is to follow in the evening if the wind allows it to do so."
WHOLE = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
HEADLINE = "Ferry sails empty"


def body_of(content: str, head: str = f"<title>{HEADLINE}</title>") -> str:
    return article(page(head, content)).body


def test_paragraphs_are_kept_and_parted_by_blank_lines() -> None:
    assert body_of(f"<article><h1>{HEADLINE}</h1>{TEXT}</article>") == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        f"<main><div>{TEXT}</div></main>",
        f"<div class='article-body'><section>{TEXT}</section></div>",
        f"<table><tr><td>{TEXT}</td></tr></table>",
        f"<div id='content'>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>",
        f"<p>{FIRST}<p>{SECOND}<p>{THIRD}",
    ],
    ids=["main", "section", "table", "line-breaks", "open-paragraphs"],
)
def test_the_text_is_found_however_the_page_is_built(content: str) -> None:
    assert body_of(f"<h1>{HEADLINE}</h1>{content}") == WHOLE


def test_white_space_within_a_paragraph_is_folded() -> None:
    spaced = TEXT.replace(" on time", "\n\t on\u00a0 time")
    assert body_of(f"<article>{spaced}</article>").split() == WHOLE.split()
    assert "\n\t" not in body_of(f"<article>{spaced}</article>")


def test_emphasis_and_links_within_a_sentence_leave_its_words_together() -> None:
    marked = (
        TEXT.replace("ferry", "<b>f</b>erry")
        .replace("owner", '<a href="/owner">owner</a>')
        .replace("wind", "<i>wind</i>")
    )
    assert body_of(f"<article>{marked}</article>") == WHOLE


def test_subheads_lists_quotes_and_tables_are_text() -> None:
    parts = (
        "<h2>What the captain saw</h2><p>He counted the following, and wrote them down in the book of the boat:</p>"
        "<ul><li>two gulls on the mast</li><li>one seal by the pier</li></ul>"
        "<blockquote>I have never seen so few people on it.</blockquote>"
        "<table><tr><td>Seats</td><td>120</td></tr></table>"
    )
    body = body_of(f"<article><h1>{HEADLINE}</h1>{TEXT}{parts}{TEXT.replace('ferry', 'boat')}</article>").split("\n\n")
    for text in (
        "What the captain saw",
        "two gulls on the mast",
        "one seal by the pier",
        "I have never seen so few people on it.",
        "Seats 120",
    ):
        assert text in body


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Advertisement</p>",
        "<p>Share this on all your networks</p>",
        "<p>Sign up for our morning newsletter</p>",
        "<p>Read more: Gulls return to the pier</p>",
        '<p><a href="/gulls">Gulls return to the pier after a long winter</a></p>',
        '<ul><li><a href="/gulls">Gulls return.</a></li><li><a href="/seals">Seals do not.</a></li></ul>',
        '<aside class="related"><h3>Related stories</h3><p>Gulls return to the pier after a long winter</p></aside>',
        '<nav><a href="/">Home</a><a href="/port">Port</a></nav>',
        "<script>var gulls = 'return to the pier';</script>",
        "<style>.gulls { color: white }</style>",
        "<p>Foto: Mara Denholm</p>",
        "<footer><p>© The Daily Gull, all rights reserved</p></footer>",
    ],
    ids=[
        *["advertisement", "share", "newsletter", "read-more", "link", "list-of-links", "aside", "navigation"],
        *["script", "style", "photo", "footer"],
    ],
)
def test_what_pages_put_around_a_text_is_no_part_of_it(furniture: str) -> None:
    first, rest = TEXT.split("</p>", 1)
    body = body_of(f"<article><h1>{HEADLINE}</h1>{first}</p>{furniture}{rest}</article>")
    assert body == WHOLE


@pytest.mark.parametrize(
    "sentence",
    [
        "Share prices of the harbour fell by half on the day after, which surprised nobody who had seen the boat.",
        "Read more than one book, the captain said, and you will know why I do not fear the empty seats of this ferry.",
        'He had <a href="/said">said so in a long interview with this paper before the summer had even begun.</a>',
    ],
    ids=["share", "read-more", "linked-sentence"],
)
def test_a_sentence_is_text_even_when_it_begins_like_furniture_or_is_a_link(sentence: str) -> None:
    plain = sentence.partition(">")[2].removesuffix("</a>") if "<a" in sentence else sentence
    assert plain in body_of(f"<article><h1>{HEADLINE}</h1>{TEXT}<p>{sentence}</p></article>")


@pytest.mark.parametrize(
    "content",
    [
        f"<article><h1>{HEADLINE}</h1><p>{HEADLINE}</p>{TEXT}</article>",
        f"<article><h2>{HEADLINE.upper()}!</h2>{TEXT}</article>",
    ],
    ids=["paragraph", "other-case"],
)
def test_the_headline_is_not_repeated_in_the_text(content: str) -> None:
    assert body_of(content) == WHOLE


def test_the_headline_may_come_again_later_in_the_text() -> None:
    body = body_of(f"<article><h1>{HEADLINE}</h1>{TEXT}<p>{HEADLINE}</p>{TEXT.replace('ferry', 'boat')}</article>")
    assert HEADLINE in body.split("\n\n")


@pytest.mark.parametrize("line", ["By Mara Denholm", "Mara Denholm", "17.04.2025 - 08:00 Uhr", "Updated: 2025-04-17"])
def test_the_authors_and_the_date_above_a_text_are_no_part_of_it(line: str) -> None:
    head = json_ld(headline=HEADLINE, author={"name": "Mara Denholm"})
    assert body_of(f"<article><h1>{HEADLINE}</h1><p>{line}</p>{TEXT}</article>", head) == WHOLE


def test_nothing_of_a_long_text_is_lost() -> None:
    sentences = [
        f"Gull number {n} sat on mast {n * 7} and looked at the boats that passed by below it." for n in range(400)
    ]
    body = body_of(f"<article><h1>{HEADLINE}</h1>{''.join(f'<p>{sentence}</p>' for sentence in sentences)}</article>")
    assert body.split("\n\n") == sentences


def test_equal_paragraphs_are_kept_each_time() -> None:
    refrain = "And the gulls, as they always do in this song about the ferry, sang along with the captain."
    content = "".join(f"<p>{FIRST} {n}.</p><p>{refrain}</p>" for n in range(4))
    assert body_of(f"<article><h1>{HEADLINE}</h1>{content}</article>").count(refrain) == 4


def test_a_text_that_only_the_json_ld_has_is_taken_from_there() -> None:
    head = json_ld(headline=HEADLINE, articleBody=f"{FIRST}\n\n{SECOND}")
    assert body_of("<p>Loading.</p>", head) == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "sentence",
    [
        "渡轮今天早上准时离开港口，船上除了船长和两只海鸥以外没有任何人，这让所有人都感到惊讶。",
        "غادرت العبارة الميناء في الوقت المحدد هذا الصباح، ولم يكن على متنها سوى القبطان ونورسين اثنين.",
        "Паром вышел из гавани вовремя, и на борту не было никого, кроме капитана и двух чаек.",
    ],
    ids=["chinese", "arabic", "russian"],
)
def test_texts_in_other_scripts_are_found_too(sentence: str) -> None:
    body = body_of(f"<article><h1>{HEADLINE}</h1>{f'<p>{sentence}</p>' * 3}</article>")
    assert sentence in body.split("\n\n")


@pytest.mark.parametrize(
    "spoilt", ["&#x1b;", "&#27;", "&#x0c;", "&#xfffe;", "&#xd800;", "&#1;", "\x0b", "\x1b", "\x0c"]
)
def test_a_character_that_xml_cannot_have_costs_no_more_than_itself(spoilt: str) -> None:
    last = f"<p>The wind {spoilt}was strong on the day of the crossing.</p>"
    body = f"<article><h1>Ferry sails empty</h1>{TEXT}{last}</article>"
    found = article(page(body=body)).body
    assert "ferry left the harbour" in found
    assert " ".join(found.split()).endswith("The wind was strong on the day of the crossing.")
