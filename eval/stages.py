"""How well the stage tagger knows what a question counts: ``python -m eval.stages``."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rag.models import load_stage_tagger
from rag.stages import stages_asked
from rag.train_stages import unbracketed

QUESTIONS = Path(__file__).parent / "data" / "stages" / "test.jsonl"
SURE = 0.8  # probability


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.stages", description=__doc__)
    parser.add_argument("questions", nargs="?", type=Path, default=QUESTIONS)
    options = parser.parse_args(arguments)
    tagger = load_stage_tagger()
    found: Counter[str] = Counter()
    for line in options.questions.read_text("utf-8").splitlines():
        row = json.loads(line)
        question, stage = unbracketed(row["question"])[0], row["stage"].replace("none", "")
        told = tagger.tag(question)
        found["questions"] += 1
        found["by words alone"] += stages_asked(question) - {"change"} == ({stage} - {""})
        found["by the tagger"] += told.stage == stage
        if told.probability >= SURE:
            found["sure"] += 1
            found["right where sure"] += told.stage == stage
    for name in ("by words alone", "by the tagger", "sure"):
        print(f"{name:20}{found[name]:5} of {found['questions']}  ({found[name] / found['questions']:.0%})")
    print(f"{'right where sure':20}{found['right where sure']:5} of {found['sure']}"
          f"  ({found['right where sure'] / max(1, found['sure']):.0%})")  # fmt: skip


if __name__ == "__main__":
    main()
