"""Quotes are exact, and an answer holds no number, date or name that its quotes lack."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.citing import cite, unsupported
from rag.types import Document, Passage, Published, Span

TEXT = "The Arvik Bridge opened in 1931. It carries 48 000 vehicles a day."
DOCUMENT = Document(7, "bridge.txt", "Bridge", TEXT, Published(), "0" * 64, "text", ())
PASSAGE = Passage(1, 7, 4, len(TEXT), TEXT[4:])


def span(words: str, passage: Passage = PASSAGE) -> Span:
    start = TEXT.index(words)
    return Span(passage, start, start + len(words), 33, len(TEXT), 0.9)


def test_a_sentence_is_quoted_once_exactly_as_it_stands() -> None:
    found = cite({7: DOCUMENT}, [span("48 000"), span("vehicles")])
    assert [(c.number, c.quote) for c in found] == [(1, TEXT[33:])]
    assert TEXT[found[0].start : found[0].end] == found[0].quote


def test_words_that_are_not_in_the_document_are_never_quoted() -> None:
    changed = Passage(1, 7, 4, len(TEXT), TEXT[4:].replace("48 000", "84 000"))
    assert cite({7: DOCUMENT}, [span("vehicles", changed)]) == []
    assert cite({7: DOCUMENT}, [span("1931")]) == []  # not within its sentence


QUOTES = (
    "As at end-May 2023 it had more than 250\u00a0000 claims, about 160\u00a0000 of which were settled.",
    "Mr Tomas Reyes-Hale, Secretary for Ports and Rail, today (June 18) chaired the third session of the Harbour "
    "Board in Arvik at 17:30. Eleven lines and 15 per cent of piers are listed in Annex 2 to the R&D Plan.",
    "The works cost US$1.2 billion in 2021-22 and $40 million on March 3, 2022; two-thirds was due to COVID-19.",
)


@pytest.mark.parametrize(
    "claim",
    ["160,000 were settled [1].", "160k of 250k", "about 0.16 million [1, 3]", "160\u202f000", "160000", "one of",
     "11 lines", "15%", "15 percent", "15", "15 percent of the piers", "US$1,200 million", "1.2 billion",
     "$1.2 billion", "$40 million", "40 million dollars", "3 March 2022", "March 2022", "in 2022", "on March 3",
     "2022-03-03", "18 June", "18th of June", "end-May 2023", "at the end of May 2023", "May 2023", "2021-22",
     "in 2021", "the 3rd session", "by Tomas Reyes-Hale", "by Ms. TOMAS REYES HALE", "Reyes-Hale's board",
     "the Harbour Board’s session", "the Secretary for Ports", "in Arvik.", "Arvik lists it", "Yes. About 160 000",
     "Over 160 000 Arvik lines", "at 17:30", "at\u00a017:30", "in Annex 2", "for R&D", "two-thirds", "COVID-19",
     "covid 19", "Whatever was settled", "I know", ""],
)  # fmt: skip
def test_what_the_quotes_say_in_other_words(claim: str) -> None:
    assert unsupported(claim, QUOTES) == []


@pytest.mark.parametrize(
    ("claim", "lacking"),
    [
        ("16 000 of 250 000", ["16 000"]),
        ("60 000", ["60 000"]),
        ("250", ["250"]),
        ("twelve lines", ["twelve"]),
        ("1.6 million", ["1.6 million"]),
        ("15 lines", ["15"]),
        ("160 000%", ["160 000%"]),
        ("$15", ["$15"]),
        ("HK$1.2 billion", ["HK$1.2 billion"]),
        ("$1.2 million", ["$1.2 million"]),
        ("160 000 days", ["160 000"]),
        ("in 2024", ["2024"]),
        ("12021", ["12021"]),
        ("3 March 2023", ["3 March 2023"]),
        ("4 March 2022", ["4 March 2022"]),
        ("18 June 2023", ["18 June 2023"]),
        ("3 June", ["3 June"]),
        ("early May 2023", ["May 2023"]),
        ("early 2022", ["2022"]),
        ("2021-23", ["2021-23"]),
        ("at 17:45", ["17:45"]),
        ("the fourth session", ["fourth"]),
        ("the 23rd session", ["23rd"]),
        ("Annex 3", ["Annex 3"]),
        ("three-quarters of them", ["three-quarters"]),
        ("one in eleven", ["one in eleven"]),
        ("COVID-20", ["COVID-20"]),
        ("chaired by Mr Lee", ["Lee"]),
        ("chaired by Tomas Hale", ["Tomas Hale"]),
        ("the Secretary for Rail", ["Secretary for Rail"]),
        ("the Arvik Board", ["Arvik Board"]),
        ("HTKE settled them", ["HTKE"]),
        ("Norland's lines", ["Norland's"]),
        ("New Norland settled 160 000 in Norland", ["New Norland", "Norland"]),
        ("Mr Lee said 5 claims were lost on 5 May 2020, Mr Lee said", ["Lee", "5", "5 May 2020"]),
    ],
)
def test_what_the_quotes_do_not_say(claim: str, lacking: list[str]) -> None:
    assert unsupported(claim, QUOTES) == lacking


def test_what_was_computed_counts_as_said() -> None:
    claim = "about 90 000 (end-May 2023: about 160 000 − end-June 2022: 70 000)"
    assert unsupported(claim, QUOTES) == ["90 000", "June 2022", "70 000"]
    assert unsupported(claim, QUOTES, ["90 000", "end-June 2022", "70 000"]) == []
    assert unsupported(claim, QUOTES, ["90 000"]) == ["June 2022", "70 000"]


def test_without_quotes_nothing_is_said() -> None:
    assert unsupported("Yes, 5 boats in Arvik on 5 May.", []) == ["5", "Arvik", "5 May"]
    assert unsupported("Yes, some boats.", []) == []


PIECES = (
    "5 12 000 260 1,234 2024 March 18 of and for The the Mr Arvik Board's R&D U.S. third two million -three % $ HK$ . "
    ", - \n ( ) / : half in section people per cent 5G [1] 1.5 end late – ’s É"
).split(" ")
ODD = "½ ² ٣ ﬁ İ \ud800 \u0301 \x00".split(" ")
texts = st.text("aAbBéÉ019 .,:;'’/-–()[]%$£\n\u00a0", max_size=60) | st.lists(
    st.sampled_from(PIECES), max_size=25
).flatmap(lambda pieces: st.sampled_from([" ", "\u00a0"]).map(lambda joint: joint.join(pieces)))


@settings(deadline=None)
@given(texts, texts)
def test_a_quote_supports_itself(text: str, other: str) -> None:
    text = re.sub(r"\[[\d, ]+\]", "", text)  # a marker is no number of the claim's
    assert unsupported(text, [other, text]) == []


@settings(deadline=None)
@given(st.text(max_size=80) | texts | st.lists(st.sampled_from(ODD + PIECES)).map("".join), texts)
def test_what_is_lacking_stands_in_the_claim(claim: str, quote: str) -> None:
    for words in unsupported(claim, [quote]):
        assert words
        assert words in claim


@settings(deadline=None)
@given(st.integers(2_100, 10**9), st.integers(2_100, 10**9), st.sampled_from(["{:,}", "HK${:,}", "{}%", "{:_} claims"]))
def test_another_number_is_never_supported(said: int, claimed: int, form: str) -> None:
    quote, claim = (f"It was {form.format(number).replace('_', ' ')}." for number in (said, claimed))
    assert (unsupported(claim, [quote]) == []) is (said == claimed)


@pytest.mark.parametrize("piece", ["1", "1,", "A", "A ", "A.", "Arvik of ", "5 May ", "[1]", "'", "two-", "12:"])
def test_hostile_text_costs_linear_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    unsupported(text, ["5 May 2020"])
    unsupported("5 May 2020", [text])
    assert time.process_time() - started < 10
