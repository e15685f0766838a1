"""What holds of every snippet and title, whatever was asked of whatever text."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st
from marking import assert_well_formed, is_plain, marked_places, matches_in, places_to_mark, words_to_mark
from random_archives import EXAMPLES, LANGS, SEPARATORS, WORDS, conditions, query_for
from small_archives import article

from newsearch.analysis import lead, tokenize
from newsearch.engines.highlight import PASSAGE_LENGTH, PASSAGES, Highlighter
from newsearch.query.tree import Leaf, Node, Term, ranked_leaves

many = settings(max_examples=2 * EXAMPLES, deadline=None)
FILLERS = ("committee", "of", "autumn", "Mr.", "a", "很", "“quoted”", "🎉", "5", "(", "...", "!", "x" * 70)
pieces = st.tuples(st.sampled_from((*WORDS, *FILLERS)), st.sampled_from((*SEPARATORS, "\n", "  ", "? ")))
long_texts = st.lists(pieces, max_size=90).map(lambda made: "".join(word + space for word, space in made).strip())
odd_texts = st.text(st.sampled_from("export 东盟.U.S!?…\n\t\u2028()“”'-/é\u0301"), max_size=300)
texts = long_texts | odd_texts
weights = st.floats(0.01, 8)
langs = st.sampled_from(LANGS)


def highlighter(tree: Node, weight: float) -> tuple[Highlighter, list[Leaf]]:
    leaves = list(ranked_leaves(query_for(tree).tree))
    return Highlighter({leaf: weight * (1 + nth) for nth, leaf in enumerate(leaves)}), leaves


plain = conditions.filter(is_plain)


@many
@given(tree=plain, weight=weights, title=texts, lang=langs)
def test_a_title_has_exactly_its_matches_marked(tree: Node, weight: float, title: str, lang: str) -> None:
    shown, leaves = highlighter(tree, weight)
    highlighted = shown.title(article("a", title, lang=lang))
    assert highlighted.text == title
    assert_well_formed(highlighted)
    assert marked_places(highlighted) == places_to_mark(title, leaves, "title", lang)


@many
@given(tree=conditions, weight=weights, title=texts, lang=langs)
def test_a_title_has_marks_where_something_matches_and_only_on_words_asked_for(
    tree: Node, weight: float, title: str, lang: str
) -> None:
    shown, leaves = highlighter(tree, weight)
    highlighted = shown.title(article("a", title, lang=lang))
    assert_well_formed(highlighted)
    assert bool(highlighted.spans) is matches_in(title, leaves, "title", lang)
    assert {start for start, _ in highlighted.spans} <= words_to_mark(title, leaves, lang)


@many
@given(tree=plain, weight=weights, body=texts, lang=langs)
def test_a_snippet_has_exactly_its_matches_marked(tree: Node, weight: float, body: str, lang: str) -> None:
    shown, leaves = highlighter(tree, weight)
    for snippet in shown.snippets(article("a", "", body, lang=lang)):
        assert_well_formed(snippet)
        assert marked_places(snippet) == places_to_mark(snippet.text, leaves, "body", lang)


@many
@given(tree=conditions, weight=weights, body=texts)
def test_snippets_are_pieces_of_the_body_in_its_order(tree: Node, weight: float, body: str) -> None:
    shown, _ = highlighter(tree, weight)
    snippets = shown.snippets(article("a", "", body))
    assert len(snippets) <= PASSAGES
    assert bool(snippets) is bool(body.strip())
    flat = "".join(" " if character.isspace() else character for character in body)
    place = 0
    for snippet in snippets:
        inner = snippet.text if snippet.text in flat else snippet.text.removeprefix("… ").removesuffix(" …")
        assert inner in flat[place:]
        place = flat.index(inner, place) + len(inner)
        assert inner.strip()
    assert sum(len(snippet.text) for snippet in snippets) <= PASSAGES * (PASSAGE_LENGTH + 4)


@many
@given(tree=conditions, weight=weights, body=texts)
@example(tree=Term("export"), weight=1.0, body="x" * 300 + " export " + "y" * 300)
def test_a_body_with_a_match_shows_one(tree: Node, weight: float, body: str) -> None:
    shown, leaves = highlighter(tree, weight)
    snippets = shown.snippets(article("a", "", body))
    everywhere = [leaf for leaf in leaves if leaf.field != "lead"]
    in_lead = [replace(leaf, field="body") for leaf in leaves if leaf.field == "lead"]
    stands = matches_in(body, everywhere, "body") or matches_in(lead(body), in_lead, "body")
    assert any(snippet.spans for snippet in snippets) is stands


@many
@given(tree=conditions, weight=weights, body=long_texts)
def test_no_word_of_usual_length_is_cut(tree: Node, weight: float, body: str) -> None:
    shown, _ = highlighter(tree, weight)
    whole = {token.text for token in tokenize(body)}
    for snippet in shown.snippets(article("a", "", body)):
        assert {token.text for token in tokenize(snippet.text)} <= whole


@many
@given(
    words=st.lists(st.sampled_from(["grain", "wheat", "barley"]), min_size=1, max_size=3, unique=True), data=st.data()
)
def test_up_to_three_terms_are_each_shown_where_sentences_are_short(words: list[str], data: st.DataObject) -> None:
    sentences = data.draw(st.lists(st.sampled_from(["Nothing is new.", *(f"Of {word} news." for word in words)])))
    sentences += [f"Here {word} it is." for word in words]
    shown, _ = highlighter(query_for_all(words), 1.0)
    snippets = shown.snippets(article("a", "", "\n\n".join(data.draw(st.permutations(sentences)))))
    text = " ".join(snippet.text for snippet in snippets)
    assert all(word in text for word in words)


def query_for_all(words: list[str]) -> Node:
    from newsearch.query.tree import conjunction

    return conjunction([Term(word) for word in words])
