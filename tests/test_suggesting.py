"""What is suggested has been asked before it is shown, and brought its own words back."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from desks import FERRY, HeldReader, desk_over, ferry
from test_weighing import MarkingReader

from rag.types import Hit, Span
from ui import desk as desk_module
from ui.conversations import Settings
from ui.desk import Busy, Desk
from ui.suggesting import Suggestions
from ui.uploads import Upload

PAPER = """Harbour notes

4 March 2024

The Harbour Planning Board (HPB) met. So far 5 200 permits have been granted.

The Secretary for Sails, Ms Ada May Wong, spoke. The Harbour School was opened in May 2021.

The Secretary for Tides, Mr Jo Field, did not.
"""


class AnsweringReader:
    """Marks words for questions that begin with given ones: ``{"How many": ("5 200", 0.9)}``."""

    def __init__(self, answers: Mapping[str, tuple[str, float]]) -> None:
        self.answers = answers

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        sure = dict(marked for begins, marked in self.answers.items() if question.startswith(begins))
        return MarkingReader(**sure).read(question, hits)


SURE = {"How many": ("5 200", 0.9), "Who": ("Ada May Wong", 0.8), "When": ("May 2021", 0.7)}


def desk_with(tmp_path: Path, text: str = PAPER, **answers: tuple[str, float]) -> Desk:
    reader = AnsweringReader({name.replace("_", " "): marked for name, marked in answers.items()} or SURE)
    desk = desk_over(tmp_path / "library", reader)  # type: ignore[arg-type]
    desk.add([Upload("notes.txt", ferry(tmp_path / "there", "notes.txt", text))])
    return desk


def test_beginnings_are_of_different_kinds_and_all_answered(tmp_path: Path) -> None:
    desk = desk_with(tmp_path)
    found = Suggestions(desk).beginnings()
    assert set(found) == {
        "How many permits have been granted?",
        "When was the Harbour School opened?",
        "Who is the Secretary for Sails?",
        "What does HPB stand for?",
    }
    assert all(not desk.ask(question).abstained for question in found)


def test_what_is_not_answered_or_answered_otherwise_is_not_suggested(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, How_many=("met", 0.9), When=("4 March 2024", 0.9), Who=("Ada May Wong", 0.8))
    assert Suggestions(desk).beginnings() == (
        "Who is the Secretary for Sails?",
        "What does HPB stand for?",
        "Who is the Secretary for Tides?",
    )


def test_after_an_answer_something_else_is_suggested(tmp_path: Path) -> None:
    desk = desk_with(tmp_path)
    question = "Who is the Secretary for Sails?"
    found = Suggestions(desk).after(question, desk.ask(question), (), Settings())
    assert len(found) == 3
    assert question not in found
    assert "How many permits have been granted?" in found


def test_nothing_is_suggested_outside_the_limits_of_a_question(tmp_path: Path) -> None:
    desk = desk_with(tmp_path)
    settings = Settings(source="elsewhere")
    assert Suggestions(desk).after("Who?", desk.ask("Who?"), (), settings) == ()


def test_what_was_found_out_is_known_until_the_library_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_with(tmp_path)
    suggestions = Suggestions(desk)
    first = suggestions.beginnings()
    asked = desk.ask_aside
    monkeypatch.setattr(desk, "ask_aside", lambda *_, **__: pytest.fail("asked again"))
    assert suggestions.beginnings() == first
    monkeypatch.setattr(desk, "ask_aside", asked)
    desk.remove(["1"])
    assert suggestions.beginnings() == ()


def test_an_errand_waits_for_people_and_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = HeldReader("1 200 passengers")
    desk = desk_over(tmp_path / "library", reader, at_once=2)
    desk.add([Upload("ferry.txt", ferry(tmp_path / "there", text=FERRY))])
    asked = desk.asking("How many passengers?")
    assert reader.begun.acquire(timeout=30)
    monkeypatch.setattr(desk_module, "ASIDE_SECONDS", 0.05)
    with pytest.raises(Busy, match="given up"):
        desk.errand(lambda: desk.ask_aside("How many?")).result(30)
    monkeypatch.setattr(desk_module, "ASIDE_SECONDS", 30)
    aside = desk.errand(lambda: desk.ask_aside("How many passengers?"))
    assert not reader.begun.acquire(timeout=0.3)  # it does not begin while a person's question is read
    reader.let.set()
    assert asked.result(30).short == aside.result(30).short
    assert threading.active_count() < 50
    desk.close()
