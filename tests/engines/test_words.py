"""Which articles a word, a compound or a phrase finds, in every engine."""

import pytest
from small_archives import EngineMaker, article, fill, found, search

from newsearch.engines.base import Engine

SENTENCES = {
    "plural": "Beijing exports machines.",
    "past": "Grain was Exported in March.",
    "gerund": "Exporting wine pays.",
    "bare": "The EXPORT ban holds.",
    "expert": "An expert spoke.",
    "accent": "The Café of Zoë reopened.",
    "capitals": "A CAFE in Graz closed.",
    "decomposed": "Un cafe\u0301 noir.",
    "sharp-s": "Die Straße ist gesperrt.",
    "double-s": "Die STRASSE ist frei.",
    "jet": "An F-16 landed.",
    "jet-spaced": "The F 16 of the club.",
    "jet-glued": "Model F16 is out.",
    "jet-apart": "F and 16 are apart.",
    "driven": "AI-driven chips sell.",
    "driven-dash": "An AI–driven drone.",
    "driven-apart": "AI chips, driven by demand.",
    "driving": "AI driving schools.",
    "telephone": "AT&T cut jobs.",
    "countdown": "He was at T minus one.",
    "dotted": "The U.S. said no.",
    "undotted": "The US said yes.",
    "pronoun": "They told us.",
    "cpp": "Engineers of C++ wanted.",
    "csharp": "Engineers of C# wanted.",
    "vitamin": "Vitamin C helps.",
    "asean": "昨日东盟峰会在吉隆坡开幕。",
    "shandong": "山东的联盟成立。",
    "comma": "Aid of 1,000 tents.",
    "no-comma": "They counted 1000 votes.",
    "decimal": "A rate of 3.5 points.",
    "percent": "It rose 7% in May.",
    "dollars": "It costs $7 now.",
    "seven": "All 7 ships sank.",
    "possessive": "Nvidia’s margin grew.",
    "name": "Nvidia grew.",
    "tag": "The #MeToo years.",
    "party": "Fans 🎉 celebrated 👩‍👩‍👧 loudly \ufe0f\u200d.",
    "arabic": "أعلنت الحكومة اليوم.",
    "hindi": "हिन्दी समाचार यहाँ है।",
    "thai": "ข่าววันนี้จากกรุงเทพ",
}


@pytest.fixture(scope="module")
def sentences(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("sentences") / "index"
    return fill(new_engine(folder), *(article(name, "", text) for name, text in SENTENCES.items()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("export", "plural past gerund bare"),
        ("exports", "plural past gerund bare"),
        ("exporting", "plural past gerund bare"),
        ("expert", "expert"),
        ('"exports"', "plural"),
        ('"export"', "bare"),
        ("cafe", "accent capitals decomposed"),
        ("café", "accent capitals decomposed"),
        ("CAFÉ", "accent capitals decomposed"),
        ("cafe\u0301", "accent capitals decomposed"),
        ("zoe", "accent"),
        ("strasse", "sharp-s double-s"),
        ("STRAẞE", "sharp-s double-s"),
        ("F-16", "jet jet-spaced"),
        ("f-16", "jet jet-spaced"),
        ("F16", "jet-glued"),
        ("F 16", "jet jet-spaced jet-apart"),
        ("16-F", ""),
        ("AI-driven", "driven driven-dash"),
        ("AI-drive", "driving"),
        ("AI driven", "driven driven-dash driven-apart"),
        ("AT&T", "telephone"),
        ("at&t", "telephone"),
        ("US", "dotted undotted pronoun"),
        ("U.S.", "dotted undotted pronoun"),
        ("u.s", "dotted undotted pronoun"),
        ("C++", "cpp"),
        ("c++", "cpp"),
        ("C#", "csharp"),
        ("C", "vitamin"),
        ("东盟", "asean"),
        ("盟东", ""),
        ("东 盟", "asean shandong"),
        ("1000", "comma no-comma"),
        ("1,000", "comma no-comma"),
        ("3.5", "decimal"),
        ("3", ""),
        ("7", "percent dollars seven"),
        ("7%", "percent"),
        ("$7", "dollars"),
        ("Nvidia", "possessive name"),
        ("Nvidia's", "possessive name"),
        ("nvidia’s", "possessive name"),
        ("metoo", "tag"),
        ("#MeToo", "tag"),
        ("celebrated", "party"),
        ("الحكومة", "arabic"),
        ("हिन्दी", "hindi"),
        ("หันวิ", ""),
        ("วันนี้", "thai"),
        ("nowhere", ""),
    ],
)
def test_a_word_finds_the_articles_that_say_it(sentences: Engine, query: str, expected: str) -> None:
    assert found(sentences, query) == set(expected.split())


PHRASES = {
    "plain": ("", "New export curbs bite."),
    "capital": ("Export CURBS bite", "Nothing else."),
    "accented": ("", "Les éxport cûrbs."),
    "plural": ("", "New exports curbs bite."),
    "reversed": ("", "It curbs export."),
    "stopped": ("", "An export of curbs."),
    "across-parts": ("They weigh export", "curbs on chips."),
    "across-sentences": ("", "They talked of export. Curbs follow."),
    "across-paragraphs": ("", "They talked of export\n\ncurbs follow."),
    "punctuated": ("", "“Export” — (curbs)!"),
    "hyphenated": ("", "The export-curbs row."),
    "thrice": ("", "Export, export, export curbs."),
    "hamlet": ("", "To be, or not to be, that is the question."),
    "not-hamlet": ("", "Not to be or to be."),
}


@pytest.fixture(scope="module")
def phrases(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("phrases") / "index"
    return fill(new_engine(folder), *(article(name, *parts) for name, parts in PHRASES.items()))


BITE = "plain capital accented across-sentences across-paragraphs punctuated hyphenated thrice"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"export curbs"', BITE),
        ("“Export curbs”", BITE),
        ("«éxport cürbs»", BITE),
        ('"export, curbs!"', BITE),
        ('"exports curbs"', "plural"),
        ('"export curb"', ""),
        ("export-curb", BITE),
        ('"curbs export"', "reversed"),
        ('"export of curbs"', "stopped"),
        ('"export export curbs"', "thrice"),
        ('"export export export export"', ""),
        ('"to be or not to be"', "hamlet"),
        ('"be or to be"', "not-hamlet"),
        ('"be that"', "hamlet"),
        ('title:"export curbs"', "capital"),
        ('body:"export curbs"', " ".join(name for name in BITE.split() if name != "capital")),
    ],
)
def test_a_phrase_finds_its_very_words_in_order(phrases: Engine, query: str, expected: str) -> None:
    assert found(phrases, query) == set(expected.split())


def test_a_word_of_100_000_characters_is_found_whole(engine: Engine) -> None:
    giant = "ab" * 50_000
    fill(engine, article("giant", "", giant), article("half", "", giant[:50_000]))
    assert found(engine, giant) == {"giant"}
    assert found(engine, giant.upper()) == {"giant"}
    (hit,) = search(engine, giant).hits
    assert hit.article.body == giant


def test_an_article_of_a_title_alone_is_found_and_shown_without_snippets(engine: Engine) -> None:
    fill(engine, article("headline", "Export curbs widen"), article("other", "", "Rain."))
    (hit,) = search(engine, "curbs").hits
    assert (hit.article.id, hit.title.spans, hit.snippets) == ("headline", ((7, 12),), ())


def test_an_article_without_any_word_is_kept_but_found_by_no_word(engine: Engine) -> None:
    fill(engine, article("dashes", "—", "… !"), article("other", "", "Rain."))
    assert found(engine, "rain") == {"other"}
    assert found(engine, '""') == {"dashes", "other"}
    assert found(engine, "-rain") == {"dashes"}
