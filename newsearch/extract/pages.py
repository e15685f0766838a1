"""Pages saved as text to articles, every line accounted for.

A page is read in three steps. Separators (`Next Article`, `Recommended Articles`) cut it into blocks. In a block, each
date line has a head above it (the title directly above, labels and repeats of the title before that) and content
below. What has no date line is told apart by how lines look: a sentence ends like one, a headline does not, and a
headline that is repeated behind the sentences is their title. Text that goes on behind the repeated title is another
article, glued on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from newsearch.extract.profiles import profile_of_page, profile_of_source
from newsearch.extract.settings import Settings
from newsearch.extract.text import one_line
from newsearch.extract.times import (
    DATELINE,
    DateLine,
    is_date_line,
    judge_future,
    read_date_line,
    read_dateline_day,
    states_update,
    zone_for,
)
from newsearch.model import Article, Moment, PageCapture, Skipped

Kind = Literal["blank", "furniture", "label", "title", "time", "body"]

_SEPARATOR = "next article"
_TAIL = "recommended articles"
_FURNITURE = {
    "skip to content facebook feature image",
    "skip to content",
    "facebook feature image",
    "facebook",
    "feature image",
    _SEPARATOR,
    _TAIL,
}
_SENTENCE_END = re.compile(r"[.。．…]['\"”’»)\]）」』]*$|[?!？！]['\"”’»)\]）」』]*$")
_FULL_STOP = re.compile(r"[.。．…]['\"”’»)\]）」』]*$")
_UNSPACED_TEXT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
_LONG, _SENTENCE, _UNSPACED_SENTENCE = 200, 25, 10
_LABEL_WORDS, _LABEL_LENGTH = 4, 32
_DATELINE_PARAGRAPHS = 3
_HEADLINE_WORDS = 3


@dataclass(slots=True)
class PageReading:
    """What a page holds."""

    kinds: list[Kind]
    """What each line is; as long as the page."""
    articles: list[Article] = field(default_factory=list)
    """In the order of the page; their lines never overlap."""
    skipped: list[Skipped] = field(default_factory=list)
    """Times that are impossible."""


@dataclass(slots=True)
class _Part:
    """The lines of one article."""

    head: list[int] = field(default_factory=list)
    time: int | None = None
    content: list[int] = field(default_factory=list)
    title: str = ""


def read_page(capture: PageCapture, settings: Settings) -> PageReading:
    """Read the articles of a page."""
    return _PageReader(capture, settings).read()


def is_sentence(line: str) -> bool:
    """Tell whether a line looks like running text: it ends like a sentence, or is longer than any headline."""
    if len(line) >= _LONG:
        return True
    least = _UNSPACED_SENTENCE if _UNSPACED_TEXT.search(line) else _SENTENCE
    if len(line) < least:
        return False
    # Headlines may ask or shout; only a longer line that does so is running text.
    return bool(_FULL_STOP.search(line)) or (len(line) >= 4 * least and bool(_SENTENCE_END.search(line)))


def is_label(line: str) -> bool:
    """Tell whether a line looks like a section label such as `China` or `HK`."""
    return len(line) <= _LABEL_LENGTH and len(line.split()) <= _LABEL_WORDS and not _SENTENCE_END.search(line)


class _PageReader:
    def __init__(self, capture: PageCapture, settings: Settings) -> None:
        self.capture = capture
        self.lines = [one_line(line) for line in capture.lines]
        self.keys = [line.casefold() for line in self.lines]
        self.profile = profile_of_page(self.lines)
        known = profile_of_source(self.profile.source, settings.profiles) if self.profile else None
        self.zone = zone_for(known.zone if known else None, settings.assume_zone)
        self.reading = PageReading(["furniture" if key in _FURNITURE else "blank" for key in self.keys])

    def read(self) -> PageReading:
        for block, is_tail in self._blocks():
            for part in self._parts(block, is_tail=is_tail):
                self._finish(part)
        return self.reading

    def _blocks(self) -> Iterable[tuple[list[int], bool]]:
        """Yield the lines between separators that say something, and whether they stand under a list of links."""
        block: list[int] = []
        is_tail = in_text = False
        for number, key in enumerate(self.keys):
            if key in (_SEPARATOR, _TAIL):
                yield block, is_tail
                block, is_tail, in_text = [], key == _TAIL, False
            elif key and (in_text or key not in _FURNITURE):
                block.append(number)
                in_text = in_text or is_sentence(self.lines[number])
        yield block, is_tail

    def _parts(self, block: list[int], *, is_tail: bool) -> Iterable[_Part]:
        dates = self._boundaries(block)
        heads = [self._head(block, date, dates[nth - 1] if nth else None) for nth, date in enumerate(dates)]
        before = [number for number in block if not dates or number < heads[0][0]]
        if is_tail and not any(is_sentence(self.lines[number]) for number in before):
            self._mark(before, "furniture")  # the titles of other pages
        elif before:
            yield from self._undated(before)
        for nth, (date, head) in enumerate(zip(dates, heads, strict=True)):
            end = heads[nth + 1][0] if nth + 1 < len(dates) else len(self.lines)
            content = [number for number in block if date < number < end]
            yield from self._dated(head, date, content)

    def _boundaries(self, block: list[int]) -> list[int]:
        """Return the date lines that begin an article.

        The others are part of a text (a time line in running text) or repeat the one above.
        """
        dates: list[int] = []
        for place, number in enumerate(block):
            line = self.lines[number]
            if not is_date_line(line):
                continue
            above = block[place - 1] if place else None
            if above is not None and is_date_line(self.lines[above]):
                self._mark([number], "time")
            elif above is None or not dates or not is_sentence(self.lines[above]) or states_update(line):
                dates.append(number)
        return dates

    def _head(self, block: list[int], date: int, previous: int | None) -> list[int]:
        """Return the lines of a date line's head, the date line last."""
        above = [number for number in block if (previous or -1) < number < date]
        if previous is None and not any(is_sentence(self.lines[number]) for number in above[:-1]):
            return [*above, date]
        if not above or (previous is not None and is_sentence(self.lines[above[-1]])):
            return [date]
        title = self.keys[above[-1]]
        start = len(above) - 1
        for place in range(len(above) - 2, -1, -1):
            if self.keys[above[place]] == title:
                start = place
            elif not is_label(self.lines[above[place]]):
                break
        return [*above[start:], date]

    def _dated(self, head: list[int], date: int, content: list[int]) -> Iterable[_Part]:
        title = self.lines[head[-2]] if len(head) > 1 else ""
        part = _Part(head[:-1], date, content, title)
        yield from self._unglued(part)

    def _undated(self, lines: list[int]) -> Iterable[_Part]:
        title = self._title_of_undated(lines)
        place = 0
        head: list[int] = []
        if title and self.keys[lines[0]] == title.casefold():
            place = next((nth for nth, number in enumerate(lines) if is_sentence(self.lines[number])), len(lines))
            head = self._head_before(lines[:place], title)
        yield from self._unglued(_Part(head, None, lines[len(head) :], title))

    def _head_before(self, lines: list[int], title: str) -> list[int]:
        """Return the lines above the first sentence as far as the last repeat of the title."""
        last = max(nth for nth, number in enumerate(lines) if self.keys[number] == title.casefold())
        return lines[: last + 1]

    def _title_of_undated(self, lines: list[int]) -> str:
        """Return the headline that is repeated; else the first line, or the last, if it is one; else nothing."""
        headlines = [
            number
            for number in lines
            if not _FULL_STOP.search(self.lines[number]) and not is_sentence(self.lines[number])
        ]
        counts = Counter(self.keys[number] for number in headlines)
        for number in headlines:
            if counts[self.keys[number]] > 1 and not is_label(self.lines[number]):
                return self.lines[number]
        for number in (lines[0], lines[-1]):
            telling = not is_label(self.lines[number]) or len(self.lines[number].split()) >= _HEADLINE_WORDS
            if number in headlines and (number == lines[0] or telling):
                return self.lines[number]
        return ""

    def _unglued(self, part: _Part) -> Iterable[_Part]:
        """Yield the part, and apart from it the text that goes on behind the last caption repeating its title."""
        headline = self._sub_headline(part)
        names = {part.title.casefold(), headline.casefold()} - {""}
        captions = [nth for nth, number in enumerate(part.content) if self.keys[number] in names]
        first = next((nth for nth, number in enumerate(part.content) if is_sentence(self.lines[number])), None)
        if not captions or first is None or captions[-1] < first:
            yield part
            return
        if part.time is not None and captions[-2:-1] != [captions[-1] - 1]:
            yield part  # a single caption inside the text of a dated article is a picture's
            return
        rest = part.content[captions[-1] + 1 :]
        if not any(is_sentence(self.lines[number]) for number in rest):
            yield part
            return
        part.content = part.content[: captions[-1] + 1]
        yield part
        yield from self._undated(rest)

    def _sub_headline(self, part: _Part) -> str:
        """Return the second headline that stands between the date line and the text, or nothing."""
        if part.time is None or len(part.content) < 2:  # noqa: PLR2004 - a headline and what it heads
            return ""
        first, second = (self.lines[number] for number in part.content[:2])
        looks_so = not is_sentence(first) and not _FULL_STOP.search(first) and not DATELINE.match(first)
        return first if looks_so and is_sentence(second) else ""

    def _finish(self, part: _Part) -> None:
        """Say what each line of a part is, and make its article."""
        sub_headline = self._sub_headline(part)
        captions = {part.title.casefold()} - {""}
        self._mark([number for number in part.head if self.keys[number] in captions], "title")
        labels = [number for number in part.head if self.keys[number] not in captions]
        self._mark(labels, "label")
        body: list[int] = []
        for number in part.content:
            repeats = self.keys[number] == sub_headline.casefold() != "" and number != part.content[0]
            if self.keys[number] in captions or repeats:
                self._mark([number], "title")
            elif self.reading.kinds[number] != "time":
                body.append(number)
        self._mark(body, "body")
        stated = DateLine(None, None, "")
        if part.time is not None:
            self._mark([part.time], "time")
            stated = read_date_line(self.lines[part.time], self.zone, self.capture.captured)
            if stated.rejected:
                origin = self.capture.origin.at(part.time + 1)
                detail = f"{stated.rejected}; the article is kept without it"
                self.reading.skipped.append(Skipped(origin, "date-rejected", detail))
        self._add(part, body, labels, stated)

    def _add(self, part: _Part, body: list[int], labels: list[int], stated: DateLine) -> None:
        numbers = [*part.head, *([] if part.time is None else [part.time]), *part.content]
        dateline, day = self._dateline(body)
        if not part.title and not body:
            origin = self.capture.origin.at(min(numbers) + 1, max(numbers) + 1)
            self.reading.skipped.append(Skipped(origin, "no-text", "a date with neither title nor text"))
            return
        section = Counter(self.lines[number] for number in labels).most_common(1)
        self.reading.articles.append(
            Article(
                part.title,
                self._paragraphs(body),
                self.capture.origin.at(min(numbers) + 1, max(numbers) + 1),
                stated.published or (day if part.time is None else None),
                stated.updated,
                self.profile.source if self.profile else "",
                section[0][0] if section else "",
                dateline=dateline,
                captured=self.capture.captured,
            )
        )

    def _paragraphs(self, body: Sequence[int]) -> str:
        """Join body lines; lines that follow each other without a blank line stay lines of one paragraph."""
        joined = ""
        for nth, number in enumerate(body):
            if nth:
                joined += "\n" if self._wraps(body[nth - 1], number) else "\n\n"
            joined += self.lines[number]
        return joined

    def _wraps(self, above: int, number: int) -> bool:
        return number == above + 1 and not _SENTENCE_END.search(self.lines[above])

    def _dateline(self, body: Sequence[int]) -> tuple[str, Moment | None]:
        for number in body[:_DATELINE_PARAGRAPHS]:
            if match := DATELINE.match(self.lines[number]):
                day = read_dateline_day(match)
                return match[0].strip(), day and judge_future(day, self.capture.captured)
        return "", None

    def _mark(self, numbers: Iterable[int], kind: Kind) -> None:
        for number in numbers:
            self.reading.kinds[number] = kind
