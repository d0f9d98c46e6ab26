"""The models a path needs, their errors by our names."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelDamaged, ModelNotFound

if TYPE_CHECKING:
    from rag.generation import ServerGenerator
    from rag.reading import ExtractiveReader
    from rag.seams import Embedder, Generator
    from rag.stage_tagging import StageTagger
    from rag.support import SupportScorer

READER = Path(__file__).parent / "reader_model"
READER_SHA256 = "8e73c3789f938cc13c8ee0f5d2313bd91fa065c7a0ce3fb1a61a020ce4325dab"

SUPPORT = Path(__file__).parent / "support_model"
SUPPORT_SHA256 = "e29646423844aa1d92a5780c40a67da364f114bd2abd3657eec98228134070e7"

STAGE_TAGGER = Path(__file__).parent / "stage_model"
STAGE_TAGGER_SHA256 = "fd09e56eeaf0d99e90326628e4c907f452c59958554370843ad77b3725ece936"


def load_embedder(name: str | None = None) -> Embedder:
    """An embedding model by folder or hub name; the installed one by default.

    Raises ModelNotFound, ModelDamaged.
    """
    import embeddings

    try:
        return embeddings.load_embedder(name or embeddings.DEFAULT_MODEL)
    except embeddings.ModelNotFound as error:
        raise ModelNotFound(str(error)) from error
    except embeddings.ModelDamaged as error:
        raise ModelDamaged(str(error)) from error


def load_reader(name: str | None = None) -> ExtractiveReader:
    """A question-answering model by folder or hub name; the one that comes with Vouch by default.

    Raises ModelNotFound, ModelDamaged.
    """
    import json

    from rag.network import BertNetwork, OtherNetwork
    from rag.reading import Confidence, ExtractiveReader

    if name is None:
        return ExtractiveReader(BertNetwork(READER, sha256=READER_SHA256), Confidence.beside(READER))
    folder = Path(name).expanduser()
    config = folder / "config.json"
    try:
        model_type = json.loads(config.read_text("utf-8")).get("model_type") if config.is_file() else None
    except (ValueError, AttributeError) as error:
        raise ModelDamaged(f"{config} is not readable as JSON: download the model again") from error
    if model_type == "bert":
        return ExtractiveReader(BertNetwork(folder), Confidence.beside(folder))
    return ExtractiveReader(OtherNetwork(name), Confidence.beside(folder))


def load_generator(model: str | None, url: str | None = None, *, allow_remote: bool = False) -> Generator | None:
    """A model that writes: on the server at ``url``, else in this process, by folder or hub name; None without both.

    Raises ModelNotFound, ModelDamaged, and ModelRefused for an address off this machine that is not allowed.
    """
    from rag.generation import TransformersGenerator

    if url:
        return load_server(url, model, allow_remote=allow_remote)
    return TransformersGenerator(model) if model else None


def load_server(url: str, model: str | None = None, *, allow_remote: bool = False) -> ServerGenerator:
    """A model on a server, with the key in the environment variable VOUCH_MODEL_KEY. Raises ModelRefused."""
    from rag.generation import ServerGenerator

    return ServerGenerator(url, model, key=os.environ.get("VOUCH_MODEL_KEY"), allow_remote=allow_remote)


@lru_cache(maxsize=1)
def load_support() -> SupportScorer:
    """The score that comes with Vouch for whether words bear a claim, loaded once a process.

    Raises ModelNotFound, ModelDamaged.
    """
    from rag.support import SupportScorer

    return SupportScorer(READER, SUPPORT, sha256=SUPPORT_SHA256)


@lru_cache(maxsize=1)
def load_stage_tagger() -> StageTagger:
    """What tells the stage a question asks about, loaded once a process; it comes with Vouch.

    Raises ModelNotFound, ModelDamaged.
    """
    from embeddings.models import packaged_model
    from rag.stage_tagging import StageTagger

    return StageTagger(packaged_model(), STAGE_TAGGER, sha256=STAGE_TAGGER_SHA256)


def english_words() -> list[str]:
    """Common English words, sorted: the whole words of the installed embedding model's vocabulary, about 21,000."""
    from embeddings.models import packaged_model

    words = (packaged_model() / "vocab.txt").read_text("utf-8").split()
    return sorted(word for word in words if word.isalpha() and word.isascii())
