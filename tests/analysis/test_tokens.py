"""Text to tokens: every rule in the docstring of `newsearch.analysis.tokens`."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsearch.analysis import tokenize

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("aB3é&'’.,-+#@$%中ทक\u094d\u0301\u200b ")))


def texts_of(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F-16", ["F", "16"]),
        ("AI-driven chips", ["AI", "driven", "chips"]),
        ("and/or", ["and", "or"]),
        ("port—city–rail", ["port", "city", "rail"]),
        ("2024-05-01", ["2024", "05", "01"]),
        ("U.S.-China", ["U.S.", "China"]),
    ],
)
def test_hyphens_slashes_and_dashes_part_words(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    "word",
    ["don't", "don’t", "donʼt", "don＇t", "O'Neill's", "Nvidia's", "l’homme", "AT&T", "R&D", "3M's", "5G's"],
)
def test_an_apostrophe_or_ampersand_between_letters_belongs_to_the_word(word: str) -> None:
    assert texts_of(word) == [word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'quoted'", ["quoted"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("the dogs' bowls", ["the", "dogs", "bowls"]),
        ("salt & pepper", ["salt", "pepper"]),
        ("AT& T", ["AT", "T"]),
    ],
)
def test_apostrophes_and_ampersands_at_an_edge_are_punctuation(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize("word", ["C++", "C#", "g++", "A+", "F#"])
@pytest.mark.parametrize("behind", ["", ".", ",", ")", " code"])
def test_trailing_plus_and_sharp_belong_to_the_word(word: str, behind: str) -> None:
    assert texts_of(word + behind)[0] == word


@pytest.mark.parametrize(
    ("text", "expected"), [("1+1", ["1", "1"]), ("x+y", ["x", "y"]), ("a#b", ["a", "b"]), ("x/#y", ["x", "#y"])]
)
def test_plus_and_sharp_inside_are_punctuation(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


def test_a_double_plus_is_never_split_in_half() -> None:
    assert texts_of("C++11")[0] in {"C", "C++"}


@pytest.mark.parametrize("word", ["U.S.", "U.S", "e.g.", "U.S.A.", "J.K.", "É.U."])
def test_single_letters_with_dots_are_one_word(word: str) -> None:
    assert texts_of(f"({word})") == [word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ended.", ["It", "ended"]),
        ("Vitamin C.", ["Vitamin", "C"]),
        ("a.bc", ["a", "bc"]),
        ("www.harbour.example", ["www", "harbour", "example"]),
    ],
)
def test_other_dots_are_punctuation(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    "number", ["3.5", "1,000", "1,000,000", "10,000.50", "1.2.3", "5G", "3D", "1990s", "1.5bn", "١٢٣", "३.५"]
)
def test_a_number_with_its_points_commas_and_unit_is_one_word(number: str) -> None:
    assert texts_of(f"about {number}, so") == ["about", number, "so"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5.", ["5"]), ("1,00", ["1", "00"]), ("1,0000", ["1", "0000"]), ("12:30", ["12", "30"]), ("3..5", ["3", "5"])],
)
def test_points_and_commas_that_are_no_part_of_a_number_end_it(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize("word", ["$5", "€5m", "£1,000", "¥100", "₹100", "$1.5bn", "3.5%", "100%", "#MeToo", "@handle"])
def test_a_sign_stays_with_its_word(word: str) -> None:
    assert texts_of(f"see {word}, then") == ["see", word, "then"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.5 %", ["3.5"]),
        ("$ 5", ["5"]),
        ("US$5", ["US", "$5"]),
        ("a@b", ["a", "b"]),
        ("50%-60%", ["50%", "60%"]),
        ("@@x", ["@x"]),
        ("$", []),
        ("%5", ["5"]),
    ],
)
def test_a_sign_apart_from_a_word_is_punctuation(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize("text", ["芯片出口", "カタカナ", "ひらがな", "한국어", "〇々", "ㄅㄆ", "𠀀𠮷"])
def test_chinese_japanese_and_korean_give_one_token_a_character(text: str) -> None:
    assert texts_of(text) == list(text)


def test_a_latin_word_and_digits_end_where_an_unspaced_script_begins() -> None:
    assert texts_of("Nvidia公司10国") == ["Nvidia", "公", "司", "10", "国"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ที่นี่", ["ที่", "นี่"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("ລາວ", ["ລ", "າ", "ວ"]),
        ("ខ្មែរ", ["ខ្", "មែ", "រ"]),
        ("မြန်", ["မြ", "န်"]),
    ],
)
def test_thai_lao_khmer_and_burmese_marks_stay_on_their_character(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    "word", ["हिन्दी", "க்ஷேத்ரம்", "שָׁלוֹם", "مُحَمَّد", "cafe\u0301", "x\u0302y", "co\u00adoperate", "نمی\u200cخواهم"]
)
def test_marks_and_joiners_inside_a_word_do_not_part_it(word: str) -> None:
    assert texts_of(f"{word} x") == [word, "x"]


@pytest.mark.parametrize("text", ["", " \t\n", "… — !? 😀 ™ /", "\x00\ud800", "_", "''&&''"])
def test_text_without_a_letter_or_digit_has_no_token(text: str) -> None:
    assert texts_of(text) == []


def test_positions_run_on_across_sentences_and_paragraphs() -> None:
    tokens = list(tokenize("It ended. Then\n\nanother — thing"))
    assert [(token.text, token.position) for token in tokens] == [
        ("It", 0),
        ("ended", 1),
        ("Then", 2),
        ("another", 3),
        ("thing", 4),
    ]


@given(TEXTS)
def test_a_token_is_the_text_at_its_place_and_positions_count_up(text: str) -> None:
    end = 0
    for number, token in enumerate(tokenize(text)):
        assert token.position == number
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end


def test_what_steers_a_terminal_is_no_word() -> None:
    assert texts_of("\x1b[31mred\x1b[0m \x1b]0;title\x07word \x1b]8;;https://x.example\x1b\\link") == [
        "red",
        "word",
        "link",
    ]
    assert texts_of("\x1b]0") == []


@given(TEXTS.map(lambda text: text.replace("\x1b", "")))  # what steers a terminal has letters too
@example("½ Ⅷ ² ª ŉ ー ゛")
def test_every_letter_and_digit_is_inside_a_token(text: str) -> None:
    covered = {place for token in tokenize(text) for place in range(token.start, token.end)}
    assert [text[place] for place in range(len(text)) if text[place].isalnum() and place not in covered] == []


@given(TEXTS)
def test_every_token_holds_a_letter_or_digit(text: str) -> None:
    assert all(any(character.isalnum() for character in token.text) for token in tokenize(text))


@given(TEXTS, st.sampled_from(["中", "ที่", "हिन्दी", "cafe\u0301", "co\u00adoperate", "نمی\u200cخواهم", "\U00016f4f"]))
@example("Nvidia's U.S. F-16 cost $1,000.5 — “don’t” C++", "中")
def test_a_script_elsewhere_in_a_text_changes_no_other_token(text: str, word: str) -> None:
    tokens = texts_of(text)
    assert texts_of(f"{text} {word}")[: len(tokens)] == tokens
    assert texts_of(f"{text}\n{word}")[len(tokens) :] == texts_of(word)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "a.",
        "a'",
        "a&",
        "1,",
        "1.",
        ",000",
        "1%",
        "$",
        "#",
        "@a",
        "+",
        "a+",
        "\u0301",
        "\u200b",
        "中",
        "ที่",
        "_",
        "-",
    ],
)
def test_no_input_makes_it_hang_or_lose_the_last_word(unit: str) -> None:
    assert texts_of(f"x{unit * (100_000 // len(unit))} end")[-1] == "end"


ODD = st.text(
    st.sampled_from("aB3é&'’.,-+# 中ทัุำ가\u302e\u3099\u0901क\u094d\u0301\u0483\u200b\u00ad\u2060\u0660א\u05b0\ufffd")
)


@given(ODD | TEXTS)
def test_a_kind_of_characters_more_in_a_text_changes_no_token_of_the_rest(text: str) -> None:
    with_all_kinds = f"{text} \u4e2d \u0301"
    assert texts_of(with_all_kinds)[: len(texts_of(text))] == texts_of(text)
