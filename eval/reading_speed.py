"""How fast are passages read, against the same network run plainly?

    python -m eval.reading_speed [--reader FOLDER] [--passages 10] [--tokens 256]

Reads the same windows with our encoder and with ``transformers`` in float32, one padded batch, in turns; prints the
best time of each and the ratio.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from rag.models import READER
from rag.network import BertNetwork, Window

QUESTION = "How many passengers did the night ferry carry in its first year?"
SENTENCE = "The night ferry between the two harbours carried about 1 200 passengers a day in its first year. "


def main(arguments: Sequence[str] | None = None) -> None:
    """Time both, print one line each."""
    parser = argparse.ArgumentParser(prog="python -m eval.reading_speed", description=__doc__.partition("\n")[0])
    parser.add_argument("--reader", type=Path, default=READER)
    parser.add_argument("--passages", type=int, default=10)
    parser.add_argument("--tokens", type=int, default=256, help="tokens of a window, the question included")
    parser.add_argument("--turns", type=int, default=15)
    options = parser.parse_args(arguments)
    network = BertNetwork(options.reader)
    windows = _windows(network, options.passages, options.tokens)
    ways = {"ours, " + network.path: lambda: network.score(windows), "plain fp32": _plain(options.reader, windows)}
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(options.turns):
        for name, run in ways.items():
            started = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - started)
    for name, seconds in best.items():
        print(f"{name:<32} {1000 * seconds:7.1f} ms")
    ours, plain = best.values()
    print(f"{plain / ours:.2f} times as fast")


def _windows(network: BertNetwork, count: int, tokens: int) -> list[Window]:
    """Windows of exactly so many tokens."""
    whole = network.windows(QUESTION, [SENTENCE * 60])[0][0]
    cut = Window(whole.ids[:tokens], whole.segments[:tokens], whole.first, whole.offsets[: tokens - whole.first - 1])
    return [cut] * count


def _plain(folder: Path, windows: Sequence[Window]) -> Callable[[], object]:
    from transformers import BertForQuestionAnswering

    model = BertForQuestionAnswering.from_pretrained(folder, dtype=torch.float32)
    model.train(False)
    ids = torch.tensor([window.ids for window in windows])
    segments = torch.tensor([window.segments for window in windows])

    def run() -> object:
        with torch.inference_mode():
            return model(input_ids=ids, token_type_ids=segments)

    return run


if __name__ == "__main__":
    main()
