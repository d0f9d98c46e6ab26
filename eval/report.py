"""A run as files: ``report.json``, ``report.html`` and ``questions.jsonl``, one line a question."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from eval.figures import FIGURES, Change, Run, changes
from eval.judging import FAILURES
from eval.resampling import Interval
from eval.scoring import Scored
from rag.errors import RagError
from rag.rendering import to_json


class ReportError(RagError):
    """A file that is no report, or reports that cannot be held against each other."""


@dataclass(frozen=True, slots=True)
class About:
    """What was asked of what: shown on the report, and kept in it."""

    set: str
    library: str
    reader: str
    version: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the questions: how many, how many of them right and answered, and the evidence found."""

    name: str
    count: int
    right: Interval
    answered: float
    found: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of one stage: the median and what one question in twenty takes at least."""

    stage: str
    median: float
    slow: float


@dataclass(frozen=True, slots=True)
class Report:
    """A run over a set, with the runs it is compared with: the baselines, by what they lack."""

    about: About
    scored: tuple[Scored, ...]
    published: Mapping[str, dt.date]
    baselines: tuple[Run, ...] = ()
    held_out: bool = False  # then no single question is shown: nobody shall tune by it

    @property
    def run(self) -> Run:
        """The values of every question."""
        return Run.of("Vouch", self.scored)

    @property
    def failures(self) -> dict[str, int]:
        """How many questions went wrong, by why, the most frequent first."""
        found = Counter(one.failure for one in self.scored if one.failure)
        return {name: count for name, count in found.most_common() if name in FAILURES}

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """Answerable or not, against answered rightly, wrongly or not."""
        table = {name: {"right": 0, "wrong": 0, "abstained": 0} for name in ("answerable", "unanswerable")}
        for one in self.scored:
            outcome = "abstained" if not one.answered else "right" if one.right else "wrong"
            table["unanswerable" if one.question.unanswerable else "answerable"][outcome] += 1
        return table

    def slices(self) -> dict[str, list[Slice]]:
        """The questions by category, document, question word and age of what answers them."""
        newest = max(self.published.values(), default=None)
        ways: dict[str, Callable[[Scored], Sequence[str]]] = {
            "category": lambda one: [one.question.category],
            "question word": lambda one: [question_word(one.question.question)],
            "document": lambda one: sorted({evidence.doc for evidence in one.question.evidence}),
            "age of the evidence": lambda one: [age(one, self.published, newest)],
        }
        return {name: _sliced(self.scored, way) for name, way in ways.items()}

    def latencies(self) -> list[Latency]:
        """Each stage that was timed, the whole last."""
        stages = dict.fromkeys(stage for one in self.scored for stage in one.seconds)
        found = []
        for stage in sorted(stages, key=lambda stage: stage == "all"):
            seconds = [one.seconds.get(stage, 0.0) for one in self.scored]
            cuts = quantiles([*seconds, *seconds], n=20, method="inclusive")  # twice: one question has quantiles too
            found.append(Latency(stage, cuts[9], cuts[18]))
        return found


def _sliced(scored: Sequence[Scored], way: Callable[[Scored], Sequence[str]]) -> list[Slice]:
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        for name in way(one):
            groups[name].append(one)
    found = []
    for name, group in groups.items():
        run = Run.of(name, group)
        right, at_five = run.interval(FIGURES["right"]), run.interval(FIGURES["found"])
        assert right  # a group has a question
        answered = sum(one.answered for one in group) / len(group)
        found.append(Slice(name, len(group), right, answered, at_five.value if at_five else None))
    return sorted(found, key=lambda part: (-part.count, part.name))


_WORDS = re.compile(
    r"\b(who|whose|whom|when|where|why|how many|how much|how|which|what|whats|whos)\b"
    r"|^(?:is|are|was|were|did|does|do|has|have|had|can|should|will)\b",
    re.IGNORECASE,
)
_ALIKE = {"whose": "who", "whom": "who", "whos": "who", "whats": "what", "how much": "how many"}


def question_word(question: str) -> str:
    """What a question opens with: who, when, how many; "yes or no"; "none" for bare keywords."""
    found = _WORDS.search(question)
    if found is None:
        return "none"
    word = (found.group(1) or "yes or no").lower()
    return _ALIKE.get(word, word)


_AGES = ((31, "up to a month"), (183, "up to half a year"), (366, "up to a year"))


def age(one: Scored, published: Mapping[str, dt.date], newest: dt.date | None) -> str:
    """How much older the newest evidence is than the newest document."""
    dates = [published[evidence.doc] for evidence in one.question.evidence if evidence.doc in published]
    if newest is None or not dates:
        return "no dated evidence"
    days = (newest - max(dates)).days
    return next((label for most, label in _AGES if days <= most), "older")


def write(report: Report, folder: Path, page: str) -> None:
    """The three files; the folder is made where there is none. Of a held-out set no single question is told."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(to_record(report), indent=1) + "\n", "utf-8")
    (folder / "report.html").write_text(page, "utf-8")
    lines = [json.dumps(to_json(one), ensure_ascii=False) for one in report.scored if not report.held_out]
    (folder / "questions.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def to_record(report: Report) -> dict[str, Any]:
    """The report as JSON values; all but ``seconds`` is the same for the same input."""
    run = report.run
    return {
        "about": to_json(report.about),
        "figures": figures_of(run),
        "baselines": {
            baseline.name: {
                "figures": figures_of(baseline),
                "verdicts": {one.figure.name: one.verdict for one in changes(run, baseline)},
            }
            for baseline in report.baselines
        },
        "failures": report.failures,
        "confusion": report.confusion,
        "slices": to_json(report.slices()),
        "questions": {"ids": run.ids, "columns": run.columns},
        "seconds": {one.stage: [round(one.median, 4), round(one.slow, 4)] for one in report.latencies()},
    }


def figures_of(run: Run) -> dict[str, dict[str, float]]:
    """Every figure that applies, with its bounds, by name."""
    found = ((name, run.interval(figure)) for name, figure in FIGURES.items())
    return {name: {key: round(value, 4) for key, value in to_json(one).items()} for name, one in found if one}


@dataclass(frozen=True, slots=True)
class Record:
    """A report read back."""

    about: About
    figures: Mapping[str, Interval]
    baselines: Mapping[str, tuple[Mapping[str, Interval], Mapping[str, str]]]
    run: Run
    seconds: Mapping[str, tuple[float, float]]


def read(path: Path) -> Record:
    """A ``report.json``, or the folder it is in. Raises ReportError."""
    path = path / "report.json" if path.is_dir() else path
    try:
        record = json.loads(path.read_text("utf-8"))
        return Record(
            About(**record["about"]),
            _intervals(record["figures"]),
            {name: (_intervals(entry["figures"]), entry["verdicts"]) for name, entry in record["baselines"].items()},
            Run(
                str(path),
                tuple(record["questions"]["ids"]),
                {name: tuple(values) for name, values in record["questions"]["columns"].items()},
            ),
            {stage: (median, slow) for stage, (median, slow) in record["seconds"].items()},
        )
    except OSError as error:
        raise ReportError(f"{path} cannot be read ({error.strerror}): name a report.json or its folder") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{path} is no report of this version ({error!r}): score the set again") from error


def _intervals(figures: Mapping[str, Mapping[str, float]]) -> dict[str, Interval]:
    return {
        name: replace(Interval(**value), count=int(value["count"]))  # type: ignore[arg-type]
        for name, value in figures.items()
    }


def compared(old: Record, new: Record, names: Sequence[str] = tuple(FIGURES)) -> list[Change]:
    """What changed between two reports of the same questions. Raises ReportError."""
    try:
        return changes(old.run, new.run, names)
    except (ValueError, KeyError) as error:
        raise ReportError(f"these reports cannot be compared: {error}") from error
