"""Text to tokens, and which written forms count as the same word. Queries and engines share this one analyser.

An index holds *surface forms*, words as written. Equivalences (case, accents, stem) are functions over forms and are
decided when a query is read, so that one set of postings answers exact, folded and stemmed queries alike.
"""

from newsearch.analysis.folding import fold, signs
from newsearch.analysis.fuzzy import bare, neighbours
from newsearch.analysis.languages import ENGLISH, language_of
from newsearch.analysis.matching import EDITS, Level, matches
from newsearch.analysis.paragraphs import lead, lead_end
from newsearch.analysis.stemming import stem, stems
from newsearch.analysis.tokens import Token, matches_in, tokenize, without_escapes, words_of
from newsearch.analysis.wildcards import is_pattern, pattern, words

__all__ = [
    "EDITS",
    "ENGLISH",
    "Level",
    "Token",
    "bare",
    "fold",
    "is_pattern",
    "language_of",
    "lead",
    "lead_end",
    "matches",
    "matches_in",
    "neighbours",
    "pattern",
    "signs",
    "stem",
    "stems",
    "tokenize",
    "without_escapes",
    "words",
    "words_of",
]
