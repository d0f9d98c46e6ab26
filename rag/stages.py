"""What has been done to what is counted: received, approved, arrived, refused; a target is not yet any of them.

Official papers put such figures side by side ("220 000 received, 130 000 approved, 90 000 arrived"), each in words of
its own. Figures of different stages are never values of one series.
"""

from __future__ import annotations

import re

_STAGES = {
    "received": r"receiv\w+|receipt|submi(?:t\w*|ssions?)|lodg(?:ed|ing)|filed|applied"
    r"|(?:come|came|coming) (?:in|forward)|put in|handed in|sent in",
    "approved": r"approv\w+|grant(?:ed|s|ing)?|green[- ]?(?:light\w*|lit)|success(?:ful(?:ly)?|es)?|succeeded|cleared"
    r"|said yes to|endorsed|got through|gone through|admitted",
    "arrived": r"arriv\w+|(?:come|came|coming|moved?|moving|relocat\w+) (?:over )?(?:here|to|into)\b"
    r"|(?:make|making|made) the move|set(?:ting)? foot|settl(?:ed|ing)|landed|turned up|shown up|taken up residence"
    r"|newcomers?",
    "refused": r"reject\w+|refus\w+|declined|turned down|unsuccessful|denied",
    "waiting": r"pending|outstanding|awaiting|being processed|under (?:processing|review|consideration)|backlog",
    "planned": r"target\w*|expect(?:ed|s|ing)?|plan(?:s|ned)?|aim(?:s|ed|ing)?|forecast\w*|propos\w+|projected"
    r"|intend\w*|goals?|hop(?:es?|ed|ing)",
}  # fmt: skip
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _STAGES.items()}
_CUT = re.compile(r"[,;] |\b(?:and|while|with|whereas|against|compared)\b")


def stages_of(words: str) -> frozenset[str]:
    """The stages that words name; none where they name no stage."""
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(words))


def clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the clause of a sentence that ``sentence[start:end]`` stands in."""
    cuts = [0, *(found.end() for found in _CUT.finditer(sentence)), len(sentence)]
    return max(cut for cut in cuts if cut <= start), min(cut for cut in cuts if cut >= end)


def other_stage(question: str, words: str) -> bool | None:
    """Whether words tell of another stage than the question asks for; None where one of them names none."""
    asked, told = stages_of(question), stages_of(words)
    if not asked or not told:
        return None
    return not asked & told or ("planned" in told and "planned" not in asked)
