"""Questions that ask two things at once: "When and where did they meet?", "Who chairs it, and who advises it?".

Each part becomes a question of its own; what the second leaves out is filled in from the first and its answer, as for
a follow-up (see following.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_ASKING = r"(?:how (?:many|much|old|long|large|big|far)|how|what|which|who|whom|whose|when|where|why)"
_AUXILIARY = r"(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must)"
_WORDS_JOINED = re.compile(rf"(?P<first>{_ASKING}) and (?P<second>{_ASKING}) (?P<rest>{_AUXILIARY}\b.+)", re.I | re.S)
_OF_A_NOUN = rf"(?!(?:{_AUXILIARY}|it|them|these|those)\b|\w*\d)[\w'’-]+"  # "came in 2024", "of it" are of none
_NOUNS_JOINED = re.compile(
    rf"(?P<first>{_ASKING} (?:{_OF_A_NOUN} ){{1,5}}?)and (?P<second>{_ASKING} (?:{_OF_A_NOUN} ){{1,5}}?)"
    rf"(?P<rest>{_AUXILIARY}\b.+)",
    re.I | re.S,
)
_BOTH = re.compile(rf"(?P<first>{_ASKING}\b.+?),? and (?P<second>{_ASKING}\b.+)", re.I | re.S)
_ONE_QUESTION = re.compile(r"\b(?:between|both|compare|differ\w*|than|change[ds]?|grow\w*|rise|rose|fall|fell)\b", re.I)
_ELLIPTIC = re.compile(  # "how many in 2024"
    r"(?P<asking>how (?:many|much)|who|what|which) (?P<by>in|on|by|at|from|for|during) (?P<what>[\w ,'’-]+)", re.I
)
LEAST_WORDS = 3  # of a part


def parts(question: str) -> tuple[str, ...]:
    """The questions it is made of, one where it asks one thing."""
    line = " ".join(question.split()).rstrip(" ?.")
    if _ONE_QUESTION.search(line):
        return (question,)
    joined = _WORDS_JOINED.fullmatch(line) or _NOUNS_JOINED.fullmatch(line)
    if joined:
        return tuple(f"{joined[one].strip()} {joined['rest']}?" for one in ("first", "second"))
    both = _BOTH.fullmatch(line)
    if both and all(len(both[one].split()) >= LEAST_WORDS for one in ("first", "second")):
        elliptic = _ELLIPTIC.fullmatch(both["second"])
        if elliptic and not re.search(rf"\b{_AUXILIARY}\b", elliptic["what"], re.I):
            return _again(both["first"], elliptic) or (question,)
        return f"{both['first']}?", f"{both['second'][0].upper()}{both['second'][1:]}?"
    return (question,)


def _again(first: str, second: re.Match[str]) -> tuple[str, str] | None:
    """The first question, and once more with what stands behind the same preposition changed; None where none does.

    "How many came in 2023 and how many in 2024?" asks for those that came in both.
    """
    stem, by, _ = first.rpartition(f" {second['by']} ")
    alike = stem.lower().startswith(f"{second['asking'].lower()} ")
    if not by or not alike:
        return None
    return f"{first}?", f"{stem}{by}{second['what']}?"


_TIME_PREPOSITION = re.compile(r"\W*(?P<by>as at|as of|by|in|at|on|for|during|until)\b", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:,|&|,? and|;)\s*(?:the )?", re.IGNORECASE)


def at_each_time(question: str, spans: Sequence[tuple[int, int]], labels: Sequence[str]) -> tuple[str, ...]:
    """The question once for each time that it lists, "by January, by May and by June"; none where it lists none.

    ``question[start:end]`` of each of ``spans`` names a time, which ``labels`` write out with its year.
    """
    between = [question[one[1] : other[0]] for one, other in pairwise(spans)]
    if not between or len(spans) != len(labels) or not all(map(_LISTED.fullmatch, between)):
        return ()
    head, tail = question[: spans[0][0]].rstrip(" ,:"), question[spans[-1][1] :].strip(" ,?.")
    if _ONE_QUESTION.search(f"{head} {tail}"):
        return ()
    named = _TIME_PREPOSITION.match(question, *spans[0])
    by = named["by"].lower() if named else "in"
    asked = [f"{head} {by} {label}{' ' if tail else ''}{tail}?".strip() for label in labels]
    return tuple(f"{one[0].upper()}{one[1:]}" for one in asked)
