"""A desk over fakes, for the tests of the faces: instant models, real library, real threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from conftest import WordEmbedder
from test_answering import QuotingReader

from rag.types import Hit, Span
from ui.desk import Desk, Models

FERRY = (
    "New ferry opens\n\nThe Harbour Board opened the night ferry today (March 4, 2022). "
    "It carries 1 200 passengers a day between Northport and the old pier.\n\nEnds/Friday, March 4, 2022\n"
)


class HeldReader(QuotingReader):
    """Reads only when let; tells when somebody began."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.begun, self.let = threading.Semaphore(0), threading.Event()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.begun.release()
        assert self.let.wait(30)
        return super().read(question, hits)


def desk_over(library: Path, reader: QuotingReader | None = None, **settings: object) -> Desk:
    models = Models(WordEmbedder(), reader or QuotingReader("1 200 passengers"), "quoting", "ab" * 32)
    return Desk(library, models=lambda: models, **settings)  # type: ignore[arg-type]


def ferry(folder: Path, name: str = "ferry.txt", text: str = FERRY) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name
