"""The shipped questions follow from their documents, and the validator finds what does not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.validate import CATEGORIES, TIME_CATEGORIES, Documents, _holds, main, read_documents, validate
from rag.places import sample_documents

TIME = Path(__file__).parents[1] / "eval" / "data" / "time.jsonl"
DIARY, NOTICE, DIGEST = "guangzhou-tour-diary.txt", "2024-03-18-manpower-commission.txt", "global-talent-summit.html"

STATED: dict[str, Any] = {
    "id": "a",
    "category": "as-of",
    "question": "How many were let in?",
    "answers": ["130 000"],
    "as_of": "2024-01-31",
    "moment": "8 January 2024",
    "evidence": [{"doc": DIARY, "quote": "Over 130 000 of them had been granted so far"}],
}
UNKNOWN: dict[str, Any] = {
    **{key: STATED[key] for key in ("id", "question", "evidence")},
    "category": "not-yet-known",
    "answers": [],
    "unanswerable": True,
    "as_of": "2023-12-31",
    "says": ["January 2024"],
}
SERIES = [
    {"value": "130 000", "moment": "2024-01-08", "doc": DIARY},
    {"value": "160 000", "moment": "2024-02", "doc": NOTICE},
]
COMPUTED: dict[str, Any] = {
    "id": "c",
    "category": "change",
    "question": "How many more were let in?",
    "answers": ["30 000", "about 30 000"],
    "computed": True,
    "evidence": [*STATED["evidence"], {"doc": NOTICE, "quote": "about 160 000 had been approved"}],
    "timeline": SERIES,
}
EXCEEDED: dict[str, Any] = {
    "id": "d",
    "category": "first-exceeds",
    "question": "When were more than 150 000 let in?",
    "answers": ["February 2024"],
    "moment": "end-February 2024",
    "evidence": [{"doc": NOTICE, "quote": "By end-February 2024 more than 250 000"}],
    "timeline": SERIES,
}
LATEST: dict[str, Any] = {**EXCEEDED, "category": "latest", "answers": ["250 000"]}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return read_documents(sample_documents())


def messages(documents: Documents, folder: Path, *lines: object) -> list[str]:
    file = folder / "set.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return [str(problem).removeprefix(str(file)) for problem in validate([file], documents)[1]]


def test_every_shipped_question_follows_from_the_documents(documents: Documents) -> None:
    questions, problems = validate(sorted(TIME.parent.glob("*.jsonl")), documents)
    assert problems == []
    assert len(questions) >= 300
    assert sum(question.unanswerable for question in questions) >= len(questions) / 4


def test_a_quarter_is_held_out_and_every_category_has_its_part(documents: Documents) -> None:
    shown = [path for path in sorted(TIME.parent.glob("*.jsonl")) if path.stem != "held_out"]
    seen = Counter(question.category for question in validate(shown, documents)[0])
    held = Counter(question.category for question in validate([TIME.with_name("held_out.jsonl")], documents)[0])
    assert seen.keys() == held.keys() == CATEGORIES - {"time"}
    assert 0.2 <= held.total() / (seen.total() + held.total()) <= 0.3


def test_every_category_of_time_has_nine_questions(documents: Documents) -> None:
    counts = Counter(question.category for question in validate([TIME], documents)[0])
    assert counts.keys() == TIME_CATEGORIES <= CATEGORIES
    assert min(counts.values()) >= 9


@pytest.mark.parametrize("entry", [STATED, UNKNOWN, COMPUTED, EXCEEDED, LATEST], ids=lambda entry: entry["category"])
def test_a_sound_question_passes(entry: dict[str, Any], documents: Documents, tmp_path: Path) -> None:
    assert messages(documents, tmp_path, entry) == []


@pytest.mark.parametrize(
    ("entry", "change", "expected"),
    [
        (STATED, {"category": "asof"}, "the category 'asof' is unknown"),
        (STATED, {"asof": "2024-01-31"}, "'asof' is no key of a question"),
        (STATED, {"answers": "130 000"}, "'answers' must be a list of words"),
        (STATED, {"answers": [""]}, "'answers' must be a list of words"),
        (STATED, {"all": "yes"}, "'all' must be true or false"),
        (STATED, {"history": [["only a question"]]}, "'history' must be a list of [question, answer] pairs"),
        (STATED, {"evidence": [{"doc": DIARY}]}, "'evidence' must be a list of objects with doc and quote"),
        (STATED, {"evidence": []}, "an answer needs evidence"),
        (STATED, {"evidence": [{"doc": "diary.txt", "quote": "130 000"}]}, "there is no document 'diary.txt'"),
        (
            STATED,
            {"evidence": [{"doc": DIARY, "quote": "Over 130 001 of them"}]},
            "does not hold 'Over 130 001 of them'",
        ),
        (
            STATED,
            {"evidence": [{"doc": DIARY, "quote": "over 130 000 of them"}]},
            "does not hold 'over 130 000 of them'",
        ),
        (STATED, {"answers": ["130 001"]}, "no evidence holds ['130 001']"),
        (STATED, {"answers": ["30 000"]}, "no evidence holds ['30 000']"),  # not the end of 130 000
        (STATED, {"answers": ["130 000", "160 000"], "all": True}, "no evidence holds ['160 000']"),
        (STATED, {"answers": []}, 'give answers, or no answers and "unanswerable": true'),
        (STATED, {"unanswerable": True}, 'give answers, or no answers and "unanswerable": true'),
        (STATED, {"says": ["granted"]}, '"says" is for an abstention'),
        (STATED, {"as_of": "31 January 2024"}, "'31 January 2024' is no day"),
        (STATED, {"as_of": "2024-01"}, "'2024-01' is no day"),
        (STATED, {"as_of": "2024-02-30"}, "'2024-02-30' is no day"),
        (STATED, {"as_of": "2024-01-07"}, "may have been published after 2024-01-07"),
        (STATED, {"moment": "last winter"}, "the moment 'last winter' is no date"),
        (UNKNOWN, {"as_of": "2024-01-08"}, "may have been published by 2024-01-08"),
        (UNKNOWN, {"says": []}, 'no answers, but "says" what an abstention should name'),
        (UNKNOWN, {"says": ["March 2024"]}, "'March 2024' of \"says\" is in no evidence"),
        (UNKNOWN, {"says": ["granted"]}, "the first document cited is of 8 January 2024"),
        (COMPUTED, {"answers": ["20 000"]}, "20000: not worked out"),
        (COMPUTED, {"answers": ["30 000", "31 000"]}, "31000: not worked out"),
        (COMPUTED, {"answers": ["some"]}, "no figure: not worked out"),
        (COMPUTED, {"answers": ["doubled"]}, "2: not worked out"),
        (COMPUTED, {"timeline": SERIES[::-1]}, "the timeline is not in order"),
        (COMPUTED, {"timeline": [SERIES[0], {**SERIES[1], "value": "60 000"}]}, "does not hold the value '60 000'"),
        (COMPUTED, {"timeline": [SERIES[0], {**SERIES[1], "moment": "end-February"}]}, "'end-February' is no date"),
        (COMPUTED, {"category": "series", "timeline": []}, "a series needs a timeline"),
        (COMPUTED, {"as_of": "2024-03-17"}, f"{NOTICE} may have been published after 2024-03-17"),
        (EXCEEDED, {"answers": ["250 000"]}, "the first value above 150000 is of February 2024"),
        (EXCEEDED, {"question": "When more than 200 000?"}, "no value of the timeline is above 200000"),
        (EXCEEDED, {"timeline": []}, "a question first-exceeds needs a timeline"),
        (EXCEEDED, {"moment": "end-March 2024"}, "the timeline has no value at end-March 2024"),
        (LATEST, {"moment": "8 January 2024"}, "8 January 2024 is not the end of the timeline"),
    ],
)
def test_one_fault_is_named_with_its_place(
    entry: dict[str, Any], change: dict[str, Any], expected: str, documents: Documents, tmp_path: Path
) -> None:
    found = messages(documents, tmp_path, {**COMPUTED, "id": "z", "question": "Another?"}, {**entry, **change})
    assert any(message.startswith(":2: ") and expected in message for message in found), found


def test_a_question_not_yet_known_needs_its_day(documents: Documents, tmp_path: Path) -> None:
    entry = {key: value for key, value in UNKNOWN.items() if key != "as_of"}
    assert messages(documents, tmp_path, entry) == [':1: a question not-yet-known needs "as_of"']


def test_a_document_without_a_year_does_not_answer_as_of_a_day(documents: Documents, tmp_path: Path) -> None:
    evidence = [{"doc": "talent-hub-symposium.txt", "quote": "About 150 people came together"}]
    asked = {**STATED, "answers": ["150"], "evidence": evidence, "as_of": "2030-01-01"}
    assert [message[:30] for message in messages(documents, tmp_path, asked)] == [":1: talent-hub-symposium.txt m"]


def test_ids_and_questions_are_not_repeated(documents: Documents, tmp_path: Path) -> None:
    later = {**STATED, "id": "b", "as_of": "2024-02-01"}
    assert messages(documents, tmp_path, STATED, later) == []
    same_id, same_question = messages(documents, tmp_path, STATED, {**later, "id": "a"}, {**STATED, "id": "c"})
    assert same_id.startswith(":2: the id 'a' is taken")
    assert same_question.startswith(":3: the same question was asked before")


def test_a_line_that_is_no_json_is_named(documents: Documents, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_bytes(json.dumps(STATED).encode() + b"\n\n\xff\n[]\n")
    assert [problem.line for problem in validate([file], documents)[1]] == [2, 3, 4]


def test_white_space_of_a_quote_counts_as_one_space(documents: Documents, tmp_path: Path) -> None:
    evidence = [{"doc": DIARY, "quote": "Over 130\u00a0000  of them\nhad been granted"}]
    assert messages(documents, tmp_path, {**STATED, "evidence": evidence}) == []


def test_the_command_counts_and_fails_where_something_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(STATED), encoding="utf-8")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out.split() == ["as-of", "1", "all", "1", "no", "problems"]
    file.write_text(json.dumps({**STATED, "answers": ["7"]}), encoding="utf-8")
    assert main([str(file)]) == 1
    assert capsys.readouterr().out.startswith(f"{file}:1: no evidence holds")


def test_a_file_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none.jsonl")])
    assert "none.jsonl does not exist" in capsys.readouterr().err


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_figure_is_held_only_by_its_equal(one: int, other: int) -> None:
    text = f"about {one:,} people".replace(",", " ")
    assert _holds(text, str(other)) == (one == other)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["9" * 40, "2024-02", DIARY]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["doc", "quote", "value"]), inner),
    max_leaves=6,
)


@given(st.sampled_from([STATED, UNKNOWN, COMPUTED, EXCEEDED]), st.data())
def test_no_entry_breaks_the_validator(entry: dict[str, Any], data: st.DataObject) -> None:
    """Whatever stands in a line, it becomes a question or a problem, or both."""
    from eval.validate import _CHECKS, _entry, question_of

    key = data.draw(st.sampled_from([*entry, "timeline", "history", "moment", "says"]))
    read, found = _entry(json.dumps({**entry, key: data.draw(_values | st.lists(st.text(max_size=9)))}).encode())
    if not found:
        question = question_of(read)
        for check in _CHECKS:
            assert all(isinstance(message, str) for message in check(question, {}))
