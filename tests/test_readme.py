"""The README's Python is run as it stands there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from eval.report import read
from eval.sets import HELD_OUT, SHIPPED, read_questions
from eval.standing import SCORES, into_readme, last, table

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_snippet_runs(notices: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(notices.parent)
    match = re.search(r"<!-- snippet -->\n```python\n(.*?)```", README, re.DOTALL)
    assert match
    exec(compile(match.group(1), "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.startswith("3 added, 0 failed") and "1 200" in shown and "4 March 2022" in shown


def test_every_command_and_option_of_the_readme_exists(capsys: pytest.CaptureFixture[str]) -> None:
    from rag.__main__ import main

    for command in re.findall(r"^\| `rag (\w+)", README, re.MULTILINE):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
    helped = capsys.readouterr().out
    for option in set(re.findall(r"--[a-z][a-z-]*", README.split("## Commands")[1].split("## What it reads")[0])):
        assert option in helped, option


def test_the_fields_of_answer_are_documented() -> None:
    from dataclasses import fields

    from rag import Answer

    table = README.split("`rag ask --json` prints the fields")[1].split("`start` and `end` count")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == [field.name for field in fields(Answer)]


def test_the_scores_are_those_of_the_last_report_kept() -> None:
    """``python -m eval --readme`` renews both."""
    assert into_readme(README, SCORES, table(read(last()))) == README


def test_the_questions_are_counted_rightly() -> None:
    shipped, held = read_questions(SHIPPED), read_questions([HELD_OUT])
    kinds = {question.category for question in shipped}
    assert f"| {len(shipped)} questions of {len(kinds)} kinds; a quarter of them nothing answers |" in README
    assert f"| {len(held)} more that nothing is tuned on;" in README
    assert {question.id for question in shipped} >= set(read(last()).run.ids)


def test_no_machine_is_named() -> None:
    root = Path(__file__).parents[1]
    named = re.compile("/" + "work/|/" + "root/|pypi" + r"\.org|files\.python" + "hosted")
    for path in [
        *root.glob("*.*"),
        *root.glob("rag/*.py"),
        *root.glob("e*/*.py"),
        *root.glob("eval/*/*.json*"),
        *root.glob("eval/*/*.html"),
        *root.glob("tests/*.py"),
        root / ".ci/run",
    ]:
        if path.is_file() and path.name != ".git" and os.access(path, os.R_OK):
            assert not named.search(path.read_text(encoding="utf-8")), path
