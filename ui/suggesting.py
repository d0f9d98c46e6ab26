"""Questions to begin with, and to ask next: posed by the documents' own sentences, shown only when they are answered.

Each is put to the assistant before anybody sees it, while nobody asks, and must bring back the words it was read from.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest

from rag.types import Answer, Document
from ui import texts
from ui.conversations import Settings
from ui.desk import Desk
from ui.posing import Posed, Sort, posed

BEGIN = 4  # questions shown
NEXT = 3
TRIED = 12  # questions put to the assistant at most, for a few that are shown
DOCUMENTS = 40  # the newest, from which questions to begin with are read
READ = 20_000  # characters of each
LEAST = 0.5  # how sure the answer must be
KEPT = 256  # what was found out is not found out again while the library stays as it is

History = Sequence[tuple[str, str]]
Ask = Callable[[str], Answer]


class Suggestions:
    """What may be asked of a desk; works in the desk's own line for such errands, one at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: OrderedDict[tuple[object, ...], tuple[str, ...]] = OrderedDict()

    def beginnings(self) -> tuple[str, ...]:
        """A few questions of different kinds; empty where the documents suggest none."""
        return self._once(("begin",), self._begin)

    def after(self, question: str, answer: Answer, history: History, settings: Settings) -> tuple[str, ...]:
        """What to ask after an answer, or instead of a question that had none, within the same limits."""
        limits = (settings.as_of, settings.published_from, settings.source)
        return self._once((question, tuple(history), *limits), lambda: self._next(question, answer, history, settings))

    def _once(self, key: tuple[object, ...], find: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        key = (self._desk.generation, dt.date.today(), *key)
        if key not in self._known:
            self._known[key] = find()
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[key]

    def _begin(self) -> tuple[str, ...]:
        documents = sorted((one.document for one in self._desk.documents()), key=_newest_first)[:DOCUMENTS]
        posing = _of_every_sort(posed(document.text[:READ]) for document in documents)
        return _answered(posing, self._desk.ask_aside, BEGIN, ())

    def _next(self, question: str, answer: Answer, history: History, settings: Settings) -> tuple[str, ...]:
        earlier = [*history, (question, answer.short or answer.text or "")]

        def ask(following: str) -> Answer:
            return self._desk.ask_aside(
                following,
                as_of=settings.as_of,
                history=earlier,
                source=settings.source,
                published_from=settings.published_from,
            )

        nearby = _of_every_sort(posed(text) for text in self._nearest_texts(answer))
        return _answered([*_at_other_times(answer), *nearby], ask, NEXT, [said for said, _ in earlier])

    def _nearest_texts(self, answer: Answer) -> Iterator[str]:
        """The passages cited, then the others that were found, best first."""
        cited = {citation.document_id: citation for citation in reversed(answer.citations)}
        for hit in sorted(answer.hits, key=lambda hit: hit.passage.document_id not in cited):
            yield hit.passage.text
        for number in list(cited)[:1]:
            yield self._desk.document(number).text[:READ]


def _newest_first(document: Document) -> int:
    return -(document.published.date.last() or dt.date.min).toordinal()


def _of_every_sort(found: Iterable[Sequence[Posed]]) -> list[Posed]:
    """One of each sort in turn, each sort in the order it was found in, the shorter questions of a text first."""
    sorts: dict[Sort, list[Posed]] = {sort: [] for sort in Sort}
    for of_one_text in found:
        for one in of_one_text:
            sorts[one.sort].append(one)
    return [one for some in zip_longest(*sorts.values()) for one in some if one is not None]


def _at_other_times(answer: Answer) -> list[Posed]:
    """The latest moment of a series that is not the answer's own."""
    others = [point for point in answer.timeline if answer.moment is None or point.moment.label != answer.moment.label]
    return [Posed(texts.WHAT_ABOUT.format(moment=point.moment.label), point.value, Sort.TIME) for point in others[-1:]]


def _answered(posing: Iterable[Posed], ask: Ask, wanted: int, known: Iterable[str]) -> tuple[str, ...]:
    """The first questions that are answered as they should be, of different sorts where there are such.

    What has been asked before is left out, and what has the same answer as another.
    """
    good: list[tuple[Posed, str]] = []
    seen = {_bare(question) for question in known}
    fresh = [one for one in posing if not (_bare(one.question) in seen or seen.add(_bare(one.question)))]  # type: ignore[func-returns-value]
    for one in islice(fresh, TRIED):
        answer = ask(one.question)
        if _is_answered(one, answer) and answer.short not in [short for _, short in good]:
            good.append((one, answer.short or ""))
        if len({other.sort for other, _ in good}) >= wanted:
            break
    first = {one.sort: one for one, _ in reversed(good)}
    mixed = [one for one, _ in good if first[one.sort] is one] + [one for one, _ in good if first[one.sort] is not one]
    return tuple(one.question for one in mixed[:wanted])


def _bare(question: str) -> str:
    return question.lower().strip(" ?.")


def _is_answered(one: Posed, answer: Answer) -> bool:
    """Whether asking brings back the words it was read from, surely, and without a contradiction."""
    if answer.text is None or answer.confidence < LEAST:
        return False
    if one.sort is Sort.LIST:
        return len((answer.short or "").split("; ")) >= _NUMBERS.get(one.question.split()[3], 2)
    quoted = " ".join(citation.quote for citation in answer.citations)
    return " ".join(one.words.split()) in " ".join(quoted.split())


_NUMBERS = {
    word: count for count, word in enumerate("three four five six seven eight nine ten".split(), 3)
}  # of members that a list of so many must have
