"""Is everything here that answers need? Each finding says what to do where the answer is no."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import LibraryNotFound, ModelNotFound, ModelUnreachable, RagError
from rag.models import READER, load_embedder, load_reader, load_support
from rag.store import reading


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``well`` is False only where answers would suffer."""

    subject: str
    well: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.well else 'NO':<3} {self.subject:<10} {self.text}"


@dataclass(frozen=True, slots=True)
class Writer:
    """Which model is to write the answers, as it was asked for; nothing of it where none is."""

    model: str | None = None
    url: str | None = None
    allow_remote: bool = False


def examine(library: Path, embedder: str | None = None, writer: Writer = Writer()) -> list[Finding]:
    """Look at the models, the OCR program and a library."""
    writers = [_server(writer)] if writer.url else [*_on_this_machine(writer.model), *_ollama()]
    ours = [_ours("reader", load_reader), _ours("support", load_support)]
    return [*_embedder(embedder), *ours, *writers, _ocr(), *_library(library, embedder)]


def _embedder(name: str | None) -> Iterator[Finding]:
    from rag.generation import download

    try:
        embedder = load_embedder(name)
    except RagError as error:
        is_hub_name = isinstance(error, ModelNotFound) and name and re.fullmatch(r"[\w.-]+/[\w.-]+", name)
        missing = f"{name} is not on this machine: fetch it with: {download(name)}" if is_hub_name and name else ""
        yield Finding("embedder", False, missing or str(error))
        return
    size = _size(_folder_of(name))
    yield Finding("embedder", True, f"{embedder.name}, weights verified (sha256 {embedder.fingerprint[:12]}…){size}")
    yield Finding("processor", True, getattr(embedder, "path", "not told"))


def _folder_of(embedder: str | None) -> Path:
    from embeddings.models import packaged_model

    return Path(embedder).expanduser() if embedder else packaged_model()


_COMES_WITH = {
    "reader": "the one that comes with Vouch, weights verified",
    "support": "the score that comes with Vouch, weights verified; judges the sentences of a model that writes",
}


def _ours(subject: str, load: Callable[[], Any]) -> Finding:
    """A model that comes with Vouch; the support score is the reader's network with other upper layers."""
    try:
        return Finding(subject, True, f"{_COMES_WITH[subject]}{_size(READER)}; {load().path}")
    except RagError as error:
        return Finding(subject, False, str(error))


def _size(folder: Path) -> str:
    """What a BERT model in a folder takes, in words; empty where its weights are not there to be counted."""
    from embeddings.encoder import choose_numerics

    counts = dict(_counts(folder))
    narrow = choose_numerics().dtype.itemsize
    size = sum(count * (4 if "embeddings" in name else narrow) for name, count in counts.items())  # see BertEncoder
    return f"; {sum(counts.values()) / 1e6:,.0f} million parameters, {size / 1e6:,.0f} MB of memory" if counts else ""


def _counts(folder: Path) -> Iterator[tuple[str, int]]:
    """How many numbers each weight in a folder has, from the heads of its files."""
    from safetensors import safe_open

    for file in folder.glob("*.safetensors"):
        with safe_open(file, "pt") as weights:
            for name in weights.keys():  # noqa: SIM118
                yield name, math.prod(weights.get_slice(name).get_shape())


SUGGESTED = "Qwen/Qwen3-0.6B"


def _on_this_machine(wanted: str | None) -> Iterator[Finding]:
    """The models that can write here: those in the hub's cache, and a folder that is named."""
    from rag.generation import download

    found = dict(_cached())
    if wanted and Path(wanted).expanduser().is_dir():
        found[wanted] = Path(wanted).expanduser()
    if wanted and wanted not in found:
        yield Finding("model", False, f"{wanted} is not on this machine: fetch it with: {download(wanted)}")
    for name, folder in found.items():
        yield _memory(name, folder, needed=name == wanted)
    if not found and not wanted:
        yield Finding(
            "model", True, "none on this machine, so answers are the documents' own sentences; "
            f"fetch one with: {download(SUGGESTED)}"
        )  # fmt: skip


def _cached() -> Iterator[tuple[str, Path]]:
    """Language models in the cache of the hub, by name, with the folder of the version fetched last."""
    from huggingface_hub.constants import HF_HUB_CACHE

    for config in sorted(Path(HF_HUB_CACHE).glob("models--*/snapshots/*/config.json"), key=_age):
        if any(kind.endswith(("ForCausalLM", "ForConditionalGeneration")) for kind in _architectures(config)):
            yield config.parents[2].name.removeprefix("models--").replace("--", "/"), config.parent


def _age(file: Path) -> float:
    return file.parent.stat().st_mtime


def _architectures(config: Path) -> list[str]:
    try:
        return list(json.loads(config.read_text("utf-8")).get("architectures") or [])
    except (OSError, ValueError, AttributeError, TypeError):
        return []


def _memory(name: str, folder: Path, needed: bool) -> Finding:
    """What a model takes: its parameters, from the heads of its files, in the precision of this machine."""
    from safetensors import SafetensorError

    from embeddings.encoder import choose_numerics

    try:
        count = sum(count for _, count in _counts(folder))
    except (SafetensorError, OSError) as problem:
        return Finding("model", not needed, f"{name} is damaged ({problem}): fetch it again")
    if not count:
        return Finding("model", not needed, f"{name} has no weights as safetensors, and no others are read")
    numerics = choose_numerics()
    size = count * numerics.dtype.itemsize / 1e9
    return Finding("model", True, f"{name}: {count / 1e6:,.0f} million parameters, {size:.1f} GB of memory; {numerics}")


def _server(writer: Writer) -> Finding:
    from rag.generation import shown
    from rag.models import load_server

    try:
        server = load_server(writer.url or "", writer.model, allow_remote=writer.allow_remote)
        room, served = server.context, ", ".join(server.models())
        return Finding("model", True, f"{server.name} on {shown(server.url)}, {room:,} tokens; it has {served}")
    except RagError as error:
        return Finding("model", False, str(error))


def _ollama() -> Iterator[Finding]:
    """What runs at Ollama's own address, where something does."""
    from rag.generation import EXAMPLE, ServerGenerator

    try:
        served = ServerGenerator(EXAMPLE).models()
    except ModelUnreachable:
        return
    except RagError as error:
        yield Finding("server", True, str(error))
    else:
        names = ", ".join(served) or "no model yet; fetch one with: ollama pull qwen3:4b"
        yield Finding("server", True, f"{EXAMPLE}: {names} (use it with --model-url {EXAMPLE})")


def _ocr() -> Finding:
    found = shutil.which("tesseract")
    return Finding(
        "OCR", True, found or "no tesseract command: scanned pages are reported, not read; install it to read them"
    )


def _library(library: Path, name: str | None) -> Iterator[Finding]:
    try:
        with reading(library) as view:
            (problem,) = view.connection.execute("PRAGMA quick_check").fetchone()
            documents, passages = len(view.live()), view.count_passages()
            (keywords,) = view.connection.execute("SELECT count(*) FROM keywords").fetchone()
            if problem == "ok" and keywords != passages:
                problem = f"{keywords} keyword rows for {passages} passages"
            advice = "" if problem == "ok" else ": move the folder away and index the documents again"
            counts = f"{library}: {documents} documents, {passages} passages"
            yield Finding("library", problem == "ok", f"{counts}, {problem}{advice}")
            view.check(load_embedder(name))
    except LibraryNotFound:
        yield Finding(
            "library", True, f"none yet at {library}: `rag ask` uses the sample library until `rag index PATH`"
        )
    except RagError as error:
        yield Finding("library", False, str(error))
