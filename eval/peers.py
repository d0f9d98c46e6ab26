"""Vouch beside two pipelines that one would otherwise write: LangChain with FAISS, and txtai.

    python -m eval.peers [QUESTIONS.jsonl] [--documents DIR] [--limit N] [--readme]

The same questions, the same embedding model and the same reader with the same least confidence. The peers get the text
as Vouch reads it from the files, ready to be cut and indexed; they know nothing of as-of dates, earlier questions or
series, and ask and answer without. Needs ``pip install 'vouch[peers]'``.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from eval.figures import FIGURES, Run
from eval.page import percent
from eval.plots import milliseconds
from eval.scoring import Asks, Recorder, Scored, ask_all
from eval.sets import SHIPPED, choice, read_questions
from eval.validate import TIME_CATEGORIES
from rag import index
from rag.answering import MIN_CONFIDENCE, TOP_K, Assistant
from rag.models import load_embedder, load_reader
from rag.places import sample_documents
from rag.store import reading
from rag.types import Answer, Citation, Document, Hit, Passage

if TYPE_CHECKING:
    from rag.seams import Reader

CHUNK, OVERLAP = 800, 100  # characters, as tutorials have it


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document as a peer cuts and finds it; ``start`` is its offset in the stored text."""

    document: int
    start: int
    text: str


Search = Callable[[str, int], Sequence[Piece]]
Build = Callable[[Sequence[Document]], Search]


@dataclass(frozen=True, slots=True)
class Measured:
    """One pipeline's run: its answers, and the seconds that indexing took."""

    name: str
    scored: tuple[Scored, ...]
    indexing: float


class Pipeline:
    """Retrieve, read, answer with the best words and the sentence they stand in: the whole of a plain pipeline."""

    def __init__(self, library: Path, documents: Sequence[Document], search: Search, reader: Reader) -> None:
        self.library = library
        self._documents = {document.id: document for document in documents}
        self._search = search
        self._reader = reader

    def ask(self, question: str, as_of: object = None, history: object = ()) -> Answer:
        """The best span of the best pieces; ``as_of`` and ``history`` mean nothing to it."""
        started = time.perf_counter()
        hits = [Hit(_passage(piece), 1 / rank) for rank, piece in enumerate(self._search(question, TOP_K), 1)]
        found = time.perf_counter()
        spans = self._reader.read(question, hits)
        timings = {"retrieve": found - started, "read": time.perf_counter() - found}
        if not spans or spans[0].score < MIN_CONFIDENCE:
            return Answer(question, None, hits=tuple(hits), reason="not sure enough", timings=timings,
                          confidence=spans[0].score if spans else 0.0)  # fmt: skip
        best = spans[0]
        document = self._documents[best.passage.document_id]
        quote = document.text[best.sentence_start : best.sentence_end]
        citation = Citation(1, document.id, document.source, document.title, document.published,
                            best.sentence_start, best.sentence_end, quote)  # fmt: skip
        short = document.text[best.start : best.end]
        return Answer(question, f"{quote} [1]", short, (citation,), best.score, hits=tuple(hits), timings=timings)


def _passage(piece: Piece) -> Passage:
    from sentencex import get_sentence_boundaries

    found = get_sentence_boundaries("en", piece.text)
    sentences = tuple((piece.start + one["start_index"], piece.start + one["end_index"]) for one in found)
    return Passage(0, piece.document, piece.start, piece.start + len(piece.text), piece.text, sentences)


def langchain(documents: Sequence[Document]) -> Search:
    """Its recursive splitter, its embeddings, its FAISS store."""
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document as Page
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    pages = [Page(page_content=document.text, metadata={"document": document.id}) for document in documents]
    store = FAISS.from_documents(splitter.split_documents(pages), _langchain_embeddings())

    def search(question: str, limit: int) -> list[Piece]:
        found = store.similarity_search(question, k=limit)
        return [Piece(page.metadata["document"], page.metadata["start_index"], page.page_content) for page in found]

    return search


def _langchain_embeddings() -> Any:
    from langchain_huggingface import HuggingFaceEmbeddings

    from embeddings.models import packaged_model

    return HuggingFaceEmbeddings(model_name=str(packaged_model()))


def txtai(documents: Sequence[Document]) -> Search:
    """Its embeddings database over paragraphs, keyword and dense search together."""
    from txtai import Embeddings

    from embeddings.models import packaged_model

    pieces = [piece for document in documents for piece in _paragraphs(document)]
    database = Embeddings(path=str(packaged_model()), hybrid=True)
    database.index((number, piece.text, None) for number, piece in enumerate(pieces))

    def search(question: str, limit: int) -> list[Piece]:
        return [pieces[number] for number, _ in database.search(question, limit)]

    return search


def _paragraphs(document: Document) -> Iterator[Piece]:
    for match in re.finditer(r"\S.*?(?=\n\s*\n|\s*\Z)", document.text, re.DOTALL):
        yield Piece(document.id, match.start(), match.group())


PEERS: dict[str, Build] = {"LangChain + FAISS": langchain, "txtai": txtai}


def main(arguments: Sequence[str] | None = None) -> None:
    """Index, ask and judge with all three, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.peers", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--documents", type=Path, default=sample_documents())
    parser.add_argument("--limit", type=int, help="only N questions, a fixed random choice")
    parser.add_argument("--readme", action="store_true", help="put the table into the README")
    options = parser.parse_args(arguments)
    questions = choice(read_questions([options.questions] if options.questions else SHIPPED), options.limit)
    reader, measured = load_reader(), []
    with tempfile.TemporaryDirectory() as scratch:
        embedder, library = load_embedder(), Path(scratch)
        started = time.perf_counter()
        index(options.documents, library, embedder=embedder)
        seconds = time.perf_counter() - started
        recorder = Recorder(reader)
        vouch = Assistant(library, embedder=embedder, reader=recorder)
        measured.append(Measured("Vouch", tuple(_asked(vouch, recorder, questions, "Vouch")), seconds))
        with reading(library) as view:
            documents = list(view.documents())
        for name, build in PEERS.items():
            build(documents[:1])  # its imports and its model are no part of indexing
            started = time.perf_counter()
            search = build(documents)
            seconds = time.perf_counter() - started
            recorder = Recorder(reader)
            pipeline = Pipeline(library, documents, search, recorder)
            measured.append(Measured(name, tuple(_asked(pipeline, recorder, questions, name)), seconds))
    shown = table(measured)
    print(shown)
    if options.readme:
        from eval.standing import PEERS as MARK
        from eval.standing import renew_readme

        renew_readme(MARK, shown)


def _asked(assistant: Asks, recorder: Recorder, questions: Sequence[object], name: str) -> list[Scored]:
    assistant.ask("How many people came?")  # the first question pays for what is opened once
    return ask_all(assistant, recorder, questions, name)  # type: ignore[arg-type]


def table(measured: Sequence[Measured]) -> str:
    """Markdown: one row a figure, one column a pipeline."""
    rows = [f"| {' | '.join(['', *(one.name for one in measured)])} |", f"|{'---|' * (len(measured) + 1)}"]
    for label, value in _ROWS.items():
        rows.append(f"| {' | '.join([label, *(value(one) for one in measured)])} |")
    asked = [one.question for one in measured[0].scored]
    rows += ["", f"{len(asked)} questions, {sum(one.unanswerable for one in asked)} of them without an answer."]
    return "\n".join(rows)


def _share(name: str, keep: Callable[[Scored], bool] = lambda one: True) -> Callable[[Measured], str]:
    def value(measured: Measured) -> str:
        kept = [one for one in measured.scored if keep(one)]
        found = Run.of(measured.name, kept).interval(FIGURES[name]) if kept else None
        return percent(found.value) if found else "–"

    return value


def _is_timed(one: Scored) -> bool:
    return one.question.category in TIME_CATEGORIES


def _found(measured: Measured) -> str:
    ranks = [one.ranks for one in measured.scored if one.question.evidence and not one.question.unanswerable]
    return percent(sum(any(rank <= 5 for rank in found) for found in ranks) / len(ranks)) if ranks else "–"


_ROWS: dict[str, Callable[[Measured], str]] = {
    "right": _share("right"),
    "right, questions about time": _share("right", _is_timed),
    "right, others": _share("right", lambda one: not _is_timed(one)),
    "right where there is an answer": _share("answered_right"),
    "refused where nothing answers": _share("refused"),
    "evidence in the first 5": _found,
    "citation precision": _share("cited"),
    "citation recall": _share("citation_recall"),
    "a question, median": lambda one: milliseconds(median(row.seconds["all"] for row in one.scored)),
    "indexing": lambda one: milliseconds(one.indexing),
}


if __name__ == "__main__":
    main()
