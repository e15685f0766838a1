"""What a writer changes, and what readers see before and after, in every engine."""

import pytest
from small_archives import article, at, edition, fill, found, ids, search

from newsearch.engines.base import Engine
from newsearch.model import Article, Origin

FULL = Article(
    "Chip ban widens",
    "First paragraph.\n\nSecond paragraph, with “quotes”, tabs\tand 🎉.",
    Origin("saved/pages.zip", 12, 40, "in/page 1.txt"),
    at("2025-03-22T00:48+08:00"),
    at("2025-03-22"),
    "Bastille  Post",
    "China",
    "https://example.com/a?b=1&c=2",
    ("Ann Lee", "Bo Wu"),
    "en",
    lang_detected=True,
    dateline="HONG KONG, March 22 (Wire) --",
    own_id="record-7",
    captured=at("2025-03-23T09:00+00:00").instant,
    id="x1",
)
BARE = article("x2", "", "Only a body.")


def changed(engine: Engine, *articles: Article, delete: tuple[str, ...] = ()) -> None:
    writer = engine.writer()
    for name in delete:
        writer.delete(name)
    for shown in articles:
        writer.add(edition(shown))
    writer.commit()


def test_an_article_comes_back_as_it_was_taken_in(engine: Engine) -> None:
    fill(engine, FULL, BARE)
    assert engine.get("x1") == FULL
    assert engine.get("x2") == BARE
    assert engine.get("x3") is None
    assert engine.get("X1") is None
    assert engine.editions("x1") == [edition(FULL)]
    assert engine.editions("x3") == []


@pytest.mark.parametrize("name", ["a b", "-x", "É", "东盟", "x1 OR x2", "a" * 200, "x*", "..", "'", '"'])
def test_an_id_may_be_any_text(engine: Engine, name: str) -> None:
    fill(engine, article(name, "", "Odd."), article("x", "", "Even."))
    assert engine.get(name) == article(name, "", "Odd.")
    changed(engine, delete=(name,))
    assert engine.get(name) is None
    assert found(engine, "") == {"x"}


def test_nothing_is_seen_before_the_commit_and_all_of_it_after(engine: Engine) -> None:
    fill(engine, article("old", "", "Grain."))
    writer = engine.writer()
    writer.delete("old")
    writer.add(edition(article("new", "", "Grain.")))
    assert found(engine, "grain") == {"old"}
    assert engine.get("new") is None
    writer.commit()
    assert found(engine, "grain") == {"new"}
    assert engine.get("old") is None


def test_a_commit_raises_the_generation_and_returns_it(engine: Engine) -> None:
    seen = [engine.generation]
    for number in range(3):
        writer = engine.writer()
        writer.add(edition(article(f"x{number}", "", "Grain.")))
        seen.append(writer.commit())
        assert engine.generation == seen[-1]
    assert seen == sorted(set(seen))


def test_cancelling_leaves_everything_as_it_was(engine: Engine) -> None:
    fill(engine, FULL, BARE)
    before = engine.generation
    writer = engine.writer()
    writer.delete("x1")
    writer.add(edition(article("x3", "", "New.")))
    writer.cancel()
    assert engine.generation == before
    assert list(engine.scan()) == [edition(FULL), edition(BARE)]
    assert found(engine, "") == {"x1", "x2"}


def test_another_transaction_can_follow_a_cancelled_one(engine: Engine) -> None:
    fill(engine, article("a", "", "Grain."))
    engine.writer().cancel()
    changed(engine, article("b", "", "Grain."), delete=("a",))
    assert found(engine, "grain") == {"b"}


def test_an_update_replaces_the_text_in_one_transaction(engine: Engine) -> None:
    fill(engine, article("a", "Grain", "Wheat."), article("b", "Grain", "Rye."))
    for text in ("Barley.", "Oats.", "Oats."):
        changed(engine, article("a", "Grain", text), delete=("a",))
    assert found(engine, "wheat OR barley") == set()
    assert found(engine, "oats") == {"a"}
    assert search(engine, "grain").total == 2
    assert len(engine.editions("a")) == 1


def test_an_unknown_id_is_deleted_without_complaint(engine: Engine) -> None:
    fill(engine, article("a", "", "Grain."))
    changed(engine, delete=("b", "a", "a"))
    assert found(engine, "") == set()
    assert engine.statistics().articles == 0


def test_deleting_takes_out_what_is_committed_and_not_what_the_transaction_adds(engine: Engine) -> None:
    fill(engine, article("a", "", "Wheat."))
    writer = engine.writer()
    writer.add(edition(article("a", "", "Rye.")))
    writer.delete("a")
    writer.commit()
    assert [shown.article.body for shown in engine.editions("a")] == ["Rye."]


def take_in_editions(engine: Engine) -> None:
    writer = engine.writer()
    writer.add(edition(article("a", "", "Wheat and first words.", published="2020-01-01"), superseded=True))
    writer.add(edition(article("a", "", "Wheat and second words.", published="2020-01-01"), superseded=True))
    writer.add(edition(article("a", "", "Wheat and rye.", published="2025-01-01")))
    writer.add(edition(article("b", "", "Wheat.", published="2025-02-01")))
    writer.commit()


@pytest.mark.parametrize("query", ["words", '"first words"', "date:2020", "second OR first", "words OR -rye -wheat"])
def test_a_superseded_edition_is_never_found(engine: Engine, query: str) -> None:
    take_in_editions(engine)
    assert search(engine, query).total == 0


def test_superseded_editions_are_kept_with_their_article(engine: Engine) -> None:
    take_in_editions(engine)
    assert [shown.superseded for shown in engine.editions("a")] == [True, True, False]
    current = engine.get("a")
    assert current is not None
    assert current.body == "Wheat and rye."
    assert len(list(engine.scan())) == 4
    assert ids(search(engine, "wheat", sort="newest")) == ["b", "a"]
    assert ids(search(engine, "-words", sort="newest")) == ["b", "a"]


def test_superseded_editions_do_not_weigh_on_the_scores(engine: Engine) -> None:
    take_in_editions(engine)
    burdened = {hit.article.id: hit.score for hit in search(engine, "wheat OR rye").hits}
    changed(
        engine,
        article("a", "", "Wheat and rye.", published="2025-01-01"),
        delete=("a",),
    )
    alone = {hit.article.id: hit.score for hit in search(engine, "wheat OR rye").hits}
    assert burdened == pytest.approx(alone, abs=1e-12)


def test_deleting_an_id_takes_all_its_editions(engine: Engine) -> None:
    take_in_editions(engine)
    changed(engine, delete=("a",))
    assert engine.editions("a") == []
    assert [shown.article.id for shown in engine.scan()] == ["b"]
    assert found(engine, "wheat") == {"b"}


def test_deleted_articles_do_not_weigh_on_the_scores(engine: Engine) -> None:
    kept = [article(f"k{number}", "", f"Wheat {'and rye ' * number}") for number in range(4)]
    fill(engine, *kept, *(article(f"d{number}", "", "Wheat wheat wheat.") for number in range(20)))
    for number in range(20):
        changed(engine, delete=(f"d{number}",))
    after = [(hit.article.id, hit.score) for hit in search(engine, "wheat OR rye").hits]
    changed(engine, *kept, delete=tuple(shown.id for shown in kept))
    fresh = [(hit.article.id, hit.score) for hit in search(engine, "wheat OR rye").hits]
    assert [name for name, _ in after] == [name for name, _ in fresh]
    assert [score for _, score in after] == pytest.approx([score for _, score in fresh], abs=1e-12)


def test_statistics_count_current_articles_and_name_the_ends(engine: Engine) -> None:
    take_in_editions(engine)
    changed(
        engine,
        article("c", "", "Rye.", source="Zeta"),
        article("d", "", "Rye.", source="Alpha", published="2024-05-05T10:00+02:00"),
        article("e", "", "Rye.", source="Alpha", published="2025-06-01T10:00+02:00"),
    )
    statistics = engine.statistics()
    assert (statistics.articles, statistics.editions, statistics.undated) == (5, 7, 1)
    assert statistics.first_published == at("2024-05-05T10:00+02:00")
    assert statistics.last_published == at("2025-06-01T10:00+02:00")
    assert list(statistics.sources.items()) == [("", 2), ("Alpha", 2), ("Zeta", 1)]


def test_the_statistics_of_an_empty_archive_are_zeros(engine: Engine) -> None:
    statistics = engine.statistics()
    assert (statistics.articles, statistics.editions, statistics.undated) == (0, 0, 0)
    assert (statistics.first_published, statistics.last_published, dict(statistics.sources)) == (None, None, {})
    assert list(engine.scan()) == []
    assert engine.get("a") is None


@pytest.mark.parametrize("deep", [False, True])
def test_a_healthy_archive_has_no_faults_and_tells_of_its_progress(engine: Engine, deep: bool) -> None:  # noqa: FBT001
    take_in_editions(engine)
    changed(engine, FULL, BARE, article("none", "—", "…"), delete=("b",))
    steps: list[int] = []
    assert list(engine.faults(steps.append, deep=deep)) == []
    assert sum(steps) >= len(list(engine.scan()))


def test_an_emptied_archive_is_an_empty_archive(engine: Engine) -> None:
    fill(engine, FULL, BARE)
    changed(engine, delete=("x1", "x2"))
    assert search(engine, "chip OR -chip").total == 0
    assert search(engine, "").total == 0
    assert engine.statistics().editions == 0
    assert list(engine.faults(lambda _: None, deep=True)) == []
    changed(engine, FULL)
    assert found(engine, "chip") == {"x1"}


def test_hits_read_after_later_commits_are_those_of_the_search(engine: Engine) -> None:
    fill(engine, *(article(f"x{number}", "", "Grain and more grain.") for number in range(6)))
    results = search(engine, "grain")
    changed(engine, delete=("x0", "x2", "x3"))
    for number in range(12):  # enough for segments to be merged and documents to change their numbers
        changed(engine, article(f"y{number}", "", "Grain and very much more of other grains. " * number))
    assert ids(results) == ["x0", "x1", "x2", "x3", "x4", "x5"]


@pytest.mark.parametrize("end", ["commit", "cancel"])
def test_a_transaction_that_has_ended_changes_nothing_more(engine: Engine, end: str) -> None:
    fill(engine, article("a", "", "Grain."))
    writer = engine.writer()
    writer.delete("a")
    getattr(writer, end)()
    fill(engine, article("c", "", "Grain."))
    for act in (writer.commit, lambda: writer.delete("c"), lambda: writer.add(edition(FULL))):
        with pytest.raises(RuntimeError, match="has ended"):
            act()
    writer.cancel()
    assert found(engine, "grain") == ({"c"} if end == "commit" else {"a", "c"})


def test_what_is_scanned_is_of_one_generation(engine: Engine) -> None:
    fill(engine, *(article(name, "", f"Grain {name}.") for name in "abc"))
    scan = engine.scan()
    first = next(scan).article.id
    changed(engine, *(article(name, "", "Oats.") for name in "xyz"), delete=("a", "b", "c"))
    assert {first, *(shown.article.id for shown in scan)} == {"a", "b", "c"}
    assert {shown.article.id for shown in engine.scan()} == {"x", "y", "z"}
