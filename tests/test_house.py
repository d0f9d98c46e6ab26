"""The house keeps its shape: imports run one way, heavy packages wait until they are used, the README is true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "numpy", "pypdf", "trafilatura", "docx",
         "pptx", "openpyxl", "ftfy", "lxml", "PIL", "tqdm", "filelock"}  # fmt: skip
NOUNS = {"types", "errors", "seams"}
# What a room may use besides the nouns. Parts do not use each other, with the exceptions that are argued here.
ALLOWED = {
    "__init__": {"answering", "indexing"},
    "__main__": {"answering", "briefing", "contrasting", "doctor", "generation", "indexing", "memo", "models",
                 "places", "plotting", "rendering", "store"},
    "doctor": {"generation", "models", "store"},
    "indexing": {"chunking", "cleaning", "dates", "dense", "lexical", "loading", "models", "places", "snapshot",
                 "sources", "store"},
    "posts": {"picking", "questions"},  # stems
    "post_questions": {"picking", "posts", "questions"},
    "holdings": {"mentions", "posts", "questions"},
    "incumbents": {"asked_time", "holdings", "moments", "picking", "posts", "statements"},
    "abstaining": {"asked_time", "picking", "statements", "store", "temporal"},
    "answering": {"abstaining", "asked_time", "briefing", "changing", "citing", "contrasting", "dates", "dense",
                  "fitting", "following", "gathering", "incumbents", "indexing", "lexical", "models",
                  "places", "post_questions", "quantities", "questions", "replies", "replying", "retelling",
                  "retrieval", "snapshot", "spelling", "stages", "statements", "store", "tallies", "temporal",
                  "weighing", "writing"},
    "imprint": {"dates", "lexical", "picking"},
    "replying": {"changing", "comparing", "counting", "courses", "defining", "describing", "enumerations", "following",
                 "holdings", "imprint", "incumbents", "parts", "post_questions", "posts", "questions", "replies",
                 "several_values", "statements", "temporal", "verdicts"},
    "several_values": {"asked_time", "changing", "comparing", "courses", "differing", "ordinals", "questions",
                       "replies", "statements", "tallies", "temporal"},
    "courses": {"asked_time", "changing", "comparing", "parts", "questions", "replies", "stages", "statements",
                "temporal"},
    "verdicts": {"affirming", "aiming", "asked_time", "comparing", "confirming", "deciding", "grounds", "replies",
                 "stating"},
    "enumerations": {"listing", "questions", "replies"},
    "replies": {"asked_time", "statements", "temporal"},
    "gathering": {"citing", "defining", "mentions", "moments", "picking", "quantities", "retrieval",
                  "statements", "store", "stretches"},
    "figures": {"gathering", "picking", "questions", "stages", "statements", "temporal"},
    "briefing": {"abstaining", "figures", "gathering", "picking", "statements", "temporal"},
    "contrasting": {"briefing", "chunking", "comparing", "figures", "gathering", "picking", "statements",
                    "temporal"},
    "retelling": {"prompting", "writing"},  # what writing does for answers, for the rest
    "memo": {"rendering"},  # one part of the output in a room of its own
    "writing": {"checking", "citing", "prompting"},
    "fitting": {"lexical", "ordinals", "picking", "quantities", "questions", "stages", "statements", "wording"},
    "weighing": {"statements"},
    "temporal": {"asked_time", "incumbents", "lexical", "moments", "post_questions", "posts", "quantities",
                 "questions", "stages", "statements", "wording"},
    "statements": {"moments", "quantities", "questions", "stages"},
    "changing": {"asked_time", "quantities", "questions"},
    "differing": {"changing", "mentions", "picking", "quantities"},  # one way to ask plainly
    "moments": {"mentions"},
    "asked_time": {"mentions"},
    "mentions": {"date_phrases", "dates"},
    "date_phrases": {"dates"},  # how months and days are written
    "quantities": {"lexical", "questions"},
    "counting": {"picking", "quantities", "stages"},
    "ordinals": {"quantities", "questions", "stages"},  # whose figure it is
    "citing": {"lexical", "quantities", "questions"},
    "models": {"generation", "network", "reading", "stage_tagging", "support"},
    "checking": {"bearing", "covering", "grounds", "naming", "reckoning"},
    "bearing": {"citing", "covering", "grounds", "moments", "naming", "negatives", "quantities", "reckoning", "roles",
                "stages", "wording"},
    "covering": {"grounds", "moments", "naming", "quantities", "wording"},
    "roles": {"grounds", "naming", "wording"},
    "grounds": {"lexical", "moments", "quantities", "wording"},
    "naming": {"grounds", "lexical", "moments"},
    "reckoning": {"citing", "grounds", "moments", "quantities", "stages"},
    "train_reader": {"negatives"},
    "tallies": {"asked_time", "changing", "quantities", "stages"},
    "train_stages": {"stage_tagging"},  # what it writes
    "train_support": {"claims", "negatives", "train_reader"},  # one way to train
    "claims": {"lexical", "negatives"},
    "negatives": {"lexical"},
    "sources": {"fetching"},  # a URL is one more source
    "loading": {"sources", "markup", "webpage", "pdf", "office"},  # one part in several rooms, a format each
    "webpage": {"markup"},  # what loaders write
    "pdf": {"markup"},
    "office": {"markup"},
    "reading": {"network", "picking", "quantities", "questions"},  # what a question asks for, and names
    "picking": {"lexical", "stages"},  # which words of a question count
    "listing": {"coordination", "lexical", "questions"},
    "coordination": {"lexical", "questions"},
    "describing": {"lexical", "questions"},
    "defining": {"lexical"},
    "spelling": {"lexical", "ordinals"},  # how ordinals are spelt
    "following": {"phrases"},
    "comparing": {"ordinals", "quantities", "questions"},
    "deciding": {"lexical", "questions"},
    "confirming": {"bearing", "covering", "deciding", "grounds", "moments", "naming", "quantities", "stating"},
    "aiming": {"grounds", "quantities", "stages", "stating"},
    "affirming": {"deciding"},  # its words and what takes a verdict back
    "retrieval": {"store"},  # for its type: the view both searches share
}  # fmt: skip


def imported(path: Path) -> set[str]:
    """Full names of the modules a file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" if node.module == "rag" else node.module for alias in node.names)
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "rag").glob("*.py")), ids=lambda path: path.stem)
def test_rooms_of_rag_import_one_way(path: Path) -> None:
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("rag.")}
    rooms &= {file.stem for file in (ROOT / "rag").glob("*.py")}
    assert rooms - NOUNS <= ALLOWED.get(path.stem, set())


@pytest.mark.parametrize("path", sorted((ROOT / "rag").glob("*.py")), ids=lambda path: path.stem)
def test_rag_knows_nothing_of_its_faces(path: Path) -> None:
    faces = {name for name in imported(path) if name.split(".")[0] in {"ui", "eval"}}
    assert not faces or path.stem == "__main__"


@pytest.mark.parametrize("path", sorted((ROOT / "embeddings").glob("*.py")), ids=lambda path: path.stem)
def test_embeddings_import_nothing_of_ours(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] in {"rag", "ui", "eval"}}


def test_importing_and_help_load_nothing_heavy() -> None:
    program = "import sys, rag, rag.__main__, rag.answering, rag.indexing; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not HEAVY & {name.split(".")[0] for name in shown.stdout.split()}


def test_help_is_quick() -> None:
    """Not timed against a clock, which a busy machine slows, but in processor time against a bare interpreter."""
    resource = pytest.importorskip("resource", reason="processor time of a child is counted on Unix only")

    def seconds(*command: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], capture_output=True, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    bare = min(seconds("-c", "import argparse, pathlib") for _ in range(3))
    assert min(seconds("-m", "rag", "--help") for _ in range(3)) < bare + 0.25


def test_the_door_holds_what_it_names() -> None:
    for name in rag.__all__:
        assert getattr(rag, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = rag.nothing


def test_no_function_is_long() -> None:
    for path in [
        *(ROOT / "rag").glob("*.py"),
        *(ROOT / "embeddings").glob("*.py"),
        *(ROOT / "eval").glob("*.py"),
        *(ROOT / "ui").glob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{path.name}: {node.name}"


def test_every_dependency_is_justified_in_the_readme() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r'"([A-Za-z0-9_-]+)', block):
        assert f"| {name} |" in readme, name


def test_the_readme_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "rag").glob("*.py"):
        assert path.name in readme, path.name
    for path in (ROOT / "ui").glob("*.py"):
        assert path.name == "__init__.py" or f"ui/{path.name}" in readme, path.name
