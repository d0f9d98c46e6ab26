"""Every sentence of a generator checked against the passages it was given, before anybody reads it.

A sentence is shown only if a passage bears it: its figures, dates and names stand there, of the same thing and time;
quoted words stand there exactly; nothing is denied that the passage affirms; and the support score, where there is one,
agrees. A marker that names the wrong passage is put right, a missing one added. Whatever fails is removed with the
reason: a lie costs more than a gap.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from rag.bearing import ANOTHER_TIME, TURNED_ROUND, dated_elsewhere, fault
from rag.covering import missing
from rag.grounds import Ground, Line, evidence_of, gives_orders, stems
from rag.naming import conjuncts
from rag.reckoning import without_reckoning, worked_out
from rag.types import Checked, NumberedPassage

if TYPE_CHECKING:
    from rag.seams import Support

LEAST_SUPPORT = 0.45  # of the trained score
MOST_MISSING = 1  # words of a claim that its passages lack, for the score to be asked
ALONE = 4  # passages tried by themselves where the cited ones do not bear a sentence
TOGETHER = 3  # of these each two are tried as well

NOTHING_SAID = "It states nothing that a passage could bear."
NOT_THE_SUBJECT = "It speaks about the passages or the writer, not about the subject."
OTHER_LANGUAGE = "It is in another language than the passages."
SAID_ALREADY = "It was said already."
OBEYED = "It follows an instruction found in a document."
UNSUPPORTED = "No passage bears it out."


class SentenceChecker:
    """Checks the sentences of one answer in their order: what was shown is not shown again. Make one an answer."""

    def __init__(self, support: Support | None = None, *, least: float = LEAST_SUPPORT) -> None:
        """``least`` is the score that a sentence needs whose words its evidence does not have for the most part.

        Without ``support`` the share of a sentence's words that its evidence has stands in for the score.
        """
        self._support, self._least = support, least
        self._shown: list[frozenset[str]] = []

    def check(self, sentence: str, passages: Sequence[NumberedPassage]) -> Checked:
        """The sentence with its markers repaired and the words that bear it, or why it was removed."""
        claim, cited = without_markers(sentence, [entry.number for entry in passages])
        claim = _LEAD_IN.sub("", claim)
        claim = claim[:1].upper() + claim[1:]
        reason = self._no_claim(claim, passages) or (ANOTHER_TIME if dated_elsewhere(claim, Ground(passages)) else None)
        if reason:
            return Checked(sentence, None, (), reason)
        for entries in _candidates(claim, cited, passages):
            found, problem = self._borne(claim, entries)
            if found:
                self._shown.append(frozenset(stems(claim)))
                numbers = list(dict.fromkeys(line.entry.number for line in found))
                return Checked(sentence, with_markers(claim, numbers), evidence_of(found))
            reason = reason or problem
            if problem == TURNED_ROUND:  # no other passage makes that good
                return Checked(sentence, None, (), problem)
        return Checked(sentence, None, (), reason or UNSUPPORTED)

    def introduces(self, sentence: str, passages: Sequence[NumberedPassage]) -> Checked:
        """The same for a line that announces a list: beside "the following points" it may say what a passage bears."""
        claim, cited = without_markers(sentence, [entry.number for entry in passages])
        bare = _LISTING.sub(" ", claim).rstrip(" :")
        if not stems(bare) or _is_about_itself(claim, passages):
            about = NOT_THE_SUBJECT if stems(bare) else None
            return Checked(sentence, None if about else claim, (), about)
        unheard = SentenceChecker(self._support, least=self._least)  # it may name again what was spoken of
        checked = unheard.check(f"{bare}.{''.join(f' [{number}]' for number in cited)}", passages)
        if checked.text is None:
            return Checked(sentence, None, (), checked.reason)
        numbers = list(dict.fromkeys(evidence.number for evidence in checked.evidence))
        return Checked(sentence, with_markers(claim, numbers), checked.evidence)

    def _no_claim(self, claim: str, passages: Sequence[NumberedPassage]) -> str | None:
        """Why a sentence is not worth checking."""
        said = stems(claim)
        if len(claim) > 2 and _is_foreign(claim, [entry.passage.text for entry in passages]):
            return OTHER_LANGUAGE
        if not [word for word in said if not word.isdigit()]:
            return NOTHING_SAID
        if gives_orders(claim):
            return OBEYED
        if _is_about_itself(claim, passages):
            return NOT_THE_SUBJECT
        if _REPEATS.search(claim) or any(said <= earlier for earlier in self._shown):
            return SAID_ALREADY
        return None

    def _borne(self, claim: str, entries: Sequence[NumberedPassage]) -> tuple[list[Line], str | None]:
        """The lines that bear a claim, or none and why not."""
        ground = Ground(entries)
        used = {line.entry.number for line in ground.evidence_for(claim)}
        ground = Ground(
            [entry for entry in entries if entry.number in used]
        )  # a passage that adds nothing allows nothing
        evidence = ground.evidence_for(claim)
        if not evidence:
            return [], UNSUPPORTED
        if problem := fault(claim, ground, evidence):
            return [], problem
        if len(ground.entries) > 1 and not worked_out(claim, ground) and not _joins(claim, ground.entries):
            return [], UNSUPPORTED
        lacking = missing(without_reckoning(claim) if worked_out(claim, ground) else claim, ground)
        if not lacking:
            return evidence, None
        if self._support is None or len(lacking) > MOST_MISSING:
            return [], UNSUPPORTED
        near = " ".join(line.text for line in ground.near(evidence))
        whole = " ".join(line.text for line in ground.lines)
        borne = max(self._support.scores([(claim, near), (claim, whole)])) >= self._least
        return (evidence, None) if borne else ([], UNSUPPORTED)


def _joins(claim: str, entries: Sequence[NumberedPassage]) -> bool:
    """Whether each part of a claim is said by one of the passages alone: half a fact of each makes none."""
    grounds = [Ground([entry]) for entry in entries]
    parts = conjuncts(claim)
    return len(parts) > 1 and all(
        any(
            (lines := ground.evidence_for(part)) and not fault(part, ground, lines) and not missing(part, ground)
            for ground in grounds
        )
        for part in parts
    )


def _candidates(
    claim: str, cited: Sequence[int], passages: Sequence[NumberedPassage]
) -> Iterator[list[NumberedPassage]]:
    """Passages to try, together or alone: those cited, then each that shares most with the claim, then two of these."""
    named = [entry for entry in passages if entry.number in cited]
    own = stems(claim)
    nearest = sorted(passages, key=lambda entry: -len(own & stems(entry.passage.search_text)))[:ALONE]
    pairs = combinations(nearest[:TOGETHER], 2)
    seen: set[frozenset[int]] = set()
    for entries in ([named], ([entry] for entry in (*named, *nearest)), map(list, pairs)):
        for group in entries:
            numbers = frozenset(entry.number for entry in group)
            if group and numbers not in seen:
                seen.add(numbers)
                yield group


# --- markers -----------------------------------------------------------------------------------------------------

_NUMBERS = r"\d{1,3}(?:\s*(?:,|;|-|–|and|&)\s*\d{1,3})*"
_MARKER = re.compile(
    rf"\s*(?:\[\^?\s*(?:(?:passages?|sources?|docs?|documents?|no\.?)\s*)?({_NUMBERS})\s*\](?:\(\S*\))?"
    rf"|[【〔［]\s*({_NUMBERS})[^】〕］]{{0,20}}[】〕］]|\((?:see )?(?:passages?|sources?)\s*({_NUMBERS})\))",
    re.IGNORECASE,
)
_ROUND = re.compile(rf"\s*\(({_NUMBERS})\)(?=\s*[.!?]?\s*$)")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_END = re.compile(r"([.!?:;…]*[\"”’')]*)\s*$")


def without_markers(sentence: str, known: Sequence[int]) -> tuple[str, list[int]]:
    """The sentence without its markers, and the numbers they name.

    "[1]", "[1, 2]", "[1-3]", "【1】" and "[Source 1]" are markers; "(1)" is one at the end of a sentence where there is
    a passage of that number.
    """
    numbers: list[int] = []

    def take(found: re.Match[str]) -> str:
        numbers.extend(_listed(next(group for group in found.groups() if group)))
        return ""

    text = _MARKER.sub(take, sentence)
    if not numbers and (found := _ROUND.search(text)) and set(_listed(found[1])) <= set(known):
        text = _ROUND.sub(take, text)
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_BULLET.sub("", text).split()))
    return text, list(dict.fromkeys(numbers))


def _listed(words: str) -> list[int]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", words):
        found += range(int(first), min(int(last or first), int(first) + 20) + 1)
    return found


def with_markers(claim: str, numbers: Sequence[int]) -> str:
    """The claim with its markers before the mark that ends it."""
    end = _END.search(claim)
    place = end.start() if end and not end[1].startswith(("'", "’", ")", '"', "”")) else len(claim.rstrip())
    body, tail = claim[:place].rstrip(), claim[place:].strip()
    return f"{body} {''.join(f'[{number}]' for number in numbers)}{tail or ('' if body.endswith('.') else '.')}"


# --- what is no claim ------------------------------------------------------------------------------------------------

_LEAD_IN = re.compile(
    r"""^(?:
        (?:based\ (?:up)?on|according\ to|as\ (?:stated|shown|noted|described|mentioned)\ in|from|in|per)
        \ (?:the\ |this\ |these\ )?(?:(?:provided|given|above|supplied|cited|retrieved)\ )?
        (?:passages?|documents?|context|sources?|text|information)(?:\ \d{1,2})?(?:\ provided|\ given|\ above)?,
    |   (?:the\ |this\ )?(?:passages?|documents?|sources?|text|context)(?:\ \d{1,2})?
        \ (?:says?|states?|notes?|shows?|mentions?|indicates?|reports?|confirms?)\ that
    |   (?:yes|no|sure|certainly|of\ course|okay|in\ short|in\ summary|to\ summari[sz]e|overall)[,:;.!]
    )\ +""",
    re.IGNORECASE | re.VERBOSE,
)
_LISTING = re.compile(
    r"\b(?:(?:as follows|the following|following|below|these|those|key|main|several|various|some|such|namely)\b"
    r"|(?:include[sd]?|points?|items?|aspects?|ways?|things?|reasons?|examples?|details?|ones?)\b)",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"""\b(?:
        as\ an?\ (?:AI|assistant|(?:large\ )?language\ model)
    |   my\ (?:instructions?|training|knowledge|prompt|answer) | (?:system|user)\ prompt | the\ prompt
    |   knowledge\ cut-?off
    |   the\ (?:user|question)(?:'s)?\ (?:asks?|asked|wants?|is|query)
    |   i\ (?:am|was|cannot|can|can't|do|don't|will|would|could|have|hope|think|believe|apologi[sz]e|must|should|need
        |found|see)\b
    |   i['’](?:m|ve|ll|d)\b | let\ me\b | let['’]s\b
    |   here\ (?:is|are)\ (?:the|a|an|my|some)\ (?:\w+\ )?(?:summary|answer|overview|list|response|breakdown)
    |   (?:the|these|this|provided|given|above)\ (?:passages?|documents?|context|sources?|text|excerpts?)
        (?:\ provided|\ given)?
        \ (?:do(?:es)?\ not|don['’]t|doesn['’]t|did\ not|provided?|contains?|gives?\ no|has\ no|have\ no)
    |   not\ (?:mentioned|stated|specified|provided|given)\ in\ the\ (?:passages?|documents?|context|text|sources?)
    |   (?:if\ you|please|feel\ free|let\ me\ know|hope\ this\ helps|happy\ to\ help)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_REPEATS = re.compile(r"\b(\w+(?:\W+\w+){0,8}?)(?:\W+\1\b){2,}", re.IGNORECASE)
_SPOKEN = re.compile(r"[\"“][^\"“”]*[\"”]")


def _is_about_itself(claim: str, passages: Sequence[NumberedPassage]) -> bool:
    """Whether a sentence speaks of the prompt, the passages or its writer, in words that no passage has."""
    found = _ITSELF.search(_SPOKEN.sub(" ", claim))
    return found is not None and not any(found[0].casefold() in entry.passage.text.casefold() for entry in passages)


_FUNCTION_WORDS = {
    "English": "the of and to in is was that for by with on are were had has from at its it as be an their his who",
    "German": "der die das und ist nicht mit von für auf dem den des ein eine wurde werden hat sich zu im als auch bei",
    "French": "le la les des du et est pas avec pour dans une un sur que qui par au aux été sont plus ce cette à il",
    "Spanish": "el la los las del y es no con para en una un por que se su al lo como más fue han son este esta ha",
    "Italian": "il lo la gli del della e è non con per in una un che si di da al sono stato nel ha come più delle",
    "Portuguese": "o os as do da dos das e é não com para em uma um por que se ao foi são mais no na pelo sua",
    "Dutch": "de het een en is niet met van voor op te dat zijn werd door aan bij ook naar uit als heeft worden",
}
_FUNCTIONS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}


def _is_foreign(claim: str, texts: Sequence[str]) -> bool:
    """Whether a sentence is of another script, or by its small words of another language, than the passages."""
    said = " ".join(texts)
    if _script(claim) != _script(said):
        return True
    language, known = _language(claim), _language(said)
    return bool(language and known and language != known)


def _script(text: str) -> str:
    names = Counter(unicodedata.name(c, "OTHER").partition(" ")[0] for c in text[:4_000] if c.isalpha())
    return names.most_common(1)[0][0] if names else "LATIN"


def _language(text: str) -> str:
    """By function words; empty where there are too few to tell."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    counts = {name: sum(words[word] for word in known) for name, known in _FUNCTIONS.items()}
    (best, most), (_, second) = Counter(counts).most_common(2)
    return best if most >= 2 and most > second else ""
