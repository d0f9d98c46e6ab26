"""The stage tagger: training, loading, refusals, and what the shipped one makes of wordings no list holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file
from tiny import tiny_bert

from rag.errors import ModelDamaged, ModelNotFound
from rag.models import STAGE_TAGGER, load_stage_tagger
from rag.stage_tagging import FILE, STAGES, StageTagger
from rag.train_stages import main, unbracketed


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny encoder, and a tagger trained on it that has learned two questions by heart."""
    base, out = tiny_bert(tmp_path_factory.mktemp("base")), tmp_path_factory.mktemp("tagger")
    rows = [
        {"question": "how many people [came over the bridge]", "stage": "arrived"},
        {"question": "what did the council say of the ferry", "stage": "none"},
    ]
    data = out / "data.jsonl"
    data.write_text("\n".join(json.dumps(row) for row in rows * 8), "utf-8")
    main([str(data), "--out", str(out), "--start", str(base), "--epochs", "60", "--rate", "3e-3"])
    return base, out


def test_it_learns(folders: tuple[Path, Path]) -> None:
    tagger = StageTagger(*folders)
    told = tagger.tag("how many people came over the bridge")
    assert told.stage == "arrived" and told.probability > 0.5
    assert any("bridge" in "how many people came over the bridge"[start:end] for start, end in told.words)
    assert tagger.tag("what did the council say of the ferry").stage == ""


def test_odd_questions_have_a_tag(folders: tuple[Path, Path]) -> None:
    tagger = StageTagger(*folders)
    for question in ("", " ", "?", "a" * 3_000, "ferry " * 900, "\x00", "🚢"):
        told = tagger.tag(question)
        assert told.stage in STAGES and 0 <= told.probability <= 1
        assert all(0 <= start < end <= len(question) for start, end in told.words)


def test_what_is_not_there_or_not_whole_is_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    base, out = folders
    with pytest.raises(ModelNotFound, match="install Vouch again"):
        StageTagger(base, tmp_path)
    with pytest.raises(ModelDamaged, match="not the stage tagger that was shipped"):
        StageTagger(base, out, sha256="0" * 64)
    (tmp_path / FILE).write_bytes(b"no tensors")
    with pytest.raises(ModelDamaged):
        StageTagger(base, tmp_path)
    weights = load_file(out / FILE)
    del weights["words.bias"]
    save_file(weights, tmp_path / FILE)
    with pytest.raises(ModelDamaged, match="no stage tagger"):
        StageTagger(base, tmp_path)


def test_brackets_are_taken_out() -> None:
    question, told = unbracketed("How many [got] it and [came]?")
    assert question == "How many got it and came?" and [question[a:b] for a, b in told] == ["got", "came"]


@pytest.mark.parametrize(
    ("question", "stage"),
    [
        ("How many bids came up trumps with the harbour office?", "approved"),
        ("How many people have unpacked their suitcases in Norland?", "arrived"),
        ("How many hopefuls knocked on the door of the scheme?", "received"),
        ("How many applications were shown the door?", "refused"),
        ("Who won the poetry prize?", ""),
        ("When does the law come into force?", ""),
    ],
)
def test_the_shipped_tagger_knows_idioms(question: str, stage: str) -> None:
    assert (STAGE_TAGGER / FILE).stat().st_size < 15_000_000
    assert load_stage_tagger().tag(question).stage == stage
