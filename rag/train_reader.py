"""Train the extractive reader: ``python -m rag.train_reader DATA... --out FOLDER``.

From the installed sentence encoder to a question-answering model, on two cores in an hour or two. The data are JSON
lines (``{"question", "context", "answers": [{"text", "start"}], "source"}``) or files in SQuAD's format. The folder
that comes out holds ``config.json``, ``tokenizer.json`` and ``model.safetensors``, and ``--reader FOLDER`` uses it.

One network, three heads on the encoder's last states:

* start and end of the answer: a distribution over the tokens of the passage and [CLS], which stands for "not here";
* answerable: a logistic unit on [CLS]; it also ranks passages.

Each epoch is drawn anew: every source by its weight, and beside a share of the answerable questions one that the
passage does not answer (see negatives.py). The rate is constant after a warm-up and falls to nothing at the end, so
that a run can be prolonged from any checkpoint. What is evaluated and exported is a running average of the weights,
which takes the noise of the last steps out. Training resumes where a killed run stopped.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import hashlib
import json
import random
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TextIO, TypeVar, cast

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from rag.negatives import Example, Kin, altered, contradicted, elsewhere, without_answer, word_kin

MAX_TOKENS = 384
STRIDE = 128  # tokens that neighbouring windows of a long passage share
QUESTION_CHARS = 300
BATCH = 48
PART = 8  # windows computed together on one core
LOGGED = 50  # steps between two lines of the log
CHUNK = 4_800  # windows made and sorted by length at a time
HELD_OUT = 0.03  # of the passages, for evaluation and calibration: never trained on
AVERAGED = 200  # steps over which the weights are averaged
BLOCKED = -1e9  # the logit of a token that cannot be chosen
NEIGHBOURS = 6  # passages on either side, in the order of a file, that are taken to be of the same article


@dataclass(frozen=True)
class Recipe:
    """What a run does; the command line sets those that are tried most."""

    steps: int = 5_000
    rate: float = 1.5e-4
    warmup: int = 300
    decay: float = 0.3  # the last share of the steps, in which the rate falls linearly to zero
    negatives: float = 0.6  # of the answerable questions, the share that gets an unanswerable twin
    kinds: tuple[float, ...] = (0.5, 0.2, 0.14, 0.16)  # of the twins: altered, contradicted, without_answer, elsewhere
    answerable_weight: float = 0.5
    seed: int = 1
    threads: int = field(default_factory=torch.get_num_threads)


# Times a question of each source is drawn in an epoch; a fraction draws some of them.
WEIGHTS = {"squad1": 3.0, "squadshifts": 1.0, "tydiqa": 2.0, "nq": 1.0, "qamr": 0.5, "qadiscourse": 0.6, "timeqa": 0.8,
           "conditionalqa": 1.0, "omosqa": 1.0, "policyqa": 0.3, "clapnq": 1.0, "tweetqa": 0.5}  # fmt: skip


@dataclass(frozen=True)
class Windows:
    """Tokenised question and passage pairs of similar length, padded: int64 arrays of shape (windows, tokens).

    ``starts`` and ``ends`` mark the tokens that begin and end an answer, or [CLS] where the window has none.
    """

    ids: Tensor
    segments: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    answerable: Tensor


@dataclass(frozen=True, slots=True)
class Window:
    """One question with one window of its passage."""

    ids: np.ndarray[Any, Any]
    question_tokens: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class ReaderModel(nn.Module):
    """The encoder with the heads for start, end and answerable."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertConfig, BertModel

        config = BertConfig.from_pretrained(folder)
        # Dropout's random numbers would cost more than the products; eager attention trains faster than fused here.
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        config._attn_implementation = "eager"
        self.bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False, dtype=torch.float32)
        self.qa_outputs = nn.Linear(config.hidden_size, 2)
        self.answerable = nn.Linear(config.hidden_size, 1)
        weights = load_file(folder / "model.safetensors")
        if "qa_outputs.weight" in weights:  # goes on from a reader
            self.load_state_dict({name: weight.float() for name, weight in weights.items()})
        self.bert.embeddings.word_embeddings.requires_grad_(False)  # half of all weights, and little to learn here

    def forward(self, windows: Windows) -> tuple[Tensor, Tensor, Tensor]:
        """Start and end logits, shape (windows, tokens), and the answerable logit, (windows,)."""
        states = self.bert(
            input_ids=windows.ids, attention_mask=windows.mask, token_type_ids=windows.segments
        ).last_hidden_state
        start, end = self.qa_outputs(states).float().unbind(-1)
        # The question's own tokens cannot answer; [CLS] stays as "not here".
        allowed = windows.segments.bool()
        allowed[:, 0] = True
        start, end = start.masked_fill(~allowed, BLOCKED), end.masked_fill(~allowed, BLOCKED)
        return start, end, self.answerable(states[:, 0]).float().squeeze(-1)

    def loss(self, windows: Windows, answerable_weight: float) -> Tensor:
        """Summed over the windows: any of several right places counts as right."""
        start, end, answerable = self(windows)
        span = _missed(start, windows.starts) + _missed(end, windows.ends)
        has = F.binary_cross_entropy_with_logits(answerable, windows.answerable, reduction="none")
        return (span / 2 + answerable_weight * has).sum()


def _missed(logits: Tensor, right: Tensor) -> Tensor:
    """The negative log of the probability that falls on the right tokens."""
    return logits.logsumexp(-1) - logits.masked_fill(~right.bool(), BLOCKED).logsumexp(-1)


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """Questions of JSON lines files (gzipped or not) and of SQuAD's JSON format."""
    examples = []
    for path in paths:
        with _opened(path) as lines:
            rows = _squad_rows(json.load(lines)) if path.suffix == ".json" else map(json.loads, lines)
            for row in rows:
                spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
                question = " ".join(row["question"].split())[:QUESTION_CHARS]
                examples.append(Example(question, row["context"], spans, row.get("source", path.stem)))
    return examples


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8"))
    return path.open(encoding="utf-8")


def _squad_rows(squad: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for article in squad["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = [{"text": a["text"], "start": a["answer_start"]} for a in qa.get("answers", [])]
                yield {"question": qa["question"], "context": paragraph["context"], "answers": answers}


def held_out(example: Example) -> bool:
    """Whether a passage is kept from training, by a hash of its text: the same on every machine and in every run."""
    return hashlib.sha256(example.context.encode()).digest()[0] < 256 * HELD_OUT


class Mixture:
    """Draws epochs of windows: sources by weight, negatives beside the positives."""

    def __init__(self, examples: Sequence[Example], tokenizer: Tokenizer, kin: Kin, recipe: Recipe) -> None:
        self._tokenizer, self._kin, self._recipe = tokenizer, kin, recipe
        self._by_source: dict[str, list[Example]] = defaultdict(list)
        order: dict[str, dict[str, None]] = defaultdict(dict)
        for example in examples:
            self._by_source[example.source].append(example)
            order[example.source].setdefault(example.context)
        self._passages = {source: list(contexts) for source, contexts in order.items()}
        self._place = {source: {c: i for i, c in enumerate(found)} for source, found in self._passages.items()}

    def batches(self, first_chunk: int = 0) -> Iterator[tuple[int, list[Window]]]:
        """Endless batches with the number of their chunk; ``first_chunk`` takes a run up again."""
        number = 0
        for epoch in range(1_000_000):
            rng = random.Random(f"{self._recipe.seed} {epoch}")
            drawn = self._draw(rng)
            for start in range(0, len(drawn), CHUNK):
                if number >= first_chunk:
                    chunk_rng = random.Random(f"{self._recipe.seed} {epoch} {start}")
                    for batch in self._chunk(drawn[start : start + CHUNK], chunk_rng):
                        yield number, batch
                number += 1

    def _draw(self, rng: random.Random) -> list[tuple[Example, bool]]:
        """An epoch's examples in random order; True marks those to be made unanswerable."""
        drawn = []
        for source, examples in self._by_source.items():
            weight = WEIGHTS.get(source, 1.0)
            for example in examples:
                times = int(weight) + (rng.random() < weight % 1)
                drawn += [(example, False)] * times
                if example.spans:
                    twins = weight * self._recipe.negatives
                    drawn += [(example, True)] * (int(twins) + (rng.random() < twins % 1))
        rng.shuffle(drawn)
        return drawn

    def _chunk(self, drawn: Sequence[tuple[Example, bool]], rng: random.Random) -> Iterator[list[Window]]:
        examples = [self._negative(example, rng) if negative else example for example, negative in drawn]
        windows = make_windows([example for example in examples if example], self._tokenizer, rng)
        windows.sort(key=lambda window: len(window.ids))
        batches = [windows[start : start + BATCH] for start in range(0, len(windows), BATCH)]
        rng.shuffle(batches)
        yield from batches

    def _negative(self, example: Example, rng: random.Random) -> Example | None:
        kind = rng.choices(("altered", "contradicted", "without", "elsewhere"), self._recipe.kinds)[0]
        if kind == "altered":
            return altered(example, self._kin, rng)
        if kind == "contradicted":
            return contradicted(example, self._kin, rng)
        if kind == "without":
            return without_answer(example)
        at = self._place[example.source][example.context]
        near = self._passages[example.source][max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
        return elsewhere(example, near, rng)


def make_windows(examples: Sequence[Example], tokenizer: Tokenizer, rng: random.Random) -> list[Window]:
    """Strided windows. Of a long passage, those with the answer and at times one without are kept."""
    encodings = tokenizer.encode_batch([(example.question, example.context) for example in examples])
    windows = []
    for example, encoding in zip(examples, encodings, strict=True):
        strides = [_window(part, example) for part in (encoding, *encoding.overflowing)]
        empty = [window for window in strides if window.starts == (0,)]
        answered = [window for window in strides if window.starts != (0,)]
        windows += answered
        if empty and (not answered or rng.random() < 0.5):
            windows.append(rng.choice(empty))
    return windows


def _window(encoding: Encoding, example: Example) -> Window:
    found = [(encoding.char_to_token(start, 1), encoding.char_to_token(end - 1, 1)) for start, end in example.spans]
    inside = [(start, end) for start, end in found if start is not None and end is not None] or [(0, 0)]
    ids = np.array(encoding.ids, dtype=np.int32)
    return Window(ids, encoding.type_ids.index(1), tuple(s for s, _ in inside), tuple(e for _, e in inside))


def pad(windows: Sequence[Window], device: str) -> Windows:
    """One rectangle; its width rounded up to 8."""
    shape = (len(windows), -(-max(len(window.ids) for window in windows) // 8) * 8)
    ids, segments, mask, starts, ends = (np.zeros(shape, dtype=np.int64) for _ in range(5))
    for row, window in enumerate(windows):
        length = len(window.ids)
        ids[row, :length], mask[row, :length] = window.ids, 1
        segments[row, window.question_tokens : length - 1] = 1  # all but the final [SEP]
        starts[row, list(window.starts)] = ends[row, list(window.ends)] = 1
    answerable = (1 - starts[:, 0]).astype(np.float32)
    return Windows(*(torch.from_numpy(array).to(device) for array in (ids, segments, mask, starts, ends, answerable)))


Model = TypeVar("Model", bound=nn.Module)


class Trainer(Generic[Model]):
    """Gradient steps: float32 weights, and a bfloat16 copy to compute with where the processor multiplies that.

    A batch is computed in small parts, which stay in the cache, each on one thread: splitting every product over the
    cores instead waits for the slowest core hundreds of times a step.
    """

    def __init__(self, model: Model, recipe: Recipe, device: str) -> None:
        self.model, self.recipe, self.device = model.to(device), recipe, device
        self.step = 0
        bf16 = device != "cpu" or torch.cpu._is_amx_tile_supported()
        self.working = copy.deepcopy(self.model).to(torch.bfloat16) if bf16 else self.model
        self._weights: list[Tensor] = [weight for weight in self.model.parameters() if weight.requires_grad]
        self._averages = [weight.detach().clone() for weight in self._weights]
        self._working_weights = [weight for weight in self.working.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=0.0, weight_decay=0.01, fused=True, betas=(0.9, 0.98))
        self._part = PART if device == "cpu" else BATCH
        self._shares = recipe.threads if device == "cpu" else 1
        self._pool = ThreadPoolExecutor(self._shares)
        if device == "cpu":
            torch.set_num_threads(1)

    def rate(self) -> float:
        """Warm-up, plateau, linear decay."""
        recipe = self.recipe
        decaying = max(recipe.steps * recipe.decay, 1)
        return recipe.rate * min(1.0, (self.step + 1) / recipe.warmup, max(recipe.steps - self.step, 0) / decaying)

    def train(self, batch: Sequence[Any]) -> float:
        """One step; gives the loss per window."""
        shares = [batch[i :: self._shares] for i in range(min(self._shares, len(batch)))]
        losses, gradients = zip(*self._pool.map(self._gradients, shares), strict=True)
        for weight, *parts in zip(self._weights, *gradients, strict=True):
            weight.grad = sum(parts[1:], parts[0]).div_(len(batch))
        nn.utils.clip_grad_norm_(self._weights, 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = self.rate()
        self._optimizer.step()
        self.step += 1
        with torch.no_grad():
            torch._foreach_lerp_(self._averages, self._weights, 1 / min(self.step, AVERAGED))
        self._refresh(self._weights)
        return float(sum(losses)) / len(batch)

    def _gradients(self, share: Sequence[Any]) -> tuple[float, list[Tensor]]:
        """Loss and float32 gradients, summed over the windows of a share."""
        total, gradients = 0.0, [torch.zeros_like(weight) for weight in self._weights]
        for start in range(0, len(share), self._part):
            loss = self.loss(share[start : start + self._part])
            found = torch.autograd.grad(loss, self._working_weights)
            torch._foreach_add_(gradients, [gradient.float() for gradient in found])  # mixed types add slowly
            total += loss.item()
        return total, gradients

    def loss(self, part: Sequence[Any]) -> Tensor:
        """Summed over a part of a batch, by the working copy."""
        return cast(ReaderModel, self.working).loss(pad(part, self.device), self.recipe.answerable_weight)

    def _refresh(self, weights: Sequence[Tensor]) -> None:
        """Bring the working copy up to these weights."""
        with torch.no_grad():
            for working, weight in zip(self._working_weights, weights, strict=True):
                working.copy_(weight)

    @contextmanager
    def averaged(self) -> Iterator[Model]:
        """The averaged weights in the model and its working copy, for as long as it lasts."""
        trained = [weight.detach().clone() for weight in self._weights]
        self._put(self._averages)
        try:
            yield self.model
        finally:
            self._put(trained)

    def _put(self, values: Sequence[Tensor]) -> None:
        with torch.no_grad():
            torch._foreach_copy_(self._weights, list(values))
        self._refresh(self._weights)

    def save(self, folder: Path, chunk: int) -> None:
        """The whole state, in one file that replaces the last one at once."""
        state = {"step": self.step, "chunk": chunk, "model": self.model.state_dict(), "averages": self._averages,
                 "optimizer": self._optimizer.state_dict()}  # fmt: skip
        torch.save(state, folder / "checkpoint.new")
        (folder / "checkpoint.new").replace(folder / "checkpoint.pt")

    def resume(self, file: Path) -> int:
        """Take up a saved state; gives the chunk to go on with."""
        state = torch.load(file, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch._foreach_copy_(self._averages, state["averages"])
        self.step = state["step"]
        self._refresh(self._weights)
        return int(state["chunk"])


def evaluate(trainer: Trainer[ReaderModel], batches: Sequence[Sequence[Window]]) -> dict[str, float]:
    """Held-out windows: share of exact spans among the answerable, and the area under the answerable curve."""
    exact, answerable, logits, gaps = [], [], [], []
    with torch.inference_mode():
        for batch in batches:
            windows = pad(batch, trainer.device)
            start, end, has = trainer.working(windows)
            right = windows.starts.gather(1, start[:, 1:].argmax(1, keepdim=True) + 1).squeeze(1)
            right = right * windows.ends.gather(1, end[:, 1:].argmax(1, keepdim=True) + 1).squeeze(1)
            exact += right[windows.answerable > 0].tolist()
            answerable += windows.answerable.tolist()
            logits += has.float().tolist()
            gap = start[:, 1:].max(1).values + end[:, 1:].max(1).values - start[:, 0] - end[:, 0]
            gaps += gap.float().tolist()
    return {
        "exact": float(np.mean(exact)),
        "auc_answerable": float(roc_auc_score(answerable, logits)),
        "auc_span": float(roc_auc_score(answerable, gaps)),
    }


def export(model: ReaderModel, start: Path, folder: Path) -> None:
    """A folder that the reader, and ``transformers``, can load; weights in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: weight.detach().to(torch.float16).contiguous() for name, weight in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((start / "config.json").read_text("utf-8"))
    config = {key: value for key, value in config.items() if not key.startswith(("_", "transformers"))}
    config |= {"architectures": ["BertForQuestionAnswering"], "dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    shutil.copyfile(start / "tokenizer.json", folder / "tokenizer.json")


def average(folders: Sequence[Path], out: Path) -> None:
    """The mean of several readers' weights: of a reader and what it was trained on to, better than either alone.

    Wortsman et al. 2022, "Model soups"; all must come from one start.
    """
    states = [load_file(folder / "model.safetensors") for folder in folders]
    model = ReaderModel(folders[0])
    model.load_state_dict({name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]})
    export(model, folders[0], out)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, set to strided windows."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, stride=STRIDE, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer


def validation(examples: Sequence[Example], tokenizer: Tokenizer, kin: Kin, limit: int) -> list[list[Window]]:
    """Held-out questions, two thirds of them as they are, a third made unanswerable; sorted by length."""
    rng = random.Random(0)
    chosen = rng.sample(list(examples), min(limit, len(examples)))
    twins = [altered(e, kin, rng) if i % 2 else without_answer(e) for i, e in enumerate(chosen) if e.spans]
    made = chosen + [twin for twin in twins if twin][: limit // 2]
    windows = sorted(make_windows(made, tokenizer, rng), key=lambda window: len(window.ids))
    return [windows[start : start + BATCH] for start in range(0, len(windows), BATCH)]


def train(data: Sequence[Path], start: Path, out: Path, recipe: Recipe, *, every: int = 250) -> None:
    """The whole run: resumes ``out/checkpoint.pt`` where there is one, appends to ``out/log.jsonl``."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    tokenizer = load_tokenizer(start)
    kin = word_kin(tokenizer.get_vocab(), _word_vectors(start))
    examples = read_examples(data)
    trainer = Trainer(ReaderModel(start), recipe, "cuda" if torch.cuda.is_available() else "cpu")
    chunk = trainer.resume(out / "checkpoint.pt") if (out / "checkpoint.pt").exists() else 0
    held = validation([e for e in examples if held_out(e)], tokenizer, kin, limit=2_000)
    mixture = Mixture([e for e in examples if not held_out(e)], tokenizer, kin, recipe)
    losses: list[float] = []
    with tqdm(total=recipe.steps, initial=trainer.step, unit=" steps", disable=not sys.stderr.isatty()) as bar:
        for number, batch in mixture.batches(chunk):
            if trainer.step >= recipe.steps:
                break
            losses.append(trainer.train(batch))
            bar.update()
            finished = trainer.step == recipe.steps
            if trainer.step % LOGGED == 0 or finished:
                line = {"step": trainer.step, "time": round(time.time()), "loss": round(float(np.mean(losses)), 4)}
                if trainer.step % every == 0 or finished:
                    trainer.save(out, number + 1)
                    with trainer.averaged():
                        line |= {name: round(value, 4) for name, value in evaluate(trainer, held).items()}
                with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                    log.write(json.dumps(line) + "\n")
                bar.set_postfix(line)
                losses = []
    with trainer.averaged() as model:
        export(model, start, out)


def _word_vectors(folder: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    weights = load_file(folder / "model.safetensors")
    name = next(name for name in weights if name.endswith("embeddings.word_embeddings.weight"))
    return weights[name].float().numpy()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    from embeddings.models import packaged_model

    parser = argparse.ArgumentParser(prog="python -m rag.train_reader", description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", type=Path, help="JSON lines (.jsonl, .jsonl.gz) or SQuAD (.json)")
    parser.add_argument("--average", nargs="+", type=Path, metavar="READER", help="no training: the mean of readers")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints and the finished model")
    parser.add_argument("--start", type=Path, default=None, help="encoder to start from (default: the installed one)")
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument("--decay", type=float, default=Recipe.decay)
    parser.add_argument("--negatives", type=float, default=Recipe.negatives)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    options = parser.parse_args(arguments)
    if options.average:
        average(options.average, options.out)
        return
    if not options.data:
        parser.error("name the training data, or readers to --average")
    recipe = Recipe(
        steps=options.steps, rate=options.rate, decay=options.decay, negatives=options.negatives, seed=options.seed
    )
    train(options.data, options.start or packaged_model(), options.out, recipe)


if __name__ == "__main__":
    main()
