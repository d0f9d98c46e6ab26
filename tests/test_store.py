"""SQLite is the only truth: what is staged is not answered from, what is published is, all or nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag.errors import DocumentNotFound, EmbedderMismatch, LibraryBusy, LibraryDamaged, LibraryNotFound
from rag.lexical import KeywordSearch, index_text
from rag.store import FILE, Writing, reading, writing
from rag.types import Basis, Block, BlockKind, Document, PartialDate, Passage, Published, SearchFilter


def document(source: str, text: str, date: str = "2024-03-18", **metadata: str) -> tuple[Document, list[Passage]]:
    published = Published(PartialDate.fromisoformat(date), Basis.TEXT, date)
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    made = Document(0, source, source, text, published, text[:8], "text", (block,), (0,), metadata)
    return made, [Passage(0, 0, 0, len(text), text, ((0, len(text)),), (source,))]


def publish(writer: Writing, embedder: WordEmbedder, *entries: tuple[Document, list[Passage]]) -> list[int]:
    batch = [(made, passages, embedder.embed([p.text for p in passages])) for made, passages in entries]
    numbers = writer.stage(batch)
    writer.publish(numbers, [], index_text)
    return numbers


def test_a_document_comes_back_as_it_went_in(tmp_path: Path, embedder: WordEmbedder) -> None:
    made, passages = document("/a.txt", "Pipes \U0001f600 cost 13 000.", kind="notice")
    with writing(tmp_path, embedder) as writer:
        (number,) = publish(writer, embedder, (made, passages))
    with reading(tmp_path) as view:
        kept = view.document(number)
        (passage,) = view.passages([1])
    assert (kept.text, kept.published, kept.blocks, kept.metadata) == (
        made.text,
        made.published,
        made.blocks,
        {"kind": "notice"},
    )
    assert passage.text == kept.text[passage.start : passage.end]
    assert passage.sentences == passages[0].sentences


def test_staged_documents_are_not_seen_until_published(tmp_path: Path, embedder: WordEmbedder) -> None:
    made, passages = document("/a.txt", "unseen words")
    with writing(tmp_path, embedder) as writer:
        (number,) = writer.stage([(made, passages, embedder.embed(["unseen words"]))])
        with reading(tmp_path) as view:
            assert view.live() == {} and view.count_passages() == 0
            assert KeywordSearch(view.connection).search("unseen", 5) == []
            with pytest.raises(DocumentNotFound):
                view.document(number)
        assert writer.staged("/a.txt", made.sha256) == (number, [])
        assert writer.staged("/a.txt", "another") is None


def test_a_new_version_replaces_the_old_which_stays_readable(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder) as writer:
        (old,) = publish(writer, embedder, document("/a.txt", "old words stand here"))
        (new,) = publish(writer, embedder, document("/a.txt", "new words stand here"))
    with reading(tmp_path) as view:
        assert [d.id for d in view.documents()] == [new]
        assert view.document(old).text == "old words stand here"
        search = KeywordSearch(view.connection)
        assert search.search("old", 5) == [] and len(search.search("new", 5)) == 1
        assert view.vectors()[0] == [passage for passage, _ in search.search("new", 5)]


def test_removal_leaves_no_word_behind(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder) as writer:
        publish(writer, embedder, document("/secret.txt", "zanzibarite is here"), document("/b.txt", "plain"))
        writer.publish([], ["/secret.txt"], index_text)
    assert b"zanzibarit" not in (tmp_path / FILE).read_bytes().lower()


def test_a_reader_keeps_its_view_while_a_writer_publishes(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder) as writer:
        publish(writer, embedder, document("/a.txt", "first"))
        with reading(tmp_path) as view:
            before = view.generation
            publish(writer, embedder, document("/b.txt", "second"))
            assert (view.generation, len(view.live())) == (before, 1)
        with reading(tmp_path) as view:
            assert view.generation != before and len(view.live()) == 2


def test_a_second_writer_gets_a_clear_message(tmp_path: Path, embedder: WordEmbedder) -> None:
    other = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from rag.store import writing\n"
        "from rag.errors import LibraryBusy\n"
        "try:\n  writing(Path(sys.argv[1])).__enter__()\n"
        "except LibraryBusy as error:\n  print(error)"
    )
    with writing(tmp_path, embedder):
        root = str(Path(__file__).parents[1])
        told = subprocess.run(
            [sys.executable, "-c", other, str(tmp_path), root], capture_output=True, text=True, check=False
        )
    assert "another process is writing" in told.stdout, told.stderr
    with writing(tmp_path, embedder):
        pass


def test_another_embedding_model_is_refused_by_name(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder):
        pass
    with (
        pytest.raises(EmbedderMismatch, match="made with the embedding model words"),
        writing(tmp_path, WordEmbedder("other")),
    ):
        pass


def test_no_library_and_damaged_library_are_named(tmp_path: Path, embedder: WordEmbedder) -> None:
    with pytest.raises(LibraryNotFound, match="rag index"), reading(tmp_path):
        pass
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryDamaged, match="index the documents again"), reading(tmp_path):
        pass
    with pytest.raises(LibraryDamaged), writing(tmp_path, embedder):
        pass


def test_an_empty_database_file_is_no_library(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FILE).close()
    (tmp_path / FILE).touch()
    with pytest.raises(LibraryNotFound, match="not made yet"), reading(tmp_path):
        pass


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SearchFilter(), None),
        (SearchFilter(as_of=PartialDate(2023, 6, 30).last()), {"/year.txt"}),
        (SearchFilter(as_of=PartialDate(2024, 3, 18).last()), {"/year.txt", "/day.txt"}),
        (SearchFilter(published_from=PartialDate(2023, 1, 1).first()), {"/day.txt"}),
        (SearchFilter(source="year"), {"/year.txt", "/yearless.txt"}),
        (SearchFilter(metadata={"kind": "notice"}), {"/day.txt"}),
        (SearchFilter(source="'; DROP TABLE documents; --"), set()),
    ],
)
def test_filters(tmp_path: Path, embedder: WordEmbedder, wanted: SearchFilter, found: set[str] | None) -> None:
    with writing(tmp_path, embedder) as writer:
        publish(
            writer,
            embedder,
            document("/day.txt", "one", "2024-03-18", kind="notice"),
            document("/year.txt", "two", "2022"),
            document("/yearless.txt", "three", "--06-03"),
        )
        allowed = writer.allowed(wanted)
        sources = {writer.document(p.document_id).source for p in writer.passages(allowed or [])}
    assert (None if allowed is None else sources) == found


def test_documents_are_found_by_number_source_and_file_name(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder) as writer:
        first, _ = publish(writer, embedder, document("/x/a.txt", "one"), document("/y/a.txt", "two"))
        assert writer.find(str(first)).source == writer.find("/x/a.txt").source == writer.find("x/a.txt").source
        with pytest.raises(DocumentNotFound, match="2 documents"):
            writer.find("a.txt")
        with pytest.raises(DocumentNotFound, match="no document"):
            writer.find("b.txt")
        with pytest.raises(DocumentNotFound):
            writer.find("99")


def test_a_second_writer_in_this_process_is_busy_too(tmp_path: Path, embedder: WordEmbedder) -> None:
    with writing(tmp_path, embedder), pytest.raises(LibraryBusy), writing(tmp_path, embedder):
        pass
