"""How a word of a query is written in the articles of an index."""

from collections import Counter
from unicodedata import normalize

from newsearch.engines.whoosh.occurrences import fields_of, occurrences
from newsearch.engines.whoosh.view import IndexView, SegmentView
from newsearch.model import WrittenForms
from newsearch.query.tree import Term

COUNTED = 200
"""Forms of a word whose articles are counted; of more, those with the most postings."""


def written_forms(view: IndexView, word: Term, most: int) -> WrittenForms:
    """Return the forms of a word that stand in current editions, in its field.

    Args:
        view: the index.
        word: of a query.
        most: forms that are named.
    """
    postings: Counter[str] = Counter()
    for segment in view.segments:
        postings.update(_postings(segment, word))
    counted = {form: _articles(view, Term(form, "case", word.field)) for form, _ in postings.most_common(COUNTED)}
    standing = sorted((pair for pair in counted.items() if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    uncounted = len(postings) - len(counted)
    return WrittenForms(len(standing) + uncounted, tuple(standing[:most]))


def _postings(segment: SegmentView, word: Term) -> Counter[str]:
    """Return how many postings each form has in a segment, of whatever documents."""
    starts = [segment.file.fields["body" if field == "lead" else field].starts for field in fields_of(word)]
    found: Counter[str] = Counter()
    for span in segment.expand(word.text, word.level):
        for form in span:
            edges = (each.pair(form, form + 1) for each in starts)
            found[normalize("NFC", segment.file.forms[form].decode())] += sum(end - start for start, end in edges)
    return +found


def _articles(view: IndexView, form: Term) -> int:
    return sum(occurrences(piece, form).count for piece in view.slices)
