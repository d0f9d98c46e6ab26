"""Where libraries live when nobody says otherwise."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path


def home() -> Path:
    """The folder of Vouch's own files: ``$VOUCH_HOME``, or the user's data folder of the operating system."""
    import platformdirs

    return Path(os.environ.get("VOUCH_HOME") or platformdirs.user_data_dir("vouch", appauthor=False))


def default_library() -> Path:
    """The library that ``rag index`` writes to when none is named."""
    return home() / "library"


def sample_library(fingerprint: str) -> Path:
    """The library made of the shipped sample documents with the embedding model of that fingerprint."""
    return home() / "samples" / fingerprint[:8]


def sample_documents() -> Path:
    """The shipped sample documents themselves."""
    return Path(str(files("rag"))) / "sample_library"
