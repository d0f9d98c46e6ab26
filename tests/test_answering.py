"""The way out: cited words are the stored words; what the documents don't say is not said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Assistant, ask, index
from rag.errors import DateError, EmbedderMismatch, LibraryNotFound, QuestionError
from rag.picking import SentencePicker
from rag.store import reading
from rag.types import Answer, Hit, Span


class QuotingReader:
    """Answers with given words wherever they stand; lies about the offsets on request."""

    def __init__(self, words: str, score: float = 0.9, shift: int = 0) -> None:
        self.words, self.score, self.shift = words, score, shift

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for passage in (hit.passage for hit in hits):
            at = passage.text.find(self.words)
            if at >= 0:
                start = passage.start + at + self.shift
                end = start + len(self.words)
                inside = [s for s in passage.sentences if s[0] <= start - self.shift < s[1]]
                spans.append(Span(passage, start, end, *inside[0], self.score))
        return spans


@pytest.fixture
def library(tmp_path: Path, notices: Path, embedder: WordEmbedder) -> Path:
    index(notices, tmp_path / "library", embedder=embedder)
    return tmp_path / "library"


def test_an_answer_quotes_its_document_exactly(library: Path, embedder: WordEmbedder) -> None:
    answer = Assistant(library, embedder=embedder, reader=QuotingReader("1 200 passengers")).ask("How many passengers?")
    (citation,) = answer.citations
    assert answer.short == "1 200 passengers" and not answer.abstained
    assert answer.text == f"{citation.quote} [1]"
    assert (citation.published.date.isoformat(), Path(citation.source).name) == ("2022-03-04", "ferry.txt")
    with reading(library) as view:
        assert view.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert set(answer.timings) == {"open", "retrieve", "read", "time", "cite"}


def test_a_stream_ends_with_the_answer_whose_text_it_gave(library: Path, embedder: WordEmbedder) -> None:
    assistant = Assistant(library, embedder=embedder, reader=QuotingReader("1 200 passengers"))
    *pieces, answer = assistant.stream("How many passengers?")
    assert isinstance(answer, Answer) and "".join(map(str, pieces)) == answer.text
    assert answer == replace(assistant.ask("How many passengers?"), timings=answer.timings)
    (nothing,) = assistant.stream("How many passengers in 2031?")
    assert isinstance(nothing, Answer) and nothing.abstained


def test_words_that_are_not_in_the_document_are_never_shown(library: Path, embedder: WordEmbedder) -> None:
    answer = Assistant(library, embedder=embedder, reader=QuotingReader("1 200 passengers", shift=5000)).ask(
        "How many?"
    )
    assert answer.text is None and answer.citations == () and answer.hits


def test_below_the_threshold_is_an_abstention_with_a_reason(library: Path, embedder: WordEmbedder) -> None:
    reader = QuotingReader("1 200 passengers", score=0.4)
    assistant = Assistant(library, embedder=embedder, reader=reader, min_confidence=0.5)
    answer = assistant.ask("What does the zoo charge for llamas?")
    assert answer.text is None and answer.hits
    assert '"zoo"' in str(answer.reason) and '"llamas"' in str(answer.reason)
    assert answer.confidence == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("as_of", "names"),
    [
        ("2022-12-31", {"ferry.txt"}),
        (dt.date(2023, 12, 31), {"ferry.txt", "bridge.md"}),
        ("2020", set()),
        (None, {"ferry.txt", "bridge.md", "library.txt"}),
    ],
)
def test_only_what_was_published_by_then_may_answer(
    library: Path, embedder: WordEmbedder, as_of: str | dt.date | None, names: set[str]
) -> None:
    answer = Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask(
        "When do the ferry, the bridge and the library open?", as_of
    )
    with reading(library) as view:
        assert {Path(view.document(hit.passage.document_id).source).name for hit in answer.hits} == names
    if not names:
        assert answer.reason == "no document in the library is known to have been published by 2020-12-31"


@pytest.mark.parametrize(
    ("earlier", "about"),
    [("Who spoke of the repairs to the Long Bridge?", "Bridge"), ("What carries 1 200 passengers a day?", "ferry")],
)
def test_a_follow_up_searches_with_the_question_before_it(
    library: Path, embedder: WordEmbedder, earlier: str, about: str
) -> None:
    answer = Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask(
        "And when was it?", history=[(earlier, "")]
    )
    assert about in answer.hits[0].passage.text


def test_a_source_filter_keeps_to_its_documents(library: Path, embedder: WordEmbedder) -> None:
    answer = Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask(
        "When does the library close?", source="bridge.md"
    )
    assert {hit.passage.document_id for hit in answer.hits} and "Steel" in "".join(h.passage.text for h in answer.hits)
    assert all("Library" not in hit.passage.text for hit in answer.hits)


@pytest.mark.parametrize("question", ["", " \n\t ", "x" * 100_000])
def test_questions_that_are_none(library: Path, embedder: WordEmbedder, question: str) -> None:
    with pytest.raises(QuestionError):
        Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask(question)


@pytest.mark.parametrize("question", ["?", "!!!", "的", '" OR 1=1', "\U0001f600", "a" * 2000, "NEAR(x) AND *"])
def test_odd_questions_get_an_answer_or_an_abstention(library: Path, embedder: WordEmbedder, question: str) -> None:
    answer = Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask(question)
    assert answer.text is not None or answer.reason


def test_an_as_of_that_is_no_date(library: Path, embedder: WordEmbedder) -> None:
    with pytest.raises(DateError):
        Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask("When?", as_of="soon")


def test_libraries_that_cannot_be_asked(tmp_path: Path, library: Path, embedder: WordEmbedder) -> None:
    with pytest.raises(LibraryNotFound):
        Assistant(tmp_path / "nowhere", embedder=embedder, reader=SentencePicker(embedder)).ask("When?")
    with pytest.raises(EmbedderMismatch):
        Assistant(library, embedder=WordEmbedder("other"), reader=SentencePicker(embedder)).ask("When?")


def test_an_assistant_sees_what_was_indexed_since(library: Path, notices: Path, embedder: WordEmbedder) -> None:
    assistant = Assistant(library, embedder=embedder, reader=SentencePicker(embedder))
    assert not any("zeppelin" in hit.passage.text for hit in assistant.ask("zeppelin").hits)
    (notices / "zeppelin.txt").write_text("Sky news\n\nThe zeppelin lands at noon on 3 May 2024.\n")
    index(notices, library, embedder=embedder)
    assert "zeppelin" in assistant.ask("zeppelin").hits[0].passage.text


def test_a_lost_snapshot_is_rebuilt_from_sqlite(library: Path, embedder: WordEmbedder) -> None:
    before = Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask("ferry").hits
    for file in (library / "snapshots").iterdir():
        file.write_bytes(b"rubbish")
    assert Assistant(library, embedder=embedder, reader=SentencePicker(embedder)).ask("ferry").hits == before


def test_the_one_shot_form(library: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.answering.load_embedder", lambda: embedder)
    monkeypatch.setattr("rag.answering.load_reader", lambda: SentencePicker(embedder))
    assert ask("How many passengers does the night ferry carry?", library=library).hits


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How many passengers does the ferry carry in March 2022?", True),
        ("How many passengers does the ferry carry in May 2022?", False),
        ("How many passengers does the ferry carry in 2024?", False),
        ("How many passengers does the Seventh ferry carry?", False),
    ],
)
def test_another_year_month_or_ordinal_is_not_answered(
    library: Path, embedder: WordEmbedder, question: str, answered: bool
) -> None:
    answer = Assistant(library, embedder=embedder, reader=QuotingReader("1 200 passengers")).ask(question)
    assert (answer.text is not None) == answered


def test_of_answers_about_as_good_the_newest_documents_is_given(tmp_path: Path, embedder: WordEmbedder) -> None:
    for year, name in ((2021, "Mr Al Ray"), (2024, "Ms Bo Lin"), (2022, "Mr Cy Fox")):
        (tmp_path / f"{year}.txt").write_text(
            f"Note\n\nIssued on 2 May {year}\n\nThe Director of Ports, {name}, spoke.\n"
        )
    index(tmp_path, tmp_path / "library", embedder=embedder)
    assistant = Assistant(tmp_path / "library", embedder=embedder, reader=SentencePicker(embedder), min_confidence=0)
    assert assistant.ask("Who is the Director of Ports?").short == "Ms Bo Lin"
    assert assistant.ask("Who is the Director of Ports?", as_of="2023").short == "Mr Cy Fox"
