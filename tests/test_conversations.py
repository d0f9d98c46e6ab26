"""Conversations: kept whole, found again, deleted to the last word."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from rag.types import (
    Answer,
    Basis,
    Brief,
    Change,
    Citation,
    Comparison,
    Entry,
    Grounds,
    Hit,
    Moment,
    PartialDate,
    Passage,
    Plan,
    Point,
    Published,
    Quantity,
    Reference,
    Removed,
    Series,
    Side,
    Told,
)
from ui.conversations import (
    ConversationNotFound,
    Conversations,
    ConversationsUnreadable,
    Rating,
    Settings,
    file_beside,
)
from ui.desk import Record

CITED = Citation(
    1, 4, "/a/b.txt", "Ferry", Published(PartialDate(None, 6, 3), Basis.INFERRED, "June 3"), 10, 20, "over 1 200", 2
)
WHEN = Moment(dt.date(2024, 2, 29), None, "end-February 2024", Grounds.RELATIVE, "at the end", dt.date(2022, 12, 1))
WHOLE = Answer(
    question="How many?",
    text="over 1 200 [1]",
    short="over 1 200",
    citations=(CITED,),
    confidence=0.75,
    as_of=dt.date(2024, 3, 1),
    moment=WHEN,
    timeline=(Point("over 1 200", WHEN, CITED, Quantity(Decimal("1200.5"), "passengers", "over", 0, 10)),),
    computed=("60",),
    hits=(Hit(Passage(7, 4, 0, 30, "text", ((0, 4),), ("Ferry",)), 0.5, 1, None, 0.25, None),),
    timings={"read": 0.125},
)
RECORD = Record("0.1.0", "/lib", False, "00ff", 3, "mini", "ab" * 32, "reader", "cd" * 32, 0.2, {4: "ef" * 32})
REFERENCE = Reference(4, "/a/b.txt", "Ferry", CITED.published)
SAID = Entry(WHEN, CITED, (CITED,), 0.5)
BRIEF = Brief(
    topic="ferry",
    entries=(SAID,),
    figures=(Series("passengers", WHOLE.timeline, WHOLE.timeline),),
    plans=(Plan(SAID, SAID), Plan(SAID)),
    citations=(CITED,),
    first=REFERENCE,
    last=REFERENCE,
    documents=1,
    as_of=dt.date(2024, 3, 1),
    left_out=1,
    timings={"brief": 0.5},
    text="It carries over 1 200 [1].",
    written_by="tiny",
    removed=(Removed("It sank.", "No."),),
    notes=("a note",),
)
COMPARISON = Comparison(
    topic="ferry",
    first=Side("by 1 March 2024", dt.date(2024, 3, 1), None, 2),
    second=Side("Ferry", None, REFERENCE, 1),
    changed=(Change("passengers", WHOLE.timeline[0], WHOLE.timeline[0], "about 60", WHOLE.timeline),),
    same=(Change("piers", WHOLE.timeline[0], WHOLE.timeline[0]),),
    only_first=(SAID,),
    only_second=(SAID,),
    both=(SAID,),
    citations=(CITED,),
)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "deep" / "conversations.sqlite3")


def test_an_answer_comes_back_exactly_as_it_was_given(kept: Conversations) -> None:
    settings = Settings(dt.date(2024, 3, 1), dt.date(2020, 1, 1), "notices", RECORD)
    conversation = kept.start()
    turn = kept.append(conversation.id, "How many?", WHOLE, settings)
    kept.append(conversation.id, "And who?", Answer("And who?", None, reason="nobody says"))
    first, second = kept.turns(conversation.id)
    assert first == turn and first.answer == WHOLE and first.settings == settings
    assert second.answer.abstained and second.settings == Settings()


def test_the_list_is_newest_first_and_searched_by_every_word(kept: Conversations) -> None:
    ferry, tram = kept.start(), kept.start(title="Trams and costs")
    kept.append(ferry.id, "How many on the   ferry?", WHOLE)
    assert [one.id for one in kept.recent()] == [ferry.id, tram.id]
    assert [(one.title, one.turns) for one in kept.recent()] == [("How many on the ferry?", 1), ("Trams and costs", 0)]
    assert [one.id for one in kept.recent(matching="FERRY over")] == [ferry.id]
    assert kept.recent(matching="ferry tram") == ()
    assert kept.recent(matching="100%") == () and kept.recent(matching="_") == ()  # no wildcards
    assert len(kept.recent(limit=1)) == 1


def test_everyone_sees_their_own(kept: Conversations) -> None:
    mine, yours = kept.start("anna"), kept.start("ben")
    assert [one.id for one in kept.recent("anna")] == [mine.id]
    assert [one.id for one in kept.recent("ben")] == [yours.id]
    assert len(mine.id) == 16 and mine.id != yours.id


def test_rating_renaming_and_editing(kept: Conversations) -> None:
    conversation = kept.start()
    first, second, third = (kept.append(conversation.id, f"Q{n}", WHOLE) for n in (1, 2, 3))
    kept.rate(first.id, Rating.DOWN, "the wrong year")
    kept.rate(second.id, Rating.UP)
    kept.rate(second.id, None)
    kept.cut(conversation.id, third.id)
    kept.rename(conversation.id, "Ferries")
    assert kept.conversation(conversation.id).title == "Ferries"
    assert [(turn.rating, turn.note) for turn in kept.turns(conversation.id)] == [
        (Rating.DOWN, "the wrong year"),
        (None, ""),
    ]


def test_what_is_deleted_leaves_no_word_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    kept = Conversations(file)
    conversation, other = kept.start(), kept.start(title="stays")
    kept.append(conversation.id, "Who is Quillfeather?", WHOLE)
    assert b"Quillfeather" in file.read_bytes()
    kept.delete(conversation.id)
    assert b"Quillfeather" not in file.read_bytes() and [one.id for one in kept.recent()] == [other.id]


def test_what_is_not_there_is_named(kept: Conversations) -> None:
    for attempt in (
        lambda: kept.conversation("x"),
        lambda: kept.turns("x"),
        lambda: kept.append("x", "Q", WHOLE),
        lambda: kept.delete("x"),
        lambda: kept.rename("x", "y"),
        lambda: kept.rate(9, Rating.UP),
    ):
        with pytest.raises(ConversationNotFound):
            attempt()


def test_a_file_that_is_none_of_ours_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"not a database" * 100)
    with pytest.raises(ConversationsUnreadable, match="move the file away"):
        Conversations(tmp_path / "junk").recent()
    with sqlite3.connect(tmp_path / "newer") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ConversationsUnreadable, match="another version"):
        Conversations(tmp_path / "newer").start()


def test_many_write_at_once(kept: Conversations) -> None:
    conversation = kept.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: kept.append(conversation.id, f"Q{n}", WHOLE), range(24)))
    assert {turn.question for turn in kept.turns(conversation.id)} == {f"Q{n}" for n in range(24)}


def test_keeping_conversations_makes_no_library(tmp_path: Path) -> None:
    Conversations(file_beside(tmp_path / "library")).start()
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("told", [WHOLE, BRIEF, COMPARISON, replace(BRIEF, reason="nothing"), Answer("Q?", None)])
def test_what_was_told_comes_back_as_it_was(kept: Conversations, told: Told) -> None:
    number = kept.start().id
    kept.append(number, "ferry", told)
    (turn,) = kept.turns(number)
    assert turn.answer == told and type(turn.answer) is type(told)


def test_a_brief_is_found_by_its_quotes(kept: Conversations) -> None:
    kept.append(kept.start().id, "boats", replace(BRIEF, text=None))
    assert len(kept.recent(matching="over 1 200")) == 1 and not kept.recent(matching="zeppelin")
