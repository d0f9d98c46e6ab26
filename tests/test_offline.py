"""With the real model and no sockets at all: indexing and asking need no network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import socket, sys
class Refusing(socket.socket):
    def __init__(self, *arguments, **options):
        raise AssertionError("a socket was opened")
socket.socket = Refusing
socket.getaddrinfo = socket.create_connection = Refusing
from rag.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def rag(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"VOUCH_HOME": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[1],
        check=False,
    )


def test_index_and_ask_open_no_socket(tmp_path: Path, notices: Path) -> None:
    indexed = rag(tmp_path / "home", "index", str(notices))
    assert indexed.returncode == 0, indexed.stderr
    asked = rag(tmp_path / "home", "ask", "How many passengers a day does the night ferry carry?")
    assert asked.returncode == 0 and "1 200" in asked.stdout, asked.stderr


def test_the_sample_library_answers_on_a_fresh_machine(tmp_path: Path) -> None:
    asked = rag(tmp_path / "home", "ask", "When was the physical office of Hong Kong Talent Engage opened?")
    assert asked.returncode == 0 and "October 2023" in asked.stdout, asked.stderr
