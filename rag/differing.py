"""Questions about several values of one thing at one moment: how far apart they are, the lower of the two, which was
put before whom, whether the sources agree.

What is asked of the values is taken out of the question, and what is left asks for the value plainly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rag.changing import plain_question, size_question
from rag.mentions import mentions
from rag.picking import missing_words
from rag.quantities import is_count, quantities
from rag.types import PartialDate, Quantity

MOST_CHARS = 400


class Asks(StrEnum):
    """What is asked of the values."""

    ALL = "all"  # which there are, and who gives which
    GAP = "gap"
    LOWER = "lower"
    HIGHER = "higher"
    AGREE = "agree"
    WHOSE = "whose"  # the one of which something is told: "put before the commission"
    EITHER = "either"  # "had 500 or 650 been let"
    WHY = "why"


@dataclass(frozen=True, slots=True)
class Several:
    """The plain question about the value, and what is asked of the values that sources give.

    ``named`` are the two sources it names, or what it tells of the value asked for; ``figures`` those it offers, whose
    offsets mean nothing; ``source`` says that the document is asked for which gives the lower or higher one.
    """

    question: str
    asks: Asks
    named: tuple[str, ...] = ()
    figures: tuple[Quantity, ...] = ()
    source: bool = False


def several(question: str) -> Several | None:
    """What a question asks of several values; None where it asks for one, or for one after another."""
    line = " ".join(question.split())
    if len(line) > MOST_CHARS:
        return None
    line = _ASIDE.sub("", re.sub(r"(?i)\b(what|which|who)['’]s\b", r"\1 is", line)).rstrip(" ?.!")
    return _of_sources(line) or _of_figures(line) or _either(line)


def _of_sources(line: str) -> Several | None:
    """ "Do the page and the board agree on how many ...?": the sources are the subject."""
    for asks, pattern in _FRAMES:
        found = pattern.fullmatch(line)
        if found is None:
            continue
        said = found.groupdict()
        who = " and ".join(filter(None, (said.get("who"), said.get("other"))))
        named = () if not who or _ANY_SOURCE.fullmatch(who) else tuple(filter(None, _AND.split(who)))
        question = _value_asked(said["what"] or "", counts=bool(_OF_COUNTS.match(said.get("kind") or "")))
        if not question or (named and len(named) != 2):
            return None
        degree = said.get("degree") or ""
        return Several(question, Asks.HIGHER if _HIGH.match(degree) else asks, named, source=bool(degree))
    return None


def _of_figures(line: str) -> Several | None:
    """ "How far apart are the two totals of ...?": the figures are."""
    found = (_VALUES_THEN if _WHICH_OF.match(line) else _VALUES).search(line)
    if found is None:
        return None
    rest = f"{line[: found.start()]}|{line[found.end() :]}"
    asks, cue = next(((asks, cue) for asks, pattern in _CUES if (cue := pattern.search(rest))), (None, None))
    degree = found["degree"] or (_DEGREE.search(rest) or [""])[0]
    if asks is None and found["degree"]:
        asks = Asks.LOWER
    if asks is Asks.LOWER and _HIGH.match(degree):
        asks = Asks.HIGHER
    sort = _NO_SORT.sub("", found["sort"] or "").strip()
    what = f"{sort.removesuffix('s')}s for {found['what']}" if sort else found["what"]
    question = _value_asked(what, counts=bool(sort or _OF_COUNTS.match(found["kind"] or found["kind1"])))
    if asks is None or not question:
        return None
    return Several(question, asks, (cue["told"],) if cue and asks is Asks.WHOSE else ())


def _value_asked(what: str, *, counts: bool = False) -> str:
    """The plain question about a value named as in "totals of granted applications for end-February 2024".

    Empty where no thing is named.
    """
    if not re.search(r"[^\W\d]{3}", what):
        return ""
    for one in reversed(mentions(what, PartialDate(), settle=False)):
        # a total "for February" is the one that stood then
        what = what[: one.start] + _FOR.sub("by ", what[one.start :], count=1)
    if _ASKED.match(what):
        return f"{what[0].upper()}{what[1:]}?"
    return plain_question(what, counts=True) if counts else size_question(what)


def _either(line: str) -> Several | None:
    """ "Had 500 or 650 flats been let by May?": two figures of which one may be right."""
    if not _BEGINS.match(line):
        return None
    figures = quantities(line)
    pairs = [
        (one, other)
        for one, other in pairwise(figures)
        if re.fullmatch(r"(?: [^\W\d]+){0,2},? or (?:[^\W\d]+ ){0,2}", line[one.end : other.start])
        and one.number != other.number
    ]
    if len(pairs) != 1:
        return None
    one, other = pairs[0]
    counted = line[other.end :].strip()
    before = re.sub(rf"^{_BEGINS.pattern} ?(?:(?:it|that|there)\b ?)?", "", line[: one.start], flags=re.IGNORECASE)
    before = re.sub(rf" ?\b(?:{_QUALIFIERS})? ?$", "", before).strip()
    if quantities(before):
        return None
    counted = re.sub(r"^(.{3,80}?) that (?!\w+ed\b)", r"\1 ", counted)  # "500 or 650 flats that the board had let"
    if before:  # "Is the number of arrivals 90 000 or 100 000?"
        value = _value_asked(f"{before} {counted}".strip())
        if not is_count(one.unit):
            value = re.sub("^(?:What|How large) is", "How much is", value)
        return Several(value, Asks.EITHER, figures=(one, other))
    if not re.match(r"[^\W\d]{3}", counted):
        return None
    return Several(f"How many {counted}?", Asks.EITHER, figures=(one, other))


def holds(words: str, texts: Sequence[str]) -> bool:
    """Whether texts speak of all that words name: "the summit page" of a title "Global Talent Summit set for May"."""
    left = _NO_NAME.sub(" ", words)
    return bool(left.strip()) and not missing_words(left, texts)


def reason(sentence: str, question: str) -> bool:
    """Whether a sentence tells why a figure is not another: it rounds, leaves out, counts something else.

    What is not said of figures must speak of what the plain ``question`` counts.
    """
    if _ROUNDS.search(sentence):
        return True
    counted = re.findall(r"[a-z]{4,}", question)  # no month
    of_it = _FIGURE_WORDS.search(sentence) or any(
        not missing_words(word, [sentence]) for word in counted if word not in _NO_THING
    )
    return bool(of_it and _REASON.search(sentence))


_MANY = r"(?:two|both|three|different|differing|conflicting|competing|various|several)"
_FIGURES = r"(?P<kind>totals|figures|counts|numbers|values|tallies|estimates|sums|amounts)"
_FIGURE = r"(?P<kind1>total|figure|count|number|value|tally|estimate|sum|amount)"
_ANY_FIGURE = _FIGURE.replace("kind1", "kind")
_OF_COUNTS = re.compile("total|count|number|tall")
_GIVEN = (
    r"(?: (?:(?:that|which|we|you|they) )?(?:(?:are|were|have been|has been|being|we have|there are|there is|I find"
    r"|to be found) ?)?(?:given|reported|published|stated|quoted|named|cited|found|told|on record|around|exist)?)?"
)
_OF = r" (?:of|for|on|as to|about|put on)"
_WHAT = r"(?: the)? (?P<what>.+?)"
_DEGREES = "(?:lower|smaller|lesser|higher|larger|bigger|greater)"
_DEGREE, _HIGH = re.compile(rf"\b{_DEGREES}\b", re.IGNORECASE), re.compile("higher|larger|bigger|greater")
_NO_SORT = re.compile(
    r"\b(?:different|differing|published|reported|given|official|overall|various|separate|recorded|running|conflicting"
    r"|competing|such|of|the|main|known|cumulative|of these)\b ?",
    re.IGNORECASE,
)
_THEM = (
    rf"\b(?:the )?(?:{_MANY} (?P<sort>(?:[a-z]+ ){{0,2}}?){_FIGURES}|(?<=the )(?P<degree>{_DEGREES}) {_FIGURE})"
    rf"{_GIVEN}{_OF}{_WHAT}"
)
_ENDS = rf"$|[.;:,?]| (?:differ|diverge|disagree|conflict|lie|stand)\b| (?:is|are|was|were) (?:the )?{_DEGREES}\b"
_VALUES = re.compile(rf"{_THEM}(?={_ENDS})", re.IGNORECASE)
_VALUES_THEN = re.compile(rf"{_THEM}(?={_ENDS}| (?:was|is|comes?|came|stands) )", re.IGNORECASE)
_WHICH_OF = re.compile(r"(?:which|what) (?:one )?of\b", re.IGNORECASE)
_CUES = tuple(  # what is asked of the values, which stand at the bar
    (asks, re.compile(pattern, re.IGNORECASE))
    for asks, pattern in (
        (Asks.WHY, r"^why\b|\bwhat (?:explains|accounts for)\b|\breason (?:for|why)\b"),
        (Asks.GAP, r"\b(?:far|wide|much) apart\b|\b(?:gap|difference|discrepancy|distance|margin)\b|\bhow much\b"),
        (Asks.LOWER, rf"\b{_DEGREES}\b"),
        (Asks.WHOSE, r"\|,? (?:(?:which|what)(?: one)? )?(?P<told>(?:was|were|is|comes?|came|stands?|did|had) \w.*)$"),
        (Asks.ALL, r"\bwho (?:gives|says|gave|tells)\b|\b(?:which|what) (?:ones|(?:are|were) (?:they|those|these|\|)"
                   r"|they are|those are)|\bname them\b|^(?:list|show|give|state|name)(?: me)? \|"
                   r"|^(?:what|which) (?:are|were) (?:the )?\|"),
    )
)  # fmt: skip
_SOURCE = "(?:source|paper|document|report|page|text|notice|release|file)"
_SOURCES = f"(?:{_SOURCE}s|they|accounts)"
_DO, _BE, _WHICH = "(?:do|does|did)", "(?:is|are|was|were)", "(?:what|which)"
_SAY = "(?:say|tell|give|have|has|state|report|show|name|put|cite)s?"
_AGREE = rf"(?:(?:dis)?agree|differ|{_SAY} the same(?: (?:thing|story))?|contradict (?:each other|one another))"
_WHO = r"(?:all )?(?:of )?(?P<who>.+?)"
_ON = r" (?:on|about|over|for|as to|with regard to|in|regarding)"
_FIGURE_OF = rf"(?:the )?(?:{_ANY_FIGURE}(?: (?:given|reported))? (?:of|for) )?"
_CONFLICT = "(?:disagreement|conflict|contradiction|discrepancy|difference|agreement)"
_EACH_SAYS = (
    r",? and (?:what|which|how many|who|where|from which|by whom)\b"
    r"(?: [\w'-]+)*? (?:says?|gives?|said|gave|tells?|which|what|reports?|from)"
    r"(?: (?:each|one|it|which|what|of them))*"
)
_FRAMES: tuple[tuple[Asks, re.Pattern[str]], ...] = tuple(
    (asks, re.compile(pattern, re.IGNORECASE))
    for asks, pattern in (
        (Asks.GAP, rf"(?:by )?how (?:much|far|widely) {_DO} {_WHO} (?:differ|diverge|disagree){_ON} {_FIGURE_OF}"
                   r"(?P<what>.+)"),
        (Asks.WHY, rf"why {_DO} {_WHO} (?:differ|diverge|disagree){_ON} {_FIGURE_OF}(?P<what>.+)"),
        (Asks.WHY, rf"why {_BE} there (?:fewer|more|less){_WHAT}(?:(?: (?:on|in|by|according to|at) (?:the|its|a|one)"
                   rf" .+?)? than (?:the |its |in |on |by |at )+.*| (?:on|according to) (?:the|one) {_SOURCE}\b.*)"),
        (Asks.AGREE, rf"{_DO} {_WHO} {_AGREE}{_ON}{_WHAT}(?:{_EACH_SAYS})?"),
        (Asks.AGREE, rf"{_DO} {_WHO} {_SAY} (?:the same|one) {_ANY_FIGURE}(?: of| for){_WHAT}(?:{_EACH_SAYS})?"),
        (Asks.AGREE, rf"{_DO} {_WHO} (?:confirm|match|back|bear out|contradict|agree with|differ from) (?P<other>.+?)"
                     rf"['’]s? (?:own )?{_ANY_FIGURE}(?: of| for){_WHAT}"),
        (Asks.AGREE, rf"{_BE} {_WHO} (?:in agreement|at odds|agreed|of one mind|consistent){_ON}{_WHAT}"),
        (Asks.AGREE, rf"{_BE} there (?:an?|any) {_CONFLICT}(?: (?:between|among) {_WHO})?{_ON}{_WHAT}"),
        (Asks.LOWER, rf"(?:{_WHICH} {_SOURCE}|who) {_SAY} the (?P<degree>{_DEGREES})(?: of the two)? {_ANY_FIGURE}s?"
                     rf"{_OF}{_WHAT}"),
        (Asks.LOWER, rf"whose {_ANY_FIGURE}{_OF}{_WHAT} {_BE} (?:the )?(?P<degree>{_DEGREES})(?: one)?(?:, .+)?"),
        (Asks.ALL, rf"{_WHICH} (?:\w+ )?{_FIGURES} {_BE} (?:there|on record|given|reported|published|stated)"
                   rf"{_OF}{_WHAT}(?:{_EACH_SAYS})?"),
        (Asks.ALL, rf"(?P<what>how (?:many|much)\b.+?),? (?:(?:according to|by|in) (?:each|every(?: one)?|all|both)"
                   rf"(?: of)?(?: the)? (?:{_SOURCES}|{_SOURCE})|{_SOURCE} by {_SOURCE})"),
        (Asks.ALL, rf"what {_DO} (?:each|every|both|all|the (?:two|different|various)|each of the)(?: the)?"
                   rf" (?:{_SOURCES}|{_SOURCE}) {_SAY}{_ON} (?:the {_ANY_FIGURE} of |(?=how many ))(?P<what>.+)"),
        (Asks.ALL, rf"(?:give|show|list|tell|name)(?: me| us)? (?:all|both|every|each)(?: of)?(?: the)? {_ANY_FIGURE}s?"
                   rf"{_GIVEN}{_OF}{_WHAT} with (?:their|its) {_SOURCE}s?"),
        (Asks.ALL, rf"who {_SAY} \d[\d ,]* and who {_SAY} \d[\d ,]* (?P<what>.+)"),
    )
)  # fmt: skip
_ASIDE = re.compile(r"^(?:please|so|ok(?:ay)?|tell me)[,:]? |,? please(?=\W*$)", re.IGNORECASE)
_ANY_SOURCE = re.compile(rf"(?:all |any |both |the |our |two |of |different |various )*{_SOURCES}", re.IGNORECASE)
_AND = re.compile(r"^both |,? and (?=the |its )|,? and (?!.*,? and )|,? with (?=the )", re.IGNORECASE)
_FOR = re.compile(r"^(?:for|of) ", re.IGNORECASE)
_ASKED = re.compile(r"how (?:many|much|large|high|long|old|big|far)\b|when\b|who\b", re.IGNORECASE)
_BEGINS = re.compile(r"(?:is|are|was|were|had|has|have|did|do|does)\b", re.IGNORECASE)
_QUALIFIERS = "about|over|around|nearly|some|more than|roughly|at least|up to"
_NO_NAME = re.compile(
    r"\b(?:pages?|papers?|documents?|reports?|notes?|notices?|leaflets?|sources?|websites?|texts?|about|on|in|of|by|to"
    r"|from|the|its|was|is|were|are|did|does|put|before|given|gave|told|reported|published|stated|comes?|came|shown"
    r"|presented|made|announced|found|one)\b",
    re.IGNORECASE,
)
_NO_THING = frozenset("many much large were been have there what which".split())
_ROUNDS = re.compile(r"\b(?:rounds? (?:down|up|off|to the)|rounded|rounding)\b", re.IGNORECASE)
_FIGURE_WORDS = re.compile(r"\b(?:figures?|counts?|counted|numbers?|totals?|tally|tallies|estimates?)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|the reason|for that reason|which is why"
    r"|that is why|since (?:it|they|the|this|that) \w+ (?:not|only|no|out)|as (?:it|they) (?:do|does|did) not"
    r"|exclud\w+|leav(?:es|ing) out|left out|(?:do|does|did) not (?:count|include)|not (?:count|includ)\w+"
    r"|counts? only|only counts?|counted (?:only|twice)|provisional|preliminary|includes?|including|also counts?)\b",
    re.IGNORECASE,
)
