"""Scores Vouch: ``rag eval``, or ``python -m eval``.

Without a file the shipped questions are put to the sample library. Writes report.html, report.json and questions.jsonl.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError

if TYPE_CHECKING:
    from eval.figures import Change
    from eval.report import Report
    from eval.validate import Question

OUT = Path("eval-report")


def main(arguments: Sequence[str] | None = None, program: str = "python -m eval") -> int:
    """Score, compare, or renew the README; 0 done, 1 a headline has fallen, 2 an error."""
    options = _parser(program).parse_args(arguments)
    try:
        return _run(options)
    except ImportError as error:
        print(f"rag: scoring needs {error.name}: pip install 'vouch[eval]'", file=sys.stderr)
        return 2
    except RagError as error:
        from rag.rendering import plain

        print(f"rag: {plain(str(error))}", file=sys.stderr)
        return 2


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("questions", type=Path, nargs="?", metavar="QUESTIONS.jsonl", help="your own questions")
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library they are about (default: the sample)")
    parser.add_argument("--documents", type=Path, metavar="DIR", help="or a folder of documents, indexed for this run")
    parser.add_argument("--held-out", action="store_true", help="the shipped questions that nothing is tuned on")
    parser.add_argument("--baselines", action="store_true", help="also with each part taken out or replaced")
    parser.add_argument("--without-time", action="store_true", help="the default run without time handling")
    parser.add_argument("--reader", metavar="MODEL", help="question-answering model: a folder or a hub name")
    parser.add_argument("--limit", type=int, metavar="N", help="only N questions, a fixed random choice")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"where the report goes (default: {OUT})")
    parser.add_argument(
        "--squad",
        type=Path,
        metavar="FILE",
        help="score the reader on a SQuAD 1.1 or 2.0 file (JSON, or JSON lines with context)",
    )
    parser.add_argument("--beir", type=Path, metavar="DIR", help="score retrieval on a BEIR collection")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("A", "B"), help="what changed between two reports")
    parser.add_argument("--gate", action="store_true", help="fail where a headline falls below the last report kept")
    parser.add_argument("--readme", action="store_true", help="keep the report, with baselines, and renew the README")
    return parser


def _run(options: argparse.Namespace) -> int:
    from eval.report import compared, read

    if options.compare:
        old, new = map(read, options.compare)
        _print_changes(compared(old, new))
        return 0
    if options.beir:
        from eval.retrieval import main as retrieval

        retrieval([str(options.beir), *(["--library", str(options.library)] if options.library else [])])
        return 0
    if options.squad:
        return _squad(options)
    return _score(options)


def _squad(options: argparse.Namespace) -> int:
    from eval.report import About, Report
    from eval.squad import score
    from rag import __version__
    from rag.models import load_reader

    reader = load_reader(options.reader)
    scored, official = score(options.squad, reader, options.limit)
    about = About(options.squad.name, "their own passages", Path(reader.name).name, __version__)
    _write(Report(about, tuple(scored), {}), options.out)
    print(f"SQuAD {len(scored)} questions: exact {official.exact:.4f}, F1 {official.f1:.4f}")
    for name, value in (("with an answer, F1", official.has_answer_f1), ("without one, refused", official.no_answer)):
        if value is not None:
            print(f"{name:<22} {value:.4f}")
    return 0


def _score(options: argparse.Namespace) -> int:
    from eval.evaluating import evaluate
    from eval.report import read
    from eval.standing import fallen, keep, last, renew_readme
    from rag.models import load_reader

    name, questions = _questions(options)
    with ExitStack() as stack:
        library = _library(options, stack)
        report = evaluate(questions, library, name, reader=load_reader(options.reader), held_out=options.held_out,
                          baselines=options.baselines or options.readme, timeless=options.without_time)  # fmt: skip
    _write(report, options.out)
    if options.gate:
        worse = fallen(read(last()), read(options.out))
        print(f"{'fallen' if worse else 'nothing has fallen'} since {last().stem}{':' if worse else ''}")
        _print_changes(worse)
        return int(bool(worse))
    if options.readme:
        print(f"kept as {keep(report)}")
        renew_readme()
    return 0


def _questions(options: argparse.Namespace) -> tuple[str, list[Question]]:
    from eval.sets import HELD_OUT, SHIPPED, SetError, choice, read_questions

    shipped = (HELD_OUT,) if options.held_out else SHIPPED
    if options.questions and options.held_out:
        raise SetError("--held-out is a set of its own: leave QUESTIONS.jsonl out")
    if (options.gate or options.readme) and (options.questions or options.held_out or options.limit):
        raise SetError("--gate and --readme score the whole shipped set: leave other sets and --limit out")
    questions = choice(read_questions([options.questions] if options.questions else shipped), options.limit)
    if options.questions:
        return options.questions.name, questions
    return "the held-out questions" if options.held_out else "the shipped questions", questions


def _library(options: argparse.Namespace, stack: ExitStack) -> Path:
    from rag.indexing import index
    from rag.places import sample_documents

    if options.library:
        return Path(options.library)
    scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    index(options.documents or sample_documents(), scratch)
    return scratch


def _write(report: Report, folder: Path) -> None:
    from eval.figures import FIGURES
    from eval.page import figure_text, page
    from eval.report import write

    write(report, folder, page(report))
    for name, figure in FIGURES.items():
        found = report.run.interval(figure)
        if found:
            bounds = f"({figure_text(found.low, name)} to {figure_text(found.high, name)})"
            print(f"{figure.label:<31} {figure_text(found.value, name):>7}  {bounds:<19} of {found.count}")
    for one in report.scored:
        for evidence in one.lacking:
            print(
                f"{one.question.id}: {evidence.doc} does not hold {evidence.quote!r}; scored without", file=sys.stderr
            )
    print(f"{folder / 'report.html'}")


def _print_changes(changes: Sequence[Change]) -> None:
    from eval.page import figure_text

    for one in changes:
        old, new = (figure_text(value, one.figure.name) for value in (one.old, one.new))
        verdict = "" if one.verdict == "same" else f"  {one.verdict}"
        print(f"{one.figure.label:<31} {old:>7} -> {new:>7}   p = {one.difference.p:.3f}{verdict}")


if __name__ == "__main__":
    sys.exit(main())
