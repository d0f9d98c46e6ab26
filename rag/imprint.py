"""When a paper itself is of: "When was the leaflet last revised?", "What is the date of the minutes?".

The words that date it ("Revised May 2024") stand apart, where no reader of sentences looks for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.dates import DATE
from rag.lexical import STOP_WORDS
from rag.picking import stems
from rag.types import Document, Passage, Span

SURE = 0.8  # how sure a date is that the paper named is of
HEAD_CHARS = 600  # in which a paper says what it is

_PAPER = (
    r"(?P<paper>leaflet|brochure|booklet|flyer|(?:press |news )?release|(?:press |media )?statement|notice|circular"
    r"|bulletin|newsletter|fact ?sheet|briefing(?: note| paper)?|memo|note|(?:web ?)?page|paper|report|minutes|document"
    r"|guide|guidance)"
)
_NAMED = rf"(?:the |this |that )?(?P<about>[^?,]*?)\b{_PAPER}(?P<more>(?: (?:on|about|of|for|by|from) [^?,]*?)?)"
_ASKS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:when|on (?:what|which) (?:date|day)) (?:was|were) {_NAMED} (?:first |last |most recently )?"
        r"(?P<verb>published|issued|released|dated|printed|put out|written|revised|updated|changed|amended)\W*$",
        rf"what(?:'s|’s| is| was) the (?:publication |issue )?(?P<verb>date) of {_NAMED}\W*$",
        rf"how (?:old|recent) is {_NAMED}(?:, .*?)?(?P<verb>)\W*$",
    )
]
_REVISED = re.compile(r"revis|updat|chang|amend", re.IGNORECASE)
_SAYS_REVISED = re.compile(r"revis|updat|amend|version|edition|review", re.IGNORECASE)

_HELD = re.compile(r"\b(?:minutes|held|meeting)\b", re.IGNORECASE)


def dated(question: str, documents: Iterable[Document]) -> Span | None:
    """The words that tell when the paper named in a question was published or, where that is asked, last revised.

    None where no paper is asked about in this way, where not just one is of that name, or where its own text does not
    tell its date.
    """
    asks = next(filter(None, (pattern.fullmatch(question.strip()) for pattern in _ASKS)), None)
    if asks is None:
        return None
    named = {stem for stem in stems(f"{asks['about']} {asks['paper']} {asks['more']}") if stem not in STOP_WORDS}
    those = [one for one in documents if named <= stems(f"{one.title}\n{one.text[:HEAD_CHARS]}\n{one.published.words}")]
    if len(those) != 1 or not _tells(those[0].published.words, asks["verb"]):
        return None
    words = re.escape(those[0].published.words).replace(r"\ ", r"\s+")
    found = re.search(words, those[0].text)
    date = re.compile(DATE, re.IGNORECASE).search(those[0].text, found.start(), found.end()) if found else None
    if found is None or date is None:
        return None
    passage = Passage(0, those[0].id, found.start(), found.end(), found[0], (found.span(),))
    return Span(passage, date.start(), date.end(), found.start(), found.end(), SURE)


def _tells(words: str, verb: str) -> bool:
    """Whether the words that date a paper say what is asked: minutes were not published on the day of the meeting."""
    if _REVISED.match(verb):
        return _SAYS_REVISED.search(words) is not None
    return bool(words) and (verb.lower() in ("", "date", "dated") or not _HELD.search(words))
