"""Short forms and what they stand for: which one a question asks for, and where the passages define it.

A long form is found as Schwartz and Hearst find it (2003), by the letters of the short form in a bounded window
beside it, with one change: of several long forms the one that agrees best is taken, not the first that fits at all
("Hong Kong Talent Engage" has an E before "Engage").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.lexical import STOP_WORDS
from rag.types import Passage, Span

_BESIDE, _APPOSED, _NEAR, _ANAGRAM = 0.95, 0.9, 0.75, 0.6  # how sure each way of defining is
_Offsets = tuple[int, int]
_WINDOW = 300  # characters beside a short form in which its long form lies
_MOST_IN_A_PASSAGE = 100  # short forms that are looked at

# --- what a question asks for

_LABEL = r"(?:letters?|initials|acronym|abbreviation|short form|term|name) "
_NAME = r"(?:full|long|complete|expanded|unabbreviated|official) (?:name|form|title|term|version)"
_KIND = r"(?:abbreviation|acronym|initialism|short form|initials)"
_SF = r"[\"“‘']?(?P<short>[^\W_](?:[\w&/+-]|\.(?=\w)){0,13}[\w+])\.?[\"”’']?"
_THE = rf"(?P<the>the )?(?P<label>{_LABEL})?"
_END = r"(?=\W*(?:$|\b(?:in|as|according|here|used|within|please|actually|really)\b))"


def _any_of(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _one_line(question: str) -> str:
    return " ".join(question[:2_000].split())


_SAYS_SHORT = _any_of(
    rf"what (?:exactly )?(?:do|does|did) {_THE}{_SF} (?:\w+ly )?(?:stand|stands|short) for\b",
    rf"(?:what|which \w+) {_THE}{_SF} (?:stands?|is short) for\b",
    rf"(?:what|which \w+) (?:is|are) {_THE}{_SF} (?:short|(?:an?|the) {_KIND}) (?:for|of)\b",
    rf"\b{_THE}{_SF} (?:stands?|is short|is (?:an?|the) {_KIND}) (?:for|of)(?: what)?\W*$",
    rf"\b{_NAME} (?:of|for|behind) {_THE}{_SF}{_END}",
    rf"^\W*{_THE}{_SF} (?:{_NAME}|in full|expanded|expansion|spell(?:ed|t) out)\W*$",
    rf"\b(?:expand|expansion of|spell out|write out|decode) {_THE}{_SF}{_END}",
    rf"\b{_KIND} {_SF}{_END}",
)
_SAYS_MEANING = _any_of(  # these may also ask about an ordinary word
    rf"what (?:do|does|did|is) {_THE}{_SF} (?:mean|refer to|denote)\b",
    rf"what {_THE}{_SF} (?:means|refers to)\b",
    rf"(?:\bmeaning of|\bmeant by) {_THE}{_SF}{_END}",
    rf"^\W*{_THE}{_SF} (?:meaning|means(?: what)?|{_KIND})\W*$",
    rf"\b{_KIND} (?:of|for) {_THE}{_SF}{_END}",
)
_LONG = r"(?P<long>[^?]{3,160}?)"
_SHORT_KIND = rf"(?:{_KIND}|short name|(?:abbreviated|shortened) (?:form|name|title))"
_SAYS_LONG = _any_of(
    rf"\b{_SHORT_KIND} (?:(?:is |that is )?(?:used )?(?:of|for)|(?:that )?stands for|refers to) {_LONG}\W*$",
    rf"\bby (?:what|which) {_SHORT_KIND} (?:is|are) {_LONG} (?:also )?(?:known|called|referred to)\b",
    rf"\bhow (?:is|are) {_LONG} (?:usually )?(?:abbreviated|shortened)\b",
    rf"\b(?:abbreviate|shorten) {_LONG}\W*$",
    rf"\bwhat (?:is|are) {_LONG} (?:abbreviated|shortened) (?:to|as)\b",
    rf"\bwhat (?:is|are) {_LONG} (?:known as|called) (?:for|in) short\b",
    rf"^(?:what (?:is|are) )?{_LONG}(?:['’]s?)? {_SHORT_KIND}\W*$",
)


def acronym_asked(question: str) -> str | None:
    """The short form whose long form is asked for, upper-cased unless it holds capitals of its own; else None."""
    question = _one_line(question)
    for asks, certain in ((_SAYS_SHORT, True), (_SAYS_MEANING, False)):
        for found in filter(None, (pattern.search(question) for pattern in asks)):
            short = found["short"]
            if _looks_short(short):
                return short
            parts = found.groupdict()
            bare_the = parts.get("the") and not parts.get("label")  # "what does the flag stand for"
            plain = certain or (short.islower() and len(short) <= 6 and " of " not in found[0].lower())
            if plain and not bare_the and short.lower() not in STOP_WORDS and not short.isdigit():
                return short.upper()
    return None


def short_form_asked(question: str) -> str | None:
    """The long form whose short form is asked for, without "the" and quotes; None where none is."""
    found = next(filter(None, (pattern.search(_one_line(question)) for pattern in _SAYS_LONG)), None)
    if found is None:
        return None
    long_form = re.sub(r"^(?:the|an?)\s+", "", found["long"].strip(" \t\"“”‘’'.,"), flags=re.IGNORECASE)
    words = long_form.split()
    if not words or (len(words) == 1 and _looks_short(long_form)) or all(w.lower() in STOP_WORDS for w in words):
        return None
    return long_form.strip(" \"“”‘’'")


# --- where passages define it


def expansions(short_form: str, passages: Sequence[Passage]) -> list[Span]:
    """Every place where the passages say what a short form stands for, surest first.

    A span holds exactly the long form's characters, without a leading "the"; where a heading defines it, the
    heading's bounds are the sentence's. Case, dots and a plural s of the short form do not matter.
    """
    wanted = _folded(short_form)
    folds = [wanted, wanted[:-1]] if short_form.isupper() and wanted.endswith("s") else [wanted]  # "smes": SMEs
    for fold in folds:
        places = [(p, long, score) for p in passages if fold for _, long, score in _definitions(p, fold)]
        spans = [_span(passage, *long, score) for passage, long, score in places]
        if spans:
            return _surest_first(spans)
    return []


def short_forms(long_form: str, passages: Sequence[Passage]) -> list[Span]:
    """Every place where the passages give a short form of ``long_form``, surest first.

    A name that is longer at its beginning, by words that leave the first letter as it is, counts for less
    ("Guangdong-Hong Kong-Macao Greater Bay Area" for "Greater Bay Area", not "Chinese University" for "University").
    """
    wanted, spans = _content(long_form), []
    for passage in passages if wanted else ():
        for short, long, score in _definitions(passage):
            given = _content(passage.text[slice(*long)])
            shorter = min(len(wanted), len(given))
            if given == wanted:
                spans.append(_span(passage, *short, score))
            elif shorter > 1 and given[-shorter:] == wanted[-shorter:] and given[0][0] == wanted[0][0]:
                spans.append(_span(passage, *short, score * 0.8))
    return _surest_first(spans)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    joined: bool  # by a hyphen or a slash to the word before
    after_comma: bool

    @property
    def small(self) -> bool:
        return self.text.lower() in _SMALL

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or self.text[0].isdigit()

    @property
    def letters(self) -> str:
        return _plain(self.text)


_SMALL = frozenset("a an and at by de des du et for from in la of on or the to under with".split())
_TOKEN = re.compile(r"(?<![\w&])[^\W_](?:[\w&/-]|\.(?=\w)){0,13}[^\W_](?![\w&])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_Q = r"[\"“”‘’'«»]*"
_LEADS = (
    r"(?:(?:the|hereinafter|hereafter|henceforth|also|commonly|collectively|or|simply|referred\s+to|known|called"
    r"|abbreviated|shortened|as|to|in\s+short|abbr\.?|abbreviation|acronym|short\s+form|i\.e\.)[\s,:]+)*"
)
_IN_BRACKETS = re.compile(rf"\s*[(\[（](?:[^()\[\]\n]{{0,60}}(?:[,;]|\bor\b))?\s*{_LEADS}{_Q}$", re.IGNORECASE)
_BRACKET_GOES_ON = re.compile(rf"\.?{_Q}\s*(?:[)\]）,;/]|(?:or|for short|in short|here\w+)\b)", re.IGNORECASE)
_KNOWN_AS = re.compile(
    r",?\s+(?:(?:and|which|is|are|also|commonly|hereinafter|hereafter|better|usually|often|collectively|or)\s+)*"
    rf"(?:known\s+as|referred\s+to\s+as|called|(?:abbreviated|shortened)\s+(?:as|to)|in\s+short,?)\s+(?:the\s+)?{_Q}$",
    re.IGNORECASE,
)
_OR = re.compile(rf",?\s+or\s+(?:simply\s+)?(?:the\s+)?{_Q}$", re.IGNORECASE)
_COMMA = re.compile(rf",\s+(?:or\s+)?(?:the\s+)?{_Q}$")
_FOR_SHORT = re.compile(rf"{_Q},?\s+(?:for|in)\s+short\b", re.IGNORECASE)
_CELL_BEFORE = re.compile(rf"(?:\s*[;|\t]\s*(?:[^;:|\n]{{1,30}}:\s)?|\s[–—-])\s*{_Q}$")
_OPENS_BRACKET = re.compile(
    rf"\.?{_Q}\s*[(\[（]\s*(?:(?:the|an?|or|i\.e\.|in\s+full|full\s+name|which|is|stands?\s+for|short\s+for"
    rf"|(?:abbreviation|acronym)\s+(?:of|for))[\s,:]+)*{_Q}",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    rf"{_Q},?\s+\(?(?:which\s+)?(?:(?:is|are|was|being)\s+)?(?:(?:an?|the)\s+)?"
    rf"(?:stands?\s+for|short\s+for|{_KIND}\s+(?:of|for)|abbreviated\s+from):?\s+(?:the\s+)?{_Q}",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(
    rf"{_Q}(?:,\s+or|\s+(?:means|refers\s+to|denotes)|\s*[:=–—|\t]|\s+-|\s*;(?:\s*[^;:|\n]{{1,30}}:)?)\s+"
    rf"(?:the\s+)?{_Q}",
    re.IGNORECASE,
)
_EDGE = re.compile(r"[\n;:!?()\[\]（）\"“”|]|(?<=[^\W\d_]{4})\.(?=\s|$)|(?<=\w)\.$")
_CLAUSE_END = re.compile(
    r"[\n.;:!?()\[\]（）\"“”,|]|\s(?:is|are|was|were|has|had|which|who|that|and\s+(?:is|was|has))\s"
)
_NUMBER_WORDS = {
    "1": ("one", "first"), "2": ("two", "second", "to"), "3": ("three", "third"), "4": ("four", "fourth", "for"),
    "5": ("five", "fifth"), "6": ("six", "sixth"), "7": ("seven", "seventh"), "8": ("eight", "eighth"),
    "9": ("nine", "ninth"), "10": ("ten", "tenth"), "20": ("twenty",),
}  # fmt: skip


def _definitions(passage: Passage, fold: str | None = None) -> Iterator[tuple[_Offsets, _Offsets, float]]:
    """Every short form (or only those that fold to ``fold``) that stands beside a long form that agrees with it.

    Offsets of both into the passage's text, and how sure it is.
    """
    text = passage.text
    tokens = (found for found in _TOKEN.finditer(text) if _looks_short(found[0]))
    for found in islice((found for found in tokens if fold in (None, _folded(found[0]))), _MOST_IN_A_PASSAGE):
        token = found[0]
        for start, end, score in _long_forms(text, found.start(), found.end()):
            long = text[start:end].removesuffix("'s").removesuffix("’s")
            if _folded(token) not in _plain(long).split():  # no word explains itself
                yield found.span(), (start, start + len(long)), score
                break


def _long_forms(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """Long forms of the short form ``text[start:end]``, the surest way of defining first."""
    short, floor = text[start:end], max(0, start - _WINDOW)
    before, after = text[floor:start], text[end : end + _WINDOW]
    if (found := _IN_BRACKETS.search(before)) and _BRACKET_GOES_ON.match(after):
        yield from _ending(text, floor, floor + found.start(), short, _BESIDE, anagram=True)
    if found := _OPENS_BRACKET.match(after):
        content = re.split(r"[)\]）\n;:\"”]|\sor\s|,\s(?:formerly|also|which|an?|the)\s", after[found.end() :])[0]
        for piece in dict.fromkeys((content, content.split(",")[0])):
            yield from _filling(piece, end + found.end(), short)
    if found := _STANDS_FOR.match(after):
        yield from _beginning(text, end + found.end(), short, _BESIDE)
        yield from _clause(text, end + found.end(), 0.8)
    if (found := _KNOWN_AS.search(before)) or (_FOR_SHORT.match(after) and (found := _COMMA.search(before))):
        yield from _ending(text, floor, floor + found.start(), short, _APPOSED)
    if found := _OR.search(before):
        yield from _ending(text, floor, floor + found.start(), short, _APPOSED, strict=not found[0].startswith(","))
    if found := _NEXT_TO.match(after):
        said = any(letter.isalpha() for letter in found[0])  # "means", "Full name:"
        yield from _beginning(text, end + found.end(), short, _APPOSED if said else _NEAR, strict=True)
    if found := _CELL_BEFORE.search(before):
        yield from _ending(text, floor, floor + found.start(), short, _NEAR, strict=True)


def _ending(
    text: str, floor: int, stop: int, short: str, score: float, *, strict: bool = False, anagram: bool = False
) -> Iterator[tuple[int, int, float]]:
    """The long form that ends where ``stop`` is."""
    window = text[floor:stop].rstrip(" \t\"“”‘’'«»,")
    edges = [edge.end() for edge in _EDGE.finditer(window)]
    begin = edges[-1] if edges else 0
    words = _words(window[begin:], floor + begin)[-(2 * len(short) + 8) :]
    fits = [(_cost(short, words[first:]), -first) for first in range(len(words))]
    cost, first = min(fits, default=(float("inf"), 0))
    if cost <= _most(short, strict):
        yield words[_run_start(words, -first)].start, words[-1].end, score
    elif anagram:
        for count in range(2, len(words) + 1):
            if _is_anagram(short, words[-count:]):
                yield words[-count].start, words[-1].end, _ANAGRAM


def _filling(content: str, offset: int, short: str) -> Iterator[tuple[int, int, float]]:
    """The long form that is all of ``content``."""
    words = _words(content, offset)[: 3 * len(short) + 8]
    if words and min(_cost(short, words[first:]) for first in _same_initials(words)) <= _most(short):
        yield words[0].start, words[-1].end, _BESIDE
    elif words and _is_anagram(short, words):
        yield words[0].start, words[-1].end, _ANAGRAM


def _beginning(
    text: str, begin: int, short: str, score: float, *, strict: bool = False
) -> Iterator[tuple[int, int, float]]:
    """The long form that begins where ``begin`` is; its end is where it agrees best."""
    window = text[begin : begin + _WINDOW]
    edge = _EDGE.search(window)
    words = _words(window[: edge.start() if edge else None], begin)[: 2 * len(short) + 8]
    fits = [
        (_cost(short, words[first:stop]), stop)
        for first in (_same_initials(words) if words else ())
        for stop in range(first + 1, len(words) + 1)
    ]
    cost, stop = min(fits, default=(float("inf"), 0))
    if cost <= _most(short, strict):
        yield words[0].start, words[stop - 1].end, score


def _clause(text: str, begin: int, score: float) -> Iterator[tuple[int, int, float]]:
    """Where a text says "stands for", what follows is the long form even if no letter agrees."""
    window = text[begin : begin + _WINDOW]
    edge = _CLAUSE_END.search(window)
    words = _words(window[: edge.start() if edge else None], begin)
    if 0 < len(words) <= 12:
        yield words[0].start, words[-1].end, score


def _words(text: str, offset: int) -> list[_Word]:
    words: list[_Word] = []
    last = 0
    for found in _WORD.finditer(text):
        gap = text[last : found.start()]
        joined = bool(words) and gap in {"-", "–", "/", "\u2011"}
        words.append(_Word(found[0], offset + found.start(), offset + found.end(), joined, "," in gap or "." in gap))
        last = found.end()
    return words


def _run_start(words: Sequence[_Word], first: int) -> int:
    """A name goes back over its capitals where it begins with the same letter.

    GBA is the Guangdong-Hong Kong-Macao Greater Bay Area; but the SAR in "Hong Kong Special ..." begins at "Special".
    """
    start = first
    while start and words[start - 1].capital and not words[start - 1].small and not words[start].after_comma:
        start -= 1
    return start if words[start].letters[0] == words[first].letters[0] else first


def _same_initials(words: Sequence[_Word]) -> list[int]:
    """Where the letters may begin in a long form that begins at the first word: see ``_run_start``."""
    return [first for first in range(len(words)) if first == 0 or _run_start(words, first) == 0]


def _cost(short: str, words: Sequence[_Word]) -> float:
    """How badly the letters of a short form agree with all of ``words``; 0 where each begins a word, in order."""
    return min(_alignment(letters, words) for letters in _readings(short))


def _alignment(letters: Sequence[str], words: Sequence[_Word]) -> float:
    never = float("inf")
    best = [0.0] + [never] * len(letters)  # cost with so many letters found
    for number, word in enumerate(words):
        skipped = never if number == 0 else 0.0 if word.small else 0.5 if word.joined else 2.0
        now = [cost + skipped for cost in best]
        clash = words[0].capital and not (word.capital or word.small or word.joined)
        extra = 1.5 * clash + 0.25 * word.after_comma + 2 * (word.small and number == 0)
        for have, cost in enumerate(best):
            if cost < never:
                for more, taken in enumerate(_taken(word.letters, letters[have:]), 1):
                    now[have + more] = min(now[have + more], cost + extra + taken)
        best = now
        if min(best) == never:
            break
    return best[-1]


def _taken(word: str, letters: Sequence[str]) -> Iterator[float]:
    """The cost of finding one, two, ... of the next letters in a word: the first begins it, the others follow."""
    if not letters or not _begins(word, letters[0]):
        return
    yield 0.0
    at, cost = 1, 0.0
    for letter in letters[1:]:
        found = word.find(letter, at)
        if found < 0:
            return
        cost += 0.5 if found == at else 1.0
        at = found + 1
        yield cost


def _begins(word: str, letter: str) -> bool:
    if letter.isdigit():
        return word.startswith(letter) or word.endswith(letter) or word in _NUMBER_WORDS.get(letter, ())
    return word.startswith((letter, "ex") if letter == "x" else letter)


def _readings(short: str) -> list[list[str]]:
    """The letters of a short form, numbers whole; and with "3M" read as MMM, "W3C" as WWWC."""
    text = _folded(short)
    readings = [re.findall(r"\d+|\D", text)]
    for pattern in (r"([2-4])(\D)", r"(\D)([2-4])(?!\d)"):
        if found := re.search(pattern, text):
            letter, times = (found[2], found[1]) if found[1].isdigit() else (found[1], found[2])
            readings.append(list(text[: found.start()] + letter * int(times) + text[found.end() :]))
    return readings


def _most(short: str, strict: bool = False) -> float:
    """The cost up to which letters agree; strict where nothing but the letters speaks for a definition."""
    letters = len(_folded(short))
    if letters < 3:
        return -1.0 if strict else 1.5
    return 0.5 if strict else letters + 1.0


def _is_anagram(short: str, words: Sequence[_Word]) -> bool:
    """The capitals are the initials in another order: Doctor of Philosophy (PhD), ... for Standardization (ISO)."""
    names = [word for word in words if not word.small]
    capitals = [letter.lower() for letter in short if letter.isupper()]
    ends = names and words[0] is names[0] and words[-1] is names[-1] and all(word.capital for word in names)
    return bool(ends) and len(capitals) > 1 and sorted(capitals) == sorted(word.letters[0] for word in names)


def _looks_short(token: str) -> bool:
    """Two capitals, or one and a digit: what a writer makes a short form look like."""
    capitals = sum(c.isupper() for c in token)
    longest = max((len(part) for part in re.findall(r"[a-z]+", token)), default=0)
    enough = capitals > 1 or (capitals == 1 and any(c.isdigit() for c in token))
    return enough and longest <= max(3, capitals)  # not "TalentPass"


def _plain(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)) or text


def _folded(short: str) -> str:
    """Letters and digits in lower case, without a plural s: "SMEs", "S.M.E." and "sme" are one."""
    singular = short[:-1] if short.endswith("s") and len(short) > 2 and not short[:-1].islower() else short
    return re.sub(r"[\W_]", "", _plain(singular))


def _content(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(text) if word.lower() not in _SMALL]


def _span(passage: Passage, start: int, end: int, score: float) -> Span:
    """From offsets into the passage's text; the sentence is the line where no sentence holds the words."""
    start, end = passage.start + start, passage.start + end
    for sentence_start, sentence_end in passage.sentences:
        if sentence_start <= start and end <= sentence_end:
            return Span(passage, start, end, sentence_start, sentence_end, score)
    first = passage.text.rfind("\n", 0, start - passage.start) + 1
    last = passage.text.find("\n", end - passage.start)
    last = len(passage.text) if last < 0 else last
    return Span(passage, start, end, passage.start + first, passage.start + last, score)


def _surest_first(spans: Sequence[Span]) -> list[Span]:
    """Each place once; of equally sure ones the order of the passages is kept."""
    once: dict[tuple[int, int, int], Span] = {}
    for span in sorted(spans, key=lambda span: -span.score):
        once.setdefault((span.passage.document_id, span.start, span.end), span)
    return list(once.values())
