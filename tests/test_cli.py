"""The command line as a person types it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WordEmbedder
from model_server import ModelServer, serving
from tiny import tiny_bert, tiny_writer

from rag import answering, doctor, indexing, models
from rag.__main__ import main
from rag.errors import ModelNotFound
from rag.picking import SentencePicker


@pytest.fixture(autouse=True)
def quick_model(monkeypatch: pytest.MonkeyPatch, embedder: WordEmbedder, home: Path) -> None:
    for room in (models, indexing, answering, doctor):  # all imported before any of them is changed
        monkeypatch.setattr(room, "load_embedder", lambda name=None: embedder)


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
    for subject in ("reader", "support"):
        (found,) = re.findall(rf"ok  {subject} .*", out)
        assert "weights verified" in found and "23 million parameters" in found and "MB of memory" in found
    run(capsys, "index", str(notices))
    status, out, _ = run(capsys, "doctor")
    assert status == 0 and "3 documents" in out
    (home / "library" / "library.sqlite3").write_bytes(b"rubbish" * 1000)
    status, out, _ = run(capsys, "doctor")
    assert status == 1 and "NO  library" in out and "damaged" in out


def test_doctor_tells_what_fetches_an_embedder(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str | None = None) -> None:
        raise ModelNotFound(f"{name} cannot be loaded")

    monkeypatch.setattr(doctor, "load_embedder", missing)
    status, out, _ = run(capsys, "doctor", "--embedder", "Nobody/Nothing-1B")
    assert status == 1 and "fetch it with: hf download Nobody/Nothing-1B" in out


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


WRITES = "The ferry carries 1 200 passengers a day between Northport and the old pier [1]. It sells 70 000 hats [1]."
FERRY = ("ask", "How many passengers a day does the ferry carry?", "--source", "ferry", "--min-confidence", "0")


@pytest.fixture
def picker(monkeypatch: pytest.MonkeyPatch, embedder: WordEmbedder) -> None:
    monkeypatch.setattr("rag.models.load_reader", lambda name=None: SentencePicker(embedder))
    for variable in ("VOUCH_MODEL", "VOUCH_MODEL_URL", "VOUCH_MODEL_KEY"):
        monkeypatch.delenv(variable, raising=False)


def test_a_model_behind_a_server_writes_the_answer(
    capsys: pytest.CaptureFixture[str], notices: Path, picker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "index", str(notices))
    with serving(ModelServer(WRITES)) as server:
        status, out, _ = run(capsys, *FERRY, "--model-url", server.url)
        assert status == 0 and out.startswith("The ferry carries 1 200 passengers a day") and "hats" not in out
        assert "written by tiny:1b" in out and "1 sentence of the model not shown" in out and "ferry.txt" in out
        _, out, _ = run(capsys, *FERRY, "--model-url", server.url, "--show-removed")
        assert 'removed: "It sells 70 000 hats' in out
        monkeypatch.setenv("VOUCH_MODEL_URL", server.url)
        monkeypatch.setenv("VOUCH_MODEL", "tiny:1b")
        answer = json.loads(run(capsys, *FERRY, "--json")[1])
        assert answer["written_by"] == "tiny:1b" and "hats" in answer["removed"][0]["sentence"]
        _, out, _ = run(capsys, "doctor")
        assert f"tiny:1b on {server.url}, 4,096 tokens" in out
    status, out, _ = run(capsys, *FERRY)
    assert status == 0 and "note: tiny:1b could not write" in out and "1 200" in out and "written by" not in out
    assert run(capsys, "doctor")[0] == 1


def test_a_model_behind_a_server_writes_a_brief_and_a_comparison(
    capsys: pytest.CaptureFixture[str], notices: Path, picker: None
) -> None:
    run(capsys, "index", str(notices))
    for command in (("brief", "ferry"), ("compare", "ferry", "2021", "2024")):
        with serving(ModelServer(WRITES)) as server:
            status, out, _ = run(capsys, *command, "--model-url", server.url, "--show-removed")
            assert status == 0 and out.startswith("The ferry carries 1 200 passengers a day")
            assert out.count("The ferry carries") == 1 and "Written by tiny:1b" in out and "Sources" in out
            assert 'removed: "It sells 70 000 hats' in out
            assert json.loads(run(capsys, *command, "--model-url", server.url, "--json")[1])["written_by"] == "tiny:1b"
        status, out, _ = run(capsys, *command, "--model-url", server.url)
        assert status == 0 and "note: " in out and "could not write the" in out and "1 200 passengers" in out


def test_pieces_are_printed_as_they_come(
    capsys: pytest.CaptureFixture[str], notices: Path, picker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "index", str(notices))
    told: list[str] = []
    monkeypatch.setattr("rag.__main__._tell", told.append)
    with serving(ModelServer(f"{WRITES} Northport opened its ferry on March 4, 2022 [1].")) as server:
        _, out, _ = run(capsys, *FERRY, "--model-url", server.url)
    assert len(told) == 3 and told[0].startswith("The ferry carries") and told[-1] == "\n\n"
    assert "The ferry carries" not in out.split("[1]")[0]


def test_an_address_off_this_machine_has_to_be_allowed(
    capsys: pytest.CaptureFixture[str], notices: Path, picker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "index", str(notices))
    monkeypatch.setattr("rag.generation.is_local", lambda url: False)
    with serving(ModelServer(WRITES)) as server:
        elsewhere = ("--model-url", server.url.replace("//", "//me:secret@"))
        for command in (FERRY, ("chat",)):
            status, out, err = run(capsys, *command, *elsewhere)
            assert status == 2 and not out and "--allow-remote-model" in err and not server.keys
        _, out, err = run(capsys, *FERRY, *elsewhere, "--allow-remote-model")
    assert f"passages of your documents are sent to {server.url}" in err and "secret" not in err
    assert "written by tiny:1b" in out


def test_a_model_that_is_not_here_is_named_with_what_fetches_it(
    capsys: pytest.CaptureFixture[str], notices: Path, picker: None
) -> None:
    run(capsys, "index", str(notices))
    status, _, err = run(capsys, *FERRY, "--model", "Nobody/Nothing-1B")
    assert status == 2 and "hf download Nobody/Nothing-1B" in err


def test_doctor_finds_models_in_the_cache_and_tells_their_memory(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, picker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("rag.generation.EXAMPLE", "http://127.0.0.1:9/v1")
    status, out, _ = run(capsys, "doctor")
    assert status == 0 and "none on this machine" in out and "hf download" in out
    tiny_writer(tmp_path / "models--Some--Writer-1B" / "snapshots" / "abc")
    tiny_bert(tmp_path / "models--Some--Encoder" / "snapshots" / "abc")
    _, out, _ = run(capsys, "doctor")
    assert "Some/Writer-1B: 0 million parameters" in out and "GB of memory" in out and "Encoder" not in out
    status, out, _ = run(capsys, "doctor", "--model", "Some/Other")
    assert status == 1 and "hf download Some/Other" in out
    with serving(ModelServer()) as server:
        monkeypatch.setattr("rag.generation.EXAMPLE", server.url)
        assert f"{server.url}: tiny:1b" in run(capsys, "doctor")[1]


def test_a_proxys_name_is_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["chat", "--allow-host", "https://vouch.example.org"])
    assert "is not a name" in capsys.readouterr().err
