"""The sample archive's pages, and the real page that the format is known from, against what a reader sees in them."""

from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

import pytest

from newsearch.extract import Settings
from newsearch.extract.pages import PageReading, read_page
from newsearch.model import Article, Moment, Origin, PageCapture

PROJECT = Path(__file__).resolve().parents[2]
CAPTURES = PROJECT / "corpus" / "captures"
REAL = PROJECT.parent / "shared" / "captures" / "bastille-two-articles.txt"


TABLE = """
[2023-12/tunnel-tolls]
Three harbour tunnels to charge by the clock from Sunday | 2023-12-14T18:05 | 2023-12-14T19:20 | 5 | HK
[2024-02/comet-interleaved]
Village stargazers log faint comet weeks before survey telescopes | 2024-02-09T09:12 | 2024-02-09T11:48 | 5 | News
[2024-03/chip-school]
Technical college opens clean room for future chip workers | 2024-03-05T10:10 | 2024-03-05T10:55 | 5 | China
[2024-04/clinic-single-newline-header]
Rural clinics keep evening hours begun during COVID-19 | 2024-04-16T15:30 | 2024-04-16T16:02 | 4 | China
[2024-06/rowers-all-single-newlines]
Lakeside eight end 40-year wait for national rowing title | 2024-06-22T20:41 | 2024-06-22T21:15 | 4 | News
[2024-07/festival-handles]
Small film festival bets on “slow” programme | 2024-07-19T17:36 | 2024-07-19T18:50 | 5 | News
[2024-09/typhoon-shelter-no-update]
Fishing port finishes typhoon shelter a season early | 2024-09-05T07:55 | - | 4 | China
[2024-11/election-subheadline]
Island Republic Of Corvane Elects Its First Woman President | 2024-11-11T06:30 | 2024-11-11T08:10 | 6 | News
[2025-03/asean-trade-two-articles]
ASEAN chief sees more trade with China under regional pacts | 2025-03-23T10:05 | 2025-03-23T11:30 | 6 | China
Durian growers book night trains to reach northern markets | 2025-03-23T08:40 | 2025-03-23T09:10 | 4 | -
[2025-04/nvidia-export-curbs]
Nvidia vows to stay in China as tighter export curbs bite | 2025-04-18T09:20 | 2025-04-18T10:05 | 5 | China
[2025-05/press-release-business-wire]
Kestrelworks Unveils Warehouse Robot That Learns Shelves By Touch | 2025-05-06T21:05 | 2025-05-06T21:31 | 6 | News
[2025-06/signal-fault-past-midnight]
Signal fault strands late commuters on airport line | 2025-06-03T23:40 | 2025-06-04T00:25 rolled-over | 4 | HK
[2025-08/three-articles]
Reef survey finds coral spreading into cooler water | 2025-08-12T13:15 | 2025-08-12T15:40 | 4 | China
Central bank of Norvane trims key rate to 3.5% | 2025-08-12T16:00 | 2025-08-12T16:20 | 4 | -
Teenage chess champion wins marathon final on tie-breaks | 2025-08-11T23:58 | 2025-08-12T10:05 | 4 | -
[2025-09/press-release-newswire]
Noordlicht Battery Opens Recycling Line For Ferry And Bus Cells | 2025-09-09T16:00 | 2025-09-09T16:44 | 5 | News
[2025-10/cable-break]
Undersea cable break leaves Saltmarsh Islands on backup link | 2025-10-08T19:25 | 2025-10-08T20:02 | 6 | News
[2025-12/museum-two-articles]
Maritime museum reopens with a junk rebuilt plank by plank | 2025-12-19T21:43 | 2025-12-20T17:14 | 4 | News
Ferry piers to get shore power for overnight berths | 2025-12-18T14:02 | 2025-12-19T08:30 | 3 | -
[2025-12/new-year-countdown]
Drones replace fireworks at waterfront countdown | 2025-12-31T22:10 | 2026-01-01T09:05 year-rolled | 4 | News
[2026-01/hk-traditional-chinese]
離島渡輪新班次周四起生效 早晚各增兩班 | 2026-01-15T08:10 | 2026-01-15T09:36 | 4 | HK
[2026-02/stray-tag-two-articles]
City alert app shows stray [/b] tag and puzzles thousands | 2026-02-03T12:20 | 2026-02-03T13:05 | 4 | HK
Old tram depot reborn as covered market | 2026-02-02T18:44 | 2026-02-03T09:00 | 4 | -
[2026-03/china-simplified-chinese]
边境口岸开通果蔬快速通道 | 2026-03-10T11:00 | 2026-03-10T11:42 | 4 | China
[cleaned/glued-second-article]
Mountain town swaps ski lifts for summer trails | - | - | 4 | -
- | - | - | 3 | -
[cleaned/title-first-no-date]
Beekeepers map city roofs to find room for new hives | - | - | 4 | -
[cleaned/title-only-as-caption]
Desert rail link carries its first solar panels to port | - | - | 4 | -
[live/storm-1400]
Live: Storm Orla floods roads along the Brennick coast | 2025-07-20T12:30 | 2025-07-20T14:00 | 3 | News
[live/storm-1815]
Live: Storm Orla floods roads along the Brennick coast | 2025-07-20T12:30 | 2025-07-20T18:15 | 6 | News
"""
"""By page, what a reader sees of its articles: title, published and updated in Hong Kong, paragraphs, section."""


class Seen(NamedTuple):
    """What a reader sees of an article."""

    title: str
    published: str
    updated: str
    paragraphs: str
    section: str


def in_table() -> dict[str, list[Seen]]:
    pages: dict[str, list[Seen]] = {}
    for line in TABLE.strip().splitlines():
        if line.startswith("["):
            pages[line.strip("[]")] = seen = []
        else:
            seen.append(Seen(*("" if cell == "-" else cell for cell in line.split(" | "))))
    return pages


ARTICLES = in_table()


def read(path: Path) -> PageReading:
    return read_page(PageCapture(Origin(path.name), path.read_text("utf-8").splitlines(), None), Settings())


def stated(moment: Moment | None) -> str:
    if moment is None:
        return ""
    assert moment.offset == 480
    return " ".join([moment.isoformat().removesuffix(":00+08:00"), *moment.flags])


def as_seen(article: Article) -> Seen:
    paragraphs = str(len(article.body.split("\n\n")))
    return Seen(article.title, stated(article.published), stated(article.updated), paragraphs, article.section)


def test_every_page_of_the_sample_archive_is_in_the_table() -> None:
    assert {str(path.relative_to(CAPTURES).with_suffix("")) for path in CAPTURES.rglob("*.txt")} == set(ARTICLES)


@pytest.mark.parametrize("name", ARTICLES)
def test_a_page_of_the_sample_archive_reads_as_a_reader_sees_it(name: str) -> None:
    reading = read(CAPTURES / f"{name}.txt")
    assert [as_seen(article) for article in reading.articles] == ARTICLES[name]
    assert reading.skipped == []
    assert {article.source for article in reading.articles} == {
        "" if name.startswith("cleaned/") else "bastillepost.com"
    }


def test_datelines_of_the_sample_archive_are_found() -> None:
    paths = sorted(CAPTURES.glob("2025-0[59]/*.txt"))
    assert [article.dateline for path in paths for article in read(path).articles] == [
        "PORTLAND, Ore.--(BUSINESS WIRE)--May 6, 2025--",
        "ROTTERDAM, Netherlands, Sept. 9, 2025 /PRNewswire/ --",
    ]


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.exists(), reason="the real page lies beside the project only where it is developed")
def test_the_real_page_holds_two_articles_and_each_line_is_accounted_for() -> None:
    reading = read(REAL)
    first, second = reading.articles
    assert first.title == "ASEAN, China share mutually beneficial partnership: secretary-general"
    assert second.title == "Nvidia CEO pledges to continue serving Chinese market"
    times = [moment for article in (first, second) for moment in (article.published, article.updated)]
    assert [moment and moment.instant.astimezone(UTC).isoformat(timespec="minutes") for moment in times] == [
        "2025-03-21T16:48+00:00",
        "2025-03-21T18:17+00:00",
        "2025-04-17T13:22+00:00",
        "2025-04-17T14:07+00:00",
    ]
    assert [len(article.body.split("\n\n")) for article in (first, second)] == [8, 5]
    assert [(article.origin.first_line, article.origin.last_line) for article in (first, second)] == [(3, 33), (37, 53)]
    assert (first.section, second.section) == ("China", "")
    assert Counter(reading.kinds) == {"blank": 27, "body": 13, "title": 7, "label": 3, "furniture": 3, "time": 2}
    assert len(reading.kinds) == len(REAL.read_text("utf-8").splitlines())
