"""The training script on a tiny model: it learns, resumes where it was killed, and exports what the reader loads."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tiny import tiny_bert

from rag import train_reader
from rag.models import load_reader
from rag.negatives import Example
from rag.train_reader import Mixture, ReaderModel, Recipe, Trainer, load_tokenizer, make_windows, pad, read_examples

PLACES = "north south harbour city council mayor bridge depot".split()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(autouse=True)
def threads() -> None:
    """The trainer takes one thread an operation; put that back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def write_data(file: Path, count: int = 240) -> Path:
    """ "when was X built" over "the X was built in YEAR and ..." in many combinations."""
    rng = random.Random(0)
    with file.open("w") as lines:
        for number in range(count):
            place, year = rng.choice(PLACES), str(rng.randint(1000, 1999))
            context = f"the {place} was built in {year} and the ferry carried {number} people."
            answers = [{"text": year, "start": context.index(year)}]
            lines.write(
                json.dumps({"question": f"when was the {place} built?", "context": context, "answers": answers}) + "\n"
            )
    return file


def test_squad_files_and_lines_give_the_same_examples(tmp_path: Path) -> None:
    lines = write_data(tmp_path / "a.jsonl", 3)
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    qas = [
        {"context": r["context"], "qas": [{"question": r["question"], "answers": [
            {"text": a["text"], "answer_start": a["start"]} for a in r["answers"]]}]} for r in rows
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({"data": [{"paragraphs": qas}]}))
    assert read_examples([lines]) == read_examples([tmp_path / "a.json"])
    assert all(e.context[slice(*e.spans[0])].isdigit() for e in read_examples([lines]))


def test_windows_mark_the_answer_or_cls(start: Path) -> None:
    tokenizer = load_tokenizer(start)
    long = "people and people. " * 200 + "the depot was built in 1921."
    at = long.index("1921")
    windows = make_windows([Example("when built?", long, ((at, at + 4),), "x")], tokenizer, random.Random(0))
    marked = [window for window in windows if window.starts != (0,)]
    assert marked and all(len(window.ids) <= train_reader.MAX_TOKENS for window in windows)
    for window in marked:
        assert tokenizer.decode(window.ids[window.starts[0] : window.ends[0] + 1]).replace(" ", "") == "1921"
    padded = pad(windows, "cpu")
    assert padded.answerable.tolist() == [float(window.starts != (0,)) for window in windows]
    assert not (padded.segments * (1 - padded.mask)).any()


def test_the_mixture_goes_on_where_it_stopped(start: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(train_reader, "CHUNK", 50)
    examples = read_examples([write_data(tmp_path / "a.jsonl")])
    mixture = Mixture(examples, load_tokenizer(start), {}, Recipe())
    whole = [(n, [w.ids.tolist() for w in batch]) for (n, batch), _ in zip(mixture.batches(), range(30), strict=False)]
    later = [(n, [w.ids.tolist() for w in batch]) for (n, batch), _ in zip(mixture.batches(3), range(4), strict=False)]
    first = next(i for i, (n, _) in enumerate(whole) if n == 3)
    assert whole[first : first + 4] == later


def test_shares_of_a_batch_add_up_to_its_gradient(start: Path, tmp_path: Path) -> None:
    examples = read_examples([write_data(tmp_path / "a.jsonl", 12)])
    windows = make_windows(examples, load_tokenizer(start), random.Random(0))
    model = ReaderModel(start)
    trainer = Trainer(model, Recipe(threads=2), "cpu")
    trainer.working = model.float()
    trainer._working_weights = trainer._weights
    trainer._part = 5
    parts = [trainer._gradients(windows[i::2]) for i in range(2)]
    loss = model.loss(pad(windows, "cpu"), Recipe.answerable_weight)
    whole = torch.autograd.grad(loss, trainer._weights)
    assert sum(part[0] for part in parts) == pytest.approx(loss.item(), rel=1e-4)
    for one, other, together in zip(parts[0][1], parts[1][1], whole, strict=True):
        np.testing.assert_allclose((one + other).numpy(), together.numpy(), atol=1e-3)


def test_it_learns_resumes_and_exports(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_reader, "CHUNK", 96)
    data, out = [write_data(tmp_path / "a.jsonl")], tmp_path / "out"
    recipe = Recipe(steps=6, rate=3e-3, warmup=2, threads=2)
    train_reader.train(data, start, out, recipe, every=2)
    assert not torch.load(out / "checkpoint.pt", weights_only=True)["step"] < 6
    (out / "model.safetensors").unlink()
    train_reader.train(data, start, out, Recipe(steps=80, rate=3e-3, warmup=2, threads=2), every=50)  # goes on from 6
    log = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [6, 50, 80]
    assert log[-1]["loss"] < log[0]["loss"] - 0.5
    assert log[-1]["exact"] > 0.5
    reader = load_reader(str(out))
    from eval.reading import as_hit

    text = "the bridge was built in 1934 and the ferry carried 7 people."
    (best, *_) = reader.read("when was the bridge built?", [as_hit(text)])
    assert "1934" in text[best.start : best.end]

    train_reader.main(["--average", str(out), str(out), "--out", str(tmp_path / "mean")])
    weights, mean = (load_file(folder / "model.safetensors") for folder in (out, tmp_path / "mean"))
    assert all(torch.equal(weights[name], mean[name]) for name in weights)


def test_the_rate_rises_stays_and_falls(start: Path) -> None:
    trainer = Trainer(ReaderModel(start), Recipe(steps=100, warmup=10, decay=0.3, rate=1.0, threads=1), "cpu")
    rates = []
    for trainer.step in range(101):
        rates.append(trainer.rate())
    assert rates[0] == 0.1 and rates[9] == rates[69] == 1.0 and rates[85] == pytest.approx(0.5) and rates[100] == 0
