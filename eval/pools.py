"""Passages in memory that can be searched, for experiments on how texts are cut and read."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from rag.chunking import TARGET_CHARS, chunk
from rag.lexical import KeywordSearch, index_text
from rag.types import Block, BlockKind, Cleaned, Passage


class Pool:
    """The passages of some texts; ``passage.document_id`` is the text's place in the list."""

    def __init__(self, texts: Sequence[str], titles: Sequence[str] = (), target: int = TARGET_CHARS) -> None:
        self.passages: list[Passage] = []
        for number, text in enumerate(texts):
            for found in chunk(_cleaned(text, titles[number] if titles else ""), target=target):
                self.passages.append(replace(found, id=len(self.passages), document_id=number))
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE VIRTUAL TABLE keywords USING fts5 (text, tokenize = 'porter unicode61')")
        rows = ((passage.id, index_text(passage.search_text)) for passage in self.passages)
        connection.executemany("INSERT INTO keywords (rowid, text) VALUES (?, ?)", rows)
        self.keywords = KeywordSearch(connection)


def _cleaned(text: str, title: str) -> Cleaned:
    """Plain paragraphs, one a line."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 1
    return Cleaned(text, title, tuple(blocks))
