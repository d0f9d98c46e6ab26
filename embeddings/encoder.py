"""A BERT encoder for inference: token ids in, last hidden states out.

Own code because it is measured to pay (two cores with AMX, 400 encyclopedia paragraphs of 150 tokens; the tokens
are those of all-MiniLM-L6-v2; the processor was shared, so only ratios of one interleaved run were compared):

* Importing ``transformers`` takes longer than loading this encoder and embedding a question with it.
* Texts are packed end to end, without padding or masks: one matrix of token rows for all linear work, attention
  text by text. Row counts are rounded up to 64, since oneDNN compiles a kernel for every new shape (about 15 ms).
* Each core runs its own batches on one thread. Splitting every operation over the cores instead waits for the
  slowest core some fifty times a batch: as fast on an idle machine, three to four times slower on a busy one.
* Weights are laid out for AMX once at loading, not in every call; GELU (erf) and the residual sums are fused.

Dropped, because no faster or less exact: padded batches, attention written out with ``bmm`` (torch's bfloat16 softmax
is the slow part), tanh GELU (slower than erf), float16, one large batch over all threads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol, TypeVar

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from embeddings.errors import ModelDamaged

BATCH_TOKENS = {"cpu": 2_048, "cuda": 65_536}  # on a CPU, what a core's cache holds counts more than a full batch
ROW_STEP = 64

T = TypeVar("T")
Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Numerics:
    """Where and how precisely to compute. ``threads`` is the number of batches computed at the same time."""

    device: str
    dtype: torch.dtype
    threads: int

    @property
    def packed(self) -> bool:
        """Whether weights are laid out for AMX."""
        return self.device == "cpu" and self.dtype == torch.bfloat16

    def __str__(self) -> str:
        kind = {torch.bfloat16: "bf16", torch.float32: "fp32"}[self.dtype]
        if self.device != "cpu":
            return f"{kind} on {self.device.upper()}"
        amx = " (AMX)" if self.packed else ""
        return f"{kind} on CPU{amx}, {self.threads} thread{'s' if self.threads > 1 else ''}"


def choose_numerics() -> Numerics:
    """The fastest faithful way on this machine: bfloat16 where the hardware multiplies it, float32 elsewhere.

    On a CPU that means AMX, where it was measured to pay; other processors get float32. The number of threads
    is torch's own at this moment (``torch.set_num_threads`` or ``OMP_NUM_THREADS`` change it).
    """
    if torch.cuda.is_available():
        dtype = torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
        return Numerics("cuda", dtype, threads=1)
    amx = torch.backends.mkldnn.is_available() and torch.cpu._is_amx_tile_supported()  # type: ignore[no-untyped-call]
    return Numerics("cpu", torch.bfloat16 if amx else torch.float32, torch.get_num_threads())


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes in a BERT ``config.json``."""

    hidden: int
    heads: int
    layers: int
    positions: int
    epsilon: float

    @classmethod
    def read(cls, folder: Path) -> Shape:
        """From ``folder/config.json``. Raises ModelDamaged when a size is missing."""
        config = json.loads((folder / "config.json").read_text("utf-8"))
        try:
            return cls(
                hidden=config["hidden_size"],
                heads=config["num_attention_heads"],
                layers=config["num_hidden_layers"],
                positions=config["max_position_embeddings"],
                epsilon=config.get("layer_norm_eps", 1e-12),
            )
        except KeyError as missing:
            raise ModelDamaged(f"{folder / 'config.json'} lacks {missing}. Fetch the model again.") from missing


class Linear(Protocol):
    """``x @ weight.T + bias`` with what follows it; rows in, rows out."""

    def __call__(self, x: Tensor) -> Tensor:
        """The product alone."""

    def gelu(self, x: Tensor) -> Tensor:
        """The product through GELU (erf)."""

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """The product added to ``residual``."""


@dataclass(frozen=True, slots=True)
class PlainLinear:
    """As torch does it."""

    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """The product alone."""
        return F.linear(x, self.weight, self.bias)

    def gelu(self, x: Tensor) -> Tensor:
        """The product through GELU (erf)."""
        return F.gelu(self(x))

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """The product added to ``residual``."""
        return self(x) + residual


class PackedLinear:
    """On oneDNN's own weight layout, with the operators that ``torch.compile`` uses (hence the exact torch pin)."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, BATCH_TOKENS["cpu"])
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        """The product alone."""
        product: Tensor = torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], "none")
        return product

    def gelu(self, x: Tensor) -> Tensor:
        """The product through GELU (erf)."""
        product: Tensor = torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "gelu", [], "none")
        return product

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        """The product added to ``residual``."""
        total: Tensor = torch.ops.mkldnn._linear_pointwise.binary(x, residual, self._weight, self._bias, "add")
        return total


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation over the last axis."""

    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, x: Tensor) -> Tensor:
        """Same shape as ``x``."""
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer."""

    qkv: Linear
    attended: Linear
    attended_norm: Norm
    up: Linear
    down: Linear
    norm: Norm

    def __call__(self, x: Tensor, attend: Callable[[Tensor], Tensor]) -> Tensor:
        """Rows in, rows out; ``attend`` maps the (rows, 3 * hidden) projections to (rows, hidden)."""
        x = self.attended_norm(self.attended.plus(attend(self.qkv(x)), x))
        return self.norm(self.down.plus(self.up.gelu(x), x))


class BertEncoder:
    """The encoder of a BERT model saved as ``config.json`` and ``model.safetensors``.

    ``encoder.path`` says what it computes with, such as ``bf16 on CPU (AMX), 2 threads``. Safe to use from several
    threads at once.
    """

    def __init__(self, folder: Path, numerics: Numerics | None = None, *, over: Path | None = None) -> None:
        """Read the model in ``folder``; the weights in the file ``over`` take the place of those of the same names.

        Raises ModelDamaged when the weights cannot be read or are not BERT's.
        """
        self.numerics = numerics or choose_numerics()
        self.shape = Shape.read(folder)
        self.path = str(self.numerics)
        try:
            with torch.inference_mode():
                weights = load_file(folder / "model.safetensors") | (load_file(over) if over else {})
                self._take({name.removeprefix("bert."): weight for name, weight in weights.items()})
        except (SafetensorError, KeyError) as problem:
            raise ModelDamaged(
                f"{folder / 'model.safetensors'} is not a whole BERT model ({problem}). Fetch the model again."
            ) from problem
        self._pool = _pool_of_single_threads(self.numerics.threads) if self.numerics.device == "cpu" else None

    def _take(self, weights: Weights) -> None:
        """Lay out the weights. Embeddings stay in float32: few of their rows are used, and they cost nothing."""
        device, dtype, epsilon = self.numerics.device, self.numerics.dtype, self.shape.epsilon
        linear = PackedLinear if self.numerics.packed else PlainLinear

        def dense(*names: str) -> Linear:
            weight, bias = (torch.cat([weights[f"{name}.{kind}"] for name in names]) for kind in ("weight", "bias"))
            return linear(weight.to(device, dtype), bias.to(device, dtype))

        def norm(name: str, dtype: torch.dtype = dtype) -> Norm:
            return Norm(weights[f"{name}.weight"].to(device, dtype), weights[f"{name}.bias"].to(device, dtype), epsilon)

        def layer(name: str) -> Layer:
            attention = f"{name}.attention"
            return Layer(
                qkv=dense(*(f"{attention}.self.{part}" for part in ("query", "key", "value"))),
                attended=dense(f"{attention}.output.dense"),
                attended_norm=norm(f"{attention}.output.LayerNorm"),
                up=dense(f"{name}.intermediate.dense"),
                down=dense(f"{name}.output.dense"),
                norm=norm(f"{name}.output.LayerNorm"),
            )

        def table(name: str) -> Tensor:
            return weights[f"embeddings.{name}_embeddings.weight"].to(device, torch.float32)

        self._words, self._positions, self._segments = table("word"), table("position"), table("token_type")
        self._embedding_norm = norm("embeddings.LayerNorm", torch.float32)
        self._layers = [layer(f"encoder.layer.{number}") for number in range(self.shape.layers)]

    def map(
        self,
        sequences: Sequence[Sequence[int]],
        head: Callable[[Tensor, list[int]], T],
        segments: Sequence[Sequence[int]] | None = None,
    ) -> Iterator[tuple[list[int], T]]:
        """Run all sequences in batches and yield, as batches finish, their indices and what ``head`` made of them.

        ``head(hidden, lengths)`` gets the last hidden states (sum of lengths, hidden) of a batch, its sequences end
        to end in the order of the indices; it runs where the batch ran, so keep it to torch and to that batch.
        ``segments`` are BERT's token types, zero where None. A sequence has 1 to ``shape.positions`` tokens.
        """

        def run(batch: list[int]) -> T:
            with torch.inference_mode():
                hidden = self._hidden(
                    [sequences[i] for i in batch], None if segments is None else [segments[i] for i in batch]
                )
                return head(hidden, [len(sequences[i]) for i in batch])

        batches = plan_batches([len(sequence) for sequence in sequences], BATCH_TOKENS[self.numerics.device])
        results = self._pool.map(run, batches) if self._pool else map(run, batches)
        yield from zip(batches, results, strict=True)

    def _hidden(self, sequences: list[Sequence[int]], segments: list[Sequence[int]] | None) -> Tensor:
        lengths = [len(sequence) for sequence in sequences]
        used = sum(lengths)
        spare = -used % ROW_STEP if self.numerics.packed else 0
        empty = [0] * spare

        def rows(parts: Sequence[Sequence[int]]) -> Tensor:
            return torch.tensor([*(value for part in parts for value in part), *empty], device=self.numerics.device)

        x = self._words[rows(sequences)] + self._positions[rows([range(length) for length in lengths])]
        x += self._segments[0] if segments is None else self._segments[rows(segments)]
        x = self._embedding_norm(x).to(self.numerics.dtype)
        for layer in self._layers:
            x = layer(x, lambda qkv: self._attend(qkv, lengths))
        return x[:used]

    def _attend(self, qkv: Tensor, lengths: list[int]) -> Tensor:
        """Attention within each sequence; neighbours of equal length go together. Spare rows stay zero."""
        heads, width = self.shape.heads, self.shape.hidden
        out = qkv.new_zeros(len(qkv), width)
        start = 0
        for length, run in groupby(lengths):
            count = len(list(run))
            end = start + count * length
            query, key, value = qkv[start:end].view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind()
            attended = F.scaled_dot_product_attention(query, key, value)
            out[start:end].view(count, length, heads, -1).copy_(attended.transpose(1, 2))
            start = end
        return out


def plan_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Split indices into batches of at most ``budget`` tokens (or one sequence), the longest first.

    Longest first, so that the cores finish together and equal lengths meet.
    """
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not batches or lengths[index] > room:
            batches.append([])
            room = budget
        batches[-1].append(index)
        room -= lengths[index]
    return batches


def _pool_of_single_threads(count: int) -> ThreadPoolExecutor:
    """Threads that each compute alone.

    ``torch.set_num_threads`` sets the caller's own number and the default of threads yet to start, so all of ours
    are started here and the default is put back after.
    """
    default = torch.get_num_threads()
    started = threading.Barrier(count + 1)

    def start() -> None:
        torch.set_num_threads(1)
        started.wait()

    pool = ThreadPoolExecutor(count, thread_name_prefix="encoder", initializer=start)
    for _ in range(count):
        pool.submit(int)  # a thread waits at the barrier, so every task starts another
    started.wait()
    torch.set_num_threads(default)
    return pool
