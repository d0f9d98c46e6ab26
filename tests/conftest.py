"""Fakes that enter at the seams, and a machine without a network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import pytest_socket
from hypothesis import settings

settings.register_profile("house", deadline=None)  # machines are noisy: no test is timed
settings.load_profile("house")

SHARED = Path(__file__).parents[2] / "shared"


class WordEmbedder:
    """Bags of hashed words: texts that share words are near. Instant, and the same on every machine."""

    def __init__(self, name: str = "words", dimension: int = 256) -> None:
        self.name = name
        self.fingerprint = hashlib.sha256(name.encode()).hexdigest()
        self.dimension = dimension
        self.embedded = 0

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimension] += 1
        self.embedded += len(texts)
        vectors[:, 0] += 1e-3
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Loopback alone: a test that reached further would fail on the spot."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has no library yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("VOUCH_HOME", str(folder))
    return folder


@pytest.fixture
def shared() -> Path:
    """The real documents and public test sets beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the development data in {SHARED.name}/ beside the checkout, which is not here")
    return SHARED


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A folder of three small dated notices."""
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "ferry.txt").write_text(
        "New ferry opens\n\nThe Harbour Board opened the night ferry today (March 4, 2022). "
        "It carries 1 200 passengers a day between Northport and the old pier.\n\nEnds/Friday, March 4, 2022\n"
    )
    (folder / "bridge.md").write_text(
        "# Bridge repairs\n\nIssued on 9 May 2023\n\nMs Ada Wong, the Chief Engineer, said that repairs to the Long "
        "Bridge will take eight months.\n\n## Costs\n\n- Steel: about $4 million\n- Labour: about $2 million\n"
    )
    (folder / "library.txt").write_text(
        "Library hours\n\nThe Central Library closes at nine in the evening from 1 July 2023.\n"
    )
    return folder
