"""The reader's network: windows that cover everything, logits that are those of transformers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_other, tiny_reader

from embeddings.encoder import Numerics
from rag.errors import ModelDamaged, ModelNotFound
from rag.models import load_reader
from rag.network import BertNetwork, OtherNetwork
from rag.reading import Confidence

FP32 = Numerics("cpu", torch.float32, threads=2)
CONTEXT = "The night ferry was built in 1998 and carried 500 people. " * 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_reader(tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module")
def network(folder: Path) -> BertNetwork:
    return BertNetwork(folder, numerics=FP32)


def test_logits_are_those_of_transformers(folder: Path, network: BertNetwork) -> None:
    from transformers import BertForQuestionAnswering

    model = BertForQuestionAnswering.from_pretrained(folder).eval()
    contexts = ["The ferry was built in 1998.", "On the night of 3 May the mayor opened the depot.", CONTEXT]
    windows = [w for group in network.windows("When was the ferry built?", contexts) for w in group]
    assert len(windows) > len(contexts)
    for window, scores in zip(windows, network.score(windows), strict=True):
        with torch.inference_mode():
            output = model(input_ids=torch.tensor([window.ids]), token_type_ids=torch.tensor([window.segments]))
        inside = slice(window.first, window.first + len(window.offsets))
        np.testing.assert_allclose(scores.starts, output.start_logits[0, inside].numpy(), atol=1e-4)
        np.testing.assert_allclose(scores.ends, output.end_logits[0, inside].numpy(), atol=1e-4)
        assert scores.nowhere == pytest.approx(float(output.start_logits[0, 0] + output.end_logits[0, 0]), abs=1e-4)
        assert scores.answerable == 0.0  # this model has no such head


@settings(max_examples=40, deadline=None)
@given(question=st.text(max_size=400), context=st.text(max_size=3_000))
def test_windows_cover_every_word_and_fit(network: BertNetwork, question: str, context: str) -> None:
    (windows,) = network.windows(question, [context])
    covered = np.zeros(len(context), dtype=bool)
    for window in windows:
        assert len(window.ids) == len(window.segments) <= 384
        assert window.first + len(window.offsets) <= len(window.ids)
        for start, end in window.offsets:
            covered[start:end] = True
    missed = {character for character, seen in zip(context, covered, strict=True) if not seen}
    assert not any(character.isascii() and character.isalnum() for character in missed)


def test_a_model_that_is_no_bert_reads_too(tmp_path: Path) -> None:
    folder = tiny_other(tmp_path / "other")
    network = OtherNetwork(str(folder))
    (windows,) = network.windows("When was the ferry built?", [CONTEXT])
    scores = network.score(windows)
    assert len(windows) == len(scores) > 1
    assert all(
        np.isfinite(s.starts).all() and len(s.starts) == len(w.offsets) for s, w in zip(scores, windows, strict=True)
    )
    assert load_reader(str(folder)).path.endswith("by transformers")


def test_a_damaged_model_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        BertNetwork(tmp_path / "nowhere")
    with pytest.raises(ModelDamaged, match="install Vouch again"):
        BertNetwork(folder, sha256="0" * 64)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        (broken / file.name).write_bytes(file.read_bytes()[: 5_000 if file.suffix == ".safetensors" else None])
    with pytest.raises(ModelDamaged):
        BertNetwork(broken)
    with pytest.raises(ModelDamaged):
        OtherNetwork(str(broken))
    (broken / "config.json").write_text("not JSON")
    with pytest.raises(ModelDamaged):
        BertNetwork(broken)
    with pytest.raises(ModelDamaged, match="not readable as JSON"):
        load_reader(str(broken))
    for config in ("{}", "[]", '{"max_position_embeddings": "many"}'):
        (broken / "config.json").write_text(config)
        with pytest.raises(ModelDamaged, match="max_position_embeddings"):
            BertNetwork(broken)


@pytest.mark.parametrize("words", ["{", "[]", "3", '{"bias": "high"}', '{"bias": null}', "\udcff"])
def test_a_damaged_confidence_is_named(tmp_path: Path, words: str) -> None:
    (tmp_path / "confidence.json").write_bytes(words.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelDamaged, match=r"confidence\.json"):
        Confidence.beside(tmp_path)
