"""Which words are marked, and which passages of an article are shown."""

import pytest
from limits import within
from marking import highlighter_for, marked, snippets_of
from small_archives import article, fill, search

from newsearch.engines.base import Engine
from newsearch.engines.highlight import PASSAGE_LENGTH, PASSAGES

FILLER = "The committee will meet again in the autumn to hear more about it from everyone who cares."
ARGUMENT = "All of that long and bitter argument, said those who had been there and heard every word of it"
LONG = "and then the committee heard from another witness who had seen it all with her own eyes " * 12


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("export", "Exports rise; they export EXPORTED goods to experts.", ["Exports", "export", "EXPORTED"]),
        ('"exports"', "Exports rise, and we export.", ["Exports"]),
        ("cafe", "A café, the CAFE, one cafe\u0301, no cafeteria.", ["café", "CAFE", "cafe\u0301"]),
        ("us", "The U.S. told us.", ["U.S.", "us"]),
        ("at&t", "AT&T cut; at T.", ["AT&T"]),
        ("f-16", "An F-16, an F 16 and an F16.", ["F-16", "F 16"]),
        ("nvidia", "Nvidia’s and Nvidia's", ["Nvidia’s", "Nvidia's"]),
        ("7", "$7, 7% and 70", ["$7", "7%"]),
        ("c++", "C, C++ and C#", ["C++"]),
        ("exp*t*", "Exports and éxpert; exp, re-export, reexport.", ["Exports", "éxpert", "export"]),
        ("*s", "U.S. chips: Nvidia’s, glass.", ["U.S.", "chips", "Nvidia’s", "glass"]),
        ("ai-d*", "AI-driven, AI by design, AI drones.", ["AI-driven", "AI drones"]),
        ("f?6", "F-16 and F16", ["F16"]),
        ("-exp* curb*", "Exports curbed", ["curbed"]),
        ('"export curbs"', "Export curbs and export of curbs; curbs, export.", ["Export curbs"]),
        ('"export curbs"', "“Export” — (curbs)!", ["Export” — (curbs"]),
        ('"export curbs" curbs', "Export curbs are curbs.", ["Export curbs", "curbs"]),
        ('"new export" "export curbs"', "The new export curbs bite.", ["new export curbs"]),
        ('"ha ha"', "Ha ha ha!", ["Ha ha ha"]),
        ("东盟", "昨日东盟峰会开幕", ["东盟"]),
        ("東盟 峰", "昨日東盟峰会", ["東盟", "峰"]),
        ("हिन्दी", "यह हिन्दी है", ["हिन्दी"]),
        ("الحكومة", "أعلنت الحكومة", ["الحكومة"]),
        ("party", "🎉 party 👩‍👩‍👧 party", ["party", "party"]),
        ("body:rise", "A rise.", ["rise"]),
        ("title:rise", "A rise.", []),
        ("rise -fall", "Rise and fall.", ["Rise"]),
        ("rise OR (fall -rain)", "Rise and fall in rain.", ["Rise", "fall"]),
        ("-fall", "Rise and fall.", []),
        ("export", "EXPORT", ["EXPORT"]),
    ],
)
def test_exactly_the_matching_words_are_marked(query: str, body: str, expected: list[str]) -> None:
    (snippet,) = snippets_of(query, body)
    assert snippet.text == body
    assert marked(snippet) == expected


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("export curbs", "Export of chips: curbs widen", ["Export", "curbs"]),
        ("title:chips", "Export of chips", ["chips"]),
        ("body:chips", "Export of chips", []),
        ('"of chips"', "Export of chips", ["of chips"]),
        ("-chips", "Export of chips", []),
        ("chips", "", []),
    ],
)
def test_a_title_is_shown_whole_with_its_matches_marked(query: str, title: str, expected: list[str]) -> None:
    shown = highlighter_for(query).title(article("a", title, "Body."))
    assert shown.text == title
    assert marked(shown) == expected


def test_a_title_of_any_length_is_marked_to_its_end() -> None:
    shown = highlighter_for("last").title(article("a", "word " * 5_000 + "last"))
    assert marked(shown) == ["last"]


def test_the_lead_is_shown_where_only_the_title_matched() -> None:
    (snippet,) = highlighter_for("chips").snippets(article("a", "Chips", f"First things first. {FILLER}\n\n{FILLER}"))
    assert snippet.text == f"First things first. {FILLER}"
    assert snippet.spans == ()


def test_an_article_without_a_body_has_no_snippets() -> None:
    assert highlighter_for("chips").snippets(article("a", "Chips", "")) == ()
    assert highlighter_for("chips").snippets(article("a", "Chips", " \n\n ")) == ()


def test_a_passage_begins_and_ends_with_its_sentence() -> None:
    sentence = "On Friday the U.S. banned the export of chips, said Mr. Lee of the ministry, and that was final indeed."
    (snippet,) = snippets_of("chips", f"{FILLER} {sentence} {FILLER}")
    assert snippet.text == sentence


def test_a_short_sentence_is_shown_with_what_follows_in_its_paragraph() -> None:
    (snippet,) = snippets_of("chips", f"{FILLER} Chips again. {FILLER}\n\nAnother paragraph.")
    assert snippet.text == f"Chips again. {FILLER}"
    (snippet,) = snippets_of("chips", f"{FILLER}\n\nChips again.\n\n{FILLER}")
    assert snippet.text == "Chips again."


@pytest.mark.parametrize(
    ("body", "before", "after"),
    [
        (f"chips {LONG}", False, True),
        (f"{LONG} chips {LONG}", True, True),
        (f"{LONG} chips.", True, False),
        (
            f"{FILLER} Chips are scarce in this and in all the other countries we know of, they said on Friday.",
            False,
            False,
        ),
    ],
)
def test_an_ellipsis_stands_only_where_a_sentence_is_cut(body: str, before: bool, after: bool) -> None:  # noqa: FBT001
    (snippet,) = snippets_of("chips", body)
    assert (snippet.text.startswith("… "), snippet.text.endswith(" …")) == (before, after)
    inner = snippet.text.removeprefix("… ").removesuffix(" …")
    assert inner in body
    assert set(inner.split()) <= set(body.split()), "cut at the edges of words"
    assert [word.lower() for word in marked(snippet)] == ["chips"]
    assert len(inner) <= PASSAGE_LENGTH


@pytest.mark.parametrize("words", [1, 3, 10, 100, 3_000])
def test_snippets_are_few_and_short_however_long_the_body(words: int) -> None:
    body = " ".join(f"{LONG[: 20 + number % 300]} chips, number {number}." for number in range(words))
    snippets = snippets_of("chips", body)
    assert 1 <= len(snippets) <= PASSAGES
    assert sum(len(snippet.text) for snippet in snippets) <= PASSAGES * (PASSAGE_LENGTH + 4)


def test_every_term_is_shown_though_one_is_everywhere() -> None:
    middle = f"{FILLER}\n\n" * 3
    body = (
        f"Grain here, grain there, grain, grain.\n\n{middle}Wheat is dear.\n\n{middle}Barley is not.\n\n{middle}Grain."
    )
    snippets = snippets_of("grain wheat barley", body)
    assert {word.lower() for snippet in snippets for word in marked(snippet)} == {"grain", "wheat", "barley"}


def test_both_ends_of_a_very_long_sentence_are_shown_when_each_has_a_term() -> None:
    snippets = snippets_of("wheat barley", f"Wheat {LONG} {LONG} barley.")
    assert {word.lower() for snippet in snippets for word in marked(snippet)} == {"wheat", "barley"}


def test_the_rarer_word_chooses_the_passage() -> None:
    sentences = [f"This sentence of many has grain in it, number {number}, and nothing else." for number in range(9)]
    shown = highlighter_for("grain OR quinoa", {"grain": 0.1, "quinoa": 3.0})
    snippets = shown.snippets(article("a", "", "\n\n".join([*sentences, "At last quinoa."])))
    assert any("quinoa" in marked(snippet) for snippet in snippets)


def test_snippets_come_in_the_order_of_the_body() -> None:
    body = "\n\n".join(
        [f"Barley comes first. {FILLER}", FILLER, f"Wheat comes next. {FILLER}", FILLER, "Grain, grain last."]
    )
    snippets = snippets_of("grain wheat barley", body)
    assert [marked(snippet)[0].lower() for snippet in snippets] == ["barley", "wheat", "grain"]


@pytest.mark.parametrize(
    "body",
    [
        f"{FILLER} {ARGUMENT}, was about nothing but the export. Curbs follow at once.",
        f"{FILLER}\n\nThey talked of export\n\ncurbs follow.\n\n{FILLER}",
        f"{FILLER} They spoke of export.\n\nCurbs follow and many more words come behind them in this paragraph.",
    ],
)
def test_a_phrase_across_the_edge_of_a_sentence_is_shown_and_marked(body: str) -> None:
    snippets = snippets_of('"export curbs"', body)
    words = [word for snippet in snippets for piece in marked(snippet) for word in piece.lower().split()]
    assert [word.strip(".") for word in words] == ["export", "curbs"]


def quotation(length: int) -> str:
    """Return a text of about this length that says nothing twice."""
    return " ".join(f"point{number}" for number in range(100, 100 + length // 9))


def test_a_quotation_longer_than_a_passage_is_marked_as_far_as_it_is_shown() -> None:
    said = quotation(2 * PASSAGE_LENGTH)
    snippets = snippets_of(f'"{said}"', f"{FILLER} She said: {said} and stopped.")
    assert any(snippet.spans for snippet in snippets)
    assert all(piece in said for snippet in snippets for piece in marked(snippet))


def test_a_phrase_of_nearly_a_passages_length_is_marked_whole() -> None:
    said = quotation(200)
    snippets = snippets_of(f'"{said}"', f"{LONG} {said} and stopped {LONG}")
    assert said in [piece for snippet in snippets for piece in marked(snippet)]


def test_a_snippet_is_one_line_and_keeps_every_character_of_the_text() -> None:
    body = "A line of export\nand another\tline 🎉 with curbs\u00a0today."
    shown = snippets_of("export curbs today", body)
    assert all("\n" not in snippet.text and "\t" not in snippet.text for snippet in shown)
    assert [word for snippet in shown for word in marked(snippet)] == ["export", "curbs", "today"]


def test_chinese_without_a_sentences_end_is_cut_to_a_passage_around_the_match() -> None:
    body = "山" * 5_000 + "东盟" + "川" * 5_000
    (snippet,) = snippets_of("东盟", body)
    assert marked(snippet) == ["东盟"]
    assert len(snippet.text) <= PASSAGE_LENGTH + 4
    assert snippet.text.startswith("… 山")
    assert snippet.text.endswith("川 …")


def test_chinese_sentences_are_the_passages() -> None:
    (snippet,) = snippets_of("东盟", f"昨日下雨。{'今' * 200}东盟峰会在吉隆坡开幕。明天放晴。")
    assert snippet.text == f"{'今' * 200}东盟峰会在吉隆坡开幕。"


@pytest.mark.parametrize(
    "body",
    [
        "The minister said that export rules would change soon. " * 19_000,
        "export " * 150_000,
        "export\n" * 150_000,
        "东盟" * 350_000,
        "x" * 1_000_000 + " export",
        "export" + "." * 1_000_000 + "x",
        "export" + " " * 1_000_000 + "x",
        "export. " + "(" * 1_000_000 + "x",
        "e\u0301" * 500_000 + " export",
    ],
    ids=["prose", "one-sentence", "lines", "cjk", "one-word", "dots", "spaces", "brackets", "marks"],
)
def test_a_body_of_a_megabyte_is_highlighted_in_seconds(body: str) -> None:
    with within(60):
        snippets = snippets_of("export OR 东盟", body)
    assert sum(len(snippet.text) for snippet in snippets) <= PASSAGES * (PASSAGE_LENGTH + 4)
    assert any(snippet.spans for snippet in snippets)


def test_a_pasted_text_of_2_000_words_is_highlighted() -> None:
    words = [f"word{number}" for number in range(2_000)]
    with within(60):
        highlighter = highlighter_for(" ".join(words))
        shown = article("a", " ".join(words), ". ".join(words))
        assert len(highlighter.title(shown).spans) == 2_000
        assert all(marked(snippet) for snippet in highlighter.snippets(shown))


def test_a_query_of_2_000_words_is_answered_and_highlighted(engine: Engine) -> None:
    fill(engine, article("a", "word1 word2", "Word3 and word1999."), article("b", "", "Word2000."))
    with within(120):
        (hit,) = search(engine, " OR ".join(f"word{number}" for number in range(2_000))).hits
        assert marked(hit.title) == ["word1", "word2"]
        assert [marked(snippet) for snippet in hit.snippets] == [["Word3", "word1999"]]


def test_excluded_words_are_never_marked_by_an_engine(engine: Engine) -> None:
    fill(engine, article("a", "Rise and fall", "The rise, the fall, the rain."))
    (hit,) = search(engine, "rise -(fall rain storm) -title:rain").hits
    assert (marked(hit.title), [marked(snippet) for snippet in hit.snippets]) == (["Rise"], [["rise"]])
