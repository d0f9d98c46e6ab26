"""Briefs judged against what a person wrote down: what is held, what is missing, what is astray."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from eval.briefs import SHIPPED, Topic, judge, main, read, report
from eval.sets import SetError
from rag.types import Brief, Citation, Entry, Grounds, Moment, Published


def told(*quotes: str) -> Brief:
    moment = Moment(dt.date(2024, 1, 1), dt.date(2024, 1, 1), "1 January 2024", Grounds.PUBLISHED)
    citations = [
        Citation(number, 1, "a.txt", "A", Published(), 0, len(quote), quote) for number, quote in enumerate(quotes, 1)
    ]
    return Brief("ferry", tuple(Entry(moment, one) for one in citations), citations=tuple(citations))


TOPIC = Topic("ferry", (("700 + people",), ("nine piers", "ten piers")), ("ferry", "piers"), ("bridge",))


def test_a_need_is_met_by_one_quote_that_holds_all_its_words() -> None:
    judged = judge(TOPIC, told("The ferry carries 700\npeople.", "There are ten piers."))
    assert judged.missing == judged.astray == ()
    apart = judge(TOPIC, told("The ferry has 700 seats.", "People like the ferry."))
    assert apart.missing == TOPIC.must


def test_a_statement_is_astray_without_the_words_of_its_topic_or_with_others() -> None:
    judged = judge(TOPIC, told("The ferry sails.", "It rains.", "The bridge is near the ferry."))
    assert judged.astray == ("It rains.", "The bridge is near the ferry.")


def test_the_report_gives_shares_and_how_many_they_are_of() -> None:
    nothing = Topic("submarines", (), (), ())
    judged = [judge(TOPIC, told("There are ten piers.")), judge(nothing, Brief("submarines", reason="nothing"))]
    assert "| must-have statements quoted | 50% | 2 |" in report(judged)
    assert "| empty topics said to be so | 100% | 1 |" in report(judged)


def test_the_shipped_topics_are_read_and_unfit_lines_are_refused(tmp_path: Path) -> None:
    topics = read(SHIPPED)
    assert len(topics) == 21 and sum(not topic.must for topic in topics) == 4
    for line in ('{"topic": "a"}', '{"topic": "a", "must": [["b"]], "nothing": true}', "{", '{"must": [["b"]]}'):
        (tmp_path / "topics.jsonl").write_text(line)
        with pytest.raises(SetError):
            read(tmp_path / "topics.jsonl")


def test_the_command_prints_a_table(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "topics.jsonl").write_text('{"topic": "OASES", "must": [["December 2022"]], "about": ["oases"]}\n')
    main([str(tmp_path / "topics.jsonl"), "--each"])
    shown = capsys.readouterr().out
    assert "| must-have statements quoted | 100% | 1 |" in shown and "OASES: " in shown
