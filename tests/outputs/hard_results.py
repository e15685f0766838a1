"""One deliberately hard Results: whatever a capture may hold that could break, spoof or inject into an output."""

import io
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from newsearch.model import Article, Highlighted, Hit, Moment, Origin, Receipt, Results
from newsearch.outputs import OUTPUTS
from newsearch.outputs.view import View, Writer

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
ESC = "\x1b"
OVERRIDE = "\u202e"
CLEAR_SCREEN = "\x9b2J"
FAMILY = "👩‍👩‍👧"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten" * 3
LONG_URL = f"https://example.com/{'very-long-path/' * 30}?a=1&b=%20&lt=2"

MARCH = Moment(datetime(2025, 3, 21, 16, 48, tzinfo=UTC), 480, "minute", "date line")
MARCH_LATER = Moment(datetime(2025, 3, 21, 18, 17, tzinfo=UTC), 480, "minute", "date line", ("rolled-over",))
MAY = Moment(datetime(2025, 5, 6, tzinfo=UTC), precision="day", evidence="dateline")
FLAGGED = Moment(
    datetime(2025, 12, 31, 22, 30, tzinfo=UTC),
    0,
    "minute",
    "record",
    ("dst-ambiguous", "dst-nonexistent", "future", "rolled-over", "tz-assumed", "year-rolled"),
)
NEXT_YEAR = Moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC), -300, "minute", "record", ("year-rolled",))


def marked(text: str, *words: str) -> Highlighted:
    """Return a text with the first place of each word marked."""
    places = [text.index(word) for word in words]
    return Highlighted(
        text, tuple(sorted((place, place + len(word)) for place, word in zip(places, words, strict=True)))
    )


def hit(article: Article, score: float, words: tuple[str, ...] = (), snippets: tuple[Highlighted, ...] = ()) -> Hit:
    return Hit(article, score, marked(article.title, *words), snippets)


HOSTILE = hit(
    Article(
        f"[/b] :heart: {ESC}[31mexport{ESC}[0m {CLEAR_SCREEN}{OVERRIDE}curbs\u202c, \"quoted\" 'too'; \x07bell",
        "First line,\nsecond\tline.\n\n    indented like code\n\n> like a quotation",
        Origin("captures/page [1].txt", 12, 40),
        MARCH,
        MARCH_LATER,
        f"Bastille {ESC}]0;title\x07 Post",
        "China",
        "javascript:alert(1)",
        ("Ann [i]Lee[/i]", "Bo\nWu"),
        "en",
        "HONG KONG, March 22 (Wire) --",
        id="hostile",
    ),
    2.718281828,
    ("export", "curbs"),
    (
        marked(f"The export{ESC}[2J of chips, said “Lee”.", "export", "chips"),
        marked("A\tline with curbs\nand {braces} [link](http://evil.example) :smile:", "curbs"),
    ),
)
FORMULA = hit(
    Article(
        '=HYPERLINK("http://evil.example";"export")',
        "+1 export\n\n=cmd|' /C calc'!A0",
        Origin("-", 3, 3),
        MAY,
        None,
        "+Wire",
        "-Markets",
        "@SUM(1+1)*cmd",
        ("=Ann",),
        "en",
        id="=1+1",
    ),
    1.5,
    ("export",),
    (marked("-2+3+cmd export", "export"), marked("@handle says export; =A1", "export")),
)
WIDE = hit(
    Article(
        "东盟峰会在吉隆坡开幕，讨论半导体出口管制措施与地区安全合作框架的最新进展以及其他重要议题",
        "昨日东盟峰会开幕。",
        Origin("/srv/存档/新闻.txt", 1, 9),
        FLAGGED,
        NEXT_YEAR,
        "巴士的报",
        "中国",
        "https://example.com/东盟",
        ("李安",),
        "zh",
        id="wide",
    ),
    1.25,
    ("东盟", "半导体"),
    (
        marked("昨日东盟峰会开幕，各国领导人讨论半导体出口管制，会议将持续三天，并将发表联合声明。", "东盟", "半导体"),
        marked("… ＡＢＣ全角 and half-width export ｶﾀｶﾅ 한국어 …", "export"),
    ),
)
LONG = hit(
    Article(
        f"{LONG_WORD} export",
        "Long.",
        Origin(f"captures/{'deep/' * 30}file.jsonl", 1_000_000, 1_000_000),
        MARCH,
        MAY,
        "Wire",
        "",
        LONG_URL,
        tuple(f"Author {number}" for number in range(12)),
        "de",
        id="long-" + "x" * 90,
    ),
    1.0,
    ("export",),
    (marked(f"{LONG_WORD} export {LONG_WORD}", "export"),),
)
RIGHT_TO_LEFT = hit(
    Article(
        "أَعْلَنَتِ الحُكُومَةُ عن قيود \u200fالتصدير\u200e — שָׁלוֹם",
        "أعلنت الحكومة.",
        Origin("captures/عربي.zip", 4, 8, "in/[b] 东.txt"),
        MARCH,
        MARCH,
        "الوكالة",
        "سياسة",
        "https://example.com/ar",
        (),
        "ar",
        id="rtl",
    ),
    0.75,
    ("الحُكُومَةُ",),
    (marked(f"{FAMILY} 🎉 ❤️ 🇭🇰 التصدير e\u0301te\u0301 हिन्दी \u00adsoft", "التصدير", "हिन्दी"),),
)
BARE = hit(Article("", "", Origin("bare.txt"), id="bare"), 0.0)
MARKDOWN = hit(
    Article(
        "# Not a heading * _export_ `code` <script>alert(1)</script> ![x](http://evil.example/x.png) #",
        "1. not a list\n\n- nor this\n\n# nor a heading\n\n    nor code\n\n"
        "<b>nor</b> &copy; html\n\n| nor | table |\n\n---",
        Origin("captures/md.txt", 1, 2),
        None,
        MARCH,
        "*Wire*",
        "| Sport |",
        "https://example.com/<x>?q=(1)\\_&copy;",
        (),
        "",
        id="mark_down*",
    ),
    0.5,
    ("_export_",),
    (
        marked("- export\n# export &lt; 3) ok", "export"),
        marked("C++ and the $5% export**", "C++", "export"),
        marked("=== ~~~ +++ export \\", "export"),
    ),
)
TWICE = Hit(
    Article("东盟 and 东盟", "", Origin("twice.txt", 2, 2), MARCH, id="twice"),
    0.25,
    Highlighted("东盟 and 东盟", ((0, 2), (7, 9))),
    copies=1_200,
    story="twice",
)
HITS = (HOSTILE, FORMULA, WIDE, LONG, RIGHT_TO_LEFT, BARE, MARKDOWN, TWICE)

RECEIPT = Receipt(
    f"export {ESC}[31m since:2024",
    "export AND since:2024-01-01T00:00:00+08:00",
    "2024-01-01T00:00:00+08:00",
    None,
    interpreted=True,
    notes=("nothing to search for in '–'", f"'{ESC}[31m' is read as '31m'"),
    as_of="2025-03-22T00:48:00+08:00",
)
RESULTS = Results(RECEIPT, total=18, hits=HITS, undated=2, offset=10, took_ms=12.3456)


def results_of(*hits: Hit, offset: int = 0) -> Results:
    """Return results of these hits alone, without anything hard about the rest."""
    return Results(Receipt("export", "export"), len(hits), hits, offset=offset)


def rendered(format_name: str, results: Results, view: View | None = None) -> str:
    """Return what an output writes."""
    stream = io.StringIO()
    cast("Writer", OUTPUTS.load(format_name))(results, view or View(zone=HONG_KONG), stream)
    return stream.getvalue()
