"""Which posts a sentence gives to whom.

Official papers give a post beside the name ("the Secretary for Security, Mr Tang", "Mr Tang (Security)"), in a row of
a table, by a verb ("chairs the Board"), and when it changes hands ("succeeded Ms Lo on 1 May"). What is not given in
one of these ways is not given at all: that somebody spoke for the Mayor, met him or stands near the word tells nothing
of who is Mayor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.mentions import mentions
from rag.posts import BODIES, COMING, HEADS, PAST, RANKS, Post, is_once, post_of, telling
from rag.questions import singular
from rag.types import PartialDate


@dataclass(frozen=True, slots=True)
class Holding:
    """``sentence[start:end]`` is who holds, held or will hold ``post``, as ``sentence[post_start:post_end]`` says.

    ``status`` is ``past``, ``coming`` or empty; ``changed`` where the words tell how somebody came to it or left it;
    ``after`` is the name of the one whose place the holder took, ``before`` of the one who took the holder's. The words
    begin at ``changes`` and end at ``told``.
    """

    start: int
    end: int
    post: Post
    post_start: int
    post_end: int
    status: str = ""
    changed: bool = False
    after: str = ""
    before: str = ""
    told: int = 0
    changes: int = 0


_TITLE = (
    r"(?:(?:the )?Hon(?:ourable)?|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Madam|Rev|Lord|Lady|Baroness|Baron"
    r"|Councillor|Cllr|Senator|Captain|Capt|Colonel|Col"
    r"|Judge|Justice)\.?"
)
_W = r"(?:[A-Z]\.|[A-Z](?:[\w-]|['’](?!s\b)(?=\w))*+)"
_PARTICLE = r"(?:(?:de|van|von|der|den|bin|al|da|di|la|le) )*"
_TITLED = re.compile(rf"(?>(?:{_TITLE} )++{_W}(?: {_PARTICLE}{_W})*+)(?!['’]s?\b)")
_BARE = re.compile(rf"(?<![\w'’-])(?>{_W}(?: {_PARTICLE}{_W})++)(?!['’]s?\b)")
_BEFORE_NAMES = HEADS | frozenset("the by with from and when while after before then also general".split())
_AFTER_WHICH_NO_NAME = re.compile(r"\b(?:of|for|in|at|to|from|on|near|the|into|our|its)\s$", re.IGNORECASE)
_NO_NAME = (
    HEADS
    | BODIES
    | frozenset(
        "the a an on in at by for from with and of its their our his her this that these those when while after"
        " before as"
        " january february march april may june july august september october november december monday tuesday"
        " wednesday"
        " thursday friday saturday sunday general deputy vice acting former new under assistant finance health"
        " education"
        " transport security housing trade one two three four five six seven eight nine ten hong kong north south"
        " east west northern southern eastern western great republic"
        " street road river island bay harbour lake hill page annual report plan policy act scheme programme street"
        " harbor"
        " name post mr ms mrs dr prof professor miss sir dame it he she they we both also then today since".split()
    )
)


def _masked(sentence: str, published: PartialDate) -> tuple[str, list[tuple[int, int]]]:
    """A sentence of the same length with its persons as ``@`` and its dates as ``_``, and where the persons stand."""
    plain = re.sub(r"\s", " ", sentence)
    dates = [(one.start, one.end) for one in mentions(sentence, published)]
    names = [found.span() for found in _TITLED.finditer(plain)]
    names = [_trimmed(plain, start, end) for start, end in names]
    for found in _BARE.finditer(plain):
        if any(start < found.end() and found.start() < end for start, end in (*names, *dates)):
            continue
        names += _bare_name(plain, *found.span())
    return _marked(_marked(plain, "_", dates), "@", names), sorted(names)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a head that follows a name: "Mr Tang Director"."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while len(words) > 2 and words[-1][0].lower() in HEADS:
        words.pop()
    return start, start + words[-1].end()


def _bare_name(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A name without a title among capitalised words: "John Lee" of "Chief Executive John Lee"."""
    if _AFTER_WHICH_NO_NAME.search(text[max(0, start - 8) : start]):
        return []
    words = [(start + one.start(), start + one.end()) for one in re.finditer(r"\S+", text[start:end])]
    plain = [text[low:high].lower().rstrip(".").split("-")[-1] for low, high in words]
    led = max((place + 1 for place, word in enumerate(plain) if singular(word) in _BEFORE_NAMES), default=0)
    if any(word in _NO_NAME or singular(word) in _NO_NAME for word in plain[led:]) or not 2 <= len(words) - led <= 4:
        return []
    return [(words[led][0], words[-1][1])]


_FUNC = (
    "and|or|by|with|from|as|was|is|are|were|has|had|have|will|would|that|which|who|whom|whose|when|while|but|said|says"
    "|met|told|came|opened|signed|spoke|be|been|to|on|in|at|of|for|the|a|an|its|their|our|his|her|not|also|it|they|he"
    "|she|took|led|after|before|since|until|where|thanked|welcomed|added|noted|visited|than|under|during"
)
_CAP = r"[A-Z][\w'’&/-]*"
_LOW = rf"(?!(?:{_FUNC})\b)[a-z][\w'’/-]*"
_ITEM = rf"(?:{_CAP}|{_LOW})(?: (?:{_CAP}|{_LOW})){{0,5}}"
_AND = rf",? (?:and|&) (?:(?:of|for) )?(?:the )?(?:{_CAP}(?: {_CAP}){{0,4}}|{_LOW}(?: {_LOW})?)"
_LIST = rf"{_ITEM}(?:(?:, {_CAP}(?: {_CAP}){{0,3}}(?=(?:, {_CAP}[^,;@]*)*,? (?:and|&) ))*{_AND})?"
_ARTICLE = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Oo]ur|[Tt]heir|[Hh]is|[Hh]er)"
_TAIL = rf"(?: (?:of|for|at|in|on|to|with) (?:{_ARTICLE} |all )?{_LIST})*"
_RANK = rf"(?i:{'|'.join((*RANKS, *PAST, *COMING))})"
_ONE_OF = "|".join(sorted(HEADS, key=len, reverse=True))
_HEAD = (
    rf"(?i:(?:{_RANK}-)?(?:{_ONE_OF})(?:[- ](?:general|elect|designate|teacher|master))?)\b"
    rf"(?!['’-]| (?:office|quarters|{_ONE_OF})\b)"  # not yet the head: "chief" of "chief executive"
)
_NAMED = rf"(?:(?:{_CAP}|{_RANK})[ -](?:and (?={_CAP}))?)*"  # "Labour and Welfare" before "Secretary"
_CALLED = rf"{_ARTICLE} (?:(?!(?:{_FUNC})\b)[\w'’&-]+ ){{0,5}}"  # "the harbour board's new" before "director"
_POST = rf"\b(?:{_CALLED}|{_NAMED}){_HEAD}{_TAIL}"
_SAID = rf"(?:(?!\w+ed\b){_LOW} ){{1,3}}{_HEAD}{_TAIL}"  # "harbour master", right behind a name
_NOW_AND_THEN = r"(?:(?:also|now|currently|presently|still|then|already|jointly|once|formerly|both|again|since) )*"
_BECAME = (
    r"(?:(?:has |had |will |would |is to |are to |who |and )*(?:been |be |is |was )?(?:newly |just |re)*"
    r"(?:became|become|becomes|appointed|elected|named|made|sworn in|confirmed|chosen|promoted|installed"
    r"|(?:takes?|took|taken|taking) over|"
    r"(?:takes?|took|taken) office|started|starts|joins?|joined)(?: as| to be| to the (?:post|position|office) of)?)"
)
_LEFT = (
    r"(?:(?:has |had |will |would |is to |who |and )*(?:step(?:s|ped)? down|st(?:ands?|ood) down|resign(?:s|ed)?"
    r"|retire[sd]?|"
    r"le(?:ft|aves?|ave) (?:office|us|(?:the|this) [\w-]+)|quits?|died|ceased to be|departs"
    r"|departed|(?:was|is|been) (?:dismissed|removed))"
    r"(?: as| from (?:the (?:post|office) of|being)?)?)"
)
_IS = (
    rf"(?:who )?(?:is|was|are|were|has been|had been|will be|remains?|remained|serves? as|served as|acts? as|acted"
    rf" as|used to be) {_NOW_AND_THEN}"
)
_BEHIND = re.compile(
    rf"(?:, (?:{_NOW_AND_THEN})|(?P<bracket> \()|,? (?P<how>{_IS}|{_BECAME} |{_LEFT} |{_LEFT} _+ as |as )(?:_+,? )?"
    rf"|, _+,? )(?P<post>{_POST}|{_SAID})"
)
_AHEAD = re.compile(rf"(?P<post>{_POST})(?P<link>,? _+,?|,? currently,?|, namely|,|:| is(?: now)?| was| are| –| —)? $")
_BEFORE_CHARS, _BEHIND_CHARS = 170, 200


def holdings(text: str, published: PartialDate) -> list[Holding]:
    """Every post that a sentence gives to somebody, in their order; so of a row of a table, and of several sentences.

    In a sentence that goes on about somebody, "she" and "Ms Lo" are whom the one before names.
    """
    if len(text) > MOST_CHARS:
        return []
    rows = list(_in_row(text))
    masked, names = _masked(text, published)
    if rows or not (names or _TOLD_BY_POST.search(masked)):
        return rows
    meant = _meant(text, names)
    names = sorted({*names, *meant})
    masked = _marked(masked, "@", meant)
    shared = list(_shared(masked, names))
    several = {start for pattern in (_EACH_HIS, _HIS_EACH) for found in pattern.finditer(masked)
               for start, end in names if found.start("names") <= start and end <= found.end("names")}  # fmt: skip
    single = (*_beside(masked, names), *_led(masked))
    found = [*shared, *(one for one in single if one.start not in several), *_given(masked)]
    found = [_of(one, meant) for one in found]
    return sorted({(one.start, one.post): one for one in _handed_on(masked, text, found, meant)}.values(), key=_place)


Names = Mapping[tuple[int, int], tuple[int, int]]  # where "she" stands, and where whom it means is named
_PRONOUN = re.compile(
    r"(?:(?<=[.!?]\s)(?P<he>He|She)|(?<=; )(?P<then>he|she)|\b(?:succeed|replace)(?:s|ed)? (?P<him>her"
    r"|him))\b(?! (?:own|and))"
)
_WOMAN = re.compile(r"(?:Ms|Mrs|Miss|Dame|Madam|Lady|Baroness)\b")
_MAN = re.compile(r"(?:Mr|Sir|Lord|Baron)\b")


def _meant(text: str, names: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Whom pronouns and short names mean: the only one it can be of those named before."""
    meant: dict[tuple[int, int], tuple[int, int]] = {}
    for name in names:
        last = text[slice(*name)].rsplit(maxsplit=1)[-1]
        short = len(text[slice(*name)].split()) == 2 and _TITLED.match(text, *name)
        whole = {other for other in names if other[1] <= name[0] and len(text[slice(*other)].split()) > 2
                 and last in text[slice(*other)].split()} if short else set()  # fmt: skip
        if len({text[slice(*other)] for other in whole}) == 1:
            meant[name] = min(whole)
    for found in _PRONOUN.finditer(text):
        place = found.span(found.lastgroup or 0)
        other_sex = _MAN if found[found.lastgroup or 0].lower() in ("she", "her") else _WOMAN
        before = found.start() if found["him"] is None else max(text.rfind(". ", 0, found.start()), 0)
        those = {meant.get(name, name) for name in names if name[1] <= before}
        those = {name for name in those if not other_sex.match(text, *name)}
        if len({text[slice(*name)] for name in those}) == 1:
            meant[place] = min(those)
    return meant


def _of(one: Holding, meant: Names) -> Holding:
    """With the name of whom a pronoun means."""
    start, end = meant.get((one.start, one.end), (one.start, one.end))
    return replace(one, start=start, end=end, told=max(one.told, one.end, one.post_end))


def _marked(text: str, mark: str, places: Iterable[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in places:
        characters[start:end] = mark * (end - start)
    return "".join(characters)


MOST_CHARS = 2_000  # a longer sentence is no sentence


def _place(one: Holding) -> tuple[int, int]:
    return one.start, one.post_start


def _holding(who: tuple[int, int], masked: str, at: tuple[int, int], how: str = "", led: str = "") -> list[Holding]:
    """Who holds the posts that ``masked[at]`` names, two where it joins two: "Provost and Deputy Chancellor"."""
    start, end = at
    article = re.match(rf"{_ARTICLE} ", masked[start:end])
    start += article.end() if article and not led else 0
    words = masked[start:end]
    both = _TWO.match(words) if not led else None
    held = [both["one"] + (both["of"] or ""), both["other"] + (both["of"] or "")] if both else [words]
    status = "past" if _WAS.search(how) else "coming" if _WILL.search(how) else ""
    changed = bool(_CHANGES.search(how))
    posts = filter(None, (post_of(one, led=led) for one in held))
    return [Holding(*who, post, start, end, status or post.status, changed) for post in posts]


_TWO = re.compile(rf"(?P<one>(?:[\w'’-]+ )*?{_HEAD}) and (?P<other>(?:[\w'’-]+ )*?{_HEAD})(?P<of> (?:of|for|at) .+)?$")
_WAS = re.compile(rf"\b(?:left|leaves?|had been|used to be|formerly|once)\b|{_LEFT} ?$")
_WILL = re.compile(r"\b(?:will|would|is to|are to)\b")
_CHANGES = re.compile(
    r"\b(?:became|becom\w+|appoint\w*|elect\w*|named|made|sworn|confirmed|chosen|promoted|installed|(?:take|took"
    r"|taken|taking)s? \w+|"
    r"started|starts|joins?|joined|step\w*|st(?:and|ood)\w* down|resign\w*|retire\w*|le(?:ft|ave)s? \w+|quits?"
    r"|died|ceased|"
    r"depart\w*|dismissed|removed|succeed\w*|replac\w*|follow\w*|handed|passe[sd]|goes|went|given|gone|put|falls"
    r"|fell)\b"
)


# --- beside the name ------------------------------------------------------------------------------------------------


def _beside(masked: str, names: Sequence[tuple[int, int]]) -> Iterator[Holding]:
    """ "The Mayor, Ms Lo,", "Ms Lo, Mayor of Arvik,", "Ms Lo (chair)", "Ms Lo has become Mayor"."""
    ahead = [_ahead(masked, name) for name in names]
    behind = [_behind(masked, name) for name in names]
    for place in range(len(names) - 1):  # an office between two names is one's only
        between, its = behind[place], ahead[place + 1]
        if between and its and its["post"] and _same_place(masked, names[place], between, its):
            if ahead[place] or not behind[place + 1]:
                behind[place] = None
            else:
                ahead[place + 1] = None
    several = _SEVERAL_HEADS.search(masked)
    for name, first, then in zip(names, ahead, behind, strict=True):
        if first:
            yield from _holding(name, masked, first.span("post"))
        if then:
            at = (name[1] + then.start("post"), name[1] + then.end("post"))
            yield from _holding(name, masked, at, then["how"] or "")
        field = _IN_BRACKETS.match(masked, name[1])
        if several and field and not then and several.end() <= name[0]:
            head = singular(several["head"].lower())
            post = post_of(f"{several['rank'] or ''}{head} for {field['field']}")
            if post:
                yield Holding(*name, post, *field.span("field"))


_SEVERAL_HEADS = re.compile(
    r"\b(?P<rank>(?:(?:Vice|Deputy|Under|Acting|vice|deputy|under|acting)[ -])*)"
    rf"(?P<head>(?i:secretaries|deputies|(?:{_ONE_OF})s))\b"
)
_IN_BRACKETS = re.compile(r" \((?:for )?(?P<field>[^()@]{2,80})\)| for (?P<of>[A-Z][^@,;.()]{2,60})")


def _ahead(masked: str, name: tuple[int, int]) -> re.Match[str] | None:
    """The post before a name, with nothing else between."""
    found = _AHEAD.search(masked[: name[0]], max(0, name[0] - _BEFORE_CHARS))
    if found is None:
        return None
    last = found["post"].split()[-1]
    after = masked[name[1] : name[1] + 5]
    if not found["link"]:
        return found if last[0].isupper() or singular(last.lower()) in HEADS else None  # not "the clerk greeted Ms Lo"
    apart = re.match(r"\s?(?:[,.;:)(]|and |or |$)", after) or not masked[: found.start()].strip()
    return found if found["link"] != "," or apart else None  # "with the Mayor, Ms Lo spoke of ports"


def _behind(masked: str, name: tuple[int, int]) -> re.Match[str] | None:
    """The post behind a name, with nothing else between."""
    found = _BEHIND.match(masked[name[1] : name[1] + _BEHIND_CHARS])
    return found


def _same_place(masked: str, name: tuple[int, int], behind: re.Match[str], ahead: re.Match[str]) -> bool:
    start = name[1] + behind.start("post")
    return start < ahead.end("post") and ahead.start("post") < name[1] + behind.end("post")


# --- by a verb ------------------------------------------------------------------------------------------------------

_SOMEBODY = rf"(?P<who>@+|(?<!@)\b[Tt]he (?:{_NAMED}){_HEAD}{_TAIL})"
_THING = rf"(?P<what>(?:{_ARTICLE} )?{_LIST}{_TAIL})"
_VERBS = (
    r"(?P<verb>chairs?|chaired|leads?|led|heads|(?<=ll )head|(?<=ld )head|(?<=to )head|headed"
    r"|directs?|directed|runs?|ran|manages?|managed|oversees?|oversaw"
    r"|presid(?:es?|ed) over|(?:is |was |been )?(?:put |placed )?(?:in charge of|at the head of)|(?:is |was"
    r" )?responsible for"
    r"|(?:has|takes?|took|taken) charge of|looks? after)"
)
_AUXILIARY = r"(?:(?:also|now|currently|still|then|has|had|have|will|would|is to|jointly|once|formerly|used to|been) )*"
_LEADS = re.compile(rf"{_SOMEBODY},? (?:who |and )?(?P<how>{_AUXILIARY}){_VERBS} {_THING}")
_LED_BY = re.compile(
    rf"(?P<what>(?:{_ARTICLE} )?{_ITEM}{_TAIL}),? (?:which )?(?P<how>(?:(?:is|was|has|been|will|be|being|also|now) )*)"
    rf"(?P<verb>chaired|led|headed|run|directed|managed|overseen|presided over) by (?:{_POST},? )?(?P<who>@+)"
)
_UNDER = re.compile(
    rf"(?P<what>(?:{_ARTICLE} )?{_ITEM}{_TAIL}) [^.;@]{{0,60}}?\bunder the (?P<verb>chairmanship|leadership"
    rf"|direction|presidency)"
    r" of (?P<who>@+)"
)
_WHICH_LEADS = re.compile(
    rf"(?P<what>(?:{_ARTICLE} )?{_ITEM}{_TAIL}),? (?:which"
    rf"|that) (?P<who>@+) (?P<how>{_AUXILIARY}){_VERBS}(?= ?[,.;)]|$)"
)
_IN_THE_CHAIR = re.compile(r"(?P<who>@+)(?:, [^@;]{3,90},)? (?P<verb>took|takes|was in|in) (?P<what>the chair)\b")
_TOLD_BY_POST = re.compile(rf"[Tt]he {_NAMED}{_HEAD}{_TAIL} (?:{_AUXILIARY}{_VERBS}|as) ")


def _led(masked: str) -> Iterator[Holding]:
    """ "Ms Lo chairs the Board", "the Board, led by Ms Lo", "Ms Lo took the chair"."""
    for pattern in (_LEADS, _LED_BY, _UNDER, _WHICH_LEADS, _IN_THE_CHAIR):
        for found in pattern.finditer(masked):
            if is_once(found["what"]) or not re.search(r"[a-z]", found["what"]):
                continue
            how = found["how"] if "how" in found.re.groupindex else ""
            led = "chair" if re.match("chair|presid|took|takes|was in|in$", found["verb"]) else "head"
            led = "chair" if pattern is _IN_THE_CHAIR else "head" if "charge" in found["verb"] else led
            led = "director" if found["verb"].startswith("direct") else led
            held = _holding(found.span("who"), masked, found.span("what"), f"{how}{found['verb']}", led)
            of_what = pattern is not _IN_THE_CHAIR
            yield from held if of_what else (replace(one, post=Post("chair")) for one in held)


# --- by what was done -----------------------------------------------------------------------------------------------

_APPOINTS = re.compile(
    rf"\b(?P<how>(?:re)?(?:appoint\w*|elect(?:s|ed|ing)|nam(?:es?|ed|ing)|made|mak(?:es|ing)|chose"
    rf"|promot\w+)) (?P<who>@+),?"
    rf" (?:as |to be |to the post of |to )?(?P<post>{_POST})"
)
_GOES_TO = re.compile(
    rf"\b(?:post|office|position|role|job|title)s? of (?P<post>{_POST})"
    r",? (?P<how>(?:has |is |was |will |been |be )*(?:goes|go|went|gone|falls?|fell|pass(?:es|ed)|given|handed"
    r"|held|filled|taken)(?: over)?)"
    rf" (?:from @+ )?(?:to|by) (?:{_POST}(?:,| _+| currently)* )?(?P<who>@+)"
)


_WORKS_AS = re.compile(
    rf"(?P<who>@+) (?P<how>(?:has |had |will )?(?:join(?:s|ed)?|left|leaves?|returns?|returned|works?"
    rf"|worked)) [^.;:@]{{2,80}}?"
    rf" (?:as|(?:(?:to )?(?:his|her|the) (?:post|office|position|role|job) (?:of|as))) (?P<post>{_POST})"
)
_HOLDS = re.compile(
    rf"(?P<who>@+),? (?:who )?(?P<how>{_AUXILIARY}(?:holds?|held|fills?|filled|(?:returns?|returned|goes|went back) to|"
    rf"tak(?:es?|en) up|took up|resum(?:es|ed)|assum(?:es|ed))) (?:his|her|the) (?:old |new |former )?"
    rf"(?:post|office|position|role|job)s? (?:of|as) (?P<post>{_POST})"
)
_WHERE = re.compile(
    rf"(?P<who>@+) [^@;:.]*?\b(?:from|of|at) (?P<place>(?:the )?[^@;:.,]{{3,60}}), where (?:he|she)"
    rf" (?P<how>was|is|has been|had been|served as|worked as) (?P<post>{_POST}|{_SAID})"
)
_WITH_AS = re.compile(rf"\b(?P<how>with) {_SOMEBODY} as (?P<post>{_POST})")


def _given(masked: str) -> Iterator[Holding]:
    """ "The board appointed Ms Lo director", "the post of director goes to Ms Lo", "with Ms Lo as its director"."""
    for pattern in (_APPOINTS, _GOES_TO, _WITH_AS, _WORKS_AS, _HOLDS):
        for found in pattern.finditer(masked):
            yield from _holding(found.span("who"), masked, found.span("post"), found["how"])
    for found in _WHERE.finditer(masked):  # of that place, and before
        for one in _holding(found.span("who"), masked, found.span("post")):
            words = one.post.words | telling(found["place"])
            yield replace(one, post=replace(one.post, words=words), status="past")


_OVER = (
    r"(?:(?:has |had |will |would |is to |who |since )*(?P<how>succeed(?:s|ed)?|replace[sd]?|follow(?:s|ed)"
    r"|(?:takes?|took|taken) over from))"
)
_AS = rf"(?:,? (?:as|in the post of|at the head of) (?P<post>{_POST}))?"
_SUCCEEDS = re.compile(rf"(?P<new>@+)(?:, [^@;]{{3,90}},)?,? {_OVER} (?P<old>@+){_AS}")
_SUCCEEDED_BY = re.compile(
    rf"(?P<old>@+)(?:, [^@;]{{3,90}},)?,? (?:(?:is|was|has|been|will|be|who|to|and) )*(?P<how>succeeded|replaced"
    rf"|followed)(?: _+)? by (?P<new>@+){_AS}"
)
_HANDS_OVER = re.compile(
    rf"(?P<old>@+) (?:has |will )?(?P<how>hand(?:s|ed) over|pass(?:es|ed)|hand(?:s|ed))(?: the (?:post|office"
    rf"|position) of)? (?P<post>{_POST}) to (?P<new>@+)"
)
_TAKES_OVER = re.compile(
    rf"(?P<new>@+),? {_BECAME} (?P<post>{_POST}) (?P<how>from|in succession to|replacing|succeeding) (?P<old>@+)"
)
_TO_SUCCEED = re.compile(
    r"\b(?:appoint\w*|chosen|chose|nam\w+|elect\w*|picked) (?P<new>@+)(?P<post>(?!))? to (?:succeed|replace"
    r"|follow|take over from) "
    r"(?P<old>@+)"
)
_IN_PLACE_OF = re.compile(
    r"(?P<new>@+)[^.;@]{3,160}?,? (?P<post>(?!))?(?P<how>in succession to|in place of|replacing|succeeding|taking"
    r" over from)"
    r" (?P<old>@+)"
)
_TAKES_UP = re.compile(
    rf"(?P<new>@+)(?:, [^@;]{{3,90}},)?,? (?P<how>{_AUXILIARY}(?:takes?|took|taken) (?:up|over)(?: _+)?"
    r"(?: (?:the|that|this) (?:post|office|position|role|job)(?! (?:of|as|for))| (?=_)))"
)
_PREDECESSOR = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir) (?P<which>predecessor|successor),? (?P<who>@+)")
_LEAVES = re.compile(rf"(?P<old>@+)(?:, [^@;]{{3,90}},)? {_LEFT}")


def _handed_on(masked: str, text: str, found: Sequence[Holding], meant: Names) -> Iterator[Holding]:
    """What was found, with what the text tells of who took whose place."""
    told = {(one.start, one.end): one for one in reversed(found)}
    changed: list[Holding] = []
    for pattern in (_SUCCEEDS, _SUCCEEDED_BY, _HANDS_OVER, _TAKES_OVER, _TO_SUCCEED, _IN_PLACE_OF):
        for change in pattern.finditer(masked):
            new, old = (meant.get(change.span(one), change.span(one)) for one in ("new", "old"))
            first, then = (old, new) if pattern is _SUCCEEDED_BY else (new, old)  # "by Ms Lo, at present his deputy"
            near = told.get(first) or told.get(then)
            held = _holding(new, masked, change.span("post")) if change["post"] else [near] if near else []
            for one in held[:1]:
                names, end = (text[slice(*old)], text[slice(*new)]), change.end()
                will = "coming" if _WILL.search(change[0]) else ""
                both = replace(one, changed=True, told=end, changes=change.start())
                changed.append(replace(both, start=new[0], end=new[1], status=will, after=names[0]))
                changed.append(replace(both, start=old[0], end=old[1], status="past", before=names[1]))
    for change in _LEAVES.finditer(masked):
        left = meant.get(change.span("old"), change.span("old"))
        held = [one for one in (*found, *changed) if (one.start, one.end) == left]
        changed += [
            replace(one, status="past", changed=True, told=max(one.told, change.end()), changes=change.start())
            for one in held
        ]
    changed += [one for one in _as_the_last(masked, text, (*changed, *found)) if one not in changed]
    again = {one.start for one in changed}
    yield from changed
    yield from (one for one in found if one.start not in again)


def _as_the_last(masked: str, text: str, told: Sequence[Holding]) -> Iterator[Holding]:
    """Who "takes up the post" that somebody was just told to leave, and who was "his predecessor"."""
    for change in _TAKES_UP.finditer(masked):
        before = [one for one in told if one.end <= change.start() and one.post_end <= change.start()]
        last = max(before, key=_place, default=None)
        if last and last.status == "past" and last.start != change.start("new"):
            (start, end), will = change.span("new"), "coming" if _WILL.search(change["how"]) else ""
            after = text[last.start : last.end]
            yield replace(last, start=start, end=end, status=will, changed=True, after=after, before="",
                          told=change.end(), changes=change.start())  # fmt: skip
    for change in _PREDECESSOR.finditer(masked):
        before = [one for one in told if one.end <= change.start() and one.post_end <= change.start()]
        last = max(before, key=_place, default=None)
        if last and last.changed and last.status != "past" and change["which"] == "predecessor":
            start, end = change.span("who")
            yield replace(last, after=text[start:end])
            yield replace(last, start=start, end=end, status="past", before=text[last.start : last.end])


# --- several at once ------------------------------------------------------------------------------------------------

_NAMES = r"(?P<names>@+(?:, @+)*,? and @+)"
_PLURAL = rf"(?:(?:(?:vice|deputy|acting)[ -])*(?i:secretaries|deputies|(?:{_ONE_OF})s))"
_EACH_HIS = re.compile(
    rf"{_NAMES},? (?:who )?(?:(?:now|respectively|are|were|as|the|both) )*"
    rf"(?:(?P<verb>direct|head|lead|chair|run|manage|directed|headed|led|chaired|ran|managed)\b"
    rf"|(?P<heads>{_PLURAL}))(?P<what>[^.;@]*)"
)
_HIS_EACH = re.compile(rf"(?:the )?(?P<heads>{_PLURAL})(?P<what> (?:of|for|at) [^.;@]*?),? {_NAMES}")
_LIST_OF = re.compile(r"(?P<base>.*?)(?P<of> (?:of|for|at|in) )(?P<list>.+)$")


def _shared(masked: str, names: Sequence[tuple[int, int]]) -> Iterator[Holding]:
    """ "A and B, who direct the bureaus of X and of Y", "the Secretaries for X and Y, A and B": to each his own."""
    for pattern in (_EACH_HIS, _HIS_EACH):
        for found in pattern.finditer(masked):
            those = [name for name in names if found.start("names") <= name[0] and name[1] <= found.end("names")]
            what = re.sub(r",? respectively\b.*|, (?:and )?$|,? and $|, [a-z].*$", "", found["what"])
            listed = _LIST_OF.match(what)
            parts = (
                re.split(r",? and (?:(?:of|for|at|in) )?|, (?:(?:of|for|at|in) )?", listed["list"]) if listed else []
            )
            if listed is None or len(parts) != len(those):
                continue
            heads = found["heads"] or ""
            led = "" if heads else "chair" if (found["verb"] or "").startswith("chair") else "head"
            start = found.start("heads") if heads else found.start("what") + 1
            for name, part in zip(those, parts, strict=True):
                words = f"{' '.join(map(singular, heads.lower().split()))}{listed['base']}{listed['of']}{part}"
                post = post_of(words, led=led)
                if post:
                    yield Holding(*name, post, start, found.start("what") + len(what))


# --- rows of a table ------------------------------------------------------------------------------------------------

_CELL = re.compile(r"(?:^|; )(?P<key>[^:;@]{1,60}): (?P<value>(?:(?!; [^:;]{1,60}: ).)*)", re.DOTALL)
_NAME_KEY = re.compile(
    r"(?i)(?:(?:full )?names?|holder|post-?holder|office-?holder|incumbent|person|who|official|appointee)(?: of .+)?"
)
_POST_KEY = re.compile(
    r"(?i)(?:post|office|position|title|job(?: title)?|role|capacity|function|appointment|rank)s?(?: held)?"
)
_FIELD_KEY = re.compile(r"(?i)(?:portfolio|brief|responsib\w+|in charge of|field|area)s?")
_WHOLE_NAME = re.compile(rf"(?:{_TITLE} )*{_W}(?: {_PARTICLE}{_W})*(?= *(?:[(,;.]|$))")


def is_row(text: str) -> bool:
    """Whether a text is a row of a table, each cell under its heading."""
    cells = list(_CELL.finditer(text))
    return bool(cells) and not cells[0].start() and (len(cells) > 1 or cells[0].end() == len(text.rstrip(" .")))


def _in_row(sentence: str) -> Iterator[Holding]:
    """ "Name: Ms Lo; Post: Mayor of Arvik", "School: Hill Road; Head teacher: Ms Lo"."""
    if not is_row(sentence):
        return
    cells = list(_CELL.finditer(sentence))
    who = next((cell for cell in cells if _NAME_KEY.fullmatch(cell["key"])), None)
    what = next((cell for cell in cells if _POST_KEY.fullmatch(cell["key"])), None)
    field = next((cell for cell in cells if _FIELD_KEY.fullmatch(cell["key"])), None)
    others = [cell for cell in cells if cell not in (who, what, field)]
    if who and (what or field):
        name = _WHOLE_NAME.match(who["value"])
        cell = what or field
        rest = " ".join(one["value"] for one in others if not _MONTHS_OR_DIGITS.search(one["value"]))
        post = (
            post_of(what["value"].partition(";")[0]) if what else post_of(field["value"], led="head") if field else None
        )
        if name and post and cell:
            start = who.start("value")
            words = post.words | (telling(rest) if len(rest) < ROW_CHARS else frozenset())
            yield Holding(start, start + name.end(), replace(post, words=words), *cell.span("value"))
        return
    for cell in cells:
        name = _WHOLE_NAME.match(cell["value"])
        post = post_of(cell["key"]) if re.fullmatch(f"(?:The )?{_POST}", cell["key"]) else None
        if post is None or name is None or len(name[0].split()) < 2:
            continue
        of = cells[0]["value"] if cells[0] is not cell else ""
        start = cell.start("value")
        yield Holding(start, start + name.end(), replace(post, words=post.words | telling(of)), *cell.span("key"))


ROW_CHARS = 120  # of what else a row tells of a post
_MONTHS_OR_DIGITS = re.compile(r"\d")


# --- a clause ---


def named(sentence: str) -> list[Post]:
    """The posts that a sentence names, whoever holds them."""
    found = (post_of(one[0]) for one in _ANY_POST.finditer(sentence))
    return [one for one in found if one]


_ANY_POST = re.compile(rf"{_POST}|\b{_SAID}")


def clause(text: str, held: Holding, others: Iterable[Holding] = ()) -> str:
    """The words around a holder and his post, without his posts themselves and without what is said of others."""
    low, high = clause_of(text, held)
    own = [one for one in others if (one.start, one.end) == (held.start, held.end)]
    return _marked(text, " ", [(one.post_start, one.post_end) for one in (held, *own)])[low:high]


def clause_of(sentence: str, held: Holding) -> tuple[int, int]:
    """Offsets of those words."""
    first, last = min(held.start, held.post_start), max(held.end, held.post_end, held.told)
    low = max((cut.end() for cut in _PARTS_OF_SENTENCE.finditer(sentence, 0, first)), default=0)
    after = _PARTS_OF_SENTENCE.search(sentence, last)
    return low, after.start() if after else len(sentence)


_PARTS_OF_SENTENCE = re.compile(
    r"[;:]\s(?!he |she |who )|, (?:who|whose|which)\b|(?<!\bM[rs])(?<!\bDr)(?<!Mrs)(?<!Prof)[.!?]\s(?!He |She )"
    r"|,? (?:and|while|but"
    r"|whereas)(?: after h\w+ with)? (?=(?:Mr|Ms|Mrs|Miss|Dr|Prof\w*) )"
)
