"""Briefs and comparisons as HTML: every figure and quote opens its source, and nothing in them is markup."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from test_conversations import BRIEF, CITED, COMPARISON, REFERENCE, SAID, WHOLE
from test_rendering import KNOWN, NASTY, Reader, harmless

from rag.types import Brief, Comparison, PartialDate, Plan, Removed
from ui import telling, texts

KNOWN |= {"h4", "b"}


def shown(told: Brief | Comparison, **more: object) -> str:
    return telling.turn_html(7, "ferry", told, **more)  # type: ignore[arg-type]


@given(NASTY, NASTY)
def test_nothing_in_them_is_markup(words: str, name: str) -> None:
    citation = replace(CITED, quote=words, title=name, source=name)
    said = replace(SAID, citation=citation, also=(citation,), moment=replace(SAID.moment, label=name))
    point = replace(WHOLE.timeline[0], value=words, citation=citation)
    brief = replace(
        BRIEF,
        entries=(said,),
        figures=(replace(BRIEF.figures[0], label=name, points=(point, point), conflicts=(point,)),),
        citations=(citation,),
        text=f"{words} [1]",
        written_by=name,
        removed=(Removed(words, name),),
        notes=(words,),
    )
    change = replace(COMPARISON.changed[0], label=name, first=point, difference=words, conflicts=(point,))
    sides = {"first": replace(COMPARISON.second, name=name, document=replace(REFERENCE, title=words))}
    both = replace(COMPARISON, changed=(change,), only_first=(said,), citations=(citation,), notes=(words,), **sides)
    for told in (brief, both, replace(brief, reason=words), replace(brief, text=None, notes=())):
        read = harmless(telling.turn_html(1, words, told, note=name))
        assert "\u202e" not in read.text and "\x00" not in read.text


def test_a_brief_shows_figures_quotes_plans_and_sources_that_open() -> None:
    dated = replace(CITED, published=replace(CITED.published, date=PartialDate(2024, 3)))
    plan = Plan(replace(SAID, citation=dated, also=(dated,)))
    read = harmless(shown(replace(BRIEF, text=None, notes=(), plans=(*BRIEF.plans, plan))))
    told = (
        "1 document",
        "Passengers",
        "end-February 2024",
        "Also in",
        "Said since March 2024",
        "Later",
        texts.NO_LATER,
    )
    for words in told:
        assert words in read.text, words
    marks = [attributes for tag, attributes in read.tags if attributes.get("class") == "mark"]
    assert len(marks) >= 8 and all(one["data-document"] == "4" and one["data-start"] == "10" for one in marks)
    assert any(tag == "button" and attributes.get("class") == "cited" for tag, attributes in read.tags)
    assert not any(attributes.get("class") == "quiet own" for _, attributes in read.tags)


def test_what_a_model_wrote_stands_above_and_the_quotes_are_folded_until_it_fails() -> None:
    whole, broken = shown(replace(BRIEF, notes=())), shown(BRIEF)
    assert whole.index("It carries over 1 200") < whole.index("Passengers") and "Written by" in whole
    assert 'class="quiet own"' in whole and 'class="quiet own"' not in broken and "a note" in broken
    assert "<s><bdi>It sank.</bdi></s>" in whole


def test_a_comparison_faces_figures_and_marks_what_is_worked_out() -> None:
    read = Reader(shown(COMPARISON))
    cells = [attributes["data-side"] for tag, attributes in read.tags if "data-side" in attributes]
    assert cells[:2] == ["By 1 March 2024", "“Ferry”"]
    assert "about 60 higher" in read.text and texts.COMPUTED in read.text
    (turn,) = [attributes for tag, attributes in read.tags if tag == "article"]
    assert (turn["data-mode"], turn["data-first"], turn["data-second"]) == ("compare", "2024-03-01", "Ferry")


def test_where_nothing_is_said_it_says_so_and_what_may_help() -> None:
    html = shown(replace(BRIEF, reason="nothing is said", text=None), asked='<p class="limits">2020</p>')
    assert texts.NOTHING_ON_IT in html and "Nothing is said" in html and 'data-act="free"' in html
