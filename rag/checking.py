"""Every sentence of a generator checked against the passages it was given, before anybody reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.citing import unsupported
from rag.types import Checked, Evidence, NumberedPassage

_MARKER = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*\]")


class SentenceChecker:
    """Checks the sentences of one answer in their order: what was shown once is not shown again."""

    def check(self, sentence: str, passages: Sequence[NumberedPassage]) -> Checked:
        """The sentence with its markers repaired and the words that bear it, or why it was removed."""
        by_number = {entry.number: entry for entry in passages}
        words = " ".join(_MARKER.sub("", sentence).split())
        named = [int(number) for found in _MARKER.findall(sentence) for number in re.findall(r"\d+", found)]
        cited = [by_number[number] for number in dict.fromkeys(named) if number in by_number]
        for entry in cited or passages:
            if not unsupported(words, [entry.passage.text]):
                return Checked(sentence, f"{words} [{entry.number}]", (_evidence(entry),))
        return Checked(sentence, None, (), "No passage holds its figures, dates and names.")


def _evidence(entry: NumberedPassage) -> Evidence:
    return Evidence(entry.number, entry.passage.start, entry.passage.end)
