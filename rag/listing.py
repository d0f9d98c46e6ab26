"""All members of the enumeration an answer stands in: a phrase, a list, a table's column, the headings of a section.

Each form gives its members only where it is sure to have all of them and where they are what is asked for, since half
a list shown as whole is worse than none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from rag.coordination import TITLES, coordinated, is_office
from rag.lexical import query_words
from rag.questions import COUNT, count_of, expected_count, head_noun, singular
from rag.types import BlockKind, Document, Span

MAX_MEMBERS = 500  # a longer run is a register, no answer

Offsets = tuple[int, int]


def members(question: str, span: Span, document: Document) -> list[Offsets]:
    """Offsets into ``document.text`` of all members of the enumeration around ``span``, in order, without overlap.

    Empty where there is none, or where it is not sure to be whole; never one member alone.
    """
    at = bisect_right(document.blocks, span.start, key=lambda block: block.start) - 1
    if at < 0 or span.start >= document.blocks[at].end:
        return []
    asked = _Asked(question, expected_count(question), span, document, at)
    forms = [_in_phrase, _in_list, _in_column, _in_headings]
    if span.start <= asked.item(at)[0]:
        forms.insert(0, _in_list)  # the whole item was chosen, not a word of it
    for form in forms:
        found = _parts_asked(asked, form(asked))
        sound = all(a[1] <= b[0] and document.text[slice(*b)].strip() for a, b in pairwise([(0, 0), *found]))
        if sound and 1 < len(found) <= MAX_MEMBERS and asked.wanted in (None, len(found)):
            return found
    return []


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and the block of a document in which its answer was found."""

    question: str
    wanted: int | None  # how many members there must be
    span: Span
    document: Document
    at: int

    def said(self, at: int) -> str:
        """A block's text, of a long one the end; empty beyond the first and last."""
        if not 0 <= at < len(self.document.blocks):
            return ""
        block = self.document.blocks[at]
        return self.document.text[max(block.start, block.end - 2_000) : block.end]

    def item(self, at: int) -> Offsets:
        """A block's own words: without its marker, and without what joins it to the next."""
        block, text = self.document.blocks[at], self.document.text
        marker = _MARKER.match(text, block.start, block.end)
        start = marker.end() if marker else block.start
        tail = max(start, block.end - 40)
        joint = _TRAIL.search(text[tail : block.end])
        return start, tail + joint.start() if joint else block.end

    def announces(self, at: int) -> bool:
        """Whether a block is a paragraph that ends in a colon."""
        return self.said(at).endswith(":") and self.document.blocks[at].kind is BlockKind.PARAGRAPH


_MARKER = re.compile(r"(?:[-*•·–]|\(?(?P<number>\d{1,3}|[a-z])[.)])\s+")
_TRAIL = re.compile(r"[\s;,.]*(?:\b(?:and|or)\b)?\W*$")
_COLUMN = re.compile(r"(?:^|; )([^:;]{1,80}): ")
_COUNTED = re.compile(rf"\b({COUNT})\s((?:[\w-]+\s){{0,3}}[\w-]+)", re.I)
_OTHERS = re.compile(
    r"(?:The o|O)thers?\b|Also (?:present|attending|there|in attendance|joining|taking part)\b|They were joined by\b"
)
_ALONE = re.compile(r"\b(?:others?|else|also|besides|apart from)\b")
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?!-)")
_WORD = re.compile(r"[\w'’-]+")
_TITLED = re.compile(rf"\b(?i:{'|'.join(sorted(TITLES))})\b\.?((?: [A-Z][\w'’-]*)+)")
_CELL = re.compile(r"(?:the )?((?!the )[^\s,;()][^,;()]*(?<!\s))")
_JOINT = re.compile(r"\b(?:of|at|from|to|with)\s+(?:the\s+)?")
_NAME = re.compile(r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}")
_SEATS = frozenset("mayor governor ambassador consul envoy representative delegate president premier".split())
_BODIES_ASKED = frozenset(
    "institution university college school academy institute hospital clinic company firm business bank employer "
    "organisation organization body agency bureau department ministry authority council committee commission court "
    "association union chamber museum library society foundation club".split()
)
_PLACES_ASKED = frozenset("city town country place province state region county district municipality nation".split())
_BODY = re.compile(
    r"\b(?:Universit(?:y|ies)|Colleges?|Institut(?:e|es|ion|ions)|Academy|Schools?|Polytechnic|Hospitals?|Clinic|Court"
    r"|Bank|Museum|Club|Library|Laborator(?:y|ies)|Observatory|Bureau|Office|Department|Ministry|Commission|Committee"
    r"|Council|Board|Agency|Authority|Association|Federation|Union|Foundation|Trust|Group|Corporation|Company|Limited"
    r"|Ltd|Inc|PLC|LLP|Party|Chamber|Secretariat|Service|Administration|Government|Fund|Organi[sz]ation|Society"
    r"|Partners|Holdings|Centre|Center|Press|Parliament|Assembly|Senate|Congress|Railways?|Airlines?|Airways|Exchange"
    r"|Tribunal|Embassy|Consulate|Directorate|Division|Alliance|League)\b"
)


def _in_phrase(asked: _Asked) -> list[Offsets]:
    """Members of a sentence, with those that the sentence before or after adds: "Others who came were D and E"."""
    text, span, sentences = asked.document.text, asked.span, asked.span.passage.sentences
    sentence = _numbered(asked)
    chosen = (span.start, span.end) if sentence[0] <= span.start < sentence[1] else sentence
    found = coordinated(text, sentence, chosen, asked.wanted)
    here = bisect_right(sentences, sentence) - 1
    adds = next((n for n in (here, here + 1) if 0 < n < len(sentences) and _OTHERS.match(text, *sentences[n])), None)
    alone = adds == here and _ALONE.search(asked.question.lower())
    if not found or adds is None or alone or asked.wanted == len(found):
        return found
    beside = sentences[here - 1 if adds == here else adds]
    before = text[slice(*beside)]
    if adds == here and "accompan" in asked.question.lower() and "accompan" not in before:
        return found  # whom they met has not come with them
    rest = coordinated(text, beside, beside)
    asks = set(_WORD.findall(asked.question))
    if adds == here and not rest and not any(asks.isdisjoint(name.split()) for name in _TITLED.findall(before)):
        return found  # others than the one who is asked about
    persons = [any(_TITLED.search(text, *member) for member in some) for some in (found, rest)]
    return sorted(found + rest) if rest and persons[0] == persons[1] else []


def _numbered(asked: _Asked) -> Offsets:
    """The sentence that was read; where it is about the first panel and the second is asked for, that one's, if any."""
    span, block = asked.span, asked.document.blocks[asked.at]
    sentence = (max(span.sentence_start, block.start), min(span.sentence_end, block.end))
    wanted = set(_ORDINAL.findall(asked.question.lower()))
    told = _ORDINAL.findall(asked.document.text[slice(*sentence)][:2_000].lower())
    if not wanted or not told or wanted & set(told):
        return sentence
    inside = [one for one in span.passage.sentences if block.start <= one[0] and one[1] <= block.end]
    others = [one for one in inside if wanted & set(_ORDINAL.findall(asked.document.text[slice(*one)][:2_000].lower()))]
    return others[0] if len(others) == 1 else (sentence[0], sentence[0])


def _parts_asked(asked: _Asked, found: list[Offsets]) -> list[Offsets]:
    """Of persons with their offices the bodies or places alone, where those are asked for; none where one has none."""
    text, head = asked.document.text, head_noun(asked.question)
    find = _body if head in _BODIES_ASKED else _place if head in _PLACES_ASKED else None
    if find is None or not any(_is_held(text, cell) for member in found for cell in _cells(text, member)):
        return found
    parts = [next(filter(None, (find(text, cell) for cell in _cells(text, member))), None) for member in found]
    named = {text[slice(*part)]: part for part in reversed(parts) if part}
    return [] if None in parts else sorted(named.values())


def _cells(text: str, member: Offsets) -> list[Offsets]:
    """What stands between the commas and brackets of a member, without its articles."""
    return [found.span(1) for found in _CELL.finditer(text, *member)]


def _is_held(text: str, cell: Offsets) -> bool:
    """Whether the words are a person's or an office: "Professor Oak", "Vice-President of Tartu University"."""
    words = [word.lower().rstrip(".") for word in _WORD.findall(text, *cell)]
    return any(word in TITLES or is_office(singular(word)) for word in (*words[:1], *words[-1:]))


def _body(text: str, cell: Offsets) -> Offsets | None:
    """The body that someone is of, or a body on its own: "Tartu University" of "Dean of Law at Tartu University"."""
    for left, head, end in _held(text, cell):
        if not _BODY.search(text, *left) and (_BODY.search(text, *head) or text[slice(*head)].isupper()):
            return head[0], end
    words = _WORD.findall(text, *cell)
    edges = any(_BODY.fullmatch(word) for word in (*words[:1], *words[-1:]))
    return cell if edges or (_BODY.search(text, *cell) and not _is_held(text, cell)) else None


def _place(text: str, cell: Offsets) -> Offsets | None:
    """The place that someone is of: "Riga" of "Vice Mayor of Riga"."""
    for left, head, _ in _held(text, cell):
        words = [singular(word.lower()) for word in _WORD.findall(text, *left)] or [""]
        seated = words[-1].split("-")[-1] in _SEATS or words[0] in TITLES or words[-2:] == ["prime", "minister"]
        if seated and _NAME.fullmatch(text, *head) and not _BODY.search(text, *head):
            return head
    return None


def _held(text: str, cell: Offsets) -> Iterator[tuple[Offsets, Offsets, int]]:
    """Each way to cut a cell in who or what office it is, and of what; of that also its first words, up to "of"."""
    for joint in _JOINT.finditer(text, *cell):
        left, start = (cell[0], joint.start()), joint.end()
        following = _JOINT.search(text, start, cell[1])
        head = text[start : following.start() if following else cell[1]].rstrip()
        if joint.start() == cell[0] or _is_held(text, left):
            yield left, (start, start + len(head)), cell[1]


def _in_list(asked: _Asked) -> list[Offsets]:
    """Items that are what is asked for, or exactly as many, and of which the question picks none by a figure."""
    places = _series(asked, BlockKind.ITEM)
    if not places:
        return []
    marker = _MARKER.match(asked.said(places[0]))
    told = f"{asked.said(places[0] - 2)}\n{asked.said(places[0] - 1)}"
    items = [asked.said(at)[:300] for at in places]
    figures = {word for word in query_words(asked.question) if len(word) > 1 and word.isdigit()}
    if (marker and marker["number"] not in (None, "1", "a")) or _picks_some(figures, items):
        return []
    sure = len(places) == asked.wanted or _about(asked.question, told, items)
    return [asked.item(at) for at in places] if sure else []


def _series(asked: _Asked, kind: BlockKind) -> list[int]:
    """The blocks of a kind and level around one, deeper ones between left out; or those its sentence announces."""
    blocks, at = asked.document.blocks, asked.at
    if blocks[at].kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and asked.span.sentence_end >= blocks[at].end - 1:
        at += re.search(r":\W*$|\bfollow", asked.said(at)[-200:]) is not None
    if at == len(blocks) or blocks[at].kind is not kind:
        return []
    alike = [n for n, block in enumerate(blocks) if block.kind is kind and block.level >= blocks[at].level]
    others = at - alike.index(at)  # that stand before: as many for all blocks of one unbroken run
    return [n for k, n in enumerate(alike) if n - k == others and blocks[n].level == blocks[at].level]


def _in_column(asked: _Asked) -> list[Offsets]:
    """The values of one column of a table, where its name is asked for and no row is picked out."""
    places, text, blocks = _series(asked, BlockKind.ROW), asked.document.text, asked.document.blocks
    if asked.at not in places:
        return []
    rows = [text[blocks[n].start : blocks[n].end] for n in places]
    names = set.intersection(*(set(_COLUMN.findall(row)) for row in rows))
    tables = [[label for label in _COLUMN.finditer(row) if label[1] in names] for row in rows]
    chosen = asked.span.start - blocks[asked.at].start
    column = sum(label.start() <= chosen for label in tables[places.index(asked.at)]) - 1
    if column < 0 or len({len(table) for table in tables}) > 1:
        return []
    told = f"{tables[0][column][1]} {asked.said(places[0] - 1)}"
    words = _singulars(asked.question) - _singulars(f"{told} {names}")
    if _picks_some(words, rows) or not (len(rows) == asked.wanted or _about(asked.question, told, rows)):
        return []
    ends = [[*(cut.start() for cut in table), len(row)][column + 1] for table, row in zip(tables, rows, strict=True)]
    starts = [blocks[n].start for n in places]
    return [(at + table[column].end(), at + end) for at, table, end in zip(starts, tables, ends, strict=True)]


def _in_headings(asked: _Asked) -> list[Offsets]:
    """The headings that follow a sentence or a higher heading that names them and says how many they are."""
    blocks, at = asked.document.blocks, asked.at
    headings = [n for n, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    place = bisect_right(headings, at) - 1
    if at + 1 in headings[place + 1 : place + 2]:
        place += asked.announces(at) or place < 0 or blocks[at + 1].level > blocks[headings[place]].level
    if place < 0:
        return []
    level, first = blocks[headings[place]].level, place
    while first and blocks[headings[first - 1]].level >= level and not asked.announces(headings[first] - 1):
        first -= 1
    section = takewhile(lambda n: blocks[n].level >= level, headings[first:])
    places = [n for n in section if blocks[n].level == level]
    announced = asked.announces(places[0] - 1)
    parent = next((n for n in reversed(headings[:first]) if blocks[n].level < level), -1)
    told = asked.said(places[0] - 1 if announced else parent)[-400:]
    head = head_noun(asked.question)
    counts = [count_of(number) for number, words in _COUNTED.findall(told) if head in _singulars(words)]
    under = blocks[parent].level > 1 and not announced  # a heading, not the title
    wanted = counts[-1] if counts else asked.wanted or (len(places) if under else 0)
    whole = wanted == len(places) or (announced and 0 < wanted < len(places))
    return [asked.item(n) for n in places[:wanted]] if whole and _about(asked.question, told) else []


def _singulars(text: str) -> set[str]:
    return {singular(word) for word in query_words(text)}


def _about(question: str, told: str, items: Sequence[str] = ()) -> bool:
    """Whether what introduces a list, or most of its items, names what is asked for."""
    head, words = head_noun(question), _singulars(told)
    asked = _singulars(question) - {head, "list", "name", "give"}
    if head is None:
        return len(asked & words) * 2 >= len(asked) > 0
    often = sum(head in _singulars(item) for item in items) * 2 > len(items)
    return head in words or often or (bool(items) and len(asked & words) * 5 >= len(asked) * 3 > 0)


def _picks_some(words: set[str], items: Sequence[str]) -> bool:
    """Whether some of the items, not all, have one of these words: then the question may ask for those alone."""
    having = [_singulars(item) for item in items] if words else []
    return any(0 < sum(word in found for found in having) < len(items) for word in words)
