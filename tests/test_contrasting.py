"""Comparisons: figures side by side, what one side alone says, and no pair that is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from briefs import inexact, invented, unplaced
from test_answering import QuotingReader
from test_briefing import PAPERS

from rag.__main__ import main
from rag.answering import Assistant
from rag.errors import DocumentNotFound, QuestionError
from rag.indexing import index
from rag.memo import comparison_text
from rag.models import load_embedder
from rag.types import Comparison


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("comparisons")
    (folder / "papers").mkdir()
    for name, text in PAPERS.items():
        (folder / "papers" / name).write_text(text)
    embedder = load_embedder()
    index([folder / "papers"], folder / "library", embedder=embedder)
    return Assistant(folder / "library", embedder=embedder, reader=QuotingReader(""))


def sound(found: Comparison, library: Path) -> Comparison:
    assert inexact(found, library) == invented(found) == unplaced(found) == []
    return found


@pytest.fixture(scope="module")
def by_dates(assistant: Assistant) -> Comparison:
    return sound(assistant.compare("night ferry", "2023-01-31", "2023-07-15"), assistant.library)


def quotes(entries: object) -> str:
    return " ".join(entry.citation.quote for entry in entries)  # type: ignore[attr-defined]


def test_figures_that_changed_between_two_dates_with_their_difference(by_dates: Comparison) -> None:
    changed = {change.label: change for change in by_dates.changed}
    received, approved = changed["applications received"], changed["applications approved"]
    assert (received.first.value, received.second.value, received.difference) == (
        "over 3 000",
        "over 4 500",
        "about 1 500",
    )
    assert (approved.first.value, approved.second.value, approved.difference) == (
        "about 2 000",
        "about 3 600",
        "about 1 600",
    )
    assert [(change.first.value, change.second.value) for change in by_dates.same] == [("1 200", "1 200")]


def test_what_is_new_what_is_not_repeated_and_what_both_say(by_dates: Comparison) -> None:
    assert "was opened on 3 May 2023" in quotes(by_dates.only_second)
    assert "will open the Eastern Landing" in quotes(by_dates.only_first)
    assert "Dogs are still not allowed" in quotes(by_dates.both)
    assert by_dates.left_out == 1  # the undated one belongs to no day
    assert "song" not in comparison_text(by_dates)


def test_the_earlier_day_is_the_first_side(assistant: Assistant, by_dates: Comparison) -> None:
    turned = assistant.compare("night ferry", "2023-07-15", "2023-01-31")
    assert (turned.first, turned.second, turned.changed) == (by_dates.first, by_dates.second, by_dates.changed)
    assert by_dates.first.documents == 2 and by_dates.second.documents == 3


def test_two_documents_side_by_side(assistant: Assistant) -> None:
    found = sound(assistant.compare("night ferry", "review.txt", "gazette.txt"), assistant.library)
    (received,) = [change for change in found.changed if change.label == "applications received"]
    assert (received.first.value, received.second.value) == ("over 4 500", "4 900")
    assert "Dogs" in quotes(found.only_first) and found.both == ()
    assert found.first.name == "The night ferry after a year" and found.second.document


def test_figures_of_one_moment_face_each_other(assistant: Assistant) -> None:
    found = assistant.compare("night ferry", "passes.txt", "review.txt")
    moments = {(change.first.moment.label, change.second.moment.label) for change in found.changed}
    assert moments == {("end-December 2022", "end-June 2023")}


def test_two_versions_of_one_document(tmp_path: Path) -> None:
    paper, embedder = tmp_path / "ferry.txt", load_embedder()
    for number in ("1 200", "1 500"):
        paper.write_text(
            f"Night ferry\n\nIssued on 4 March 2022\n\nThe night ferry carries {number} passengers a day.\n"
        )
        index([paper], tmp_path / "library", embedder=embedder)
    assistant = Assistant(tmp_path / "library", embedder=embedder, reader=QuotingReader(""))
    found = sound(assistant.compare("night ferry", "1", "2"), tmp_path / "library")
    (carried,) = found.changed
    assert (carried.first.value, carried.second.value, carried.difference) == ("1 200", "1 500", "300")


def test_unlike_figures_are_no_pair(tmp_path: Path) -> None:
    embedder = load_embedder()
    texts = {
        "a.txt": "Issued on 1 May 2022\n\nThe night ferry employs 40 sailors. It costs HK$30 million a year.\n",
        "b.txt": "Issued on 1 May 2023\n\nThe night ferry employs 12 cooks. Its second boat is 40 metres long.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    index([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "library", embedder=embedder)
    assistant = Assistant(tmp_path / "library", embedder=embedder, reader=QuotingReader(""))
    for sides in (("a.txt", "b.txt"), ("2022-12", "2023-12")):
        found = sound(assistant.compare("night ferry", *sides), tmp_path / "library")
        assert found.changed == found.same == found.both == ()
        assert "40 sailors" in quotes(found.only_first) and "12 cooks" in quotes(found.only_second)


def test_nothing_on_either_side(assistant: Assistant) -> None:
    found = assistant.compare("nuclear submarines", "review.txt", "gazette.txt")
    assert found.abstained and found.reason == 'neither document says anything about "nuclear submarines"'
    by_days = assistant.compare("nuclear submarines", "2022", "2023")
    assert by_days.abstained and "don't say anything" in comparison_text(by_days)
    too_early = assistant.compare("night ferry", "1998", "1999")
    assert too_early.abstained and "New ferry opens" in (too_early.reason or "")


def test_sides_that_cannot_be_compared(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="two dates or two documents"):
        assistant.compare("night ferry", "2023-01-31", "review.txt")
    with pytest.raises(QuestionError, match="the same"):
        assistant.compare("night ferry", "review.txt", "review.txt")
    with pytest.raises(DocumentNotFound, match="is no date such as 2024-01-31"):
        assistant.compare("night ferry", "nowhere.txt", "review.txt")


def test_the_command_line_prints_text_and_json(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    library = ["--library", str(assistant.library)]
    assert main(["compare", "night ferry", "2023-01-31", "2023-07-15", *library]) == 0
    shown = capsys.readouterr().out
    assert (
        "over 3 000, end-December 2022 [" in shown
        and "higher by about 1 500 (worked out; it stands in no document)" in shown
    )
    for heading in (
        "Figures that changed",
        "First found after 31 January 2023",
        "Not repeated since then",
        "Said before and since",
    ):
        assert heading in shown
    assert main(["compare", "night ferry", "review.txt", "gazette.txt", "--json", *library]) == 0
    assert json.loads(capsys.readouterr().out)["changed"][0]["first"]["value"] == "over 4 500"
    assert main(["compare", "night ferry", "1", "someday", *library]) == 2


def test_rows_of_a_table_are_no_series_and_no_pair(tmp_path: Path) -> None:
    embedder = load_embedder()
    for year, more in ((2022, 0), (2023, 7)):
        rows = "\n".join(f"| Pier {name} | {number + more} |" for name, number in (("A", 310), ("B", 520), ("C", 870)))
        table = f"| Place | Applications for ferry passes received |\n|---|---|\n{rows}\n"
        (tmp_path / f"{year}.md").write_text(f"# Ferry passes\n\nIssued on 1 May {year}\n\n{table}")
    index([tmp_path / "2022.md", tmp_path / "2023.md"], tmp_path / "library", embedder=embedder)
    assistant = Assistant(tmp_path / "library", embedder=embedder, reader=QuotingReader(""))
    assert assistant.brief("ferry passes").figures == ()
    found = sound(assistant.compare("ferry passes", "2022.md", "2023.md"), tmp_path / "library")
    assert found.changed == () and "310" in quotes(found.only_first)
    assert (found.first.name, found.second.name) == ("Ferry passes (document 1)", "Ferry passes (document 2)")


def test_a_plan_told_again_in_other_words_is_not_new(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Issued on 5 January 2024\n\n"
        "The Council will hold the Spring Summit in May 2024, with guests from abroad.\n",
        "b.txt": "Issued on 5 March 2024\n\n"
        "In May 2024 the Council is to host the Spring Summit and a boat race there.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    embedder = load_embedder()
    index([tmp_path / name for name in texts], tmp_path / "library", embedder=embedder)
    assistant = Assistant(tmp_path / "library", embedder=embedder, reader=QuotingReader(""))
    found = sound(assistant.compare("Spring Summit", "2024-02-01", "2024-04-01"), tmp_path / "library")
    assert found.only_first == found.only_second == () and "boat race" in quotes(found.both)
