"""What has been done to what is counted: received, approved, arrived, refused; a target is not yet any of them.

Official papers put such figures side by side ("220 000 received, 130 000 approved, 90 000 arrived"), each in words of
its own. Figures of different stages are never values of one series.
"""

from __future__ import annotations

import re

_STAGES = {
    "received": r"receiv\w+|receipt|submi(?:t\w*|ssions?)|lodg(?:ed|ing)|filed|appl(?:y|ied|ying)|asked (?:to|for)"
    r"|(?:come|came|coming) (?:in|forward)|(?:put|hand|handed|sen[dt]|turned|rec'?d) in|put in for|sought(?!-)",
    "approved": r"approv\w+|grant(?:ed|s|ing)?|green[- ]?(?:light\w*|lit)|go-ahead|success(?:ful(?:ly)?|es)?|succeeded"
    r"|accepted|cleared|ok(?:ay)?(?:'?ed|'d)|authori[sz]ed|permitted|(?:said|told|got a|won a|a) yes|yes to|let in"
    r"|waved through|endorsed|got through|gone through|admitted|permits? given",
    "arrived": r"arriv\w+|(?:come|coming|move|moving) (?:over|here|to|into?)\b|came(?! (?:in|forward)\b)"
    r"|relocat\w+|moved"
    r"|(?:make|making|made) the move|set(?:ting)? foot|settl(?:ed|ing)|landed|turned up|show(?:n|ed) up"
    r"|taken up residence|newcomers?|reach(?:ed)? the city|actually here",
    "refused": r"reject\w+|refus\w+|declined|turned down|unsuccessful|denied",
    "waiting": r"pending|outstanding|awaiting|being processed|under (?:processing|review|consideration)|backlog",
    "planned": r"target\w*|expect(?:ed|s|ing)?|plan(?:s|ned)?|aim(?:s|ed|ing)?|forecast\w*|propos\w+|projected"
    r"|intend\w*|goals?|hop(?:es?|ed|ing)",
    "change": r"(?:rose|risen|grew|grown|increased|climbed|(?:went|gone) (?:up|down)|fell|fallen|dropped|decreased"
    r"|declined) by|(?:increase|rise|growth|drop|fall|decrease) of",
}
_NO_LEVEL = frozenset({"planned", "change"})  # what they count has not been reached
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _STAGES.items()}
_APPLICANTS = re.compile(r"\b(?:applications?|applicants?|requests?|submissions?)\b", re.IGNORECASE)
_CUT = re.compile(r"[,;] |\b(?:and|while|with|whereas|against|compared)\b")


def stages_of(words: str) -> frozenset[str]:
    """The stages that words name; none where they name no stage."""
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(words))


def stages_asked(question: str) -> frozenset[str]:
    """The stages a question asks for; "how many applications" without more asks for those received."""
    found = stages_of(question)
    return found or (frozenset({"received"}) if _APPLICANTS.search(question) else found)


_USUAL = frozenset({"approved", "arrived"})  # there are many ways to say it, and one that papers use
_BEFORE = r"(?:(?:been|be|get|got|gotten|given|give|told|said|won|actually|really|in fact|a|the) )*"


def plain(question: str) -> str:
    """The question with the usual word for its stage: "been given the green light" is "approved"."""
    stages = stages_of(question)
    if len(stages) != 1 or not stages <= _USUAL:
        return question
    (usual,) = stages
    words = re.compile(rf"\b{_BEFORE}(?:{_STAGES[usual]})(?!\w)", re.IGNORECASE)
    found = words.search(question)
    if found is None or usual[:6] in found.group().lower() or found.group().lower().endswith(("s", "newcomer")):
        return question
    been = "been " if "been" in found.group().lower().split() else ""
    return f"{question[: found.start()]}{been}{usual}{question[found.end() :]}"


def clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the clause of a sentence that ``sentence[start:end]`` stands in."""
    cuts = [0, *(found.end() for found in _CUT.finditer(sentence)), len(sentence)]
    return max(cut for cut in cuts if cut <= start), min(cut for cut in cuts if cut >= end)


def told_of(sentence: str, start: int, end: int) -> str:
    """The words that tell what ``sentence[start:end]`` counts: its clause; in a row of a table the first cell too."""
    left, right = clause(sentence, start, end)
    if left and _ROW.match(sentence):
        return f"{sentence.partition('; ')[0]}; {sentence[left:right]}"
    return sentence[left:right]


_ROW = re.compile(r"[^;:.]{1,60}: [^;:]{1,120}; [^;:.]{1,60}: ")  # "Count: approved; 2023: 120; 2024: 140"


def other_stage(question: str, words: str) -> bool | None:
    """Whether words tell of another stage than the question asks for; None where one of them names none."""
    asked, told = stages_asked(question), stages_of(words)
    if not asked or not told:
        return None
    return not asked & told or bool(told & _NO_LEVEL - asked)
