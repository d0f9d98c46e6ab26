"""From questions to a report, with fakes at the seams: a small library, a reader that goes by words in common."""

from __future__ import annotations

import json
import math
import random
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from conftest import WordEmbedder

from eval.__main__ import main
from eval.baselines import BASELINES, PICKER, InTurn, Nothing
from eval.collections import read_collection
from eval.evaluating import evaluate
from eval.metrics import ndcg, reciprocal_rank
from eval.page import marked, page, percent
from eval.report import About, Report, ReportError, compared, question_word, read, write
from eval.scoring import MEASURES
from eval.sets import SHIPPED, SetError, read_questions, squad
from eval.squad import official
from eval.squad import score as score_squad
from eval.standing import fallen, into_readme, keep, last, table
from eval.validate import Question
from rag import index
from rag.__main__ import main as command
from rag.quantities import quantities
from rag.retrieval import HybridRetriever
from rag.types import Hit, Span

PLACES = "Northport Easthaven Westbay Southquay Millbrook Oakford Ashby Thornton Redcliff Greywater".split()
CARRIED = {place: 300 + 70 * number for number, place in enumerate(PLACES)}


class FigureReader:
    """Offers the first figure of each sentence, by the share of the question's words in it."""

    name = "figures"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        asked = set(re.findall(r"\w+", question.lower()))
        spans = []
        for passage in (hit.passage for hit in hits):
            for low, high in passage.sentences:
                sentence = passage.text[low - passage.start : high - passage.start]
                shared = len(asked & set(re.findall(r"\w+", sentence.lower()))) / len(asked)
                for figure in quantities(sentence)[:1]:
                    spans.append(Span(passage, low + figure.start, low + figure.end, low, high, shared**2))
        return sorted(spans, key=lambda span: -span.score)


@pytest.fixture
def ferries(tmp_path: Path, embedder: WordEmbedder) -> tuple[Path, list[Question]]:
    """Ten documents with a figure each, a question for each, and three that nothing answers."""
    folder = tmp_path / "ferries"
    folder.mkdir()
    lines = []
    for place, count in CARRIED.items():
        sentence = f"The {place} ferry carries {count} passengers a day."
        (folder / f"{place}.txt").write_text(f"{place} ferry\n\nIssued on 3 May 2023\n\n{sentence}\n", "utf-8")
        evidence = [{"doc": f"{place}.txt", "quote": sentence}]
        lines.append({"question": f"How many passengers does the {place} ferry carry a day?",
                      "answers": [str(count)], "evidence": evidence, "category": "factoid"})  # fmt: skip
    lines += [{"question": q, "unanswerable": True} for q in ("Who sails?", "What does <b>it</b> cost?", "Why blue?")]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    index(folder, tmp_path / "library", embedder=embedder)
    return tmp_path / "library", read_questions([tmp_path / "set.jsonl"])


@pytest.fixture
def report(ferries: tuple[Path, list[Question]], embedder: WordEmbedder) -> Report:
    return score(ferries, embedder)


def score(ferries: tuple[Path, list[Question]], embedder: WordEmbedder, **more: bool) -> Report:
    library, questions = ferries
    return evaluate(questions, library, "ferries", reader=FigureReader(), embedder=embedder, **more)


@contextmanager
def broken_retriever() -> Iterator[None]:
    with patch(
        "rag.answering.HybridRetriever", lambda view, dense, lexical: HybridRetriever(view, Nothing(), Nothing())
    ):
        yield


def test_each_question_is_judged_and_its_evidence_found(report: Report) -> None:
    first = report.scored[0]
    assert first.short == "300" and first.right and first.exact == 1 and first.failure is None
    assert first.citation_precision == first.citation_recall == 1 and first.quotes[0].exact
    assert first.ranks[0] == 1 and first.retrieval["nDCG@10"] == 1 and set(first.retrieval) == set(MEASURES)
    assert report.scored[-1].right and report.scored[-1].retrieval == {}
    assert report.confusion == {
        "answerable": {"right": 10, "wrong": 0, "abstained": 0},
        "unanswerable": {"right": 0, "wrong": 0, "abstained": 3},
    }
    assert {"retrieve", "read", "all"} <= {one.stage for one in report.latencies()}


def test_two_runs_score_the_same(report: Report, ferries: tuple[Path, list[Question]], embedder: WordEmbedder,
                                 tmp_path: Path) -> None:  # fmt: skip
    records = []
    for number, one in enumerate((report, score(ferries, embedder))):
        write(one, tmp_path / str(number), page(one))
        records.append(json.loads((tmp_path / str(number) / "report.json").read_text("utf-8")))
        records[-1].pop("seconds")
    assert records[0] == records[1]
    assert len((tmp_path / "0" / "questions.jsonl").read_text("utf-8").splitlines()) == 13


def test_a_broken_retriever_shuts_the_gate(report: Report, ferries: tuple[Path, list[Question]],
                                           embedder: WordEmbedder, tmp_path: Path) -> None:  # fmt: skip
    with broken_retriever():
        broken = score(ferries, embedder)
    assert {one.failure for one in broken.scored[:10]} == {"not retrieved"}
    write(broken, tmp_path / "broken", "")
    kept = read(keep(report, tmp_path / "history"))
    assert last(tmp_path / "history").parent == tmp_path / "history"
    assert {"right", "found", "false_refusal"} <= {one.figure.name for one in fallen(kept, read(tmp_path / "broken"))}
    assert fallen(kept, kept) == []


def test_one_untrue_quote_shuts_the_gate(report: Report, tmp_path: Path) -> None:
    kept = read(keep(report, tmp_path))
    record = json.loads(last(tmp_path).read_text("utf-8"))
    record["questions"]["columns"]["faithful"][0] = 0.5
    (tmp_path / "report.json").write_text(json.dumps(record), "utf-8")
    assert [one.figure.name for one in fallen(kept, read(tmp_path / "report.json"))] == ["faithful"]


def test_baselines_stand_beside_the_default(ferries: tuple[Path, list[Question]], embedder: WordEmbedder,
                                            tmp_path: Path) -> None:  # fmt: skip
    found = score(ferries, embedder, baselines=True)
    assert [run.name for run in found.baselines] == [*BASELINES, PICKER]
    record = read(keep(found, tmp_path))
    shown = table(record)
    assert all(name in shown for name in (*BASELINES, PICKER)) and "| right | **100 %** (100 to 100) |" in shown
    marks = "a\n<!-- x -->\n{}\n<!-- end of x -->\nb"
    assert into_readme(marks.format("old"), "x", shown) == marks.format(shown)
    with pytest.raises(ReportError, match="README has no"):
        into_readme("nothing", "x", shown)


def test_searches_in_turn_take_from_both() -> None:
    class Fixed:
        def __init__(self, *ids: int) -> None:
            self.ids = ids

        def search(self, query: str, limit: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
            return [(number, 1.0) for number in self.ids]

    found = InTurn(Fixed(1, 2, 3), Fixed(9, 1)).search("?", 3)
    assert [number for number, _ in found] == [1, 9, 2]
    assert found[0][1] > found[1][1] > found[2][1]


def test_the_page_escapes_all_and_asks_nothing_of_the_network(report: Report) -> None:
    shown = page(report)
    assert "What does &lt;b&gt;it&lt;/b&gt; cost?" in shown and "<b>it</b>" not in shown
    assert "<mark>300</mark>" in shown and "default-src 'none'" in shown
    assert not re.search(r"(?:src|href|action)\s*=|url\(|@import|http", shown.replace("http-equiv", ""))
    assert marked("<i>a 300</i>", ["300"]) == "&lt;i&gt;a <mark>300</mark>&lt;/i&gt;"
    assert (percent(0.999), percent(1), percent(0.5)) == ("99.9 %", "100 %", "50 %")


def test_no_question_of_a_held_out_set_is_told(ferries: tuple[Path, list[Question]], embedder: WordEmbedder,
                                               tmp_path: Path) -> None:  # fmt: skip
    held = score(ferries, embedder, held_out=True)
    write(held, tmp_path / "out", page(held))
    told = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "How many passengers does" not in told and "100 %" in told
    assert (tmp_path / "out" / "questions.jsonl").read_text("utf-8") == ""


def test_slices_are_parts_of_the_whole(report: Report) -> None:
    slices = report.slices()
    assert {part.name: part.count for part in slices["category"]} == {"factoid": 10, "all": 3}
    assert (
        sum(part.count for part in slices["question word"]) == sum(part.count for part in slices["document"]) + 3 == 13
    )
    assert [part.right.value for part in slices["category"]] == [1, 1]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How much is it?", "how many"),
        ("Whose is it?", "who"),
        ("Did it open?", "yes or no"),
        ("Is it known when it opened?", "yes or no"),
        ("budget 2024", "none"),
    ],
)
def test_a_question_is_sliced_by_its_word(question: str, word: str) -> None:
    assert question_word(question) == word


def test_reports_of_other_questions_are_not_compared(report: Report, tmp_path: Path) -> None:
    kept = read(keep(report, tmp_path))
    assert {one.verdict for one in compared(kept, kept)} == {"same"}
    record = json.loads(last(tmp_path).read_text("utf-8"))
    record["questions"]["ids"] = [f"other-{name}" for name in record["questions"]["ids"]]
    (tmp_path / "other.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(ReportError, match="no question in common"):
        compared(kept, read(tmp_path / "other.json"))
    (tmp_path / "none.json").write_text("{}", "utf-8")
    with pytest.raises(ReportError, match="is no report"):
        read(tmp_path / "none.json")


# ------------------------------------------------------------------------------------------------------------- sets


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        ('{"question": "Q?"}', 'give "answers"'),
        ('{"question": "Q?", "answers": ["a"], "unanswerable": true}', 'give "answers"'),
        ('{"question": "Q?", "answers": "a"}', "'answers' must be a list"),
        ('{"question": "Q?", "answers": ["a"], "gold": 1}', "'gold' is no key"),
        ("", "no questions in it"),
    ],
)
def test_a_faulty_set_names_its_line(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(SetError, match=message) as raised:
        read_questions([tmp_path / "own.jsonl"])
    assert not line or "own.jsonl:2" in str(raised.value)


def test_evidence_that_no_document_holds_is_named(ferries: tuple[Path, list[Question]], embedder: WordEmbedder,
                                                  tmp_path: Path) -> None:  # fmt: skip
    entry = {"question": "Q?", "answers": ["1"], "evidence": [{"doc": "Ashby.txt", "quote": "no such words"}]}
    (tmp_path / "own.jsonl").write_text(json.dumps(entry), "utf-8")
    strange = read_questions([tmp_path / "own.jsonl"])
    with pytest.raises(SetError, match="the library holds none of the evidence"):
        score((ferries[0], strange), embedder)
    *_, one = score((ferries[0], [*ferries[1], *strange]), embedder).scored
    assert one.lacking == strange[0].evidence and one.retrieval == {}


def test_a_set_without_evidence_is_scored_all_the_same(ferries: tuple[Path, list[Question]], embedder: WordEmbedder,
                                                       tmp_path: Path) -> None:  # fmt: skip
    asked = ferries[1][0].question
    (tmp_path / "own.jsonl").write_text(json.dumps({"question": asked, "answers": ["300"]}), "utf-8")
    own = score((ferries[0], read_questions([tmp_path / "own.jsonl"])), embedder)
    (one,) = own.scored
    assert one.right and one.citation_precision == 1 and one.retrieval == {} and "100 %" in page(own)


def test_the_shipped_set_is_read_without_the_held_out_questions() -> None:
    names = {question.id for question in read_questions(SHIPPED)}
    assert len(names) > 250 and not any(name.startswith("held-") for name in names)


def test_only_what_goes_together_is_taken(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--gate", "--limit", "3"]) == 2
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert main(["--compare", str(tmp_path), str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "whole shipped set" in told and "none.jsonl cannot be read" in told and "report.json cannot be read" in told


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                                        tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setattr("eval.__main__._library", lambda *_: tmp_path)
    monkeypatch.setattr("eval.evaluating.evaluate", lambda *_, **__: Report(About("a", "b", "c", "d"), (), {}))
    assert main(["--out", str(tmp_path)]) == 2
    assert "pip install 'vouch[eval]'" in capsys.readouterr().err


def test_the_command_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["eval", "--limit", "2", "--out", str(tmp_path / "out")]) == 0
    assert "quote fidelity" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "questions.jsonl",
        "report.html",
        "report.json",
    ]
    kept = read(tmp_path / "out")
    assert len(kept.run.ids) == 2 and kept.about.reader == "as shipped"


# ------------------------------------------------------------------------------------------------ standard formats


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Ferries",
            "paragraphs": [
                {
                    "context": "The Northport ferry carries 300 passengers a day.",
                    "qas": [
                        {"id": "a", "question": "How many passengers does the Northport ferry carry a day?",
                         "answers": [{"text": "300", "answer_start": 28}],
                         "is_impossible": False},
                        {"id": "b", "question": "Which paint was used?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ],
}  # fmt: skip


def test_squad_is_scored_by_its_official_definition() -> None:
    """Worked by hand: right, half right (2 of 3 words against 2), wrongly answered, rightly silent, missing."""
    gold = {"a": ["the Long Bridge", "Bridge"], "b": ["in May 2020"], "c": [], "d": [], "e": ["Ada"]}
    given = {"a": "Long Bridge", "b": "May", "c": "something", "d": ""}
    found = official(given, gold)
    assert found.exact == pytest.approx(2 / 5)
    assert found.f1 == pytest.approx((1 + 2 * 1 / (1 + 3) + 0 + 1 + 0) / 5)
    assert found.has_answer_f1 == pytest.approx((1 + 0.5 + 0) / 3) and found.no_answer == 0.5


def test_a_squad_file_is_read_over_its_passages(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps(SQUAD), "utf-8")
    scored, found = score_squad(tmp_path / "dev.json", FigureReader())
    assert [(one.short, one.right) for one in scored] == [("300", True), (None, True)]
    assert (found.exact, found.f1) == (1, 1)
    paragraph = SQUAD["data"][0]["paragraphs"][0]  # type: ignore[index]
    lines = [json.dumps({**entry, "context": paragraph["context"]}) for entry in paragraph["qas"]]
    (tmp_path / "dev.jsonl").write_text("\n".join(lines), "utf-8")
    assert squad(tmp_path / "dev.jsonl") == squad(tmp_path / "dev.json")
    (tmp_path / "bad.json").write_text("[]", "utf-8")
    with pytest.raises(SetError, match="not in SQuAD's format"):
        squad(tmp_path / "bad.json")


def test_a_beir_folder_is_a_collection(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "title": "", "text": "Ferry."}\n', "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "ferry?"}\n{"_id": "q2", "text": "?"}\n', "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n", "utf-8")
    found = read_collection(tmp_path)
    assert found.documents == {"d1": ("", "Ferry.")} and found.queries == {"q1": "ferry?"}
    assert found.relevant == {"q1": {"d1": 2}}


def test_ir_measures_agree_with_the_textbook_on_random_runs() -> None:
    import ir_measures

    chance = random.Random(0)
    for _ in range(30):
        names = [f"d{i}" for i in range(12)]
        grades = {name: chance.randint(0, 1) for name in names}
        grades["d0"] = 1
        ranking = chance.sample(names, 10)
        qrels = [ir_measures.Qrel("q", name, grade) for name, grade in grades.items()]
        run = [ir_measures.ScoredDoc("q", name, -rank) for rank, name in enumerate(ranking)]
        wanted = [ir_measures.parse_measure(name) for name in MEASURES]
        found = {str(measure): value for measure, value in ir_measures.calc_aggregate(wanted, qrels, run).items()}
        best = sum(1 / math.log2(rank + 2) for rank in range(min(10, sum(grades.values()))))
        gain = sum(grades[name] / math.log2(rank + 2) for rank, name in enumerate(ranking))
        assert found["nDCG@10"] == pytest.approx(gain / best) == pytest.approx(ndcg(ranking, grades))
        assert found["RR@10"] == pytest.approx(reciprocal_rank(ranking, grades))
        assert found["R@10"] == pytest.approx(sum(grades[name] for name in ranking) / sum(grades.values()))
        assert found["Success@5"] == float(any(grades[name] for name in ranking[:5]))
