"""The peers' pipeline with a fake search; the real ones where they are installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import WordEmbedder

from eval import peers
from eval.peers import Measured, Piece, Pipeline, table
from eval.scoring import Recorder, ask_all
from eval.sets import read_questions
from rag import index
from rag.store import reading
from rag.types import Document, Hit, Span


class HourReader:
    """Offers "nine" to questions about the library."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for passage in (hit.passage for hit in hits):
            if question.startswith("Library") and "nine" in passage.text:
                place = passage.start + passage.text.rindex("nine")
                low, high = next(s for s in passage.sentences if s[0] <= place < s[1])
                spans.append(Span(passage, place, place + 4, low, high, 0.9))
        return spans


@pytest.fixture
def documents(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> list[Document]:
    index(notices, tmp_path / "library", embedder=embedder)
    with reading(tmp_path / "library") as view:
        return list(view.documents())


def test_a_peer_is_judged_by_the_same_rule(documents: list[Document], tmp_path: Path) -> None:
    def search(question: str, limit: int) -> list[Piece]:
        found = [piece for document in documents for piece in peers._paragraphs(document)]
        return [piece for piece in found if "Library" in piece.text][:limit]

    quote = "The Central Library closes at nine in the evening from 1 July 2023."
    (tmp_path / "set.jsonl").write_text(
        '{"question": "Library closes when?", "answers": ["nine"], "category": "factoid", '
        f'"evidence": [{{"doc": "library.txt", "quote": "{quote}"}}]}}\n'
        '{"question": "Ferry fare?", "unanswerable": true}\n',
        "utf-8",
    )
    recorder = Recorder(HourReader())
    pipeline = Pipeline(tmp_path / "library", documents, search, recorder)
    questions = read_questions([tmp_path / "set.jsonl"])
    scored = ask_all(pipeline, recorder, questions, "peer")
    assert [(one.short, one.right) for one in scored] == [("nine", True), (None, True)]
    assert scored[0].quotes[0].quote == quote and scored[0].quotes[0].exact and scored[0].citation_recall == 1
    shown = table([Measured("Peer", tuple(scored), 1.25)])
    assert shown.endswith("\n\n2 questions, 1 of them without an answer.")
    assert "| right | 100 % |" in shown and "| indexing | 1.2 s |" in shown and "questions about time | – |" in shown


def test_paragraphs_stand_where_they_are_said_to(documents: list[Document]) -> None:
    for document in documents:
        pieces = list(peers._paragraphs(document))
        assert all(document.text[one.start : one.start + len(one.text)] == one.text for one in pieces)
        assert "".join("".join(one.text for one in pieces).split()) == "".join(document.text.split())


@pytest.mark.parametrize(("package", "name"), [("langchain_huggingface", "LangChain + FAISS"), ("txtai", "txtai")])
def test_a_real_peer_finds_pieces_where_they_stand(package: str, name: str, documents: list[Document]) -> None:
    pytest.importorskip(package, reason=f"needs vouch[peers]: {package} is not installed")
    found = peers.PEERS[name](documents)("How many passengers does the night ferry carry?", 2)
    texts = {document.id: document.text for document in documents}
    assert "night ferry" in found[0].text
    assert all(texts[one.document][one.start : one.start + len(one.text)] == one.text for one in found)
