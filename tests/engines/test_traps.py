"""What other search programs get wrong without a word, and the right answer; every engine must give it."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest
from small_archives import EngineMaker, article, fill, found, search

from newsearch.engines.base import Engine
from newsearch.errors import QueryError

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def archive(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(
        new_engine(tmp_path_factory.mktemp("traps") / "index"),
        article("both", "Rivals", "Nvidia and AMD are rivals."),
        article("nvidia", "Chips", "Nvidia's AI-driven chips sell well.", published="2024-04-30T16:00+00:00"),
        article("vaccine", "Covid", "A COVID-19 vaccine is here."),
        article("virus", "Covid", "COVID-19 spreads.", published="2024-05-01"),
        article("nineteen", "Counting", "Nineteen is 19, AI is not driven."),
        article("phone", "Phones", "AT&T cut its prices; T & A did not."),
        article("dots", "America", "The U.S. will export less.", published="2024-05-02T00:00+09:00"),
        article("caps", "America", "The US will not."),
        article("us", "We", "They told us about it."),
        article("jet", "Jets", "The F-16 landed, an F 16 too."),
        article("onejet", "Jets", "The F16 landed."),
        article("be", "Hamlet", "To be, or not to be: that is the question."),
        article("school", "School", "The university has two departments of universities."),
        article("quoted", "Trade", "Export curbs were announced."),
        article("loose", "Trade", "Curbs on the AI-driven chip, and on what one may export."),
        article("cafe", "Coffee", "Le café de Zoë."),
        article("field", "Titel", "A titel is a title; Published: yesterday."),
        article("asean", "会议", "东盟峰会在北京举行。"),
        article("signs", "Signs", "#MeToo cost 3.5% or $5; C++ and C# are languages, says @handle in 2001."),
        article("dont", "Don't", "We don’t know."),
        article("composed", "Accents", "cafe\u0301 society"),
        article("thai", "ไทย", "สวัสดีครับ"),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Nvidia -AMD", "nvidia"),
        ("nvidia not amd", "nvidia"),
        ("nvidia NOT amd", "nvidia"),
        ("nvidia !amd", "nvidia"),
        ("COVID-19 -vaccine", "virus"),
        ("AI-driven chips", "nvidia loose"),
        ("AI-driven", "nvidia loose"),
        ("AT&T", "phone"),
        ("US", "dots caps us"),
        ("U.S.", "dots caps us"),
        ("==US", "caps"),
        ("==U.S.", "dots"),
        ("IT", "us phone"),
        ("=IT", "us"),
        ('"to be or not to be"', "be"),
        ("F-16", "jet"),
        ("F16", "onejet"),
        ('"F 16"', "jet"),
        ("“export curbs”", "quoted"),
        ("«export curbs»", "quoted"),
        ("export curbs", "quoted loose"),
        ("universit*", "school"),
        ("*versities", "school"),
        ("university", "school"),
        ('"chip curbs"~5', "loose"),
        ('"chip curbs"~3', ""),
        ("chip NEAR/5 curbs", "loose"),
        ("chip NEAR/4 curbs", ""),
        ("chip PRE/5 curbs", ""),
        ("curbs PRE/5 chip", "loose"),
        ("cafe", "cafe composed"),
        ("café", "cafe composed"),
        ("cafe\u0301", "cafe composed"),
        ("==café", "cafe composed"),
        ("zoe", "cafe"),
        ("Nvidia", "both nvidia"),
        ("Nvidia’s", "both nvidia"),
        ("东盟", "asean"),
        ("盟峰", "asean"),
        ("东峰", ""),
        ("สวัส", "thai"),
        ("#MeToo", "signs"),
        ("metoo", "signs"),
        ("3.5%", "signs"),
        ("3.5", "signs"),
        ("$5", "signs"),
        ("%5", "signs"),
        ("C++", "signs"),
        ("C#", "signs"),
        ("C", ""),
        ("@handle", "signs"),
        ("handle", "signs"),
        ("2001", "signs"),
        ("don't", "dont"),
        ("dont", ""),
        ("@chips", ""),
        ("nvidai~", "both nvidia"),
        ("titel:x OR nvidia", "error"),
        ("titel:nvidia", "error"),
        ("published:blarg", "error"),
        ("published:>2024-05-01", "error"),
        ("date:blarg", "error"),
        ("date:>2024-05-01", "error"),
    ],
)
def test_a_trap_has_the_right_answer(archive: Engine, query: str, expected: str) -> None:
    if expected == "error":
        with pytest.raises(QueryError) as caught:
            found(archive, query)
        assert caught.value.hint
    else:
        assert found(archive, query) == set(expected.split())


@pytest.mark.parametrize(
    ("query", "zone", "expected"),
    [
        ("date:2024-05-01", UTC, "virus dots"),
        ("date:2024-05-01", TOKYO, "nvidia virus"),
        ("after:2024-05-01", UTC, ""),
        ("after:2024-05-01", TOKYO, "dots"),
        ("before:2024-05-01", UTC, "nvidia"),
        ("since:2024-05-01", UTC, "virus dots"),
        ("until:2024-05-01", TOKYO, "nvidia virus"),
        ("date:2024-05-01T01:00+09:00", UTC, "nvidia"),
    ],
)
def test_a_day_is_the_day_of_the_zone(archive: Engine, query: str, zone: tzinfo, expected: str) -> None:
    assert found(archive, query, zone=zone) == set(expected.split())


@pytest.mark.parametrize("query", ["titel:nvidia", "published:blarg", "date:>2024-05-01"])
def test_what_is_no_field_or_date_is_said_with_what_was_meant(archive: Engine, query: str) -> None:
    with pytest.raises(QueryError) as caught:
        search(archive, query)
    assert any(word in caught.value.hint for word in ("title:", "date:", "dates look like"))
