"""Train the support score: ``python -m rag.train_support DATA... --out FOLDER``.

From the reader's network to one that judges whether words bear a claim, on two cores in under an hour. The data are
those of the reader (train_reader.py); the claims are made from them by rule (claims.py). The embeddings and the lower
layers stay the reader's own, so what comes out is small: ``support.safetensors`` with the upper layers and two heads.

* borne: a logistic unit on [CLS];
* wrong: one on each token of the claim, whether the source fails to bear it. Rules know which word they changed, so
  each claim teaches as many lessons as it has words. A claim with one wrong word is not borne: the score is the first
  unit's logit less the softplus of all the second's together.

Rate, averaging and resuming are as in train_reader.py.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from rag.claims import Claim, Claims
from rag.negatives import Example, word_kin
from rag.train_reader import LOGGED, WEIGHTS, Recipe, Trainer, held_out, read_examples

LAYERS = 4  # trained, from the top
MAX_TOKENS = 320
BATCH = 32
CHUNK = 2_400  # questions of which the claims are made and sorted by length at a time
WRONG_WEIGHT = 0.15  # of the tokens' loss, a token
START = Path(__file__).parent / "reader_model"


@dataclass(frozen=True, slots=True)
class Row:
    """A tokenised claim and source; ``wrong`` has a value for each token of the claim: 1, 0, or -1 for not known."""

    ids: np.ndarray[Any, Any]
    wrong: np.ndarray[Any, Any]
    borne: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch, padded: arrays of shape (claims, tokens); ``wrong`` is -1 outside the claim."""

    ids: Tensor
    segments: Tensor
    mask: Tensor
    wrong: Tensor
    inside: Tensor
    borne: Tensor


class SupportModel(nn.Module):
    """The reader's encoder with the heads for borne and wrong; only the top layers and the heads learn."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertConfig, BertModel

        config = BertConfig.from_pretrained(folder)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        config._attn_implementation = "eager"
        self.bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False, dtype=torch.float32)
        self.borne, self.wrong = nn.Linear(config.hidden_size, 1), nn.Linear(config.hidden_size, 1)
        nn.init.constant_(self.wrong.bias, -4.0)
        weights = load_file(folder / "model.safetensors")
        if "answerable.weight" in weights:  # a passage that answers is the nearest thing to one that bears
            self.borne.load_state_dict({k: weights[f"answerable.{k}"].float() for k in ("weight", "bias")})
        self.bert.requires_grad_(False)
        self.bert.encoder.layer[-LAYERS:].requires_grad_(True)

    def forward(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """The logit that a claim is borne, (claims,), and that a token is wrong, (claims, tokens)."""
        states = self.bert(input_ids=rows.ids, attention_mask=rows.mask, token_type_ids=rows.segments).last_hidden_state
        wrong = self.wrong(states).float().squeeze(-1)
        any_wrong = wrong.masked_fill(~rows.inside, -1e9).logsumexp(-1)
        return self.borne(states[:, 0]).float().squeeze(-1) - F.softplus(any_wrong), wrong

    def loss(self, rows: Rows) -> Tensor:
        """Summed over the claims."""
        borne, wrong = self(rows)
        known = rows.wrong >= 0
        tokens = F.binary_cross_entropy_with_logits(wrong[known], rows.wrong[known], reduction="sum")
        return F.binary_cross_entropy_with_logits(borne, rows.borne, reduction="sum") + WRONG_WEIGHT * tokens


class SupportTrainer(Trainer[SupportModel]):
    """Gradient steps on claims."""

    def loss(self, part: Sequence[Row]) -> Tensor:
        """Summed over a part of a batch, by the working copy."""
        return self.working.loss(pad(part, self.device))


def pad(rows: Sequence[Row], device: str) -> Rows:
    """One rectangle; its width rounded up to 8."""
    shape = (len(rows), -(-max(len(row.ids) for row in rows) // 8) * 8)
    ids, segments, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    wrong, inside = np.full(shape, -1, dtype=np.float32), np.zeros(shape, dtype=bool)
    for place, row in enumerate(rows):
        length, claim = len(row.ids), len(row.wrong)
        ids[place, :length], mask[place, :length] = row.ids, 1
        segments[place, claim + 2 : length] = 1  # all behind the claim's [SEP]
        wrong[place, 1 : claim + 1], inside[place, 1 : claim + 1] = row.wrong, True
    borne = np.array([row.borne for row in rows], dtype=np.float32)
    return Rows(*(torch.from_numpy(array).to(device) for array in (ids, segments, mask, wrong, inside, borne)))


def rows_of(claims: Sequence[Claim], tokenizer: Tokenizer) -> list[Row]:
    """Claims as tokens; long sources are cut."""
    claims = [claim for claim in claims if claim.text.strip() and claim.source.strip()]
    encodings = tokenizer.encode_batch([(claim.text, claim.source) for claim in claims])
    return [_row(encoding, claim) for encoding, claim in zip(encodings, claims, strict=True)]


def _row(encoding: Encoding, claim: Claim) -> Row:
    places = [i for i, sequence in enumerate(encoding.sequence_ids) if sequence == 0]
    wrong = np.full(len(places), 0 if claim.wrong is not None else -1, dtype=np.float32)
    for start, end in claim.wrong or ():
        for i, (low, high) in enumerate(encoding.offsets[1 : 1 + len(places)]):
            if low < end and start < high:
                wrong[i] = 1
    return Row(np.array(encoding.ids, dtype=np.int32), wrong, claim.borne)


def batches(examples: Sequence[Example], made: Claims, tokenizer: Tokenizer, seed: int, first_chunk: int) -> Iterator[
    tuple[int, list[Row]]
]:  # fmt: skip
    """Endless batches with the number of their chunk; ``first_chunk`` takes a run up again."""
    number = 0
    for epoch in range(1_000_000):
        rng = random.Random(f"{seed} {epoch}")
        drawn = [e for e in examples if rng.random() < WEIGHTS.get(e.source, 1.0) / 2]
        rng.shuffle(drawn)
        for start in range(0, len(drawn), CHUNK):
            if number >= first_chunk:
                chunk = random.Random(f"{seed} {epoch} {start}")
                rows = rows_of(claims_of(drawn[start : start + CHUNK], made, chunk), tokenizer)
                rows.sort(key=lambda row: len(row.ids))
                found = [rows[place : place + BATCH] for place in range(0, len(rows), BATCH)]
                chunk.shuffle(found)
                yield from ((number, batch) for batch in found)
            number += 1


def claims_of(examples: Sequence[Example], made: Claims, rng: random.Random) -> list[Claim]:
    """Of each question, and of a sentence beside most of them."""
    found: list[Claim] = []
    for example in examples:
        found += made.of_question(example, rng)
        if rng.random() < 0.7:
            found += made.of_sentence(example, rng)
    return found


def evaluate(trainer: SupportTrainer, held: dict[str, list[list[Row]]]) -> dict[str, float]:
    """For each kind of held-out claim the area under the curve and the share judged right."""
    figures: dict[str, float] = {}
    for kind, parts in held.items():
        borne, logits = [], []
        with torch.inference_mode():
            for part in parts:
                borne += [row.borne for row in part]
                logits += trainer.working(pad(part, trainer.device))[0].tolist()
        right = [(logit > 0) == truth for logit, truth in zip(logits, borne, strict=True)]
        figures |= {f"{kind}_auc": float(roc_auc_score(borne, logits)), f"{kind}_right": float(np.mean(right))}
    return figures


def export(model: SupportModel, folder: Path) -> None:
    """What the reader's own file lacks: the top layers and the heads, in bfloat16."""
    folder.mkdir(parents=True, exist_ok=True)
    learned = {name for name, weight in model.named_parameters() if weight.requires_grad}
    weights = {k: w.detach().to(torch.bfloat16).contiguous() for k, w in model.state_dict().items() if k in learned}
    save_file(weights, folder / "support.safetensors", metadata={"format": "pt"})


def load_tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, set to cut the source."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def validation(examples: Sequence[Example], kin: Any, tokenizer: Tokenizer, limit: int) -> dict[str, list[list[Row]]]:
    """Claims of held-out passages: of questions and of sentences."""
    made, rng = Claims(examples, kin), random.Random(0)
    chosen = rng.sample(list(examples), min(limit, len(examples)))
    kinds = {"question": made.of_question, "sentence": made.of_sentence}
    found = {kind: rows_of([c for e in chosen for c in make(e, rng)], tokenizer) for kind, make in kinds.items()}
    for rows in found.values():
        rows.sort(key=lambda row: len(row.ids))
    return {kind: [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)] for kind, rows in found.items()}


def train(data: Sequence[Path], start: Path, out: Path, recipe: Recipe, *, every: int = 250) -> None:
    """The whole run: resumes ``out/checkpoint.pt`` where there is one, appends to ``out/log.jsonl``."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    tokenizer = load_tokenizer(start)
    vectors = load_file(start / "model.safetensors")["bert.embeddings.word_embeddings.weight"].float().numpy()
    kin = word_kin(tokenizer.get_vocab(), vectors)
    examples = read_examples(data)
    trainer = SupportTrainer(SupportModel(start), recipe, "cuda" if torch.cuda.is_available() else "cpu")
    chunk = trainer.resume(out / "checkpoint.pt") if (out / "checkpoint.pt").exists() else 0
    held = validation([e for e in examples if held_out(e)], kin, tokenizer, limit=250)
    taught = [e for e in examples if not held_out(e)]
    losses: list[float] = []
    for number, batch in batches(taught, Claims(taught, kin), tokenizer, recipe.seed, chunk):
        if trainer.step >= recipe.steps:
            break
        losses.append(trainer.train(batch))
        finished = trainer.step == recipe.steps
        if trainer.step % LOGGED == 0 or finished:
            line = {"step": trainer.step, "time": round(time.time()), "loss": round(float(np.mean(losses)), 4)}
            if trainer.step % every == 0 or finished:
                trainer.save(out, number + 1)
                with trainer.averaged() as model:
                    line |= {name: round(value, 4) for name, value in evaluate(trainer, held).items()}
                    export(model, out)
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            losses = []


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m rag.train_support", description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path, help="JSON lines (.jsonl, .jsonl.gz) or SQuAD (.json)")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints and the finished weights")
    parser.add_argument("--start", type=Path, default=START, help="reader to start from (default: the one shipped)")
    parser.add_argument("--steps", type=int, default=2_500)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--decay", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    recipe = Recipe(options.steps, options.rate, warmup=100, decay=options.decay, seed=options.seed)
    train(options.data, options.start, options.out, recipe)


if __name__ == "__main__":
    main()
