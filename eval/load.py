"""Many people at once against one running server: seconds for an answer, errors, memory.

    rag chat --no-browser & python -m eval.load http://127.0.0.1:7860 --people 20 --pid $!

Each person asks the next question as soon as the last is answered, in an order of their own. With ``--add FOLDER`` its
files are sent at the same time, so that the figures tell what asking is like while documents are being indexed.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from eval.collections import read_lines
from eval.sets import DATA

MOST_TIMES = 20  # the single person's median that 95 % of the answers may take


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: how long it took, and what came of it: ``answer``, ``abstention`` or an error by name."""

    seconds: float
    outcome: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask alone, then together; print the figures; 1 where something failed or took too long."""
    options = _parser().parse_args(arguments)
    questions = [str(line["question"]) for line in read_lines(options.questions)]
    auth = tuple(options.auth.partition(":")[::2]) if options.auth else None
    with httpx.Client(base_url=options.url, auth=auth, timeout=300) as client:
        _wait_until_ready(client)
        ask(client, questions[0])  # what is compiled or cached at the first question is not measured
        alone = [ask(client, question) for question in questions[: options.each]]
        median = statistics.median(one.seconds for one in alone)
        _report("one person", alone, median)
        before = _megabytes(options.pid)
        with ExitStack() as stack:
            adding = stack.enter_context(_Adding(client, options.add)) if options.add else None
            together = crowd(client, questions, options.people, options.each)
            still = bool(adding and adding.report is None)
        _report(f"{options.people} people", together, median)
        if adding:
            print(f"adding: {adding.report}{'; still going on when the last was answered' if still else ''}")
        if before:
            print(f"memory of the server: {before:,.0f} MB before, {_megabytes(options.pid):,.0f} MB after")
    failed = [one for one in together if one.outcome not in ("answer", "abstention")]
    return int(bool(failed) or percentile(together, 95) > MOST_TIMES * median)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--each", type=int, default=15, help="questions a person asks")
    parser.add_argument("--questions", type=Path, default=DATA / "time.jsonl", help="JSON lines with `question`")
    parser.add_argument("--auth", metavar="USER:PASSWORD")
    parser.add_argument("--add", type=Path, metavar="FOLDER", help="send its files meanwhile")
    parser.add_argument("--pid", type=int, help="process of the server, whose memory is read (Linux)")
    return parser


def ask(client: httpx.Client, question: str) -> Asked:
    """One question over HTTP."""
    started = time.perf_counter()
    try:
        response = client.post("/api/ask", json={"question": question})
        told = response.json()
        outcome = told["error"] if "error" in told else "answer" if told["text"] else "abstention"
    except (httpx.HTTPError, ValueError) as error:
        outcome = type(error).__name__
    return Asked(time.perf_counter() - started, str(outcome))


def crowd(client: httpx.Client, questions: Sequence[str], people: int, each: int) -> list[Asked]:
    """Everybody asks ``each`` questions, one after another; all begin together."""
    begin = threading.Barrier(people)

    def person(number: int) -> list[Asked]:
        order = random.Random(number).sample(list(questions), min(each, len(questions)))
        begin.wait()
        return [ask(client, question) for question in order]

    with ThreadPoolExecutor(people) as pool:
        return [one for asked in pool.map(person, range(people)) for one in asked]


class _Adding:
    """Sends the files of a folder in one request, in a thread of its own."""

    def __init__(self, client: httpx.Client, folder: Path) -> None:
        self._client, self._folder = client, folder
        self._thread = threading.Thread(target=self._send)
        self.report: str | None = None

    def __enter__(self) -> _Adding:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _send(self) -> None:
        with ExitStack() as stack:
            paths = sorted(path for path in self._folder.iterdir() if path.is_file())
            files = [("files", (path.name, stack.enter_context(path.open("rb")))) for path in paths]
            told = self._client.post("/api/index", files=files, timeout=3_600).json()
        self.report = told.get("message") or (
            f"{len(told['added'])} added, {len(told['failed'])} failed, {told['passages']} passages in the library, "
            f"{told['seconds']:.1f} s"
        )


def percentile(asked: Sequence[Asked], share: int) -> float:
    """Seconds within which ``share`` per cent were answered."""
    return statistics.quantiles((one.seconds for one in asked), n=100, method="inclusive")[share - 1]


def _report(who: str, asked: Sequence[Asked], single: float) -> None:
    middle, late = statistics.median(one.seconds for one in asked), percentile(asked, 95)
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(Counter(one.outcome for one in asked).items()))
    print(
        f"{who}: median {1000 * middle:,.0f} ms ({middle / single:.1f} times one person's), "
        f"p95 {1000 * late:,.0f} ms ({late / single:.1f} times) · {outcomes}"
    )


def _wait_until_ready(client: httpx.Client) -> None:
    for _ in range(600):
        if client.get("/api/status").json().get("ready"):
            return
        time.sleep(0.2)
    raise SystemExit("the server did not become ready within two minutes")


def _megabytes(process: int | None) -> float:
    """Resident memory; 0 where it is not known."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if process and status.is_file() else None
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
