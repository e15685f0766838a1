"""Words find their inflections by the rules of each article's language, in every engine."""

from pathlib import Path

import pytest
from agreement import tiny_segments
from small_archives import EngineMaker, article, edition, fill, found, search

from newsearch.engines.base import Engine
from newsearch.engines.whoosh.engine import WhooshEngine

TEXT = "Wahl Wahlen exports achetée"
"""Four words that are parts of different families in different languages."""
ARTICLES = (
    article("de", "Kurz", TEXT, lang="de"),
    article("at", "Kurz", TEXT, lang="de-AT"),
    article("fr", "Court", TEXT, lang="fr"),
    article("en", "Short", TEXT, lang="en"),
    article("zh", "短", TEXT, lang="zh"),
    article("unknown", "?", TEXT),
    article("de-plural", "Wahlen", "Zwei Wahlen stehen dort.\n\nAbsatz.\n\nWahlen.", lang="DE"),
    article("en-plural", "Wahlen", "The word Wahlen.\n\nParagraph.\n\nWahlen.", lang="EN"),
    article("de-umlaut", "", "Zwei Häuser.", lang="de"),
    article("en-umlaut", "", "Two Häuser.", lang="en"),
    article("de-past", "", "Das sei exported, hiess es.", lang="ger"),
    article("en-past", "", "Grain was exported.", lang="eng"),
    article("fr-verb", "", "Ils veulent acheter du blé.", lang="fra"),
    article("en-verb", "", "They said acheter.", lang="en-GB"),
)
ALL = "de at fr en zh unknown"


@pytest.fixture(scope="module")
def languages(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(new_engine(tmp_path_factory.mktemp("languages") / "index"), *ARTICLES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Wahl", f"{ALL} de-plural"),
        ("wahl -=wahl", "de-plural"),
        ("WAHLEN", f"{ALL} de-plural en-plural"),
        ("Haus", "de-umlaut"),
        ("hauses", "de-umlaut"),
        ("Häuser", "de-umlaut en-umlaut"),
        ("hauser", "de-umlaut en-umlaut"),
        ("zwei-haus", "de-umlaut"),
        ("=Wahl", ALL),
        ('"wahl"', ALL),
        ("title:wahl", "de-plural"),
        ("lead:wahl", f"{ALL} de-plural"),
        ("export", f"{ALL} en-past"),
        ("exported", "en zh unknown de-past en-past"),
        ("achetée", f"{ALL} fr-verb"),
        ("achetee", ALL),
        ("acheter", "fr fr-verb en-verb"),
        ("zwei-wahl", "de-plural"),
        ("word-wahl", ""),
        ("zwei NEAR/1 wahl", "de-plural"),
        ("word NEAR/1 wahl", ""),
        ("wahl PRE/1 stehen", "de-plural"),
        ("ATLEAST/2(wahl)", "de at de-plural"),
        ("ATLEAST/3(wahl)", "de-plural"),
        ("ATLEAST/2(wahlen)", "de at de-plural en-plural"),
        ("ATLEAST/2(lead:wahl)", "de at"),
        ("wahl lang:de", "de de-plural"),
        ("wahl* -wahl", "en-plural"),
        ("nothing", ""),
    ],
)
def test_a_word_finds_what_has_its_stem_in_the_language_of_the_article(
    languages: Engine, query: str, expected: str
) -> None:
    assert found(languages, query) == set(expected.split())


def test_only_what_matches_in_the_language_of_an_article_is_marked_in_it(languages: Engine) -> None:
    marked = {
        hit.article.id: [snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.spans]
        for hit in search(languages, "wahl OR acheter").hits
    }
    assert marked["de"] == marked["at"] == ["Wahl", "Wahlen"]
    assert marked["fr"] == ["Wahl", "achetée"]
    assert marked["en"] == marked["zh"] == marked["unknown"] == ["Wahl"]
    assert marked["en-verb"] == marked["fr-verb"] == ["acheter"]
    (title,) = (hit.title for hit in search(languages, "wahl").hits if hit.article.id == "de-plural")
    assert title.spans == ((0, 6),)


def test_a_word_is_as_rare_and_as_frequent_as_it_is_in_the_languages_of_the_articles(
    new_engine: EngineMaker, tmp_path: Path
) -> None:
    texts = {"a": "Wahl Wahlen", "b": "Wahl Garten", "c": "Garten Regen"}
    german = fill(
        new_engine(tmp_path / "german"), *(article(name, "", text, lang="de") for name, text in texts.items())
    )
    plain = fill(
        new_engine(tmp_path / "plain"),
        *(article(name, "", text.replace("Wahlen", "Wahl")) for name, text in texts.items()),
    )
    assert [hit.score for hit in search(german, "wahl").hits] == [hit.score for hit in search(plain, "wahl").hits]


def test_languages_come_and_go_with_their_articles(engine: Engine) -> None:
    fill(engine, *ARTICLES[:4])
    fill(engine, *ARTICLES[4:])
    writer = engine.writer()
    for name in ("de", "fr", "fr-verb"):
        writer.delete(name)
    writer.add(edition(article("fr", "", "Wahlen", lang="de")))
    writer.commit(purge=True)
    assert found(engine, "wahl") == {"at", "fr", "en", "zh", "unknown", "de-plural"}
    assert found(engine, "acheter") == {"en-verb"}
    assert not list(engine.faults(lambda _: None, deep=True))


@pytest.mark.parametrize("langs", [("", "en", "zh"), ("de",), ("de", "fr"), ("en", "de", "ru")])
def test_an_index_holds_stems_only_of_languages_that_it_needs_them_for(tmp_path: Path, langs: tuple[str, ...]) -> None:
    index = WhooshEngine(tmp_path / "index", create=True)
    fill(index, *(article(lang or "none", "", TEXT, lang=lang) for lang in langs))
    (file,) = (segment.file for segment in index._view.segments)
    own = {name.partition(".")[0] for name in file.file if name.endswith(".stems")}
    assert own == {{"de": "german", "fr": "french", "ru": "russian"}[one] for one in langs if one in ("de", "fr", "ru")}


def test_forms_that_no_article_in_a_language_has_are_not_kept_for_it(tmp_path: Path) -> None:
    index = WhooshEngine(tmp_path / "index", create=True)
    fill(index, article("de", "", "Wahl", lang="de"), article("en", "", "house of cards", lang="en"))
    fill(index, article("more", "", "Wahl", lang="de"))
    writer = index.writer()
    writer.delete("more")
    writer.commit(purge=True)
    for segment in index._view.segments:
        assert [segment.file.forms[number] for number in segment.file.column("german.forms").tolist()] == [b"Wahl"]


def test_words_are_looked_at_as_written_where_their_hashes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsearch.engines.whoosh.languages.crc32", lambda _: 7)
    index: Engine = WhooshEngine(tmp_path / "index", create=True)
    with tiny_segments():
        fill(index, *ARTICLES)
        assert found(index, "wahl") == {*ALL.split(), "de-plural"}
        assert found(index, "regen") == set()


def test_a_verification_finds_stems_that_are_not_those_of_the_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = WhooshEngine(tmp_path / "index", create=True)
    with monkeypatch.context() as patch:
        patch.setattr("newsearch.engines.whoosh.languages.crc32", len)
        fill(index, article("de", "", TEXT, lang="de"))
    faults = list(index.faults(lambda _: None, deep=False))
    assert faults
    assert all(fault.endswith("are not those of its documents") for fault in faults)
