"""The support score: loading, refusals, the arithmetic of its heads, and what it thinks of plain lies."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny import tiny_reader

from rag.errors import ModelDamaged, ModelNotFound
from rag.models import READER, SUPPORT, load_support
from rag.support import FILE, SupportScorer
from rag.train_support import Claim, SupportModel, export, load_tokenizer, pad, rows_of

SOURCE = "The council opened the night ferry. It carried people to the north bridge in the first year."


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny reader, and a support score on it whose upper layers are its own."""
    reader, support = tmp_path_factory.mktemp("reader"), tmp_path_factory.mktemp("support")
    tiny_reader(reader)
    torch.manual_seed(3)
    model = SupportModel(reader)
    for weight in (*model.borne.parameters(), *model.wrong.parameters()):
        torch.nn.init.normal_(weight, std=1.0)
    for weight in model.bert.encoder.layer[-1:].parameters():
        weight.data += 0.05 * torch.randn_like(weight)
    export(model, support)
    return reader, support


def test_scores_are_those_of_the_trained_model(folders: tuple[Path, Path]) -> None:
    reader, support = folders
    pairs = [("The council opened the ferry.", SOURCE), ("The ferry ended.", SOURCE), ("North", "South")]
    model = SupportModel(reader)
    model.load_state_dict({k: w.float() for k, w in load_file(support / FILE).items()}, strict=False)
    rows = rows_of([Claim(claim, source, True) for claim, source in pairs], load_tokenizer(reader))
    with torch.inference_mode():
        expected = torch.sigmoid(model(pad(rows, "cpu"))[0]).tolist()
    found = SupportScorer(reader, support).scores(pairs)
    assert found == pytest.approx(expected, abs=0.03)
    assert len({round(score, 3) for score in found}) == 3  # it has opinions


def test_a_long_source_is_judged_by_its_best_window(folders: tuple[Path, Path]) -> None:
    scorer = SupportScorer(*folders)
    claim, filler = "The council opened the ferry.", "many people carried more or less. " * 120
    together = scorer.scores([(claim, filler + SOURCE)])[0]
    parts = scorer.scores([(claim, filler[:600]), (claim, filler + SOURCE)])
    assert together == pytest.approx(parts[1]) and 0 <= together <= 1


def test_odd_texts_have_a_score(folders: tuple[Path, Path]) -> None:
    scorer = SupportScorer(*folders)
    for claim in ("", " ", "a" * 5_000, "ferry " * 900, "\x00", "🚢"):
        for source in ("", SOURCE, "\n" * 50):
            assert 0 <= scorer.scores([(claim, source)])[0] <= 1
    assert scorer.scores([]) == []


def test_what_is_not_there_or_not_whole_is_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    reader, support = folders
    with pytest.raises(ModelNotFound, match="install Vouch again"):
        SupportScorer(reader, tmp_path)
    with pytest.raises(ModelDamaged, match="not the support score that was shipped"):
        SupportScorer(reader, support, sha256="0" * 64)
    (tmp_path / FILE).write_bytes(b"no tensors")
    with pytest.raises(ModelDamaged):
        SupportScorer(reader, tmp_path)
    weights = load_file(support / FILE)
    del weights["wrong.bias"]
    save_file(weights, tmp_path / FILE)
    with pytest.raises(ModelDamaged, match="no support score"):
        SupportScorer(reader, tmp_path)


def test_the_shipped_score_tells_plain_lies_from_the_truth() -> None:
    """Whole and small enough to ship, and better than chance on sentences it has not seen."""
    scorer = load_support()
    assert (SUPPORT / FILE).stat().st_size < 15_000_000 and not list(SUPPORT.glob("*.pt"))
    source = (
        "The Arvik Bridge was opened in May by Lea Sommer, the Mayor of Arvik. It cost over 48 million crowns, paid by "
        "the Harbour Board. Ivo Brandt, the engineer who built it, stayed away."
    )
    true = ["Lea Sommer opened the Arvik Bridge.", "The Harbour Board paid for the bridge.",
            "Ivo Brandt built the bridge.", "The bridge cost more than 48 million crowns."]  # fmt: skip
    false = ["Ivo Brandt opened the Arvik Bridge.", "The city of Riga paid for the bridge.",
             "Lea Sommer was born in Riga.", "The bridge will be closed next year."]  # fmt: skip
    scores = scorer.scores([(claim, source) for claim in true + false])
    right = sum(a > b for a in scores[:4] for b in scores[4:])
    assert right >= 14, list(zip(true + false, scores, strict=True))
    assert (READER / "tokenizer.json").is_file()
