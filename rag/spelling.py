"""A question's misspelt words, repaired from the words of the library.

Only what the library does not know is touched, and only where one word of the library is clearly meant: a question
about something the documents never mention must stay that question.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from rag import ordinals
from rag.lexical import STOP_WORDS

_MOST_UNKNOWN = 8  # words; a question with more is of another language or no question
_MOST_SIMILAR = 6  # stems that are looked up for one word
_PLACES = 8  # where a stem stands, to see in which forms it is written
_ENOUGH = 1_000  # passages; more are not counted
_LONG = 7  # letters from which two edits are allowed
_NAME_LENGTH = 6  # letters from which a capitalised word can be a typo: Chan and Chen are two people

_ENGLISH = STOP_WORDS | frozenset(
    "after again against all also always am another because before being below between both describe does doing done "
    "during each else ever every explain few further give having here just least less list may me might mine most must "
    "my name never now off once only other our ours over own per please same shall show since still tell through too "
    "under until up upon very while whose within without yes yet".split()
)
# Short words, and what people type for them; looked at only where the library does not know the word.
_SHORTHAND = {
    "abt": "about", "adn": "and", "approx": "approximately", "bcoz": "because", "btw": "between", "cud": "could",
    "dept": "department", "depts": "departments", "frm": "from", "govt": "government", "gvt": "government",
    "hav": "have", "hte": "the", "hv": "have", "hw": "how", "hwo": "how", "info": "information",
    "mgmt": "management", "mtg": "meeting", "mtgs": "meetings", "mth": "month", "mths": "months", "nad": "and",
    "org": "organisation", "orgs": "organisations", "pls": "please", "plz": "please", "ppl": "people", "r": "are",
    "shud": "should", "taht": "that", "teh": "the", "thru": "through", "u": "you", "uni": "university",
    "unis": "universities", "ur": "your", "waht": "what", "wat": "what", "wehn": "when", "wen": "when", "wer": "where",
    "whch": "which", "whcih": "which", "wher": "where",
    "whn": "when", "whr": "where", "wht": "what", "whta": "what", "wich": "which", "wil": "will",
    "wk": "week", "wks": "weeks", "woh": "who", "wud": "would", "wy": "why", "yr": "year", "yrs": "years",
}  # fmt: skip
# Never words of their own, though the library has their stem.
_RUN_TOGETHER = {"hows": "how is", "whats": "what is", "whens": "when is", "wheres": "where is", "whos": "who is"}
_ALIKE = [
    set(letters) for letters in ("aeiouy", "sz", "sc", "ck", "cq", "kq", "mn", "dt", "bp", "fv", "vw", "gj", "xs")
]
_WORD = re.compile(r"(?<![\w@&./'’])[^\W\d_]+(?![\w@&/]|\.\w|['’](?!s\b))")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)|(?<!\w)‘[^’]*’(?!\w)")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir)\.?\s+(?:[\w-]+\s+)?$")
_SUFFIX = re.compile(r"(?:able|al|e|ed|ers?|es|ies|ings?|ions?|ists?|ly|ors?|s|y)$")


def mended(question: str, known: Callable[[str], bool], similar: Callable[[str], Iterable[str]]) -> str:
    """The question with the typos repaired that have one clear repair; everything else to the character as it was.

    ``known(word)``: whether the library has the word in any form. ``similar(word)``: words of the library to choose
    from, the more frequent first, as they are written there. Numbers, words with digits, quoted words and names are
    left alone, and a question of which most words are unknown is returned as it is. "2nd" is spelt out where no
    document writes it so.
    """
    question = _ORDINAL.sub(lambda found: _spelt(found, known), question)
    quoted = [found.span() for found in _QUOTED.finditer(question)]
    words = [w for w in islice(_WORD.finditer(question), 400) if not any(s <= w.start() < e for s, e in quoted)]
    unknown = [word for word in words if _is_unknown(word[0], known)]
    strange = sum(word[0].lower() not in _SHORTHAND for word in unknown)
    if strange > _MOST_UNKNOWN or (len(words) > 3 and 2 * strange > len(words) + 1):
        return question
    pieces, at = [], 0
    for found in unknown:
        repaired = _repaired(found, question, similar)
        pieces += [question[at : found.start()], repaired or found[0]]
        at = found.end()
    return "".join((*pieces, question[at:]))


_ORDINAL = re.compile(  # not the day of a month
    r"(?<![\w\"“”'‘])([1-9]|10)(?:st|nd|rd|th)"
    r"(?= (?!of|day|century|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z])",
    re.IGNORECASE,
)


def _spelt(found: re.Match[str], known: Callable[[str], bool]) -> str:
    spelt = ordinals.WORDS[int(found[1]) - 1]
    return spelt if known(spelt) and not known(found[0]) else found[0]


def _is_unknown(word: str, known: Callable[[str], bool]) -> bool:
    lower = word.lower()
    if lower in _RUN_TOGETHER:
        return True
    return (len(word) > 3 or lower in _SHORTHAND) and lower not in _ENGLISH and not known(word)


def _repaired(found: re.Match[str], question: str, similar: Callable[[str], Iterable[str]]) -> str | None:
    word, before = found[0], question[: found.start()]
    first = not any(letter.isalpha() for letter in before)
    shouted = word.isupper() and question.isupper()
    name = word[0].isupper() and not (first and word[1:].islower()) and not shouted
    if not name and (long := _RUN_TOGETHER.get(word.lower()) or _SHORTHAND.get(word.lower())):
        return _in_case_of(word, long)
    if len(word) < 4 or (name and (word.isupper() or len(word) < _NAME_LENGTH or _TITLE.search(before))):
        return None
    choice = [other for other in similar(word) if other[:1].isupper() or not name]
    best = _clearly_meant(word.lower(), choice, 1 if name else _limit(word), odd_too=not name)
    if best is None and not name:
        best = _clearly_meant(word.lower(), (other for other in _ENGLISH if other[0] == word[0].lower()), 1)
    return best and _in_case_of(word, best)


def _clearly_meant(word: str, choice: Iterable[str], limit: int, *, odd_too: bool = True) -> str | None:
    """The one candidate that is nearest, or the first of several forms of one word; None where it is not clear."""
    ranked: dict[tuple[int, bool], list[str]] = {}
    for candidate in dict.fromkeys(other.lower() for other in choice):
        slips = _slips(word, candidate, limit)
        if slips is not None and (odd_too or not slips[1]) and not _another_form(word, candidate):
            ranked.setdefault(slips, []).append(candidate)
    if not ranked:
        return None
    nearest = ranked[min(ranked)]
    one_word = all(_common(nearest[0], other) >= max(4, len(nearest[0]) - 3) for other in nearest[1:])
    return nearest[0] if one_word else None


def _slips(word: str, candidate: str, limit: int) -> tuple[int, bool] | None:
    """How many slips make the candidate into the word, and whether one of them is odd; None where it is no typo of it.

    People leave letters out, double them, swap them and mistake vowels, rarely in the first letter. In one letter of a
    longer word they may mistake anything: mayor is not a typo of major, nor coast of cost, nor digestion of direction.
    """
    from rapidfuzz.distance import OSA, Levenshtein  # OSA: Damerau-Levenshtein without overlapping edits

    distance = OSA.distance(word, candidate, score_cutoff=limit)
    if distance > limit or word[0] not in candidate[:2] or candidate[0] not in word[:2]:
        return None
    swaps = (word[:n] + word[n : n + 2][::-1] + word[n + 2 :] for n in range(len(word) - 1))
    unswapped = next((swap for swap in swaps if Levenshtein.distance(swap, candidate) == distance - 1), word)
    odd = 0
    for edit in Levenshtein.editops(unswapped, candidate):
        letter, meant = unswapped[edit.src_pos : edit.src_pos + 1], candidate[edit.dest_pos : edit.dest_pos + 1]
        if edit.tag == "replace":
            odd += not any({letter, meant} <= alike for alike in _ALIKE)
        elif edit.tag == "delete":
            around = unswapped[max(0, edit.src_pos - 1)] + unswapped[edit.src_pos + 1 : edit.src_pos + 2]
            last = edit.src_pos == len(unswapped) - 1
            odd += (letter not in around) + (last and letter not in around)
    return (distance, odd > 0) if odd <= (distance == 1 and len(word) > 5) else None


def _limit(word: str) -> int:
    """Slips that a typo of this length may hold."""
    return 1 if len(word) < _LONG else 2


def _another_form(word: str, candidate: str) -> bool:
    """founder is not a typo of founded: one ending for another."""
    ending = _SUFFIX.search(word)
    begin = ending.start() if ending else len(word)
    rest = candidate[begin:]
    return _common(word, candidate) >= begin and (not rest or _SUFFIX.fullmatch(rest) is not None)


def _common(word: str, other: str) -> int:
    """Letters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))


def _in_case_of(word: str, repaired: str) -> str:
    if word.isupper() and len(word) > 1:
        return repaired.upper()
    return repaired[0].upper() + repaired[1:] if word[0].isupper() else repaired


class Vocabulary:
    """The words of an open library, as its keyword index has them; nothing is built, every question is a look-up.

    ``english`` holds English words in lower case, sorted. One of four letters or more counts as known though the
    library lacks it: with an empty list, of a thousand right questions about other things 56 were changed, with the
    whole words of an uncased word-piece tokenizer (21,000) only three, which had a typo indeed.
    """

    def __init__(self, connection: sqlite3.Connection, english: Sequence[str]) -> None:
        self._connection = connection
        self._english = english
        for name, kind in (("stems", "row"), ("places", "instance")):  # temporary: the library's file stays as it is
            connection.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.keyword_{name} USING fts5vocab (main, keywords, {kind})"
            )

    def known(self, word: str) -> bool:
        """Whether a passage has the word, in any form of its stem; or it is English."""
        lower = word.lower()
        at = bisect_left(self._english, lower)
        english = len(word) > 3 and lower not in _SHORTHAND and tuple(self._english[at : at + 1]) == (lower,)
        return english or self._passages(word, 1) > 0

    def similar(self, word: str) -> list[str]:
        """Words of the library that ``word`` may be a typo of, in most passages first, without much rarer ones."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        folded = _folded(word)
        first, last = (bisect_left(self._english, folded[0] + end) for end in ("", "\U0010ffff"))
        english = process.extract(
            folded, self._english[first:last], scorer=OSA.distance, score_cutoff=_limit(word), limit=None
        )
        forms = dict.fromkeys((*(other for other, _, _ in english), *self._forms_like(folded)))
        near = {form: _slips(folded, _folded(form), _limit(word)) for form in forms}
        counts = {form: self._passages(form, _ENOUGH) for form, slips in near.items() if slips is not None}
        most: dict[object, int] = {}  # passages of the most frequent form that is as near
        for form, count in counts.items():
            most[near[form]] = max(count, most.get(near[form], 0))
        return sorted((f for f in counts if 10 * counts[f] > most[near[f]]), key=lambda form: -counts[form])

    def _passages(self, word: str, most: int) -> int:
        """In how many passages a word stands, in any form of its stem; counted up to ``most``."""
        quoted = '"' + word.replace('"', " ") + '"'
        match = "SELECT count(*) FROM (SELECT 1 FROM keywords WHERE keywords MATCH ? LIMIT ?)"
        return int(self._connection.execute(match, (quoted, most)).fetchone()[0])

    def _forms_like(self, word: str) -> list[str]:
        """Words of the nearest stems, as passages write them: names and terms that no list of English words has."""
        for beginnings in _beginnings(word):
            stems = [near for beginning in beginnings for near in self._stems(word, beginning)]
            if stems:
                break
        return [form for *_, stem in sorted(stems)[:_MOST_SIMILAR] for form in self._forms(stem)]

    def _stems(self, word: str, beginning: str) -> Iterator[tuple[int, int, int, str]]:
        """Stems of a beginning that are near the beginning of the word; nearest, longest and most frequent is least."""
        rows = self._connection.execute(
            "SELECT term, cnt FROM temp.keyword_stems WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
            (beginning, beginning + "\U0010ffff", max(3, len(word) - 5), len(word) + 2),
        )
        for stem, count in rows:
            slips = _slips_to_stem(word, stem)
            if slips is not None:
                yield slips, -len(stem), -count, stem

    def _forms(self, stem: str) -> Iterator[str]:
        """The words of which it is the stem, from a few of the passages that have it."""
        places = "SELECT doc, offset FROM temp.keyword_places WHERE term = ? LIMIT ?"
        for passage, offset in self._connection.execute(places, (stem, _PLACES)).fetchall():
            (text,) = self._connection.execute("SELECT text FROM keywords WHERE rowid = ?", (passage,)).fetchone()
            found = next(islice(re.finditer(r"[^\W_]+", text), offset, None), None)
            if found and _folded(found[0])[:2] == stem[:2]:  # else the index counts words otherwise than we do
                yield found[0]


def _folded(word: str) -> str:
    """As the index folds words: lower case, without accents."""
    if word.isascii():
        return word.lower()
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def _beginnings(word: str) -> list[list[str]]:
    """The first two letters as they are; then as they may have been meant.

    Two, since the index counts a stem's passages to answer, which takes 15 ms for all words of one letter.
    """
    others = [word[1::-1], word[0] + word[2:3], word[1:3], word[0] + "h"]
    others += [word[0] + vowel for vowel in "aeiou"] if word[1:2] in set("aeiouy") else []
    return [[word[:2]], [other for other in dict.fromkeys(others) if len(other) == 2 and other != word[:2]]]


def _slips_to_stem(word: str, stem: str) -> int | None:
    """How far a stem is from the beginning of a word, whose ending is not compared; None where it is too far."""
    from rapidfuzz.distance import OSA

    limit = min(_limit(word) + stem.endswith("i"), max(1, len(stem) - 3))  # the stem of "policy" is "polici"
    ends = range(max(2, len(stem) - 2), min(len(word), len(stem) + 2) + 1)
    nearest = min((OSA.distance(word[:end], stem, score_cutoff=limit) for end in ends), default=limit + 1)
    return nearest if nearest <= limit else None
