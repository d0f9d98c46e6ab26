"""Trains the stage tagger from the default embedder: ``python -m rag.train_stages DATA.jsonl --out FOLDER``.

Each line holds a question with the words that tell a stage in square brackets, and the stage. Only the top layers and
two heads learn; minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from embeddings.models import packaged_model
from rag.stage_tagging import FILE, MAX_TOKENS, STAGES

LAYERS = 4  # of the encoder's, from the top, learn
BATCH = 32
HEAD_RATE = 10  # times the layers' rate
WORDS_WEIGHT = 2.0  # of the loss of the words beside that of the question
SMOOTHING = 0.05  # of the question's label: so that it knows doubt


@dataclass(frozen=True, slots=True)
class Example:
    """A question as tokens: the number of its stage, and for each token that of the stage it tells."""

    ids: Sequence[int]
    words: Sequence[int]
    stage: int


class StageModel(nn.Module):
    """The embedder's encoder with a head for the question and one for its words."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertModel

        self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32)
        size = self.bert.config.hidden_size
        self.question, self.words = nn.Linear(size, len(STAGES)), nn.Linear(size, len(STAGES))
        self.dropout = nn.Dropout(0.1)
        self.bert.requires_grad_(False)
        self.bert.encoder.layer[-LAYERS:].requires_grad_(True)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the stages: (questions, stages) and (questions, tokens, stages)."""
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.question(self.dropout(mean)), self.words(self.dropout(states))


def read_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """The questions of a file, their brackets taken out."""
    return [_example(json.loads(line), tokenizer) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _example(row: dict[str, str], tokenizer: Tokenizer) -> Example:
    question, told = unbracketed(row["question"])
    encoding = tokenizer.encode(question)
    stage = STAGES.index("" if row["stage"] == "none" else row["stage"])
    words = [
        stage if end > start and any(start < high and low < end for low, high in told) else 0
        for start, end in encoding.offsets
    ]
    return Example(encoding.ids, words, stage)


def unbracketed(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """A question without its brackets, and the offsets of what stood in them."""
    told = [
        (found.start() - 2 * before, found.end() - 2 * before - 2)
        for before, found in enumerate(re.finditer(r"\[[^\]]*\]", marked))
    ]
    return re.sub(r"[\[\]]", "", marked), told


def load_tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, as the tagger uses it."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def batches(examples: Sequence[Example], rng: random.Random) -> Iterator[Sequence[Example]]:
    """One epoch in a new order."""
    shuffled = rng.sample(list(examples), len(examples))
    for start in range(0, len(shuffled), BATCH):
        yield shuffled[start : start + BATCH]


def loss(model: StageModel, batch: Sequence[Example]) -> Tensor:
    """Of the questions' stages and of their words'."""
    width = max(len(one.ids) for one in batch)
    ids = torch.tensor([[*one.ids] + [0] * (width - len(one.ids)) for one in batch])
    mask = torch.tensor([[1.0] * len(one.ids) + [0.0] * (width - len(one.ids)) for one in batch])
    told = torch.tensor([[*one.words] + [-100] * (width - len(one.words)) for one in batch])
    question, words = model(ids, mask)
    stages = torch.tensor([one.stage for one in batch])
    return WORDS_WEIGHT * F.cross_entropy(words.flatten(0, 1), told.flatten()) + F.cross_entropy(
        question, stages, label_smoothing=SMOOTHING
    )


def train(data: Path, start: Path, out: Path, epochs: int, rate: float, seed: int) -> None:
    """The whole run; writes ``out/stages.safetensors``."""
    torch.manual_seed(seed)
    examples, model, rng = read_examples(data, load_tokenizer(start)), StageModel(start), random.Random(seed)
    layers = [weight for weight in model.bert.parameters() if weight.requires_grad]
    heads = [*model.question.parameters(), *model.words.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": rate}, {"params": heads, "lr": HEAD_RATE * rate}], weight_decay=0.01
    )
    steps = epochs * -(-len(examples) // BATCH)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 20) * (1 - step / steps))
    model.train()
    with tqdm(total=steps, unit="step") as bar:
        for _ in range(epochs):
            for batch in batches(examples, rng):
                value = loss(model, batch)
                optimizer.zero_grad()
                torch.autograd.backward(value)
                optimizer.step()
                falling.step()
                bar.set_postfix(loss=f"{value.item():.2f}")
                bar.update()
    export(model, out)


def export(model: StageModel, folder: Path) -> None:
    """What the embedder's own file lacks: the top layers and the heads, in bfloat16."""
    folder.mkdir(parents=True, exist_ok=True)
    learned = {name for name, weight in model.named_parameters() if weight.requires_grad}
    weights = {k: w.detach().to(torch.bfloat16).contiguous() for k, w in model.state_dict().items() if k in learned}
    save_file(weights, folder / FILE, metadata={"format": "pt"})


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m rag.train_stages", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="questions with their stages, JSON lines")
    parser.add_argument("--out", required=True, type=Path, help="folder for the finished weights")
    parser.add_argument("--start", type=Path, default=None, help="model to start from (default: the embedder's)")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    train(options.data, options.start or packaged_model(), options.out, options.epochs, options.rate, options.seed)


if __name__ == "__main__":
    main()
