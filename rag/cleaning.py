"""From what a file gave to the text that is stored and cited.

One walk in six steps: characters are mended, Markdown's inline markup is dropped, navigation and sign-offs are taken
out, lines become blocks, blocks that a page break or a hard wrap tore apart are joined, and the blocks are written
down with their offsets. Lines remember their page throughout, which is how a page's offset is known at the end.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from rag.errors import EmptySource, SourceTooLarge
from rag.types import Block, BlockKind, Cleaned, Loaded

HEAD_LINES = 12  # weak margin patterns ("Print", "Share") count only this near the head or the tail
RUNNING_PAGES = 3  # the same edge line on this many pages is a running header or footer
HEADING_CHARS = 100
TITLE_CHARS = 250
WRAP_CHARS = 160  # no hard wrap is wider
LABEL_CHARS = 100  # a column's header is repeated in each row, a longer one only so far
MAX_CHARS = 50_000_000  # some fifty long novels


def clean(loaded: Loaded) -> Cleaned:
    """The text to store, with its blocks, page offsets and the lines taken out.

    Every block has ``text[start:end]`` without white space at its ends; ``len(pages) == len(loaded.pages)``, and
    a page left empty shares the next offset. Only a Markdown file's own inline markup is undone: elsewhere
    ``__init__`` and ``C:\\.config`` are the author's words. Raises EmptySource where nothing is left to read, and
    SourceTooLarge.
    """
    markup = _markup if loaded.format == "markdown" else _linked_lines
    lines = [line for number, page in enumerate(loaded.pages) for line in _lines(markup(_characters(page)), number)]
    lines, margins = _without_margins(lines, len(loaded.pages), loaded.format)
    drafts = _joined(_drafts(lines), _Vocabulary(lines))
    if loaded.format == "markdown":
        for piece in (piece for draft in drafts for piece in draft.pieces):
            piece.text = _unescaped(piece.text)
    _mark_headings(drafts)
    title = _mark_title(drafts, loaded)
    for draft in drafts:
        draft.tidy()
    cleaned = _written([draft for draft in drafts if draft.pieces], title, len(loaded.pages), margins)
    if not cleaned.text:
        raise EmptySource(
            f"{loaded.source}: nothing is left to read. If it is a scan, install tesseract so that its pages can be "
            "read; otherwise check that the file holds text."
        )
    return cleaned


# --- characters ------------------------------------------------------------------------------------------------

_BULLETS_OF_WORD = "\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf06e\uf071"  # private-use glyphs of the Symbol fonts
_GONE = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff"
)
_REPLACED = (
    dict.fromkeys("\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " ")
    | dict.fromkeys("\u2800\u3000\u3164", " ")
    | dict.fromkeys(_BULLETS_OF_WORD, "•")
    | {"\u2010": "-", "\u2011": "-", "\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n\n", "\t": "    "}
    | {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_ODD = re.compile(f"[{_GONE}{''.join(_REPLACED)}]")
_SOFT_BREAK = re.compile("\xad[ \xa0]{0,8}\r?\n[ \xa0]{0,8}")  # a word that a soft hyphen carried to the next line
_C1 = re.compile("[\x80-\x9f]")
_ENTITY = re.compile(
    r"&(?:amp;)?(?:(?:nbsp|quot|apos|lt|gt|[lr]squo|[lr]dquo|[mn]dash|hellip|bull|middot|pound|euro|yen|copy|reg|trade"
    r"|shy|ensp|emsp|thinsp|zwnj|zwj|deg|times|frac12|eacute|#\d{2,7}|#[xX][0-9a-fA-F]{2,6});|amp;)"
)


def _characters(text: str) -> str:
    """The same words in NFC, with plain spaces and line feeds, and without what cannot be seen."""
    if "&" in text:
        text = _ENTITY.sub(_decoded, text)
    if "\xad" in text:
        text = _SOFT_BREAK.sub("", text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line if line.isascii() and line.isprintable() else _visible(_mended(line)) for line in lines)


def _visible(line: str) -> str:
    return unicodedata.normalize("NFC", _ODD.sub(lambda found: _REPLACED.get(found[0], ""), line))


def _decoded(found: re.Match[str]) -> str:
    return html.unescape("&" + found[0][5:] if found[0].startswith("&amp;") and len(found[0]) > 5 else found[0])


def _mended(line: str) -> str:
    """Mojibake undone, where there is any; curly quotes and full-width forms are the author's and stay."""
    if line.isascii():
        return line
    import ftfy
    from ftfy.badness import is_bad

    if not is_bad(line) and not _C1.search(line):
        return line
    config = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_character_width=False, explain=False)
    return ftfy.fix_text(line, config)


# --- inline markup ---------------------------------------------------------------------------------------------

_LINK = re.compile(
    r"!?\[((?:\\.|[^\[\]\\\n]|\n(?!\s*\n)){0,600})\]"
    r"\((<?(?:#|/|\.{1,2}/|\?|[a-zA-Z]{2,12}:|www\.|[\w.%-]{1,200}[/#.])(?:[^()\s]|\([^()\s]{0,200}\)){0,2000})"
    r"(?:\s+\"[^\"\n]{0,300}\")?\)"
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_BREAK_TAG = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_STRONG = re.compile(r"(?<![*\\])(\*{2,3})(?![\s*])((?:[^*\n]|\n(?!\s*\n)){1,600}?)(?<![\s\\])\1(?!\*)")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?![\s*])((?:[^*\n]|\n(?!\s*\n)){1,300}?)(?<![\s\\])\*(?![\w*])")
_UNDERSCORES = re.compile(r"(?<![\w\\])(_{1,2})(?![\s_])([^_\n]{1,300}?)(?<![\s\\])\1(?!\w)")
_LINKED_LINE = re.compile(rf"(?m)^([ ]{{0,8}}(?:#{{1,6}} )?)(?:{_LINK.pattern})[ ]*$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&$])")


def _markup(text: str) -> str:
    """Links, emphasis and line-break tags reduced to their words; escapes stay until blocks are read."""
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", _BREAK_TAG.sub(" ", text))
    if "*" in text:
        text = _STRONG.sub(r"\2", _EMPHASIS.sub(r"\1", text))
    return _UNDERSCORES.sub(r"\2", text) if "_" in text else text


def _linked_lines(text: str) -> str:
    """Lines of plain text that are one Markdown link as a whole, as copied headings are, reduced to their words."""
    return _LINKED_LINE.sub(lambda line: line[1] + _unescaped(line[2]), text) if "](" in text else text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _plain(text: str) -> str:
    """White space folded, characters composed."""
    text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- lines -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    text: str  # without white space at its ends, never empty
    page: int
    indent: int
    gap: bool  # a blank line or a page break comes before it


def _lines(text: str, page: int) -> Iterator[_Line]:
    gap = True
    for raw in text.split("\n"):
        bare = raw.strip()
        if bare.startswith(">"):  # a Markdown quotation
            bare = bare.lstrip("> ")
        if bare and not bare.startswith("```"):
            yield _Line(bare, page, len(raw) - len(raw.lstrip()), gap)
        gap = not bare


class _Vocabulary:
    """The words of a document, asked only when a line ends in a hyphen."""

    _KEEPS = frozenset(
        "co non re self high low long short mid pre post anti multi inter intra semi sub super ultra ex pro well "
        "cross part full half all on off in near quasi pan micro macro bi tri one two three four five six seven "
        "eight nine ten first second third new old cutting top world large small state user vice".split()
    )
    _FOLLOWS = frozenset(
        "making based term led related wide scale level year old quality calibre free time made driven oriented "
        "specific friendly efficient funded owned run range profile tech house site line up out off in end class "
        "edge ranking day month week to and".split()
    )

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = lines

    @cached_property
    def _words(self) -> frozenset[str]:
        # A whole word, not the half at a line's end; no step back and no second start, so linear in "a-a-a-".
        word = re.compile(r"(?<!\w)(?<!\w-)[^\W\d_]++(?:-[^\W\d_]++)*+(?![\w-])")
        return frozenset(found.lower() for line in self._lines for found in word.findall(line.text))

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether ``left-`` at a line's end and ``right`` on the next are written with a hyphen."""
        left, right = left.lower(), right.lower()
        if not right.isalpha() or not left.isalpha():
            return True
        if left + right in self._words:
            return False
        if f"{left}-{right}" in self._words or left in self._KEEPS or right in self._FOLLOWS:
            return True
        return left in self._words and right in self._words


# --- margins ---------------------------------------------------------------------------------------------------

_PAGE_OF = r"(?:page|p\.?|pg\.?)\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})|page\s\d{1,4}|[-–—]\s?\d{1,4}\s?[-–—]"
_ANYWHERE = re.compile(
    r"(?:go|skip|jump)(?: directly| straight)? to (?:the )?(?:main |page |primary )?"
    r"(?:content|contents|navigation|menu|search|footer|body)(?: area| section)?"
    r"|(?:back|return|go|jump) to (?:the )?top(?: of (?:the |this )?page)?"
    r"|ends?\s?[/:|]\s?(?:[a-z]+,?\s)?[a-z0-9]{1,9}\.?\s[a-z0-9]{1,9},?\s\d{4}"
    r"|issued at (?:[a-z]{2,4} )?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?: [a-z]{2,4})?"
    r"|nnnn|today's press releases|[-–—*~=\[(<# ]+(?:the )?ends?[-–—*~=\])># ]+|#(?: ?#)+|" + _PAGE_OF,
    re.IGNORECASE,
)
_AT_THE_EDGE = re.compile(
    r"ends?|\(?more\)?|home|home ?page|menu|main menu|search|search this site|site ?map|close|log ?in|sign in|subscribe"
    r"|rss|a a a|(?:text|font) size.{0,12}|print|printer[- ]friendly(?: version)?|print (?:this )?(?:page|article)"
    r"|print-friendly|share|share (?:this|on|via|with)\b.{0,30}|tweet|facebook|twitter|linkedin|whatsapp|weibo|wechat"
    r"|instagram|youtube|follow us(?: on .{1,30})?|e-?mail (?:this )?(?:article|page|to a friend)|copy link|listen"
    r"|download (?:as )?pdf"
    r"|previous|next|(?:previous|next) (?:page|article|release|story)|press releases|news and press releases"
    r"|(?:accept|reject|allow|manage)(?: all)?(?: additional| optional| analytics)? cookies?"
    r"|(?:view |hide )?cookies? (?:message|settings|preferences)|was this page (?:helpful|useful)\?.{0,40}"
    r"|this (?:web)?site uses cookies\b.{0,150}|(?:.{1,60}\. )?all rights reserved\.?"
    r"|©.{0,120}|copyright (?:©|\(c\)|(?:19|20)\d\d\b).{0,120}"
    r"|(?:you are here:? ?)?(?:home|home ?page|main page)(?: ?[>»›/→|] ?[^>»›/→|]{1,80}){1,8}"
    r"|(?:(?:english|français|deutsch|español|português|eng|繁體?(?:中文)?|简体?(?:中文)?|中文)(?: ?[|/·] ?| |$)){2,5}"
    r"|(?:back|return) to (?:the )?(?:list|index|news|home|main|previous|press|search|all|results)\b[^.,;]{0,30}"
    r"|(?:photo|video|audio)s?(?:,? (?:photo|video|audio)s?)+|\d{1,3} ?/ ?\d{1,3}",  # and "2022/23" is a year
    re.IGNORECASE,
)
_FOOTER = re.compile(  # titles of real documents too, so they count only beside another margin line
    r"(?:privacy|cookies?|copyright|disclaimers?|accessibility|terms|important notices?|contact us|about us|help"
    r"|feedback)"
    r"(?: (?:policy|notice|statement|and conditions|of use))?",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s*[|·•]\s*")
_PAGE_NUMBER = re.compile(r"(?:(?P<before>\d{1,4})(?P<rest1>\D.*)?|(?P<rest2>.*\D)(?P<after>\d{1,4}))", re.DOTALL)
_LEADING_MARKS = re.compile(r"^(?:#{1,6}\s+|[-*•]\s+)+")


def _without_margins(lines: list[_Line], pages: int, kind: str) -> tuple[list[_Line], tuple[str, ...]]:
    """The lines that are the document's own, and the navigation, sign-offs and page furniture, each once."""
    out = _furniture(lines, kind) if pages > 1 else set()
    out |= {
        number for number, line in enumerate(lines) if len(line.text) <= 220 and _is_margin(line, number, len(lines))
    }
    for number in sorted(out):
        for step in (-1, 1):  # footer links come in rows
            beside = number + step
            while 0 <= beside < len(lines) and beside not in out and _FOOTER.fullmatch(_unmarked(lines[beside].text)):
                out.add(beside)
                beside += step
    if not out:
        return lines, ()
    kept: list[_Line] = []
    gap = False
    for number, line in enumerate(lines):
        if number in out:
            gap = True
        else:
            line.gap |= gap
            gap = False
            kept.append(line)
    return kept, tuple(dict.fromkeys(lines[number].text for number in sorted(out)))


def _is_margin(line: _Line, number: int, count: int) -> bool:
    bare = _unmarked(line.text)
    if len(bare) < 80 and (_ANYWHERE.fullmatch(bare) or _ANYWHERE.fullmatch(line.text)):
        return True
    at_the_edge = number < HEAD_LINES or number >= count - HEAD_LINES
    title = line.text.startswith("#") and number < 3
    if not at_the_edge or title or bare[0].islower():
        return False
    return bool(_AT_THE_EDGE.fullmatch(bare)) or _is_menu(bare)


def _is_menu(text: str) -> bool:
    """A row of links: "Skip to search | Contact us | Text size"."""
    links = _BAR.split(text) if len(text) <= 150 else []
    known = [
        link for link in links if _AT_THE_EDGE.fullmatch(link) or _ANYWHERE.fullmatch(link) or _FOOTER.fullmatch(link)
    ]
    return len(links) >= 2 and len(known) >= 0.6 * len(links) and max(map(len, links)) <= 30


def _unmarked(text: str) -> str:
    return " ".join((_LEADING_MARKS.sub("", text) or text).replace("’", "'").split()) or text


def _furniture(lines: Sequence[_Line], kind: str) -> set[int]:
    """Numbers of the lines that repeat at the top or bottom of pages, page numbers included."""
    by_page: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(number)
    edges: list[tuple[int, bool]] = []
    for numbers in by_page.values():
        edges += [(n, n == numbers[-1] != numbers[0]) for n in dict.fromkeys(numbers[:3] + numbers[-3:])]
    seen: Counter[tuple[object, ...]] = Counter()
    keys = {number: _furniture_keys(lines[number], bottom, kind) for number, bottom in edges}
    for own in keys.values():
        seen.update(own)
    for numbers in by_page.values():
        for number in {numbers[0], numbers[-1]}:  # of two pages, only the outermost lines can tell
            if len(by_page) == 2 and ("same", key := lines[number].text.casefold()) in keys[number]:
                keys[number].append(("outermost", key))
                seen["outermost", key] += 1
    fewest = min(RUNNING_PAGES, len(by_page))
    needed = {"same": RUNNING_PAGES, "numbered": RUNNING_PAGES, "number": fewest, "outermost": 2}
    out = {number for number, own in keys.items() if any(seen[key] >= needed[str(key[0])] for key in own)}
    first = next(iter(by_page.values()), [])
    if first and first[0] in out:
        # A title that the later pages repeat stays where it is the title; a fuller one below it takes its place.
        below = lines[first[1]].text if len(first) > 1 else ""
        if not (below and _titlelike(below.lstrip("# ")) and below.count(" ") >= lines[first[0]].text.count(" ")):
            out.discard(first[0])
    return out


def _furniture_keys(line: _Line, bottom: bool, kind: str) -> list[tuple[object, ...]]:
    """What the lines of one running header have in common: their words, or their words beside a page number."""
    if len(line.text) > 150 or line.text.startswith("|"):
        return []
    keys: list[tuple[object, ...]] = []
    if len(line.text) > 2 and not line.text.isdigit():
        keys.append(("same", line.text.casefold()))
    found = _PAGE_NUMBER.fullmatch(line.text)
    if found:
        rest = (found["rest1"] or found["rest2"] or "").strip()
        offset = int(found["before"] or found["after"]) - line.page
        if not any(letter.isalpha() for letter in rest):
            keys.append(("number", rest, offset))
        elif (bottom or not rest[-1:].isalnum()) and kind != "pptx":  # "Step 1", "Step 2" are slides, not page numbers
            keys.append(("numbered", rest.casefold(), offset))
    return keys


# --- blocks ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """Words of one page; ``glue`` stands between the piece before it and this one."""

    text: str
    page: int
    glue: str = " "


@dataclass(slots=True)
class _Draft:
    """A block in the making. ``sure`` where the source marks its kind, as ``#`` marks a heading."""

    kind: BlockKind
    pieces: list[_Piece]
    level: int = 1
    sure: bool = False
    glyph: bool = False  # written with "- " before it
    marker: str = ""  # "(a)", "3."
    indent: int = 0
    gap: bool = True
    table: int = 0
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = sum(len(piece.text) + 1 for piece in self.pieces)

    @property
    def text(self) -> str:
        return "".join(piece.glue + piece.text for piece in self.pieces).lstrip()

    @property
    def opening(self) -> str:
        """Its first words: those of an empty bullet stand in the next piece."""
        return next((piece.text for piece in self.pieces if piece.text), "")

    @property
    def last(self) -> str:
        return self.pieces[-1].text

    @property
    def flowing(self) -> bool:
        """Whether it can run on: neither a heading nor a table row."""
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)

    def add(self, pieces: Iterable[_Piece], words: _Vocabulary) -> None:
        """Go on with pieces of the same sentence; the seam gets a space, a hyphen, or nothing."""
        first, *others = pieces
        self.pieces[-1].text, first.glue = _seam(self.last, first.text, words)
        self.pieces += [first, *others]
        self.size += sum(len(piece.text) + 1 for piece in (first, *others))

    def tidy(self) -> None:
        """Fold white space piece by piece, so that each keeps its page."""
        for piece in self.pieces:
            piece.text = _plain(piece.text)
        self.pieces = [piece for piece in self.pieces if piece.text]


def _seam(left: str, right: str, words: _Vocabulary) -> tuple[str, str]:
    """The left text as it goes on, and what stands between it and the right."""
    if _is_subscript(left, right) or (_is_cjk(left[-1:]) and _is_cjk(right[:1])):
        return left, ""
    if left.endswith("-") and left[-2:-1].isalnum() and right[:1].isalnum():
        before = re.findall(r"[^\W_]+", left[-41:-1])[-1]
        after = re.findall(r"[^\W_]+", right[:40])[0]
        if words.keeps_hyphen(before, after) or not right[:1].islower():
            return left, ""
        return left[:-1], ""
    return left, " "


_FORMULA = re.compile(r"(?<![A-Za-z])(?:CO|SO|NO|CH|NH|PO|PM|[A-Z]?[a-z]?O|H|N)[−+-]?\)?$")
_DIGITS = re.compile(r"\d{1,2}(?![\d.:/]*\d)")


def _is_subscript(left: str, right: str) -> bool:
    """Whether the right is the subscript of a formula, which extraction put on a line of its own: "CO", "2"."""
    return right[:1].isdigit() and bool(_FORMULA.search(left[-6:]) and _DIGITS.match(right))


def _is_cjk(letter: str) -> bool:
    return "\u3001" <= letter <= "\u9fff" or "\uff01" <= letter <= "\uff60"


_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?", re.DOTALL)
_GLYPH = re.compile(r"(?:[-*+–][ ]+|[•·‣◦▪▫■□●○⁃∙➢➤►▶✓✔❖][ ]*)(?=(.?))", re.DOTALL)
_NESTED_O = re.compile(r"o +(?=([A-Z]))")  # how PDFs write Word's second-level bullet
_NUMBER = r"(?:\d{1,3}|[a-z]|[ivxlc]{1,6}|[IVX]{1,5})"
_MARKER = re.compile(rf"(\((?:{_NUMBER}|[A-Z])\)|{_NUMBER}\)|(?:\d{{1,3}}|[a-z]|[ivx]{{1,6}})\.)(?:\s+|$)")
_DIVIDER = re.compile(r"[ :|+=]*-[ :|+=-]*")
_CELL = re.compile(r"(?<!\\)\|")
_NEEDS_MORE = re.compile(r"\b(?:paragraphs?|sections?|regulations?|rules?|articles?|annex|of|under|in|to|the)$", re.I)


def _drafts(lines: Sequence[_Line]) -> list[_Draft]:
    """Blocks as the lines show them; sentences torn across blocks are joined later."""
    words = _Vocabulary(lines)
    width = _wrap_width(lines)
    drafts: list[_Draft] = []
    before: _Line | None = None
    number = in_tables = 0
    while number < len(lines):
        line = lines[number]
        if _is_row(line.text):
            end = number + 1
            while end < len(lines) and _is_row(lines[end].text):
                end += 1
            for row in _rows(lines[number:end], number + 1):
                in_tables += row.size
                _check_size(in_tables)
                drafts.append(row)
            number, before = end, None
            continue
        number += 1
        if _is_rule(line.text):
            if before and drafts and not line.gap:
                _underline(drafts[-1], line.text)
            if number < len(lines):
                lines[number].gap = True
            before = None
        elif before and drafts and _wraps(before, line, drafts[-1], width):
            drafts[-1].add([_Piece(line.text, line.page)], words)
            before = line
        else:
            _begin(drafts, line)
            before = line
    return drafts


def _begin(drafts: list[_Draft], line: _Line) -> None:
    """Add the block that this line opens."""
    heading = _HEADING.fullmatch(line.text) if line.text.startswith("#") else None
    if heading:
        if heading[2]:
            piece = _Piece(heading[2], line.page)
            drafts.append(_Draft(BlockKind.HEADING, [piece], level=len(heading[1]), sure=True))
        return
    earlier = drafts[-1] if drafts else None
    draft = _item(line, earlier) or _Draft(BlockKind.PARAGRAPH, [_Piece(line.text, line.page)], gap=line.gap)
    bare = earlier is not None and earlier.kind is BlockKind.ITEM and earlier.last in ("", earlier.marker)
    if earlier and bare and draft.kind is BlockKind.PARAGRAPH:  # a bullet alone on its line: these are its words
        earlier.pieces.append(_Piece(line.text, line.page))
        earlier.size += len(line.text) + 1
    else:
        drafts.append(draft)


def _item(line: _Line, earlier: _Draft | None) -> _Draft | None:
    """The list item that this line opens, if it opens one."""
    text = line.text
    in_list = earlier is not None and earlier.kind is BlockKind.ITEM
    glyph = _GLYPH.match(text) or (_NESTED_O.match(text) if in_list else None)
    if not glyph and text in "-*+–•·▪●○◦‣":
        rest = ""
    elif glyph:
        rest = text[glyph.end() :]
    else:
        rest = text
    marker = _MARKER.match(rest)
    if not glyph and rest and not marker:
        return None
    nested = glyph is not None and glyph.re is _NESTED_O
    indent = line.indent + (2 if nested else 0)
    level = 1
    if in_list and earlier:
        deeper = indent > earlier.indent + 1
        level = earlier.level + 1 if deeper else earlier.level if indent > earlier.indent - 2 else 0
        if level == 0:
            level = max(1, earlier.level - max(1, (earlier.indent - indent) // 2))
    return _Draft(
        BlockKind.ITEM,
        [_Piece(rest, line.page)],
        level=level,
        glyph=rest != text,
        marker=marker[1] if marker else "",
        indent=indent,
        gap=line.gap,
    )


def _is_row(text: str) -> bool:
    return text.startswith("|") and len(text) > 1 and text.endswith("|")


def _rows(lines: Sequence[_Line], table: int) -> Iterator[_Draft]:
    """Each body row of one pipe table as ``Header: value; Header: value``; empty cells are dropped."""
    rows = [(_cells(line.text), line.page) for line in lines if not _DIVIDER.fullmatch(line.text)]
    if not rows:
        return
    header = rows[0][0]
    body = [row for row in rows[1:] if row[0] != header] or rows[:1]
    labels = [_label(cell) for cell in header] if len(rows) > 1 else []
    for cells, page in body:
        text = _row_text(labels, cells)
        if text:
            yield _Draft(BlockKind.ROW, [_Piece(text, page)], sure=True, table=table)


def _label(header: str) -> str:
    cut = header if len(header) <= LABEL_CHARS else header[: LABEL_CHARS - 1].rstrip() + "…"
    return cut.rstrip(":")


def _check_size(characters: int) -> None:
    if characters > MAX_CHARS:
        raise SourceTooLarge(f"its text is over {MAX_CHARS:,} characters long: split it, and index the parts.")


def _cells(row: str) -> list[str]:
    """The cells of a row; the loaders write a cell's own ``|`` as ``\\|``."""
    inner = row[1:] if row.endswith("\\|") else row[1:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inner)]


def _row_text(labels: Sequence[str], cells: Sequence[str]) -> str:
    values = [cell for cell in cells if cell]
    if len(values) > 1 and len(set(values)) == 1:  # one cell that spans the row
        return values[0]
    named = zip([*labels, *[""] * len(cells)], cells, strict=False)
    return "; ".join(f"{label}: {cell}" if label and label != cell else cell for label, cell in named if cell)


def _is_rule(text: str) -> bool:
    """A line of one sign only, as drawn under headings and between parts."""
    marks = text.replace(" ", "")
    return len(marks) >= 3 and marks[0] in "-=*_~—–―─━·.#+" and marks == marks[0] * len(marks)


def _underline(draft: _Draft, rule: str) -> None:
    """A rule right under a short line makes that line a heading."""
    single = draft.kind is BlockKind.PARAGRAPH and len(draft.pieces) == 1
    if single and draft.size <= TITLE_CHARS and not (draft.size > HEADING_CHARS and _finished(draft.last)):
        draft.kind, draft.sure = BlockKind.HEADING, True
        draft.level = 1 if rule[0] == "=" else 2


# --- sentences torn apart --------------------------------------------------------------------------------------

_CLOSERS = "\"'”’»)]）」』】"
_ENDS = ".!?:。！？：…"
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Hon|St|No|Nos|vs|cf|e\.g|i\.e|para|paras|Art|Sec|pp)\.$")
_OPEN_ENDED = re.compile(
    r"(?:[,，、]|\b(?:the|a|an|and|or|of|with|from|by|at|between|into|their|its|his|her|our|whose|which|including|Mr|Mrs|Ms"
    r"|Miss|Dr|Prof|Professor|than|as|is|are|was|were|be|been|has|have|had|will|would|that|under|through|such))$"
)
_DANGLING = re.compile(r"\b(?:the|a|an|and|or|of|with|Mr|Mrs|Ms|Miss|Dr|Prof)$")  # no heading ends so
_LIST_END = re.compile(r"[;,]\s*(?:and|or)$")
_MAYBE_OPEN = re.compile(r"\b(?:to|in|on|for|about|over|also|not|more|most|per|upon|via)$")
_STARTERS = frozenset(
    "The A An This These That Those It Its He She They We You I In On At By For From With As If When While After "
    "Before During Since Under Over To Mr Mrs Ms Miss Dr His Her Their Our There However Meanwhile Also Moreover "
    "Furthermore Besides Other Such All Both Some Many Most More Please Overall Among Upon Through Apart".split()
)
_HONORIFICS = frozenset({"Mr", "Mrs", "Ms", "Miss", "Dr"})
_INNER_END = re.compile(r"[a-z0-9)”\"][.!?][”\"]? [A-Z“\"(]|;[ ].{0,400};[ ]", re.DOTALL)


def _finished(text: str) -> bool:
    """Whether the text ends as a sentence does, or as the line that introduces a list."""
    end = text[-40:].rstrip(_CLOSERS + " ")
    return bool(end) and end[-1] in _ENDS and not _ABBREVIATION.search(end)


def _first_word(text: str) -> str:
    return text[:60].split(" ", 1)[0]


def _wrap_width(lines: Sequence[_Line]) -> int:
    """The width at which the document's lines were broken by hand or by a page; 0 where they were not."""
    pairs = [
        (a.text, b.text)
        for a, b in pairwise(lines)
        if not b.gap and len(a.text) <= WRAP_CHARS and not a.text.startswith(("#", "|"))
    ]
    if not pairs:
        return 0
    width = sorted(len(a) for a, _ in pairs)[int(0.9 * (len(pairs) - 1))]
    torn = sum(b[0].islower() and not _finished(a) and len(a) >= 0.7 * width for a, b in pairs)
    full = sum(len(a) + 1 + len(_first_word(b)) >= 0.85 * width for a, b in pairs)
    return width if width >= 40 and torn >= 0.3 * len(pairs) and full >= 0.55 * len(pairs) else 0


def _wraps(line: _Line, following: _Line, draft: _Draft, width: int) -> bool:
    """Whether the next line goes on with this one's paragraph or item."""
    if following.gap or not draft.flowing or following.text.startswith("#"):
        return False
    if _is_subscript(line.text, following.text):
        return True
    opens_item = bool(_GLYPH.match(following.text) or _MARKER.match(following.text))
    if opens_item and not (width and _full(line, following, width) and _NEEDS_MORE.search(line.text)):
        return False
    if draft.kind is BlockKind.ITEM and following.indent > draft.indent and line.text != draft.marker:
        return True
    if not width or len(line.text) > 2 * width:
        return False
    finished = _finished(line.text)
    if not _full(line, following, width):
        return not finished and following.text[0].islower() and len(line.text) >= 0.5 * width
    if finished:
        return following.indent <= line.indent + 1 and not _heading_shaped(following.text, width)
    if len(draft.pieces) > 1 or _OPEN_ENDED.search(line.text) or _MAYBE_OPEN.search(line.text):
        return True
    return _first_word(following.text) not in _STARTERS - _HONORIFICS  # a long title over its text


def _full(line: _Line, following: _Line, width: int) -> bool:
    """Whether the next line's first word would not have fitted; pages have proportional fonts, hence the slack."""
    return len(line.text) + 1 + len(_first_word(following.text)) >= 0.85 * width


def _heading_shaped(text: str, width: int) -> bool:
    return len(text) < 0.6 * width and _titlelike(text)


def _joined(drafts: Sequence[_Draft], words: _Vocabulary) -> list[_Draft]:
    """The blocks, with those that a break tore out of one sentence put together again."""
    whole: list[_Draft] = []
    for draft in drafts:
        if whole and _torn(whole[-1], draft):
            whole[-1].add(draft.pieces, words)
        else:
            whole.append(draft)
    return whole


def _torn(left: _Draft, right: _Draft) -> bool:
    """Whether the right block goes on with the left one's sentence.

    Joining two list lines or a heading to its text would be worse than leaving a sentence in two, so a long,
    plainly unfinished left side is asked for wherever the seam itself is not telling.
    """
    if not left.flowing or right.kind is not BlockKind.PARAGRAPH or _finished(left.last) or not left.last:
        return False
    end, start = left.last[-60:], right.pieces[0].text
    hyphenated = end.endswith("-") and end[-2:-1].isalnum() and start[0].isalnum()
    if hyphenated and (start[0].islower() or (not right.gap and left.size >= 40)):
        return True
    prose = left.size >= 150 or (left.size >= 80 and (len(left.pieces) > 1 or bool(_INNER_END.search(left.last))))
    if _LIST_END.search(end) or end.endswith(";"):
        return prose and start[0].islower() and bool(_INNER_END.search(left.last[-2000:]))
    if _OPEN_ENDED.search(end):
        if not prose and _first_word(start) in _STARTERS:  # "Where the money comes from" over its paragraph
            return False
        return left.size >= 25 and (prose or start[0].islower() or not end.endswith(",") or _finished(right.last))
    if not prose:
        return False
    if start[0].islower():
        return not left.opening[:1].islower() or _finished(right.last)
    if _MAYBE_OPEN.search(end) or _open_bracket(left.last) > 0:
        return True
    return _name_goes_on(left, right)


def _name_goes_on(left: _Draft, right: _Draft) -> bool:
    """Whether the seam lies in a name or a phrase of capitals: long unfinished prose, then prose that finishes."""
    long_enough = len(left.pieces) > 1 or bool(_INNER_END.search(left.last[-2000:]))
    words = left.last[-60:].split()
    start = _first_word(right.pieces[0].text)
    return (
        long_enough
        and words[-1][0].isupper()
        and start[0].isupper()
        and start not in _STARTERS
        and _finished(right.last)
        and right.size >= 40
    )


def _open_bracket(text: str) -> int:
    tail = text[-300:]
    return tail.count("(") - tail.count(")")


# --- headings and title ----------------------------------------------------------------------------------------

_OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z]")
_DATE_WORDS = re.compile(
    r"(?:[a-z]+day,? |date[d:]* |published[: ]|on )?(?:\d{1,4}(?!\d)(?:st|nd|rd|th)?|of|[-/.,年月日]|\s"
    r"|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october"
    r"|november|december)+",
    re.IGNORECASE,
)
_DETAIL = re.compile(r"@|https?:|www\.|\d[\d -]{6,}\d|^(?:tel|fax|e-?mail|enquir|telephone|phone|website)\b", re.I)
_MEDIA = re.compile(
    r"\s*[(（]\s*(?:with|includ\w{1,5})\s[^()]{0,40}?(?:photo|video|audio|image|picture)[^()]{0,25}[)）]\s*", re.I
)
_NOT_A_TITLE = re.compile(
    r"press releases?|news releases?|media releases?|media statements?|notice|for (?:immediate release|information"
    r"|discussion|decision|action)(?: on .{1,30})?|embargo.{0,60}|(?:ref|our ref|file|paper|lc paper|no)\b[^a-z]{0,4}"
    r".{0,40}|confidential|restricted|draft|contents|table of contents",
    re.IGNORECASE,
)
_EMPTY_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) - .*|untitled.{0,12}|document ?\d*|presentation\d*|powerpoint presentation"
    r"|slide \d+|layout \d+|book\d+|sheet\d+|no ?title|title|home|index"
    r"|.*\.(?:docx?|pdf|html?|txt|rtf|odt|indd|pptx?))",
    re.IGNORECASE,
)


def _titlelike(text: str) -> bool:
    """A short line that reads as a heading: opens with a capital, names something, is no sentence."""
    if not 0 < len(text) <= HEADING_CHARS or not (
        text[0].isupper() or text[0].isdigit() or text[0] in "“\"'‘（(" or _is_cjk(text[0])
    ):
        return False
    if text[-1] in ".:;,!?-。：；，、！？…" or sum(map(str.isalpha, text)) < 2 or text.count(" ") > 14:
        return False
    outline = _OUTLINE.match(text)
    if _INNER_END.search(text, outline.end() - 1 if outline else 0) or _DETAIL.search(text) or _DANGLING.search(text):
        return False
    return not _DATE_WORDS.fullmatch(text)


def _mark_headings(drafts: Sequence[_Draft]) -> None:
    """Make headings of the short lines that stand over text, unless the source marks its headings itself."""
    if sum(draft.kind is BlockKind.HEADING and draft.sure for draft in drafts) >= 2:
        return
    shaped = [_stands_as_heading(drafts, place) for place in range(len(drafts))]
    place = 0
    while place < len(drafts):
        end = place
        while end < len(drafts) and shaped[end]:
            end += 1
        # Three unpunctuated lines in a row are a list; a last line with nothing under it heads nothing.
        run = drafts[place:end]
        if run and end < len(drafts):
            for draft in run if len(run) < 3 else run[-1:]:
                _become_heading(draft)
        for draft in run:
            if _OUTLINE.match(draft.text) and end < len(drafts):
                _become_heading(draft)
        place = end + 1


def _become_heading(draft: _Draft) -> None:
    outline = _OUTLINE.match(draft.text)
    draft.kind = BlockKind.HEADING
    draft.level = 2 + outline[1].count(".") if outline else 2


def _stands_as_heading(drafts: Sequence[_Draft], place: int) -> bool:
    draft = drafts[place]
    before = drafts[place - 1] if place else None
    after = drafts[place + 1] if place + 1 < len(drafts) else None
    if (
        draft.size > HEADING_CHARS + 1
        or not draft.flowing
        or draft.glyph
        or not draft.text
        or not _titlelike(draft.text)
    ):
        return False
    if draft.kind is BlockKind.ITEM:  # "3. Funding arrangements" heads a section unless its neighbours are items too
        listed = [near for near in (before, after) if near and near.kind is BlockKind.ITEM and near.marker[-1:] == "."]
        return _OUTLINE.match(draft.text) is not None and not listed
    if draft.gap and (after is None or after.gap):
        return True
    # Where no blank line tells blocks apart, a heading stands between finished sentences.
    opens = before is None or place == 1 or before.kind is BlockKind.HEADING or draft.gap or _finished(before.last)
    return opens and after is not None and after.flowing and after.size > 40 and _finished(after.last)


def _mark_title(drafts: Sequence[_Draft], loaded: Loaded) -> str:
    """The document's title; where a block of the text says it, that block becomes its first heading."""
    for heading in drafts:
        if heading.kind is BlockKind.HEADING:
            _without_media(heading)
    draft: _Draft | None
    stated = _characters(loaded.title or "")
    stated = _MEDIA.sub("", _plain(_unescaped(_markup(stated)) if loaded.format == "markdown" else stated))
    if len(stated) > 2 and not _EMPTY_TITLE.fullmatch(stated):
        draft = next((d for d in drafts[:6] if d.size <= TITLE_CHARS and _says(stated, d)), None)
    else:
        stated = ""
        draft = _title_draft(drafts)
    if draft is None:
        return stated or _tidied_stem(loaded.source)
    draft.kind, draft.level, draft.glyph = BlockKind.HEADING, 1, False
    _without_media(draft)
    return _plain(draft.text)


def _without_media(draft: _Draft) -> None:
    """Drop "(with photos)" from a heading's end."""
    last = draft.pieces[-1]
    found = _MEDIA.search(last.text)
    if found and found.end() == len(last.text) and found.start() > 0:
        last.text = last.text[: found.start()]


def _says(title: str, draft: _Draft) -> bool:
    """Whether the block is the stated title, or the title is the block and a site's name after it."""
    if not draft.flowing and draft.kind is not BlockKind.HEADING:
        return False
    words = _MEDIA.sub("", _plain(draft.text)).casefold()
    title = title.casefold()
    return bool(words) and (
        words == title or bool(re.match(r"\s*[|–—:·»-]\s", title[len(words) :]) and title.startswith(words))
    )


def _title_draft(drafts: Sequence[_Draft]) -> _Draft | None:
    """The first heading or title-like line near the top; for want of one, the first heading anywhere."""
    for draft in drafts[:6]:
        if draft.kind is BlockKind.HEADING and draft.sure and draft.level == 1:
            return draft
    for draft in drafts[:6]:
        if draft.kind is BlockKind.HEADING and not _NOT_A_TITLE.fullmatch(draft.text):
            return draft
        if not draft.flowing or not draft.text:
            continue
        if _reads_as_title(draft, alone=len(drafts) == 1):
            return draft
        if draft.size > HEADING_CHARS:
            break
    headings = [draft for draft in drafts if draft.kind is BlockKind.HEADING]
    return next((draft for draft in headings if not _NOT_A_TITLE.fullmatch(draft.text)), next(iter(headings), None))


def _reads_as_title(draft: _Draft, alone: bool) -> bool:
    """A press release's first line may be long, but does not end as a sentence does."""
    text = draft.text
    named = (
        draft.size <= TITLE_CHARS
        and draft.kind is BlockKind.PARAGRAPH
        and any(map(str.isalpha, text))
        and not _NOT_A_TITLE.fullmatch(text)
        and not _DATE_WORDS.fullmatch(text)
    )
    return (
        named
        and not alone
        and text[-1] not in ".:;,。：；，"
        and not _DETAIL.search(text)
        and not _INNER_END.search(text)
    )


def _tidied_stem(source: str) -> str:
    """A readable name from a path or URL: ``files/annual_report-2023.pdf`` is "annual report 2023"."""
    address = urlsplit(source) if "://" in source else None
    path = unquote(address.path) if address else source
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1] or (address.hostname if address else None) or source
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name) or name
    return _plain(_characters(re.sub(r"[_\-\s]+", " ", stem))) or _plain(_characters(source)) or "Untitled"


# --- writing it down -------------------------------------------------------------------------------------------


def _written(drafts: Sequence[_Draft], title: str, page_count: int, margins: tuple[str, ...]) -> Cleaned:
    """The stored text: blocks parted by a blank line, the items of a list and the rows of a table by a line feed."""
    parts: list[str] = []
    blocks: list[Block] = []
    _check_size(sum(draft.size for draft in drafts))
    pages = [0]
    offset = 0
    before: _Draft | None = None
    for draft in drafts:
        if before:
            same_list = before.kind is draft.kind is BlockKind.ITEM
            same_table = before.kind is draft.kind is BlockKind.ROW and before.table == draft.table
            parts.append("\n" if same_list or same_table else "\n\n")
            offset += len(parts[-1])
        prefix = "  " * (draft.level - 1) + "- " if draft.glyph else ""
        start = offset + len(prefix)
        for number, piece in enumerate(draft.pieces):
            lead = piece.glue if number else prefix
            starts_at = offset + (len(lead) if number else 0)
            pages += [starts_at] * (piece.page + 1 - len(pages))
            parts += [lead, piece.text]
            offset += len(lead) + len(piece.text)
        blocks.append(Block(draft.kind, start, offset, draft.level))
        before = draft
    pages += [offset] * (page_count - len(pages))
    return Cleaned("".join(parts), title, tuple(blocks), tuple(pages[: max(page_count, 1)]), margins)
