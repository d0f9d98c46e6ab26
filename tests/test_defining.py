"""Short forms and what they stand for: as they are asked for, and as documents of many hands define them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.defining import acronym_asked, expansions, short_form_asked, short_forms
from rag.types import Passage, Span

START = 1_000


def passage(text: str, start: int = START, number: int = 1) -> Passage:
    return Passage(number, number, start, start + len(text), text, ((start, start + len(text)),) if text else ())


def words(span: Span) -> str:
    return span.passage.text[span.start - span.passage.start : span.end - span.passage.start]


def first(short_form: str, text: str) -> str | None:
    spans = expansions(short_form, [passage(text)])
    return words(spans[0]) if spans else None


# --- what is asked


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does OASES stand for?", "OASES"),
        ("what does oases stand for", "OASES"),
        ("what is HKTE short for", "HKTE"),
        ("Can you tell me what HKTE stands for?", "HKTE"),
        ("In the Policy Address, what does GBA stand for?", "GBA"),
        ("What does 3M stand for in the paper?", "3M"),
        ("what do the letters HKCCC stand for", "HKCCC"),
        ("HKTE stands for?", "HKTE"),
        ("full name of GBA", "GBA"),
        ("What is the full form of SMEs?", "SMEs"),
        ("hkte full form", "HKTE"),
        ("What is PhD an abbreviation for?", "PhD"),
        ("oases meaning", "OASES"),
        ("What is the meaning of TTPS?", "TTPS"),
        ("What does the acronym I&T mean?", "I&T"),
        ("What does “HZMB” refer to?", "HZMB"),
        ("what is meant by the MoU?", "MoU"),
        ("expand the abbreviation QMAS", "QMAS"),
        ("Please spell out LWB.", "LWB"),
        ("What is the acronym OASES?", "OASES"),
        ("What is the abbreviation of HKTE?", "HKTE"),
    ],
)
def test_a_short_form_is_asked_for(question: str, short: str) -> None:
    assert acronym_asked(question) == short
    assert short_form_asked(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is HKTE?",
        "What does it stand for?",
        "What do they mean?",
        "What does the party stand for?",
        "Who will stand for election?",
        "What does Labour mean?",
        "What is the meaning of democracy?",
        "What does the decision of the board mean for students?",
        "What is the full name of the Director?",
        "What is the full name of Mr Chan?",
        "What is the short form?",
        "How many people does the hall stand for repairs?",
        "When was OASES established?",
        "",
        "???",
    ],
)
def test_neither_is_asked_for(question: str) -> None:
    assert acronym_asked(question) is None
    assert short_form_asked(question) is None


@pytest.mark.parametrize(
    ("question", "long"),
    [
        (
            "What is the abbreviation of the Office for Attracting Strategic Enterprises?",
            "Office for Attracting Strategic Enterprises",
        ),
        ("What is the acronym for Top Talent Pass Scheme?", "Top Talent Pass Scheme"),
        ("How is the Greater Bay Area abbreviated?", "Greater Bay Area"),
        ("Labour and Welfare Bureau abbreviation", "Labour and Welfare Bureau"),
        ("What is the Greater Bay Area known as for short?", "Greater Bay Area"),
        ("By what acronym is Hong Kong Talent Engage known?", "Hong Kong Talent Engage"),
        ("what's the abbreviation for 'memorandum of understanding'?", "memorandum of understanding"),
        ("Which abbreviation is used for the Labour and Welfare Bureau?", "Labour and Welfare Bureau"),
        ("What is the Harbour Authority's acronym?", "Harbour Authority"),
        ("How do you abbreviate Doctor of Philosophy?", "Doctor of Philosophy"),
        ("what is the short name of the harbour office", "harbour office"),
        ("Which acronym stands for the National Health Service?", "National Health Service"),
        ("What is the National Health Service abbreviated to?", "National Health Service"),
        ("What is the shortened form of the Energy Efficiency Fund?", "Energy Efficiency Fund"),
        ("Abbreviate the Northern Ferry Union.", "Northern Ferry Union"),
    ],
)
def test_a_long_form_is_given(question: str, long: str) -> None:
    assert short_form_asked(question) == long
    assert acronym_asked(question) is None


# --- where it is defined

DEFINED = [
    ("OASES", "The Office for Attracting Strategic Enterprises (OASES) opened.",
     "Office for Attracting Strategic Enterprises"),
    ("HKTE", "HKTE (Hong Kong Talent Engage) opened.", "Hong Kong Talent Engage"),
    ("HKTE", "HKTE stands for Hong Kong Talent Engage and was opened.", "Hong Kong Talent Engage"),
    ("HKTE", "HKTE, short for Hong Kong Talent Engage, was opened.", "Hong Kong Talent Engage"),
    ("LWB", "The Labour and Welfare Bureau, or LWB, said so.", "Labour and Welfare Bureau"),
    ("NHS", "The National Health Service or NHS said so.", "National Health Service"),
    ("NFU", "The Northern Ferry Union, NFU for short, met.", "Northern Ferry Union"),
    ("NFU", "The Northern Ferry Union, also known as the NFU, met.", "Northern Ferry Union"),
    ("HZMB", "The Hong Kong-Zhuhai-Macao Bridge (hereinafter referred to as “HZMB”) opened.",
     "Hong Kong-Zhuhai-Macao Bridge"),
    ("NFU", "The Northern Ferry Union, hereinafter referred to as the \"NFU\", met.", "Northern Ferry Union"),
    ("GBA", "the Greater Bay Area (the “GBA” or “Bay Area”)", "Greater Bay Area"),
    ("BRI", "The “Belt and Road Initiative” (BRI) went on.", "Belt and Road Initiative"),
    ("SME", "It helps small and medium enterprises (SMEs).", "small and medium enterprises"),
    ("SMES", "It helps a small and medium enterprise (SME).", "small and medium enterprise"),
    ("MOU", "They signed a Memorandum of Understanding (MoU).", "Memorandum of Understanding"),
    ("PhD", "He holds a Doctor of Philosophy (PhD) degree.", "Doctor of Philosophy"),
    ("HKU", "The University of Hong Kong (HKU) and others", "University of Hong Kong"),
    ("I&T", "It serves innovation and technology (I&T).", "innovation and technology"),
    ("ITIB", "the Innovation, Technology and Industry Bureau (ITIB); the",
     "Innovation, Technology and Industry Bureau"),
    ("3M", "Minnesota Mining and Manufacturing (3M) makes tape.", "Minnesota Mining and Manufacturing"),
    ("W3C", "The World Wide Web Consortium (W3C) met.", "World Wide Web Consortium"),
    ("5G", "On fifth generation (5G) networks", "fifth generation"),
    ("HKEX", "listed on the Hong Kong Exchanges and Clearing Limited (HKEX), and",
     "Hong Kong Exchanges and Clearing Limited"),
    ("TV", "They watched television (TV).", "television"),
    ("UN", "The U.N. (United Nations) met.", "United Nations"),
    ("SAR", "The Hong Kong Special Administrative Region (SAR) Government", "Special Administrative Region"),
    ("GBA", "cities of the Guangdong-Hong Kong-Macao Greater Bay Area (GBA)",
     "Guangdong-Hong Kong-Macao Greater Bay Area"),
    ("GBA", "“GBA” means the Guangdong-Hong Kong-Macao Greater Bay Area.",
     "Guangdong-Hong Kong-Macao Greater Bay Area"),
    ("QMAS", "Scheme: Quality Migrant Admission Scheme; Abbreviation: QMAS", "Quality Migrant Admission Scheme"),
    ("QMAS", "Abbreviation: QMAS; Full name: Quality Migrant Admission Scheme; Quota: none",
     "Quality Migrant Admission Scheme"),
    ("TTPS", "TTPS – Top Talent Pass Scheme", "Top Talent Pass Scheme"),
    ("ASA", "The American Standards Association's (ASA) rules", "American Standards Association"),
]  # fmt: skip


@pytest.mark.parametrize(("short", "text", "long"), DEFINED)
def test_a_definition_is_found(short: str, text: str, long: str) -> None:
    assert first(short, text) == long
    assert first(acronym_asked(f"What does {short.lower()} stand for?") or "", text) == long


@pytest.mark.parametrize(("short", "text", "long"), DEFINED)
def test_and_found_the_other_way_round(short: str, text: str, long: str) -> None:
    found = [words(span) for span in short_forms(f"the {long}", [passage(text)])]
    assert [f.replace(".", "").rstrip("s").casefold() for f in found] == [
        short.rstrip("S").casefold()
    ] or short in found


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("HKTE", "Mr Chan visited HKTE (Kowloon office)."),
        ("HKTE", "HKTE opened in Hong Kong. Talent Engage is a slogan."),
        ("IT", "There is an approach in this (IT)."),
        ("US", "He went to the US (Washington)."),
        ("OASES", "Oases (green places in a desert) are rare."),
        ("UK", "Students from the United States or UK"),
        ("GDP", "Growth fell. (GDP)"),
        ("GBA", "GBA"),
        ("NFU", "A union of ferries (NFU) met."),
        ("ABC", ""),
        ("", "The Greater Bay Area (GBA)"),
        ("?", "The Greater Bay Area (GBA)"),
    ],
)
def test_what_does_not_agree_is_no_definition(short: str, text: str) -> None:
    assert expansions(short, [passage(text)]) == []


def test_the_university_is_not_the_chinese_university() -> None:
    text = "The Chinese University of Hong Kong (CUHK) and the University of Hong Kong (HKU)"
    assert [words(s) for s in short_forms("University of Hong Kong", [passage(text)])] == ["HKU"]


def test_a_longer_name_with_the_same_beginning_counts_for_less() -> None:
    text = "the Guangdong-Hong Kong-Macao Greater Bay Area (GBA)"
    (exact,) = short_forms("Guangdong-Hong Kong-Macao Greater Bay Area", [passage(text)])
    (shorter,) = short_forms("Greater Bay Area", [passage(text)])
    assert words(exact) == words(shorter) == "GBA"
    assert shorter.score < exact.score


def test_surest_first_and_every_place_once() -> None:
    near = passage("TTPS – Top Talent Pass Scheme", number=1)
    beside = passage("The Top Talent Pass Scheme (TTPS). Later: the Top Talent Pass Scheme (TTPS).", number=2)
    spans = expansions("TTPS", [near, beside, beside])
    assert [span.passage.id for span in spans] == [2, 2, 1]
    assert [span.score for span in spans] == [0.95, 0.95, 0.75]


def test_where_letters_agree_only_in_another_order_it_is_less_sure() -> None:
    (ordered,) = expansions("CE", [passage("the Chief Executive (CE)")])
    (jumbled,) = expansions("PhD", [passage("a Doctor of Philosophy (PhD)")])
    assert jumbled.score < ordered.score


def test_the_sentence_holds_the_words_and_a_heading_is_its_own() -> None:
    text = "Hong Kong Talent Engage (HKTE)\n\nIt opened. The Greater Bay Area (GBA) is near."
    second = START + text.index("The")
    sentences = ((START + text.index("It"), second - 1), (second, START + len(text)))
    held = Passage(1, 1, START, START + len(text), text, sentences)
    (heading,) = expansions("HKTE", [held])
    assert text[heading.sentence_start - START : heading.sentence_end - START] == "Hong Kong Talent Engage (HKTE)"
    (span,) = expansions("GBA", [held])
    assert (span.sentence_start, span.sentence_end) == sentences[1]


def test_headings_above_a_passage_are_not_cited() -> None:
    text = "It opened in May."
    held = Passage(1, 1, 0, len(text), text, ((0, len(text)),), ("Hong Kong Talent Engage (HKTE)",))
    assert expansions("HKTE", [held]) == []


def test_real_documents(shared) -> None:  # type: ignore[no-untyped-def]
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("*.txt"))]
    passages = [passage(text, 0, number) for number, text in enumerate(texts)]
    assert {words(s) for s in expansions("HKEX", passages)} == {"Hong Kong Exchanges and Clearing Limited"}
    assert {words(s) for s in expansions("LWB", passages)} == {"Labour and Welfare Bureau"}


# --- whatever the text

UGLY = st.text(st.sampled_from("ABGabg1 .,;:()[]\"“”-–&'’\n\t\u00a0É中\u202e🙂/|=") | st.characters(), max_size=120)


@settings(max_examples=150, deadline=None)
@given(UGLY, st.sampled_from(["GBA", "AB", "G1", "B&A", "gba", "ÉA"]) | UGLY, UGLY)
def test_spans_lie_inside_passages(before: str, short: str, after: str) -> None:
    held = passage(f"{before} Greater Bay Area (GBA) {short} {after}")
    for span in [*expansions(short, [held]), *short_forms(before, [held]), *short_forms("Greater Bay Area", [held])]:
        assert held.start <= span.sentence_start <= span.start < span.end <= span.sentence_end <= held.end
        assert words(span) == words(span).strip()
        assert 0 < span.score < 1


@settings(max_examples=150, deadline=None)
@given(UGLY | st.from_regex(r"what (does|is) \w+ (stand for|short for|meaning)\?", fullmatch=True))
def test_any_question_is_read(question: str) -> None:
    for found in (acronym_asked(question), short_form_asked(question)):
        assert found is None or found.strip()


@pytest.mark.parametrize("unit", ["GBA (", "(GBA", "A ", "Aa Bb (AB) ", "GBA, or ", " ", "the ", "GBA–", '"', "B.A."])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    held = passage(unit * (400_000 // len(unit)))
    expansions("GBA", [held])
    short_forms("Greater Bay Area", [held])
    assert time.process_time() - started < 3
    acronym_asked("what does " + unit * (1_900 // len(unit)))
    short_form_asked("abbreviation of " + unit * (1_900 // len(unit)))
    assert time.process_time() - started < 4
