"""What has been done to what is counted: received, approved, arrived, refused; a target is not yet any of them.

Official papers put such figures side by side ("220 000 received, 130 000 approved, 90 000 arrived"), each in words of
its own. Figures of different stages are never values of one series.
"""

from __future__ import annotations

import re
from itertools import chain

_STAGES = {
    "received": r"receiv\w+|receipt|submi(?:t\w*|ssions?)|lodg(?:ed|ing)|filed|appl(?:y|ied|ying)|asked (?:to|for)"
    r"|(?:come|came|coming) (?:in|forward)|(?:put|hand|handed|sen[dt]|turned) in|put in for|sought(?!-)|rec'?d"
    r"|(?:brought|drew|drawn|attracted)(?: in)?(?= [^.;]{0,40}\b(?:applications|requests|submissions)\b)",
    "approved": r"approv\w+|granted|granting|(?:to|will|did|does|do|can|may) grant"
    r"|green[- ]?(?:light\w*|lit)|go-ahead|success(?:ful(?:ly)?|es)?|succeeded"
    r"|accepted|ok(?:ay)?(?:'?ed|'d)|authori[sz]ed|permitted|(?:said|told|got a|won a|a) yes|yes to|(?:let|allowed) in"
    r"|(?:waved|let) through|endorsed|got through|gone through|permits? given"
    r"|(?:allowed|permitted) to (?:come|enter|stay|move)"
    r"|told (?:that )?they (?:may|can|could|might) (?:come|enter|stay|move|settle)"
    r"|(?:applications?|requests?) (?:\w+ ){0,4}?passed(?! [\w ]{0,20}?\d)"
    r"|(?:given|have|had|has|hold|holds|held|got) (?:a |an |the )?(?:permission|permits?)|positive decisions?",
    "arrived": r"arriv\w+|(?:come|coming|move|moving) (?:over|here|to|into?)\b(?! (?:an?|its|the) (?:end|close)\b)"
    r"|(?:came|(?:(?<=ha[sd] )|(?<=have )|(?<=who )|(?<=not )|(?<=never )|(?<=already )|(?<=really )"
    r"|(?<=actually ))come)"
    r"(?! (?:in|into|forward|up|about|out|from|with|under|at|as|of|true|down|to (?:an?|its|the) (?:end|close))\b)"
    r"|relocat\w+|moved (?:to|into?|over|here)"
    r"|(?:make|making|made) the move|set(?:ting)? foot|landed|turned up|show(?:n|ed) up"
    r"|taken up residence|(?:made|make|making) (?:\w+ ){1,4}their home|newcomers?|actually here"
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
TOTALLED = frozenset({"received", "approved", "arrived"})  # running totals that only grow
NO_LEVEL = frozenset({"planned", "change"})  # what they count has not been reached
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _STAGES.items()}
_TARGET_CELL = re.compile(
    r"(?i)(?:^|[:;] )(?:\w+ )?(?:targets?|goals?|forecasts?|expected|planned)(?: [\w-]+){0,3}(?:[:;]|$)"
)
_ASKS_PLANNED = re.compile(  # never in a name: "under the Talent Plan"
    r"\b(?:target\w*|goals?|quotas?|aim(?:s|ed|ing)?|expect\w*|plan(?:s|ned)? (?:to|for|on)|planned"
    r"|forecasts?|projected|propos\w+|intend\w*|hop(?:es?|ed|ing))\b"
)
ANYBODY = (  # not "women" or "students": they are some of all that came
    "(?:people|persons?|individuals?|talents?|applicants?|hopefuls?|candidates?|newcomers?|migrants?|immigrants?"
    "|arrivals?|entrants?)"
)
PERSONS = (
    rf"(?:{ANYBODY}|famil(?:y|ies)|residents?|workers?|professionals?|graduates?|men|women|students?|children|pupils?"
    r"|tenants?|households?)"
)
PAPERS = "(?:applications?|requests?|submissions?|cases?|permits?|visas?|approvals?|forms?|licen[cs]es?|permissions?)"
_COUNTED = re.compile(rf"\b(?:{PERSONS}|{PAPERS})\b", re.IGNORECASE)
# These say a stage only of persons and papers: claims are settled, motions moved, sites cleared.
_OF_THESE = {
    "approved": (
        _COUNTED,
        re.compile(r"\b(?:cleared|admitted(?! to (?:the )?hospital)|signed off)\b", re.IGNORECASE),
    ),
    "arrived": (
        re.compile(rf"\b{PERSONS}\b", re.IGNORECASE),
        re.compile(
            r"\b(?:moved|settl(?:ed|ing)|brought (?:in|into|to|here)"
            r"|(?:physically|already|really|actually) (?:in|here))\b",
            re.IGNORECASE,
        ),
    ),
}
_CUT = re.compile(r"[,;] |\b(?:and|while|with|whereas|against|compared)\b")


_NEGATED = re.compile(
    r"\b(?:not|never|none|cannot|fail(?:s|ed)? to|yet to|\w+n['’]t|without)(?! (?:only|merely|just)\b)"
    r"(?: (?:yet|been|be|have|has|had|being|is|are|was|were|so far))* ?$",
    re.IGNORECASE,
)


def stages_of(words: str) -> frozenset[str]:
    """The stages that words name, "not arrived" where they deny one; none where they name no stage."""
    found = {name: pattern.finditer(words) for name, pattern in _PATTERNS.items()}
    for name, (counted, pattern) in _OF_THESE.items():
        if counted.search(words):
            found[name] = chain(found[name], pattern.finditer(words))
    told = set()
    for name, matches in found.items():
        denied = [_NEGATED.search(words, max(0, one.start() - 40), one.start()) is not None for one in matches]
        if denied:
            told.add(f"not {name}" if all(denied) else name)
    return frozenset(told | {"planned"} if _TARGET_CELL.search(words) else told)


def is_usual(words: str) -> bool:
    """Whether words name a stage as papers do."""
    return _PLAIN.search(words) is not None


_PLAIN = re.compile(r"\b(?:receiv|approv|arriv|refus)|\b(?:come|came) to\b", re.IGNORECASE)


def words_of(stage: str, words: str) -> list[tuple[int, int]]:
    """Offsets of the words that name a stage."""
    patterns = [_PATTERNS[stage]] + [pattern for name, (_, pattern) in _OF_THESE.items() if name == stage]
    come = _PAPERS_COME.search(words) if stage == "received" else None
    spans = [found.span() for pattern in patterns for found in pattern.finditer(words)]
    return [*spans, come.span("come")] if come else spans


def stages_asked(question: str) -> frozenset[str]:
    """The stages a question asks for; "how many applications" without more asks for those received."""
    question = without_asides(question)
    found = stages_of(_OF_THOSE.sub(" people ", question)) or stages_of(question)
    found -= {"planned"}
    found |= {"planned"} if _ASKS_PLANNED.search(question) else frozenset()
    if found == {"arrived", "received"} and _PERSONS_COME.search(question):
        return frozenset({"arrived"})
    if found <= {"arrived", "received"} and _PAPERS_COME.search(question):
        return frozenset({"received"})
    return found or (frozenset({"received"}) if _asks_for_applications(question) else found)


def without_asides(question: str) -> str:
    """A question without what it says does not matter: "granted or not", "and not merely approved"."""
    return " ".join(_ASIDE.sub(" ", question).split())


_ASIDE = re.compile(
    r"(?:, ?)?\b(?:after|once) (?:their|his|her|the) (?:applications?|requests?) (?:was|were)"
    r" (?:approved|granted|accepted|received)\b"
    r"|(?:, ?)?\b(?:whether (?:or not|\w+ or)|whatever|regardless|no matter)\b[^,?]*"
    r"|(?:, ?)?\b(?:and |but )?not (?:merely|just|only|simply) [^,?]*"
    r"|(?:, ?)?\b(?:\w+ or (?:not(?: yet)?(?: \w+(?:ed|en))?|un\w+ed)"
    r"|(?P<done>\w+(?:ed|en)) and (?:not(?: yet)? (?P=done)|un(?P=done)))\b"
    r"(?: (?:taken )?together| alike)?(?:, ?)?",
    re.IGNORECASE,
)
_OF_THOSE = re.compile(  # "of those approved, how many had come"
    r"\bof (?:the|those|these|all|every(?:body|one)|them)\b[^,?]{0,80}?"
    r"(?=,|\b(?:is|are|was|were|has|have|had|hv|did|do|came|moved)\b)",
    re.IGNORECASE,
)


_AUXILIARY = r"(?:is|are|was|were|has|have|had|hv|do|does|did|can|could|will|would|must|should|may)"
_APPLICATIONS = re.compile(
    r"\b(?:many|total|(?:number|count|total|tally|sum|amount)s? of)(?P<before>(?: [\w'’-]+){0,4}?)"
    r" (?:applications?|applicants?|requests?|submissions?)\b(?P<after>.*)",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?<!the )(?<!an )(?<!a )\b\w{3,}(?:ed|wn|en)\b")
_GOES_ON = re.compile(
    rf"\W*(?:$|,|(?:in|under|for|to|from|on|at|by|as|of|since|so|until|through|during"
    rf"|before|now|made|there|altogether|{_AUXILIARY})\b)"
)
_NO_PREDICATE = re.compile(
    r" (?:there|been there|(?:been )?(?:made|reported|recorded|published|announced)|so far|altogether|now"
    r"|in (?:all|total)"
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


def counted_at_a_stage(unit: str) -> bool:
    """Whether what is counted are persons or papers, or is not said: at one stage they are the same thing."""
    return not unit or _COUNTED.fullmatch(unit) is not None


_COUNTING = frozenset(
    "number total totals count counts tally figure figures sum amount latest newest current currently recent recently"
    " last report reported reports say says said according papers paper document documents source sources overall"
    " altogether cumulative all actually really physically fact already yet ever now today time date far people person"
    " up only just please give tell show given know known until till been get got make made moment end start under of"
    " those exactly many how here each every separate published which what or and".split()
)


def besides(question: str) -> list[str]:
    """What a question names besides the stage of what it counts: "talent", "schemes"; stop words too."""
    left = _OF_THOSE.sub(" ", without_asides(question[:1].lower() + question[1:]))
    for name in stages_asked(question) | stages_of(left):
        left = re.sub(rf"\b{_BEFORE}(?:{_STAGES.get(name.removeprefix('not '), '')})(?!\w)", " ", left, flags=re.I)
        if name in _OF_THESE:
            left = _OF_THESE[name][1].sub(" ", left)
    left = _COUNTED_NOUN.sub(" ", left)
    return [word for word in re.findall(r"[\w-]+", left) if word.lower() not in _COUNTING]


_PERSONS_COME = re.compile(
    r"\b(?:many|number of|total of|count of|tally of) (?:[\w-]+ ){0,2}(?:newcomers|arrivals)\b", re.I
)
_PAPERS_COME = re.compile(  # "how many applications had arrived on their desks"
    rf"\b(?:many|number of|total of|count of|tally of) (?:[\w-]+ ){{0,2}}{PAPERS}\b(?! (?:who|from))[^?]*?"
    r" (?P<come>arrived|landed|reached)(?= (?:[\w'’-]+ ){1,5}?"
    r"(?:desks?|offices?|counters?|authorities|department|secretariat|in-?box(?:es)?|in-trays?)\b)",
    re.IGNORECASE,
)
_SEARCHED = {
    "received": "applications received",
    "approved": "applications approved, approvals",
    "arrived": "people arrived, arrivals, came, of applications approved",  # papers tell the one beside the other
}


def searched(question: str) -> str | None:
    """What papers that tell of the stage asked about are searched by; None where a question asks for no one stage."""
    stages = stages_asked(question)
    usual = _SEARCHED.get(next(iter(stages))) if len(stages) == 1 else None
    return f"{usual} {' '.join(besides(question))}" if usual else None


_COUNTED_NOUN = re.compile(rf"\b(?:{ANYBODY}|{PAPERS})\b", re.IGNORECASE)
_DONE = re.compile(
    r"^(?!.*\b(?:will|shall|would|should|promise|pledge|say|said)\b).*\b(?:did|has|have|had)\b(?! to\b)", re.IGNORECASE
)
_USUAL = frozenset({"approved", "arrived"})  # there are many ways to say it, and one that papers use
_BEFORE = r"(?:(?:been|be|get|got|gotten|given|give|told|said|won|ended in|ended with|actually|really|in fact|a|the) )*"
_ASKED_NOUN = re.compile(
    rf"\b(?:many|number of|total of|count of|tally of) (?P<noun>.*?)(?:\b{_AUXILIARY}\b|[?.]|$)", re.I
)


def plain(question: str) -> str:
    """The question with the usual word for its stage: "been given the green light" is "approved".

    Only where persons or papers are asked about, or nothing is named: claims are settled in another sense.
    """
    question = without_asides(question)
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
_NO_SUBJECT = re.compile(r"\s*(?:is|are|was|were|stands?|stood|remains?|to (?!date\b)[a-z]+)\b")
_ROW = re.compile(r"[^;:.]{1,60}: [^;:]{1,120}; [^;:.]{1,60}: ")  # "Count: approved; 2023: 120; 2024: 140"


def other_stage(question: str, words: str) -> bool | None:
    """Whether words tell of another stage than the question asks for; None where one of them names none."""
    asked, told = stages_asked(question), stages_of(words)
    if "planned" in told and "planned" not in asked and _DONE.search(question):  # "did they create", not "will they"
        return True
    if not asked or not told or asked | told == {"refused", "not approved"}:
        return None
    return not asked & told or bool(told & NO_LEVEL - asked)
