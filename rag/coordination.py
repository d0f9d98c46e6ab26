"""The members of a coordinated phrase: "the Harbour Board, the Bureau of Parks and Gardens and the Water Office".

A few kinds of words are told apart, and a sentence falls into runs of what members may consist of: names, or
lower-case nouns. A run is cut at its semicolons, or at its commas and its last "and". It counts only where its
borders show that it is whole, where each "and" can be told, and where a number before it is met.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from rag.questions import COUNT, count_of, singular

MAX_PHRASE_CHARS = 6_000  # a longer stretch is no sentence
MAX_MEMBER_CHARS = 300

Offsets = tuple[int, int]


def coordinated(text: str, sentence: Offsets, span: Offsets, wanted: int | None = None) -> list[Offsets]:
    """Offsets into ``text`` of the members of the one enumeration that the span touches, else introduces.

    They are in order, without overlap; empty where no enumeration or several would fit. ``wanted`` is how many members
    there must be, where that is known: it admits pairs of unlike names, and enumerations elsewhere in the sentence.
    """
    if not 0 < sentence[1] - sentence[0] <= MAX_PHRASE_CHARS:
        return []
    around = (found.span() for found in _ENCLOSED.finditer(text, *sentence))
    inside = next(((s + 1, e - 1) for s, e in around if s < span[0] and span[1] < e), None)
    return (inside and _touched(text, inside, span, wanted)) or _touched(text, sentence, span, wanted)


def _touched(text: str, region: Offsets, span: Offsets, wanted: int | None) -> list[Offsets]:
    """The members of the one enumeration of a region that the span touches, else introduces."""
    start, end = region
    first, last = max(0, span[0] - start), span[1] - start
    masked = _masked(text[start:end])
    found = _enumerations(masked, wanted)
    near = [members for members in found if members[0][0] < last and first < members[-1][1]]
    near = near or [members for members in found if _COLON.search(masked[first : members[0][0]][-40:])][:1]
    near = near or (found if wanted and wanted > 3 else [])  # pairs and threes are too common
    fitting = [members for members in near if wanted in (None, len(members))]
    return [(start + s, start + e) for s, e in fitting[0]] if len(fitting) == 1 else []


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, in lower case, or a mark. A mark is its own ``kind``; kinds of words are told in ``_WORDS``."""

    kind: str
    start: int
    end: int
    word: str


_Tokens = Sequence[_Token]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that members may consist of, and what stands around them."""

    tokens: _Tokens
    marker: str  # the kind of the word before them
    after: str  # the kinds of what only joins, cut off at their end
    opens: bool  # whether they belong to an opening: "During his visit to Riga, ..."
    told: int | None  # 4 of "the four agencies, A, B, C and D"


_WORDS = {  # any other word is N, a name's, or w, a lower-case one
    "T": "mr mrs ms miss dr prof professor sir dame madam lord lady",
    "O": "member head director chairman chair president representative deputy secretary chief minister mayor officer "
    "provost dean rector chancellor governor commissioner ambassador manager treasurer registrar",
    "f": "of for in on at de del di da van von der den la le du al bin own &",  # joins the words of one phrase
    "P": "by with from into under through against among between about as is are was were both like",  # may precede one
    "S": "to over after before within upon via per than but while although because if when not be been being has have "
    "had will would can could might must shall should do does did he she it we they you his her its our their this "
    "these those there which who whom whose that what where how whether see example instance however also then "
    "respectively other others more many several me my us him them according",  # in no member
    "D": "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()} | {
    "the": "a",
    "etc": "E",
    "\x01": "&",
}
TITLES = frozenset(_WORDS["T"].split())
OFFICES = frozenset(_WORDS["O"].split()) | frozenset(
    "professor justice principal executive warden leader adviser advisor spokesman spokeswoman founder fellow "
    "lecturer researcher scientist engineer nurse surgeon physician doctor curator editor trustee expert envoy consul "
    "judge delegate attorney inspector superintendent bishop senator councillor speaker clerk".split()
)  # what persons are called by, "vice-" and the like before it left out
_BODIES = frozenset("university college institute academy school polytechnic hospital court bank museum club".split())
_WORD = re.compile(r"(?:[A-Z]\.)+|(?:Mr|Mrs|Ms|Dr|Prof|St)\.|\w[\w'’/&-]*|[^\w\s]")
_ENCLOSED = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”")
_TITLE = rf"(?i:{'|'.join(sorted(TITLES))})\b"
_ASIDE = re.compile(rf", who\b(?:(?!\b{_TITLE}|, the\b)[^;]){{1,300}}?(?=, (?:and (?:the\b|{_TITLE})|{_TITLE}))")
_COORDINATOR = re.compile(r"\b(?:and|or|as well as|together with|along with)(?=\s)")
_INTRODUCER = re.compile(r"\b(?:includ(?:ed?|es|ing)|compris(?:ed?|es|ing)|consist(?:s|ed|ing)? of|namely|such as)\b")
_BE = frozenset(("is", "are", "was", "were"))
_COLON = re.compile(r":\W*(?:the )?$")
_NO_MEMBER = rf"(?:{'|'.join((_WORDS['P'] + ' ' + _WORDS['S']).split())})\b"
_TOLD = re.compile(rf"\b({COUNT})\s(?:(?!{_NO_MEMBER})[\w-]+\s){{0,3}}?[\w-]*[:,(]?\s*(?:the\s)?$", re.I)
_OPENERS = re.compile(r"(?:in|at|on|during|after|before|since|under|with|upon|by|for|from|as|while|when|\w+ly|\w+ing)$")
# Of a string of kinds: what only joins, what may be members, what only joins.
_LISTED = re.compile(r"(?:^|(?<=[:PSD]))([af,]*)([^;:.EPSD]+;[^.E]*[^.,;E])([,.;E]*)")
_NAMES = re.compile(r"([af,&]*)([TNO](?:[TNOaf,&]*[TNO])?)([af,&E]*)")
_NOUNS = re.compile(r"([af,&]*)([NOw](?:[NOwaf,&]*[NOw])?)([af,&E]*)")
_GOES_ON = re.compile(r"[,;]&[afPS]?[TN]")  # more members after something between: "A and B, who came, and C"
_PERSON_BEFORE = re.compile(r"T[^PSDw:;]*;$")  # "Mr A; Ms B and Dr C": no two lists
_PERSON_AFTER = re.compile(r";&?[^PSDw:;]*T[^PSDw:;]*[;.]")
_UNTOLD = re.compile(r"(?:,&|&a)[^,]*,|,&?f")  # "A and the B, C", "Riga, in Latvia, and Tartu"
_NAME_FIRST = re.compile(r"(,?&?T+[NOaf]+)((?:,[^T,&](?:[^T,]*[^T,&])?)*)")
_OFFICE_FIRST = re.compile(r"(,?&?(?:[^T,&][^T,]*(?:,[^T,&][^T,]*)*,?(?<!&))?T+[NOaf]+)()")


def _masked(region: str) -> str:
    """The same length: brackets and quotes as one capital word each, coordinators as one mark, introducers as ":"."""
    region = _ENCLOSED.sub(lambda found: "X" * len(found[0]), region)
    region = _ASIDE.sub(lambda found: " " * len(found[0]), region)
    region = _COORDINATOR.sub(lambda found: "\x01".ljust(len(found[0])), region)
    return _INTRODUCER.sub(lambda found: ":".ljust(len(found[0])), region)


def _tokens(masked: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _WORD.finditer(masked):
        word = match[0].lower()
        named = word != match[0] or (word[0].isdigit() and _shape(found[-1:]) == "N")
        kind = _KINDS.get(word.rstrip("."), "")
        if not kind or kind == ("O" if named else "T") or (kind in "afPS" and named and found):
            kind = "N" if named else "w" if re.match(r"\w", word) else match[0]
        found.append(_Token(kind, match.start(), match.end(), word))
    for n, (token, following) in enumerate(pairwise(found)):
        several = token.kind == "N" and following.kind == "f" and singular(token.word) != token.word
        inside = n > 0 and (found[n - 1].kind in "fN" or not is_office(singular(token.word)))
        if several and not inside:  # "Representatives of A and B", "the Presidents of A and B"
            found[n] = replace(token, kind="w")
        elif token.word == "lord" and following.word in OFFICES - {"justice"}:  # "the Lord Mayor of A"
            found[n] = replace(token, kind="N")
    return found


def is_office(word: str) -> bool:
    """Whether a lower-case word, "vice-president" too, names an office or an occupation."""
    return not OFFICES.isdisjoint(word.split("-"))


def _enumerations(masked: str, wanted: int | None) -> list[list[Offsets]]:
    """All that are sure to be whole, in order; of those that overlap, the one of the stricter form."""
    tokens = _tokens(masked)
    found: list[list[Offsets]] = []
    for form, read in ((_LISTED, _pieces), (_NAMES, _names), (_NOUNS, _nouns)):
        for run in _runs(masked, tokens, form):
            members = [_trimmed(member) for member in read(run, wanted)]
            extents = [(member[0].start, member[-1].end) for member in members if member]
            whole = len(members) == len(extents) > 1 and run.told in (None, len(members))
            apart = whole and all(extents[-1][1] <= other[0][0] or other[-1][1] <= extents[0][0] for other in found)
            if apart and all(end - start <= MAX_MEMBER_CHARS for start, end in extents):
                found.append(extents)
    return sorted(found)


def _runs(masked: str, tokens: _Tokens, form: re.Pattern[str]) -> Iterator[_Run]:
    """Runs beyond whose borders no member stands, as far as can be seen."""
    stated = next((place for place, token in enumerate(tokens) if token.word in _BE), len(tokens))
    for found in form.finditer(_shape(tokens)):
        left = found.string[: found.start()]
        clause = left.replace(";", ",").rpartition(",")[2]
        states = stated < found.start()  # "Attending were A, B and C"
        plain = len(left) <= 6 and clause == left and ":" not in left and not states
        opens = plain and bool(_OPENERS.match(tokens[0].word))
        told = _TOLD.search(masked[: tokens[found.start(2)].start][-80:])
        nested = clause[:1] == "&" and not set(clause[:-1]) & set("PS:")  # "A, B, and research on C, D and E"
        within = ",&" in found[2] and any(token.word == "who" for token in tokens[len(left) - len(clause) : len(left)])
        mixed = form is not _LISTED and (_PERSON_BEFORE.search(left) or _PERSON_AFTER.match(found.string, found.end()))
        if nested or within or mixed or "&" in found[1] + found[3] or ("," in found[1] and not opens and not told):
            continue
        if "," not in found[3] or not _GOES_ON.search(found.string, found.end()):
            count = count_of(told[1]) if told else None
            yield _Run(tokens[slice(*found.span(2))], left[-1:], found[3], opens and "," not in found[1], count)


def _pieces(run: _Run, _: int | None) -> list[_Tokens]:
    """Members between semicolons; the last without a clause after it: "and Mr B, spoke of ports"."""
    pieces = _cut(run.tokens, ";")
    # "The board met the Clerk, Mr A; ...", "In Riga, the Clerk, Mr A; ..."
    led = re.match("[^,]*w(?=[aT])", _shape(pieces[0])) or re.match("[^,]*,(?=a[^,]*,T)", _shape(pieces[0]))
    if led and led[0][-1] == "," and not run.opens:
        return []  # "Mayor A, the Clerk, Mr B; ..."
    pieces[0] = pieces[0][led.end() if led else 0 :]
    shapes = [_shape(_trimmed(piece)) for piece in pieces]
    persons = all(map(_is_person, pieces[:-1]))
    ended = pieces[-1][0].kind == "&" or "E" in run.after
    if not ended or not (persons or run.marker == ":") or any(shape[:1] in ("P", "S") for shape in shapes):
        return []
    if any(re.search("T[^TwPS]+T|&S|^[^NT]*S", shape) for shape in shapes):
        return []  # "Mr A, Ms B; and Dr C", "Mr A and his deputy", "members of her staff"
    if persons and {"T", "N"}.isdisjoint(shapes[-1]):
        return []  # "ten members of the mission"
    name = _NAMES.match(_shape(pieces[-1]))
    described = [cell[0].word for cell in _cut(pieces[-1], ",")][1:] in (["a"], ["an"])  # "Dr C, a lecturer in law"
    return [*pieces[:-1], pieces[-1][: name.end(2)]] if name and not described else pieces


def _is_person(piece: _Tokens) -> bool:
    """Whether a piece holds a title or an office, and no verb that can be seen."""
    plain = all("w" not in _shape(cell) or _trimmed(cell)[0].word in ("a", "an") for cell in _cut(piece, ","))
    return plain and ("T" in _shape(piece) or any(is_office(token.word) for token in piece))


def _names(run: _Run, wanted: int | None) -> list[_Tokens]:
    """Persons with their offices, or bodies, places and papers."""
    cells, titled = _cut(run.tokens, ","), "T" in _shape(run.tokens)
    if run.opens and len(cells) > 1:  # "In Riga, the A and the B met"
        alike = set.intersection(*map(_ends, cells[1:])) - _ends(cells[0])
        apart = titled or ("," not in run.after and (alike or _shape(cells[1])[:1] == "a"))
        if any(is_office(token.word) for token in cells[0]):
            return []  # "Before Chief Justice A, Mr Justice B and Mr Justice C"
        if apart and "T" not in _shape(cells[0]):
            return _names(replace(run, tokens=run.tokens[len(cells[0]) + 1 :], opens=False), wanted)
        if "," not in run.after:
            return []
    if titled:
        return _people(run.tokens)
    members = _split(cells, run.after)
    if len(members) > 2 and "f" in _shape(members[0]) and all(len(_trimmed(member)) == 1 for member in members[1:]):
        return []  # "the values of Honour, Courage and Thrift": what comes before "of" may be no part of it
    unlike = len(members) == 2 and not _ends(members[0]) & _ends(members[1])
    return [] if unlike and wanted != 2 else members  # "Trade and Industry" may be one name


def _people(tokens: _Tokens) -> list[_Tokens]:
    """Members with one titled name each and the office beside it: all before the names, or all after them."""
    shape = _shape(tokens)
    found = list((_NAME_FIRST if shape[0] == "T" else _OFFICE_FIRST).finditer(shape))
    covered = [0, *(person.end() for person in found)] == [*(person.start() for person in found), len(shape)]
    if not covered or any(person[0][0] not in ",&" for person in found[1:]) or "&" not in found[-1][0][:2]:
        return []
    posts = [_trimmed(tokens[person.start() : person.start() + person[0].index("T")]) for person in found]
    if not all(posts) and any(post and "f" not in _shape(post) and not is_office(post[-1].word) for post in posts):
        return []  # "Chief Justice A, Mr Justice B and Mr Justice C"
    mixed = len({bool(person[2]) for person in found[:-1]}) > 1  # whose office it is can't be told
    return [tokens[person.start() : person.end(1 if mixed else 0)] for person in found]


def _nouns(run: _Run, _: int | None) -> list[_Tokens]:
    """Lower-case members: "such as trade, culture, youth, and science and technology"."""
    cells = _cut(run.tokens, ",")
    elsewhere = {token.word for cell in cells[1:] for token in cell}
    joints = [n for n, token in enumerate(cells[0]) if token.kind == "f" and token.word not in elsewhere]
    cells[0] = cells[0][joints[-1] + 1 :] if joints else cells[0]  # "the flow of people, goods and capital"
    tails = [n for n, token in enumerate(cells[-1]) if n > 1 and token.kind == "f" and token.word != "of"]
    cells[-1] = cells[-1][: tails[0]] if tails else cells[-1]
    led = joints or run.marker in tuple("fP:") or (run.marker != "D" and len(cells[0]) == 1)
    members = _split(cells, run.after) if led and not run.opens else []
    named = ["w" not in _shape(member) for member in members]
    if len(members) < 3 or all(named) or (any(named[1:]) and run.marker != ":"):
        return []
    words = [sum(kind not in "&af" for kind in _shape(member)) for member in members]
    return [] if max(words) > 6 or words[-1] > max(words[:-1]) + 1 else members


def _split(cells: Sequence[_Tokens], after: str) -> list[_Tokens]:
    """Cells as members, the last cut at its "and"; none where an "and" may join in several ways."""
    *before, last = cells = _rejoined(cells)
    if _UNTOLD.search(",".join(map(_shape, cells))):
        return []
    heads = {word for word, count in Counter(chain(*map(_ends, cells))).items() if count > 1}
    cuts, sure = _joints(last, heads)
    if last[0].kind == "&" or ("E" in after and not cuts):
        mixed = [bool(_joints(cell, heads)[0]) for cell in before]
        return [] if any(mixed[-1:]) and not any(mixed[:-1]) else list(cells)  # "A and B, as well as C"
    if len(cuts) != 1 or (not sure and any("&" in _shape(cell) for cell in before)):
        return []
    return [*before, last[: cuts[0]], last[cuts[0] + 1 :]]


def _rejoined(cells: Sequence[_Tokens]) -> list[_Tokens]:
    """Cells with those joined that make one name: "the Trade, Labour and Welfare Bureau, the Ports Bureau"."""
    shapes, joined = [_shape(cell) for cell in cells], list(cells[:1])
    ends = Counter(cell[-1].word for cell in cells)
    for n, cell in enumerate(cells[1:], start=1):
        begun = shapes[n - 1][0] == "a" or (n == 1 and any(shape[0] == "a" for shape in shapes[2:]))
        goes_on = shapes[n][0] != "a" and re.match("[Nw]+&[Nw]+", shapes[n]) and ends[cell[-1].word] > 1
        if begun and goes_on and ends[cells[n - 1][-1].word] == 1 and cells[n - 1][-1].word not in _BODIES:
            joined[-1] = [*joined[-1], *cell]
        else:
            joined.append(cell)
    return joined


def _joints(cell: _Tokens, heads: set[str]) -> tuple[list[int], bool]:
    """Where "and" may join two members, and whether it is sure to: before an article, or between like ends."""
    shape = _shape(cell)
    ands = [n for n in range(1, len(cell) - 1) if shape[n] == "&"]
    sure = [n for n in ands if shape[n + 1] == "a" or {cell[n - 1].word, cell[-1].word} <= heads]
    if sure or not ands:
        return sure, True
    several, headed = len(ands) > 1, cell[-1].word in heads | _BODIES
    if headed and re.match("[af&]*[Nw]&..", shape):
        ands = ands[1:]  # "Labour and Welfare Bureau"
    elif not headed and re.search("f[^f&]{1,3}&NN?$", shape):
        ands = ands[:-1]  # "Institute of Science and Technology"
    return ands, several


def _cut(tokens: _Tokens, mark: str) -> list[_Tokens]:
    """What stands between marks of a kind."""
    return [tokens[slice(*found.span())] for found in re.finditer(f"[^{mark}]+", _shape(tokens))]


def _trimmed(tokens: _Tokens) -> _Tokens:
    """Without what only joins at both ends."""
    shape, joins = _shape(tokens), "af,&;."
    return tokens[len(shape) - len(shape.lstrip(joins)) : len(shape.rstrip(joins))]


def _ends(tokens: _Tokens) -> set[str]:
    """A member's first and last word, by which members are alike: "University of A" and "University of B"."""
    run = _trimmed(tokens)
    return {token.word for token in (*run[:1], *run[-1:])}


def _shape(tokens: _Tokens) -> str:
    return "".join(token.kind for token in tokens)
