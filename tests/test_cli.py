"""The command line as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag.__main__ import main
from rag.picking import SentencePicker


@pytest.fixture(autouse=True)
def quick_model(monkeypatch: pytest.MonkeyPatch, embedder: WordEmbedder, home: Path) -> None:
    for room in ("models", "indexing", "answering", "doctor"):
        monkeypatch.setattr(f"rag.{room}.load_embedder", lambda name=None: embedder)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def test_index_ask_list_show_remove(capsys: pytest.CaptureFixture[str], notices: Path) -> None:
    status, out, _ = run(capsys, "index", str(notices))
    assert status == 0 and out.startswith("3 added")
    status, out, _ = run(capsys, "ask", "How many passengers a day does the ferry carry?", "--min-confidence", "0")
    assert status == 0 and "1 200" in out and "4 March 2022" in out and "ferry.txt" in out and "characters" in out
    status, out, _ = run(capsys, "list")
    assert "4 March 2022" in out and "9 May 2023" in out and len(out.splitlines()) == 3
    status, out, _ = run(capsys, "show", "ferry.txt")
    assert 'from "Ends/Friday, March 4, 2022"' in out and "sha256" in out
    status, out, _ = run(capsys, "remove", "ferry.txt")
    assert status == 0 and out.startswith("removed")
    status, _, err = run(capsys, "show", "ferry.txt")
    assert status == 2 and "rag list" in err


def test_json_is_the_answer(capsys: pytest.CaptureFixture[str], notices: Path) -> None:
    run(capsys, "index", str(notices))
    _, out, _ = run(
        capsys,
        "ask",
        "How many passengers a day does the ferry carry?",
        "--min-confidence",
        "0",
        "--as-of",
        "2022-12-31",
        "--json",
    )
    answer = json.loads(out)
    assert {"question", "text", "short", "citations", "confidence", "as_of", "hits", "reason", "timings"} <= set(answer)
    (citation,) = answer["citations"]
    assert citation["published"] == {"date": "2022-03-04", "basis": "text", "words": "Ends/Friday, March 4, 2022"}
    assert answer["as_of"] == "2022-12-31"
    _, out, _ = run(capsys, "show", str(citation["document_id"]), "--span", f"{citation['start']}:{citation['end']}")
    assert out.rstrip("\n") == citation["quote"]
    _, out, _ = run(capsys, "list", "--json")
    assert [entry["published"]["date"] for entry in json.loads(out)] == ["2023-05-09", "2022-03-04", None]


def test_the_first_question_uses_the_sample_library(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    status, out, err = run(
        capsys, "ask", "When was the physical office of Hong Kong Talent Engage opened?", "--min-confidence", "0"
    )
    assert status == 0 and "October 2023" in out and "sample library" in err
    assert any((home / "samples").iterdir()) and not (home / "library").exists()


def test_the_answer_is_printed_though_there_is_nothing_to_plot(
    capsys: pytest.CaptureFixture[str], notices: Path, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.answering.load_reader", lambda: SentencePicker(embedder))
    run(capsys, "index", str(notices))
    asked = ("timeline", "How many passengers a day does the ferry carry?", "--plot", str(notices / "out.png"))
    status, out, err = run(capsys, *asked)
    assert status == 2 and "confidence" in out
    assert [line.partition(",")[0] for line in err.splitlines()] == [
        "rag: the documents give no series of values for this; this is what they say",
        "rag: there is no series of dated figures to plot: ask for a number that changes over time",
    ]


def test_failures_are_lines_and_a_status(capsys: pytest.CaptureFixture[str], notices: Path) -> None:
    (notices / "empty.txt").touch()
    status, out, _ = run(capsys, "index", str(notices), str(notices / "missing.txt"))
    assert status == 1 and "3 added, 2 failed" in out
    assert "(EmptySource)" in out and "(SourceNotFound)" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", ""), "empty"),
        (("ask", "x" * 100_000), "100,000 characters"),
        (("ask", "When?", "--as-of", "soon"), "soon"),
        (("ask", "When?", "--library", "/nowhere/at/all"), "rag index"),
        (("list", "--library", "/nowhere/at/all"), "rag index"),
        (("remove", "1", "--library", "/nowhere/at/all"), "rag index"),
    ],
)
def test_errors_are_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str], notices: Path, arguments: tuple[str, ...], says: str
) -> None:
    run(capsys, "index", str(notices))
    status, out, err = run(capsys, *arguments)
    assert status == 2 and out == "" and says in err and len(err.splitlines()) == 1


def test_the_terminal_never_sees_control_characters(capsys: pytest.CaptureFixture[str], notices: Path) -> None:
    hostile = notices / "\x1b[31mred\u202e.txt"
    hostile.write_text("\x1b]0;owned\x07Warning\n\n" + "The zeppelin lands at noon. \x1b[2J" * 8 + "\n")
    run(capsys, "index", str(notices))
    for command in (
        ("list",),
        ("show", hostile.name),
        ("ask", "When does the zeppelin land?", "--min-confidence", "0"),
    ):
        _, out, _ = run(capsys, *command)
        assert "\x1b" not in out and "\x07" not in out and "\u202e" not in out and "red" in out


def test_doctor_tells_what_is_well(capsys: pytest.CaptureFixture[str], notices: Path, home: Path) -> None:
    status, out, _ = run(capsys, "doctor")
    assert status == 0 and "none yet" in out
    run(capsys, "index", str(notices))
    status, out, _ = run(capsys, "doctor")
    assert status == 0 and "3 documents" in out
    (home / "library" / "library.sqlite3").write_bytes(b"rubbish" * 1000)
    status, out, _ = run(capsys, "doctor")
    assert status == 1 and "NO  library" in out and "damaged" in out


def test_what_parsers_say_of_odd_files_does_not_reach_the_user(tmp_path: Path) -> None:
    program = """if True:
        import logging, sys, warnings
        from rag.__main__ import main
        main(["show", "1", "--library", sys.argv[1]])
        for name in ("pypdf._reader", "trafilatura.core", "openpyxl.reader", "another"):
            logging.getLogger(name).warning(f"logged by {name}")
            warnings.warn_explicit(f"warned by {name}", UserWarning, "odd.py", 1, module=name)
    """
    shown = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "logged by another" in shown.stderr and "warned by another" in shown.stderr
    for name in ("logged by pypdf", "logged by trafilatura", "warned by openpyxl"):
        assert name not in shown.stderr
