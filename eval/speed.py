"""Speed and memory, as ratios against a plain baseline measured in the same run.

    python -m eval.speed [--collection DIR [--library DIR]] [--paragraphs 1000]

Indexes paragraphs with `rag index` in a process of its own and compares with what one would write first: plain
`SentenceTransformer.encode` of the same model in fp32, measured before and after, since machines drift. Without a
collection the paragraphs are those of the sample library, shuffled anew until there are enough.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tqdm import tqdm

from embeddings.models import packaged_model
from eval.collections import Collection, read_collection, write_documents
from rag import places
from rag.answering import Assistant
from rag.indexing import prepare

BASELINE_SAMPLE = 300  # paragraphs encoded plainly, before and again after
QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One `rag` command: seconds by its own account and by the clock, and the peak memory so far in MB."""

    seconds: float
    wall: float
    peak: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description=__doc__.partition("\n")[0])
    parser.add_argument("--collection", type=Path, help="a folder with corpus.jsonl[.gz], queries and qrels.tsv")
    parser.add_argument("--library", type=Path, help="keep the library that is made here, for eval.retrieval")
    parser.add_argument("--paragraphs", type=int, default=1000, help="without a collection (default 1000)")
    options = parser.parse_args(arguments)
    collection = read_collection(options.collection) if options.collection else sample(options.paragraphs)
    texts = [f"{title}\n{text}" for title, text in collection.documents.values()]
    with tempfile.TemporaryDirectory() as scratch:
        documents, library = Path(scratch) / "documents", options.library or Path(scratch) / "library"
        write_documents(collection, documents)
        chosen = random.Random(0).sample(texts, min(2 * BASELINE_SAMPLE, len(texts)))
        print(f"{len(texts):,} paragraphs of {sum(map(len, texts)) / len(texts):.0f} characters")
        before = plain_rate(chosen[::2])
        first = index(documents, library)
        after = plain_rate(chosen[1::2])
        second = index(documents, library)
        _report_indexing(len(texts), (before + after) / 2, first, second)
        _report_asking(library, list(collection.queries.values())[:QUESTIONS])


def sample(count: int) -> Collection:
    """Paragraphs made of the sample library's sentences in another order."""
    sentences = []
    for file in sorted(places.sample_documents().iterdir()):
        document, passages = prepare(str(file), file.read_bytes())
        sentences += [document.text[start:end] for passage in passages for start, end in passage.sentences]
    chance = random.Random(0)
    documents = {str(number): ("Notice", " ".join(chance.sample(sentences, 5))) for number in range(count)}
    queries = {str(number): f"What is said of {sentence[:60]}?" for number, sentence in enumerate(sentences)}
    return Collection(documents, queries, {})


def plain_rate(texts: Sequence[str]) -> float:
    """Paragraphs a second by `SentenceTransformer.encode` as it comes: fp32, batches of 32."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(packaged_model()), device="cpu")
    model.encode(texts[:32])
    started = time.perf_counter()
    for first in tqdm(range(0, len(texts), 100), desc="plain encode", leave=False):
        model.encode(texts[first : first + 100])
    return len(texts) / (time.perf_counter() - started)


def index(documents: Path, library: Path) -> Run:
    """`rag index` in a fresh process."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "rag", "index", str(documents), "--library", str(library), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Run(report["seconds"], time.perf_counter() - started, peak)


def _report_indexing(count: int, plain: float, first: Run, second: Run) -> None:
    rate = count / first.seconds
    print(f"plain fp32 encode   {plain:8.1f} paragraphs/s")
    print(f"rag index           {rate:8.1f} paragraphs/s = {rate / plain:.2f} times plain encode, all stages included")
    print(f"  first run         {first.seconds:8.1f} s ({first.wall:.1f} s with start-up), peak {first.peak:.0f} MB")
    print(f"  unchanged again   {second.seconds:8.1f} s = {100 * second.seconds / first.seconds:.1f} % of the first")
    print(f"    with start-up   {second.wall:8.1f} s = {100 * second.wall / first.wall:.1f} % of the first")


def _report_asking(library: Path, questions: Sequence[str]) -> None:
    assistant = Assistant(library)
    assistant.ask(questions[0])
    laps = [assistant.ask(question).timings for question in questions]
    stages = {stage: median(lap[stage] for lap in laps) for stage in laps[0]}
    shown = ", ".join(f"{stage} {1000 * seconds:.1f} ms" for stage, seconds in stages.items())
    print(f"ask, warm           {1000 * sum(stages.values()):8.1f} ms (medians: {shown})")
    cold = _seconds("-m", "rag", "ask", questions[0], "--library", str(library))
    bare = _seconds("-c", "import sentence_transformers")
    print(f"ask, cold start     {cold:8.1f} s; `import sentence_transformers` alone takes {bare:.1f} s")


def _seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
