"""Which language a text is in, told from its first lines, cheaply enough to ask of every article.

Most archives are in English, which its function words give away, or in a script that only one language has. What is
left is asked of the classifier of langid.py (Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification
Tool", ACL 2012), which takes half a second to load and a quarter of a millisecond a text.
"""

import re
from functools import cache
from typing import Any

from newsearch.errors import IndexUnusableError

_LOOKED_AT = 600
"""Characters; a few sentences."""
_ASKED_ABOUT = 300
"""Of these, what the classifier is given."""
_LEAST = 20
"""Letters without which nothing is certain."""
_CERTAIN = 0.5
"""The classifier's own probability of its answer, below which there is none."""
_ENGLISH = frozenset(
    (
        *(
            "the",
            "of",
            "and",
            "that",
            "with",
            "from",
            "this",
            "has",
            "have",
            "been",
            "which",
            "his",
            "would",
            "said",
            "by",
        ),
        *(
            "were",
            "their",
            "is",
            "are",
            "will",
            "it's",
            "after",
            "who",
            "but",
            "not",
            "they",
            "she",
            "about",
            "when",
            "than",
        ),
    )
)
"""Function words that are no words in other languages, or rare ones."""
_ENGLISH_SHARE = 0.05
"""Running text has 0.2 of them, lists of names and numbers 0.05; in other languages English quotations reach 0.03."""
_LETTERS = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
}
"""Scripts of one language each. Japanese is the text with kana among its Chinese characters; so it comes first."""
_SCRIPT_SHARE = 0.3
_KANA_SHARE = 0.1


def detected_language(text: str) -> str:
    """Return the ISO 639-1 code of the language a text is in; empty when that is not certain."""
    start = text[:_LOOKED_AT]
    # Some texts begin with names and numbers; to look further costs less than to ask the classifier.
    if _is_english(start) or _is_english(text[_LOOKED_AT : 6 * _LOOKED_AT]):
        return "en"
    letters = len(_LETTERS.findall(start))
    return _by_script(start, letters) or (_classified(start[:_ASKED_ABOUT]) if letters >= _LEAST else "")


def _is_english(text: str) -> bool:
    words = text.lower().split()
    return len(words) >= _LEAST and sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words)


def _by_script(text: str, letters: int) -> str:
    for language, script in _SCRIPTS.items():
        share = _KANA_SHARE if language == "ja" else _SCRIPT_SHARE
        if letters and len(script.findall(text)) >= share * letters:
            return language
    return ""


def _classified(text: str) -> str:
    language, certainty = _classifier().classify(text)
    return str(language) if certainty >= _CERTAIN else ""


@cache
def _classifier() -> Any:  # noqa: ANN401 - the library has no annotations
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - slow to load, and rarely needed

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it unpacks its model into a temporary file
        message = f"the folder for temporary files cannot be used ({error.strerror})"
        raise IndexUnusableError(message, "free some space, or name another folder in TMPDIR") from error
