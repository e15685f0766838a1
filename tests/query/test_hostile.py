"""Nothing a user can type raises anything but a `QueryError`."""

import pytest

from newsearch.errors import QueryError
from newsearch.query import parse_query
from newsearch.query.operands import MAX_DEPTH

N = 10_000


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("(" * N + "a" + ")" * N, "a"),
        ("not " * N + "a", "a"),
        ("-(" * (N + 1) + "a" + ")" * (N + 1), "-a"),
        (" ".join(["word"] * N), " AND ".join(["word"] * N)),
        (" OR ".join(["word"] * N), " OR ".join(["word"] * N)),
        ('"a" ' * N, " AND ".join(['"a"'] * N)),
        ("w" * 10 * N, "w" * 10 * N),
        ("a-" * N + "b", "a-" * N + "b"),
        ('"' + "a " * N + '"', '"' + "a " * (N - 1) + 'a"'),
        ("*a" * 10 * N, "*a" * 10 * N),
        ("a" + "?" * 10 * N + "b", "a" + "?" * 10 * N + "b"),
        ("a" + "*" * 10 * N, "a*"),
        ("a" + "?" * 10 * N, "a"),
        ("?*" * 10 * N + "a", "?*" * 10 * N + "a"),
        ("(" * 2000 + "a" + " b)" * 2000, " AND ".join(["a", *["b"] * 2000])),
        ("w" * 10 * N + "~2", "w" * 10 * N + "~2"),
        ("[a to " * N, " AND ".join(["a AND to"] * N)),
        ("(" + "a OR " * N + "b) NEAR/5 c", "(" + "a OR " * N + "b) NEAR/5 c"),
        ("ATLEAST/2(" + "(" * N + "a" + ")" * N + ")", "ATLEAST/2(a)"),
    ],
    ids=[
        *("parentheses", "nots", "excluded groups", "words", "ors", "phrases", "word", "parts", "phrase"),
        *("stars", "question marks", "a long star", "questions", "stars and question marks", "flat groups"),
        *("a long guess", "open brackets", "alternatives near", "counted parentheses"),
    ],
)
def test_size_alone_is_no_obstacle(text: str, canonical: str) -> None:
    assert parse_query(text).receipt.canonical == canonical


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(" * N, N - 1),
        (")" * N, 0),
        ('"' * (N + 1), N),
        ("“" * N, 0),
        ("title:" * N, len("title:")),
        ("a" * N + ":x", 0),
        ("date:" + "9" * N, len("date:")),
        ("a and " * N, 6 * N),
        ("-" * N, 0),
        ("\\" * N, 0),
        ("\ud800" * N, 0),
        ("\x00" * N, 0),
        ("*" * N, 0),
        ("a* " * N, 300),
        ("abc~ " * N, 80),
        ("a NEAR/5 " * N, 38),
        ("a^" + "9" * N, 0),
        ("a NEAR/" + "9" * N + " b", 2),
        ("ATLEAST/" + "9" * N + "(a)", 0),
        ("words:" + "9" * N + "..1", 6),
        ("(" * N + "a" + ")^2" * N, N + 1 + 3 * 200),
        ("(" + "a " * 40 + ") NEAR/5 (" + "b " * 40 + ")", 83),
    ],
)
def test_an_error_at_any_size_knows_its_place(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.position == position


def nested(depth: int) -> str:
    """Return groups in which AND and OR alternate."""
    pairs, rest = divmod(depth, 2)
    return "(a OR (b " * pairs + ("(a OR c)" if rest else "c") + "))" * pairs


def test_what_nests_deep_is_answered_and_what_nests_deeper_is_an_error() -> None:
    query = parse_query(nested(MAX_DEPTH - 1))
    assert parse_query(query.receipt.canonical).tree == query.tree
    assert hash(query.tree)
    with pytest.raises(QueryError, match="deep"):
        parse_query(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize("filler", ["\x00", "\x1b[31m", "\ufeff", "\u202e", "\ud800\udfff", "\u2028"])
def test_control_characters_and_surrogates_part_words_or_are_ignored(filler: str) -> None:
    canonical = parse_query(f"nvidia {filler} chip").receipt.canonical
    assert canonical.startswith("nvidia AND ")
    assert canonical.endswith("chip")
    canonical.encode()
