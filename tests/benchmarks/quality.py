"""Ranking quality on judged collections: nDCG@10 of every contender, and of BM25F settings."""

import json
import math
import re
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from newsearch.analysis import fold, stem, tokenize
from newsearch.engines import bm25f

from .archives import DATA
from .contenders import load
from .contenders.base import HITS, Clause, Question, Story

COLLECTIONS = DATA / "collections.tar.gz"
NAMES = ("cranfield", "cisi", "med")
TITLE_WEIGHTS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
K1S = (0.9, 1.2, 1.5, 1.8, 2.1, 2.5)
BS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8)
_CRANFIELD_BEST = 5
"""Cranfield's codes run from 1, the best, to 4; a gain is what is left to this."""

Gains = Mapping[str, int]
"""By document id; what is not named or not relevant gains nothing."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, and queries with what answers them."""

    name: str
    documents: list[Story]
    queries: dict[str, str]
    """Text by query id."""
    gains: dict[str, Gains]
    """By query id; only queries that something answers."""

    @property
    def judged(self) -> Iterator[tuple[Question, Gains]]:
        """The queries as questions that one word of them suffices for, with their gains."""
        for query_id, gains in self.gains.items():
            words = dict.fromkeys(re.findall(r"\w+", self.queries[query_id].lower()))
            yield Question(query_id, tuple(map(Clause, words)), alternatives=True), gains


class Setting(NamedTuple):
    """What BM25F can be set to."""

    title_weight: float
    k1: float
    b: float


CURRENT = Setting(bm25f.FIELD_WEIGHTS["title"] / bm25f.FIELD_WEIGHTS["body"], bm25f.K1, bm25f.B)
Scores = dict[str, float]
"""nDCG@10 by the name of the collection."""


def read_collections(archive: Path = COLLECTIONS, names: Sequence[str] = NAMES) -> list[Collection]:
    """Read collections from their archive."""
    with tarfile.open(archive) as files:
        return [_read_collection(files, name) for name in names]


def measure_quality(collections: Iterable[Collection], contenders: Iterable[str]) -> dict[str, Scores]:
    """Return the scores of each contender."""
    return {name: {one.name: contender_ndcg(name, one) for one in collections} for name in contenders}


def contender_ndcg(name: str, collection: Collection) -> float:
    """Return how well a contender ranks a collection, each query an OR of its words."""
    with tempfile.TemporaryDirectory() as folder:
        contender = load(name)(Path(folder) / "index")
        contender.build(collection.documents)
        with closing(contender):
            return mean(
                ndcg(contender.ids(contender.answer(contender.parse(question))), gains)
                for question, gains in collection.judged
            )


def ndcg(ranked: Sequence[str], gains: Gains) -> float:
    """Return the discounted gain of the first ten, as a share of the best ten possible."""
    best = sorted(gains.values(), reverse=True)
    return _discounted(gains.get(found, 0) for found in ranked[:HITS]) / _discounted(best[:HITS])


def measure_grid(
    collections: Iterable[Collection],
    title_weights: Sequence[float] = TITLE_WEIGHTS,
    k1s: Sequence[float] = K1S,
    bs: Sequence[float] = BS,
) -> dict[Setting, Scores]:
    """Return the scores of BM25F in each setting, the best on average first."""
    arrays = {one.name: Arrays(one) for one in collections}
    settings = [Setting(*values) for values in product(title_weights, k1s, bs)]
    found = {setting: {name: one.ndcg(setting) for name, one in arrays.items()} for setting in settings}
    return dict(sorted(found.items(), key=lambda pair: -mean(pair[1].values())))


class Postings(NamedTuple):
    """Where a word is found."""

    documents: npt.NDArray[np.int64]
    title: Floats
    """How often, in each of the documents."""
    body: Floats


class Arrays:
    """A collection as newsearch would index it, to try settings on quickly.

    Documents are in the order of their ids, in which newsearch puts equal scores.

    Args:
        collection: to hold.
    """

    def __init__(self, collection: Collection) -> None:
        documents = sorted(collection.documents, key=lambda story: story.id)
        self._ids = [story.id for story in documents]
        titles = [_words(story.title) for story in documents]
        bodies = [_words(story.body) for story in documents]
        self._title_lengths = np.array([words.total() for words in titles], float)
        self._body_lengths = np.array([words.total() for words in bodies], float)
        self._postings = _postings(titles, bodies)
        self._judged = [
            ([stem(fold(clause.text)) for clause in question.clauses], gains) for question, gains in collection.judged
        ]

    def ndcg(self, setting: Setting) -> float:
        """Return how well a setting ranks."""
        lengths = setting.title_weight * self._title_lengths + self._body_lengths
        norms = setting.k1 * (1.0 - setting.b + setting.b * lengths / lengths.mean())
        return mean(ndcg(self._ranked(words, setting, norms), gains) for words, gains in self._judged)

    def _ranked(self, words: Iterable[str], setting: Setting, norms: Floats) -> list[str]:
        scores = np.zeros(len(self._ids))
        for documents, title, body in (self._postings[word] for word in words if word in self._postings):
            idf = bm25f.inverse_document_frequency(len(scores), len(documents))
            frequencies = setting.title_weight * title + body
            scores[documents] += idf * frequencies * (setting.k1 + 1.0) / (frequencies + norms[documents])
        best = np.argsort(-scores, kind="stable")[:HITS]
        return [self._ids[number] for number in best if scores[number] > 0]


def _read_collection(files: tarfile.TarFile, name: str) -> Collection:
    documents = [
        Story(record["id"], record.get("title", ""), record.get("body", "")) for record in _records(files, name, "docs")
    ]
    queries = {record["id"]: record["text"] for record in _records(files, name, "queries")}
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for line in _lines(files, f"collections/{name}/qrels.tsv")[1:]:
        query_id, document_id, code = line.split("\t")
        gain = _CRANFIELD_BEST - int(code) if name == "cranfield" else int(code)
        if int(code) > 0:
            gains[query_id][document_id] = gain
    return Collection(name, documents, queries, dict(gains))


def _records(files: tarfile.TarFile, name: str, kind: str) -> Iterator[dict[str, str]]:
    return map(json.loads, _lines(files, f"collections/{name}/{kind}.jsonl"))


def _lines(files: tarfile.TarFile, member: str) -> list[str]:
    stream = files.extractfile(member)
    return stream.read().decode("utf-8").split("\n")[:-1] if stream else []


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _words(text: str) -> Counter[str]:
    return Counter(stem(fold(token.text)) for token in tokenize(text))


def _postings(titles: Sequence[Counter[str]], bodies: Sequence[Counter[str]]) -> dict[str, Postings]:
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        for word in title.keys() | body.keys():
            found[word].append((number, title[word], body[word]))
    postings: dict[str, Postings] = {}
    for word, rows in found.items():
        numbers, in_title, in_body = np.array(rows).T
        postings[word] = Postings(numbers, in_title.astype(float), in_body.astype(float))
    return postings
