"""Both searches against slow oracles, their fusion, and the snapshot between them and SQLite."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.collections import read_collection
from eval.metrics import hit, ndcg, reciprocal_rank
from rag import snapshot
from rag.dense import FaissIndex
from rag.lexical import KeywordSearch, index_text, query_words
from rag.retrieval import _distinct, fuse
from rag.types import Hit, Passage


def keywords(texts: list[str]) -> KeywordSearch:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE keywords USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    connection.executemany("INSERT INTO keywords (rowid, text) VALUES (?, ?)", enumerate(map(index_text, texts)))
    return KeywordSearch(connection)


@pytest.mark.parametrize("written", ["13 000", "13,000", "13000", "13\u00a0000"])
@pytest.mark.parametrize("asked", ["13 000 jobs", "13,000 jobs", "13000 jobs"])
def test_a_number_is_found_however_it_is_written(written: str, asked: str) -> None:
    search = keywords([f"about {written} posts", "about 31 000 posts", "nothing"])
    assert [passage for passage, _ in search.search(asked, 5)] == [0]


def test_grouping_joins_thousands_only() -> None:
    assert index_text("260 000 in 2024, 12 May 2023, 1 234 567") == "260000 in 2024, 12 May 2023, 1234567"
    assert index_text("In March 2024 150 delegates") == "In March 2024 150 delegates"


@pytest.mark.parametrize(
    "asked", ['"', "AND OR NOT", "text:x*", "a (b) ^c", "NEAR(x y)", "' OR 1=1 --", "", "?!", "的"]
)
def test_no_question_is_a_query_language(asked: str) -> None:
    keywords(["and or not", "plain words"]).search(asked, 5)


def test_only_allowed_passages_are_found_and_the_cut_comes_after() -> None:
    search = keywords(["talent"] * 20)
    assert [p for p, _ in search.search("talent", 3, allowed=[17, 5])] == [5, 17]
    assert search.search("talent", 3, allowed=[]) == []


def test_stop_words_leave_a_question_that_has_others() -> None:
    assert query_words("How many of the jobs?") == ["jobs"]
    assert query_words("Who is it?") == ["who", "is", "it"]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(1, 20), st.data())
def test_dense_search_is_exact(count: int, limit: int, data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    vectors = random.normal(size=(count, 8)).astype(np.float32)
    ids = [3 * i + 1 for i in range(count)]
    allowed = data.draw(st.none() | st.lists(st.sampled_from(ids), unique=True))
    query = random.normal(size=8).astype(np.float32)
    index = FaissIndex.from_bytes(FaissIndex.build(ids, vectors).to_bytes())
    among = ids if allowed is None else sorted(allowed)
    wanted = sorted(among, key=lambda i: -float(vectors[(i - 1) // 3] @ query))[:limit]
    found = index.search(query, limit, allowed)
    assert [i for i, _ in found] == wanted
    assert [s for _, s in found] == pytest.approx([float(vectors[(i - 1) // 3] @ query) for i in wanted], abs=1e-5)


def test_fusion_weighs_min_max_scores() -> None:
    fused = dict(fuse([(1, 0.9), (2, 0.5)], [(2, 10.0), (3, 4.0), (4, 7.0)], dense_weight=0.4))
    assert fused == pytest.approx({1: 0.4, 2: 0.6, 3: 0.0, 4: 0.3})
    assert fuse([], []) == []
    assert fuse([(7, 0.3)], []) == [(7, 0.4)]


def test_the_same_words_are_shown_once_but_other_figures_are_other_words() -> None:
    def found(number: int, text: str) -> Hit:
        return Hit(Passage(number, number, 0, len(text), text), 1.0 / number)

    words = "applications under all of the schemes have been approved by the department so far this year"
    hits = [found(1, f"Over 130 000 {words}."), found(2, f"Over 160 000 {words}."), found(3, f"over 130 000  {words}")]
    assert [hit.passage.id for hit in _distinct(hits, 5)] == [1, 2]
    assert [hit.passage.id for hit in _distinct(hits, 1)] == [1]


def test_a_snapshot_is_used_only_for_its_generation_and_only_whole(tmp_path: Path) -> None:
    snapshot.publish(tmp_path, "a", b"one")
    assert snapshot.load(tmp_path, "a") == b"one"
    assert snapshot.load(tmp_path, "b") is None
    snapshot.publish(tmp_path, "b", b"two")
    assert snapshot.load(tmp_path, "a") is None and len(list(tmp_path.iterdir())) == 1
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"tw")
    assert snapshot.load(tmp_path, "b") is None
    assert snapshot.load(tmp_path / "nowhere", "b") is None


def test_metrics_on_worked_examples() -> None:
    grades = {"a": 3, "b": 1}
    assert hit(["x", "a"], grades, 1) == 0 and hit(["x", "a"], grades, 2) == 1
    assert reciprocal_rank(["x", "y", "b"], grades) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], grades) == 0
    assert ndcg(["a", "b"], grades) == 1
    assert ndcg(["b", "x", "a"], grades) == pytest.approx((1 + 3 / 2) / (3 + 1 / math.log2(3)))


class TextbookBM25:
    """Robertson and Zaragoza (2009), equation 3.15, with an inverse document frequency that is never negative."""

    def __init__(self, documents: list[list[str]], k1: float = 1.2, b: float = 0.75) -> None:
        self.counts = [Counter(words) for words in documents]
        self.frequency = Counter(word for counts in self.counts for word in counts)
        average = sum(map(len, documents)) / len(documents)
        self.k1 = k1
        self.lengths = [k1 * (1 - b + b * len(words) / average) for words in documents]

    def scores(self, query: list[str]) -> list[float]:
        inverse = {
            w: math.log(1 + (len(self.counts) - self.frequency[w] + 0.5) / (self.frequency[w] + 0.5)) for w in query
        }
        return [
            sum(inverse[w] * counts[w] * (self.k1 + 1) / (counts[w] + length) for w in query)
            for counts, length in zip(self.counts, self.lengths, strict=True)
        ]


def test_keyword_search_is_as_good_as_textbook_bm25_on_cranfield(shared: Path) -> None:
    collection = read_collection(shared / "eval" / "cranfield")
    names = list(collection.documents)
    texts = [text for _, text in collection.documents.values()]
    search = keywords(texts)
    stems = _porter_stems(texts, list(collection.queries.values()))
    documents = [[stems[word] for word in re.findall(r"\w+", text.lower())] for text in texts]
    textbook = TextbookBM25(documents)
    ours, theirs = [], []
    for query, text in collection.queries.items():
        grades = collection.relevant[query]
        ours.append(ndcg([names[p] for p, _ in search.search(text, 10)], grades))
        scores = textbook.scores([stems[word] for word in query_words(text)])
        theirs.append(ndcg([names[i] for i in np.argsort(scores)[::-1][:10]], grades))
    assert sum(ours) / len(ours) >= sum(theirs) / len(theirs) - 0.01


def _porter_stems(*groups: list[str]) -> dict[str, str]:
    """SQLite's own stems, read from its vocabulary, so that only the scoring is compared."""
    words = sorted({word for texts in groups for text in texts for word in re.findall(r"\w+", text.lower())})
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE w USING fts5 (t, tokenize = 'porter unicode61 remove_diacritics 2')")
    connection.executemany("INSERT INTO w (rowid, t) VALUES (?, ?)", enumerate(words))
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (w, 'instance')")
    stems = {words[row]: term for term, row in connection.execute("SELECT term, doc FROM v")}
    return {word: stems.get(word, word) for word in words}
