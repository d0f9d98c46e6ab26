"""Questions about a figure that they give: what does it count?"""

from __future__ import annotations

import re

from rag.picking import Coverage
from rag.quantities import is_count, quantities, same_kind
from rag.stages import stages_of
from rag.types import Quantity

LEAST = 10  # "what does the 3 stand for" is about anything
_KIND = r"(?:number|count|total|figure|tally|sum|amount|target|goal|quota|estimate|share|limit)"
_ASKS = re.compile(  # the figure stands at the bar
    r"what (?:exactly |precisely )?(?:does|do|did) (?:the |this |that |a )?(?:figure (?:of )?|number (?:of )?)?\|.*"
    r" (?:count|mean|stand for|refer to|measure|represent|describe|tell us|tell)"
    rf"|(?:the |a )?(?:{_KIND} of )?\|[^:,;]*[:,;–-]+ ?(?:of )?what (?:exactly )?(?:is|are|was|were|does|do)"
    r" (?:it|that|this|they)\b.*"
    rf"|what (?:is|are|was|were) (?:the )?(?:{_KIND} of )?\|.* (?:an? |the )?{_KIND}s? of"
    rf"|(?:is|are|was|were) (?:the )?(?:{_KIND} of )?\|.* (?:an? |the )?{_KIND}s? (?:for|of) .+ or .+",
    re.IGNORECASE,
)


def figure_asked(question: str) -> Quantity | None:
    """The figure of which it is asked what it counts; None where that is not asked."""
    line = " ".join(question.split()).rstrip(" ?.!")
    for one in quantities(line):
        if one.number >= LEAST and _ASKS.fullmatch(f"{line[: one.start]}|{line[one.end :]}"):
            return one
    return None


def tells(question: str, figure: Quantity, sentence: str) -> float:
    """How well a sentence tells what a figure counts, by the words and stages it shares with the question; 0 for none.

    It must hold the figure, and what is asked by way of a choice ("for permits or for arrivals") counts double.
    """
    there = [one for one in quantities(sentence) if one.number == figure.number]
    if not any(same_kind(one, figure) or (is_count(one.unit) and is_count(figure.unit)) for one in there):
        return 0.0
    shared = bool(stages_of(sentence) & stages_of(question))
    return 0.1 + Coverage(question).by(sentence) + shared
