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
    r"|accepted|ok(?:ay)?(?:'?ed|'d)|authori[sz]ed|permitted|(?:said|told|got a|won a|a) yes|yes to|let in"
    r"|waved through|endorsed|got through|gone through|permits? given",
    "arrived": r"arriv\w+|(?:come|coming|move|moving) (?:over|here|to|into?)\b"
    r"|came(?! (?:in|forward|up|about|out|from|with|under|at|as|of)\b)"
    r"|relocat\w+|moved (?:to|into?|over|here)"
    r"|(?:make|making|made) the move|set(?:ting)? foot|landed|turned up|show(?:n|ed) up"
    r"|taken up residence|newcomers?|actually here"
    r"|reach(?:ed)? the city(?=\W*$|,"
    r"| (?:by|in|since|so|under|through|before|at|after|from|as|via|on|with|during|and)\b)",
    "refused": r"reject\w+|refus\w+|declined|turned down|unsuccessful|denied",
    "waiting": r"pending|outstanding|awaiting|being processed|under (?:processing|review|consideration)|backlog",
    "planned": (  # the word governs the figure: "approved under the plan" and "as expected" do not
        r"(?:targets?|goals?|plans?|aims?|forecasts?|estimates?|quotas?)"
        r"(?:,? \w+){0,5}?,? (?:of|is|are|was|were|at|to)\b"
        r"(?= [^.;]{0,60}\d)|(?:target|goal|quota), (?:\w+ ){0,3}?\d+"
        r"|(?:aim|target|plan|hop|intend|propos|expect)(?:s|e|es|ed|ing)? (?:at|to|for)\b"
        r"|(?<!as )(?:is|are|was|were|be|been|an?|another|\d+) (?:now |still |also )?"
        r"(?:planned|expected|targeted|forecast|projected|intended|proposed|hoped)"
    ),
    "change": r"(?:rose|risen|grew|grown|increased|climbed|(?:went|gone) (?:up|down)|fell|fallen|dropped|decreased"
    r"|declined) by|(?:increase|rise|growth|drop|fall|decrease) of",
}
NO_LEVEL = frozenset({"planned", "change"})  # what they count has not been reached
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _STAGES.items()}
_TARGET_CELL = re.compile(r"(?i)(?:^|[:;] )(?:targets?|goals?|forecasts?)(?: [\w-]+){0,3}(?:[:;]|$)")
_ASKS_PLANNED = re.compile(  # never in a name: "under the Talent Plan"
    r"\b(?:target\w*|goals?|quotas?|aim(?:s|ed|ing)?|expect\w*|plan(?:s|ned)? (?:to|for|on)|planned"
    r"|forecasts?|projected|propos\w+|intend\w*|hop(?:es?|ed|ing))\b"
)
PERSONS = r"""(?:people|persons?|individuals?|talents?|applicants?|hopefuls?|candidates?|newcomers?|migrants?
    |immigrants?|arrivals?|famil(?:y|ies)|residents?|workers?|professionals?|graduates?|entrants?|men|women|students?)"""
PERSONS = re.sub(r"\s", "", PERSONS)
PAPERS = "(?:applications?|requests?|submissions?|cases?|permits?|visas?|approvals?|forms?|licen[cs]es?|permissions?)"
_COUNTED = re.compile(rf"\b(?:{PERSONS}|{PAPERS})\b", re.IGNORECASE)
# These say a stage only of persons and papers: claims are settled, motions moved, sites cleared.
_OF_THESE = {
    "approved": (_COUNTED, re.compile(r"\b(?:cleared|admitted(?! to (?:the )?hospital))\b", re.IGNORECASE)),
    "arrived": (
        re.compile(rf"\b{PERSONS}\b", re.IGNORECASE),
        re.compile(r"\b(?:moved|settl(?:ed|ing))\b", re.IGNORECASE),
    ),
}
_CUT = re.compile(r"[,;] |\b(?:and|while|with|whereas|against|compared)\b")


def stages_of(words: str) -> frozenset[str]:
    """The stages that words name; none where they name no stage."""
    found = {name for name, pattern in _PATTERNS.items() if pattern.search(words)}
    found |= {name for name, both in _OF_THESE.items() if all(pattern.search(words) for pattern in both)}
    return frozenset(found | {"planned"} if _TARGET_CELL.search(words) else found)


def stages_asked(question: str) -> frozenset[str]:
    """The stages a question asks for; "how many applications" without more asks for those received."""
    found = stages_of(question) - {"planned"}
    found |= {"planned"} if _ASKS_PLANNED.search(question) else frozenset()
    return found or (frozenset({"received"}) if _asks_for_applications(question) else found)


_AUXILIARY = r"(?:is|are|was|were|has|have|had|hv|do|does|did|can|could|will|would|must|should|may)"
_APPLICATIONS = re.compile(
    r"\b(?:many|(?:number|count|total|tally|sum|amount) of)(?P<before>(?: [\w'’-]+){0,4}?)"
    r" (?:applications?|applicants?|requests?|submissions?)\b(?P<after>.*)",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?<!the )(?<!an )(?<!a )\b\w{3,}(?:ed|wn|en)\b")
_GOES_ON = re.compile(
    rf"\W*(?:$|,|(?:in|under|for|to|from|on|at|by|as|of|since|so|until|through|during"
    rf"|before|now|made|there|altogether|{_AUXILIARY})\b)"
)
_NO_PREDICATE = re.compile(
    r" (?:there|been there|(?:been )?made|so far|in (?:all|total)|altogether|now"
    r"|[\w ]{1,60}? (?:have|had|get|got|see|seen))\b"
    r"(?! to\b)"
)


def _asks_for_applications(question: str) -> bool:
    """Whether applications are asked about and nothing is told of them but that they are there."""
    asks = _APPLICATIONS.search(question)
    if asks is None or _PARTICIPLE.search(asks["before"]) or not _GOES_ON.match(asks["after"]):
        return False
    predicate = re.search(rf"\b{_AUXILIARY}\b(?P<rest>.*)", asks["after"])
    if predicate:
        return bool(_NO_PREDICATE.match(predicate["rest"]) or not re.search(r"\w", predicate["rest"]))
    return _PARTICIPLE.search(asks["after"]) is None


_USUAL = frozenset({"approved", "arrived"})  # there are many ways to say it, and one that papers use
_BEFORE = r"(?:(?:been|be|get|got|gotten|given|give|told|said|won|actually|really|in fact|a|the) )*"
_ASKED_NOUN = re.compile(
    rf"\b(?:many|number of|total of|count of|tally of) (?P<noun>.*?)(?:\b{_AUXILIARY}\b|[?.]|$)", re.I
)


def plain(question: str) -> str:
    """The question with the usual word for its stage: "been given the green light" is "approved".

    Only where persons or papers are asked about, or nothing is named: claims are settled in another sense.
    """
    stages, asked = stages_of(question), _ASKED_NOUN.search(question)
    noun = asked["noun"] if asked else question
    if len(stages) != 1 or not stages <= _USUAL or (noun.strip() and not _COUNTED.search(noun)):
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
    return max(cut for cut in cuts if cut <= max(start, 0)), min(
        (cut for cut in cuts if cut >= end), default=len(sentence)
    )


def told_of(sentence: str, start: int, end: int) -> str:
    """The words that tell what ``sentence[start:end]`` counts: its clause; in a row of a table the first cell too."""
    left, right = clause(sentence, start, end)
    told = sentence[left:right]
    if left and _ROW.match(sentence):
        return f"{sentence.partition('; ')[0]}; {told}"
    if _NO_SUBJECT.match(told) or _TARGET_BEFORE.search(sentence[:left]):  # "the target, says the Board, is 400"
        return sentence[:right].rpartition("; ")[2]
    return told


_TARGET_BEFORE = re.compile(r"\b(?:target|goal|quota), $")  # "its target, 400 families, ..."
_NO_SUBJECT = re.compile(r"\s*(?:is|are|was|were|stands?|stood|remains?)\b")
_ROW = re.compile(r"[^;:.]{1,60}: [^;:]{1,120}; [^;:.]{1,60}: ")  # "Count: approved; 2023: 120; 2024: 140"


def other_stage(question: str, words: str) -> bool | None:
    """Whether words tell of another stage than the question asks for; None where one of them names none."""
    asked, told = stages_asked(question), stages_of(words)
    if not asked or not told:
        return None
    return not asked & told or bool(told & NO_LEVEL - asked)
