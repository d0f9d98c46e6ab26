"""The sample library: fifteen small documents in five formats, in words of their own."""

import re
import unicodedata
from collections import Counter
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest

LIBRARY = Path(str(files("rag") / "sample_library"))
DOCUMENTS = sorted(LIBRARY.iterdir())
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
RUN = 7  # words

# Titles of bodies and papers that are longer than a run and cannot be said in other words.
NAMES = (
    "the Guangdong-Hong Kong-Macao Greater Bay Area (GBA)",
    "the Office for Attracting Strategic Enterprises (OASES)",
    "the Committee on Education, Technology and Talents (the Committee)",
    "the Forging a National High-calibre Talent Hub Symposium",
    "the Hong Kong Chamber of Commerce in China (HKCCC)",
    "the Hong Kong Special Administrative Region (HKSAR)",
    "Vice Minister of Human Resources and Social Security",
    "Memorandum of Understanding on Enhancing Hong Kong-Beijing Co-operation"
    " on the Development of the Financial Industry",
    "Memorandum of Understanding on Co-operation between HKSAR Education Bureau"
    " and Beijing Municipal Education Commission",
    "Memorandum of Understanding on Co-operation on Hong Kong and Beijing Youth Exchange",
    "Co-operation Framework Agreement on Hong Kong and Beijing Food Safety Exchange",
)


def plain(path: Path) -> str:
    """The text of a document, read without Vouch's own loaders."""
    match path.suffix:
        case ".pdf":
            from pypdf import PdfReader

            return "\n".join(page.extract_text() for page in PdfReader(path).pages)
        case ".docx":
            from docx import Document
            from docx.oxml.ns import qn

            paragraphs = Document(str(path)).element.body.iter(qn("w:p"))
            return "\n".join("".join(node.text or "" for node in p.iter(qn("w:t"))) for p in paragraphs)
        case ".html":
            return unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", path.read_text("utf-8"), flags=re.S))
        case _:
            data = path.read_bytes()
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                return data.decode("cp1252")


def words(text: str) -> list[str]:
    """Lower-case words and numbers, with no-break spaces as spaces and zero-width characters gone."""
    visible = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return re.findall(r"\w+", "".join(visible).casefold())


def runs(text: str) -> set[str]:
    """Every run of seven consecutive words."""
    found = words(text)
    return {" ".join(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def seed_runs() -> set[str]:
    """The runs of the first five documents; the test is skipped where they are not at hand."""
    if not SEEDS.is_dir():
        pytest.skip("the five first documents are not beside this checkout, so nothing can be compared with them")
    return set().union(*(runs(path.read_text("utf-8")) for path in SEEDS.glob("*.txt")))


def test_fifteen_documents_in_five_formats() -> None:
    assert len(DOCUMENTS) == 15
    assert Counter(path.suffix for path in DOCUMENTS) == {".txt": 5, ".md": 3, ".html": 3, ".pdf": 2, ".docx": 2}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_document_is_short_and_holds_text(path: Path) -> None:
    assert 0 < path.stat().st_size < 40_000
    assert 120 <= len(words(plain(path))) <= 450


def test_the_library_has_the_awkwardness_of_real_documents() -> None:
    texts = {path.name: plain(path) for path in DOCUMENTS}
    together = "\n".join(texts.values())
    assert len([name for name, text in texts.items() if re.search(r"today \(\w+\s\d+\)", text)]) >= 3
    assert re.search(r"\d\u00a0000", together)
    assert "\u200b" in together
    assert "â€™" in texts["talent-hub-symposium.txt"]
    with pytest.raises(UnicodeDecodeError):
        (LIBRARY / "beijing-visit-notes.txt").read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_repeats_the_words_of_the_seeds(path: Path) -> None:
    named = set().union(*map(runs, NAMES))
    assert (runs(plain(path)) & seed_runs()) - named == set()


def test_every_listed_name_is_needed() -> None:
    shared = set().union(*(runs(plain(path)) for path in DOCUMENTS)) & seed_runs()
    assert [name for name in NAMES if not runs(name) & shared] == []
