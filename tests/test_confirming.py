"""A "yes" to other words than the documents', and none to what one thing makes untrue."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Answer, Assistant, index

PAPER = """# Oakmere Canal Trust: notes

Published 12 May 2023

The swing bridge at Tolley was mended in March 2023. The lock at Upper Tolley is to be mended in 2024.

The trust signed an accord with the Rowing League in April 2023. The anglers attended the ceremony but signed nothing.

The wardens put the timetable before the town council on 2 May 2023. The council adopted it a week later.

About 3 200 boats passed the locks in 2022, 400 more than the trust had expected.

Of the 40 lamps on the towpath, 26 were replaced. The rest are to follow.

A third boathouse was proposed by the Rowing League. The trust turned the proposal down.

Dredging of the Fen Arm begins on 3 July 2023. Entry to the towpath is free for anglers.
"""


@pytest.fixture(scope="module")
def canal(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("canal")
    (folder / "notes.md").write_text(PAPER, "utf-8")
    index(folder / "notes.md", folder / "library")
    return Assistant(folder / "library")


def word(answer: Answer) -> str:
    return answer.short if answer.short in ("Yes", "No") else ""


@pytest.mark.parametrize(
    "question",
    [
        "Has the swing bridge at Tolley been repaired yet?",
        "Did the Rowing League and the trust come to an agreement?",
        "Did the town council approve the timetable?",
        "Did more boats pass the locks than the trust had expected?",
        "Did more than 2 500 boats pass the locks in 2022?",
    ],
)
def test_other_words_get_their_yes_with_the_sentence(canal: Assistant, question: str) -> None:
    answer = canal.ask(question)
    assert word(answer) == "Yes"
    assert answer.text is not None
    assert answer.text.startswith("Yes. ")
    assert answer.citations[0].quote in PAPER


@pytest.mark.parametrize(
    "question",
    [
        "Has the lock at Upper Tolley been repaired yet?",  # planned
        "Has dredging of the Fen Arm already started?",
        "Did the anglers come to an agreement with the trust?",  # who
        "Did the town council put the timetable before the wardens?",
        "Have all the lamps on the towpath been replaced?",  # part
        "Were 40 lamps replaced?",
        "Was a third boathouse built?",  # turned down
        "Do anglers have to pay to use the towpath?",
        "Was the swing bridge at Tolley damaged by a boat?",  # not told
        "Is the Rowing League happy with the accord?",
        "Did more than 9 000 boats pass the locks in 2022?",
        "Did the Rowing League replace more than 20 lamps?",
    ],
)
def test_what_one_thing_makes_untrue_gets_no_yes(canal: Assistant, question: str) -> None:
    assert word(canal.ask(question)) != "Yes"


def test_without_the_support_score_only_what_is_forced_is_said(canal: Assistant) -> None:
    plain = Assistant(canal.library, support=False)
    assert word(plain.ask("Did the town council approve the timetable?")) == ""
    assert word(plain.ask("Was the swing bridge at Tolley mended in March 2023?")) == "Yes"


def test_the_score_is_not_asked_where_a_question_is_not_yes_or_no(canal: Assistant) -> None:
    asked: list[int] = []

    class Counting:
        def scores(self, pairs: list[tuple[str, str]]) -> list[float]:
            asked.append(len(pairs))
            return [0.0 for _ in pairs]

    counted = Assistant(canal.library, support=Counting())
    counted.ask("When was the swing bridge mended?")
    counted.ask("How many lamps were replaced?")
    assert not asked
    assert word(counted.ask("Did the town council approve the timetable?")) == ""
    assert asked


def test_by_a_day_only_what_was_published_by_then_counts(canal: Assistant) -> None:
    assert word(canal.ask("Did the town council approve the timetable?", as_of="2023-04-30")) == ""


def test_the_shipped_questions_are_whole() -> None:
    from eval.collections import read_lines
    from eval.yesno import DOCUMENTS, KINDS, QUESTIONS, Asked

    asked = [Asked(**row) for row in read_lines(QUESTIONS)]
    assert len(asked) >= 120
    assert len({one.question for one in asked}) == len({one.id for one in asked}) == len(asked)
    for half in ("first", "second"):
        assert {one.kind for one in asked if one.half == half} == {*KINDS}
    assert not {one.document for one in asked if one.half == "first"} & {
        one.document for one in asked if one.half == "second"
    }
    assert {one.document for one in asked} == {path.name for path in Path(DOCUMENTS).iterdir()}
    assert all(bool(one.changed) == (one.kind == "false") for one in asked)
