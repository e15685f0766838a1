"""The queries that are timed: the fifteen of the notes and five more."""

from datetime import date

from .contenders.base import Clause, Question

_TWENTY = "the president said that house and senate leaders would not vote on it this week after a new budget deal"


def words(text: str) -> tuple[Clause, ...]:
    """Return a clause for each word."""
    return tuple(Clause(word) for word in text.split())


def phrases(*texts: str) -> tuple[Clause, ...]:
    """Return a clause for each phrase."""
    return tuple(Clause(text, "phrase") for text in texts)


NOTES = (
    Question("trump", words("trump")),
    Question("supreme court", words("supreme court")),
    Question("climate change policy", words("climate change policy")),
    Question('"health care"', phrases("health care")),
    Question("said", words("said")),
    Question("the president said congress", words("the president said congress")),
    Question("impeachment inquiry ukraine", words("impeachment inquiry ukraine")),
    Question("immigra*", (Clause("immigra", "prefix", stem="immigr"),)),
    Question("title:shutdown", (Clause("shutdown", field="title"),)),
    Question("gerrymandering", words("gerrymandering")),
    Question("border wall funding emergency", words("border wall funding emergency")),
    Question("coronavirus", words("coronavirus")),
    Question("tax cuts jobs act", words("tax cuts jobs act")),
    Question("nuclear deal iran sanctions", words("nuclear deal iran sanctions")),
    Question('"white house" "press secretary"', phrases("white house", "press secretary")),
)
"""Those that the goals are about."""

MORE = (
    Question("tariff OR abortion OR refugees", words("tariff abortion refugees"), alternatives=True),
    Question("econom*", (Clause("econom", "prefix", stem="econom"),)),
    Question("election, in 2016", words("election"), since=date(2016, 1, 1), until=date(2017, 1, 1)),
    Question("senate vote, newest first", words("senate vote"), newest=True),
    Question("twenty common words", words(_TWENTY)),
)
ALL = (*NOTES, *MORE)
