"""The chat page in a real browser, with the real models, its network and its console watched."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from documents import pdf
from model_server import ModelServer, serving

from rag import places, sources
from rag.fetching import Fetched
from rag.generation import ServerGenerator
from ui.conversations import Conversations, file_beside
from ui.desk import Desk, Models, load_models

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install 'vouch[dev]'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("needs a Chromium on this machine, which is not here", allow_module_level=True)

SECONDS = 60_000  # milliseconds that a slow machine may take; nothing waits that long on a quick one
playwright.expect.set_options(timeout=SECONDS)
FIVE = ("talent-policy-timeline.md", "admission-figures.docx", "guangdong-talent-mechanism.pdf",
        "global-talent-summit.html", "2024-03-18-manpower-commission.txt")  # fmt: skip
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
    .observe({ type: "layout-shift", buffered: true });
"""
FERRY = (
    "Harbour note\n\n4 March 2022\n\nThe night ferry Petrel carries 1,240 passengers a day to the island of Skarn.\n"
)
WEB_PAGE = b"""<html><head><title>Notes on the %s</title></head><body><article><h1>Notes</h1>
<p>The harbour master of Skarn keeps these notes for everybody who comes by boat and wants to know.</p></article></body>
</html>"""
HOSTILE = """<script>window.hacked = 1</script>

3 May 2024

The lighthouse of Quillon <img src=x onerror="window.hacked=2"> was built in 1911 <svg onload="window.hacked=3"></svg>.

The keeper of Quillon is \u202eMr. Live\u202c [press](javascript:window.hacked=4) ![seen](https://example.invalid/pixel.png).

- {{7*7}} ${window.hacked=5} <a href="javascript:window.hacked=6">Quillon</a> <iframe src="https://example.invalid"></iframe>

</p></div></bdi></template><style>*{display:none}</style><link rel=stylesheet href=https://example.invalid/x.css>

""" + "Quillon" * 400 + "\n"  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A running server, and what is behind it."""

    url: str
    desk: Desk
    conversations: Conversations
    windows: list[Any] = field(default_factory=list)


@contextmanager
def served(folder: Path, models: Callable[[], Models] = load_models) -> Iterator[Served]:
    """The whole app on a port of its own, with a library in a folder that need not exist yet."""
    import uvicorn

    from ui.page import build, options
    from ui.server import create_app

    desk = Desk(folder / "library", models=models)
    conversations = Conversations(file_beside(desk.library))
    app = create_app(desk, conversations, build(desk, conversations), page_options=options())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        running = Served(f"http://127.0.0.1:{port}", desk, conversations)
        yield running
        for window in running.windows:  # what they still ask for would be refused
            window.close()
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    patch.setenv("VOUCH_HOME", str(folder))
    patch.setenv("GRADIO_TEMP_DIR", str(folder / "sent"))
    yield folder
    patch.undo()


@pytest.fixture(scope="module")
def five(home: Path, models: Models) -> Iterator[Served]:
    """A library of five kinds of documents, uploaded through the page by the first test that needs it."""
    with served(home / "five", lambda: models) as running:
        running.desk.add([_upload(places.sample_documents() / name) for name in FIVE])
        yield running


def _upload(file: Path) -> Any:
    from ui.uploads import Upload

    return Upload(file.name, file)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a server's page in a window of its own; at the end, nothing may have gone wrong or elsewhere in any."""
    contexts, wrong = [], []

    def open_page(running: Served, **settings: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **settings})
        context.set_default_timeout(SECONDS)
        contexts.append(context)
        running.windows.append(context)
        page = context.new_page()
        ours = (running.url, "data:", f"blob:{running.url}")
        page.on("request", lambda sent: None if sent.url.startswith(ours) else wrong.append(f"asked {sent.url}"))
        page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.goto(running.url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def ready(page: Any) -> None:
    page.wait_for_selector('.state[data-state="ready"]', state="attached")
    page.wait_for_selector(".entry", state="attached")


def ask(page: Any, question: str, mode: str = "answer", **sides: str) -> Any:
    """The article of the answer, of a brief, or of a comparison of two sides."""
    if page.evaluate("document.querySelector('.composer').elements.mode.value") != mode:
        page.locator(".modes label", has=page.locator(f"[value={mode}]")).click()
    for name, side in sides.items():
        page.fill(f"[name={name}]", side)
    count = page.locator(".turn").count()
    page.fill("textarea", question)
    page.focus("textarea")
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.turn:not(.pending)').length > n", arg=count)
    return page.locator(".turn").last


def test_it_is_there_before_the_models_are(visit: Callable[..., Any], home: Path, models: Models) -> None:
    loaded = threading.Event()

    def slow() -> Models:
        loaded.wait(60)
        return models

    with served(home / "slow", slow) as running:
        page = visit(running)
        playwright.expect(page.locator(".welcome h1")).to_be_visible()
        playwright.expect(page.locator(".state")).to_contain_text("models are being loaded")
        page.fill("textarea", "What does HKTE stand for?")  # asked at once: it waits, and is answered
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".turn.pending")).to_contain_text("models are being loaded")
        loaded.set()
        playwright.expect(page.locator(".turn .short")).to_have_text("Hong Kong Talent Engage")
        playwright.expect(page.locator(".state")).to_have_text("Ready")


def test_rag_chat_opens_at_once_and_answers_what_was_asked_meanwhile(browser: Any, home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "chat", "--no-browser", "--port", "0", "--library", str(home / "command")],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        try:
            assert process.stderr
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
            assert found
            page = browser.new_page()
            page.set_default_timeout(SECONDS)
            said: list[str] = []
            page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
            page.goto(found[0])
            page.fill("textarea", "What does HKTE stand for?")
            page.keyboard.press("Enter")
            playwright.expect(page.locator(".turn .short")).to_have_text("Hong Kong Talent Engage", timeout=3 * SECONDS)
            assert said == []
            page.close()
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def test_the_sample_library_answers_its_questions_until_documents_are_added(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path
) -> None:
    with served(home / "first", lambda: models) as running:
        page = visit(running)
        ready(page)
        playwright.expect(page.locator(".welcome .sample")).to_be_visible()
        playwright.expect(page.locator(".example")).to_have_count(4)
        page.locator(".example").first.click()
        playwright.expect(page.locator(".turn .short")).to_have_text(re.compile("260 000"))
        (tmp_path / "ferry.txt").write_text(FERRY)
        (tmp_path / "empty.txt").write_text("")
        page.click(".side [data-do=library]")
        page.set_input_files('input[type="file"]', [tmp_path / "ferry.txt", tmp_path / "empty.txt"])
        playwright.expect(page.locator(".report .added")).to_contain_text("ferry.txt")
        playwright.expect(page.locator(".report .failed .why-not")).not_to_be_empty()
        playwright.expect(page.locator(".entry")).to_have_count(1)
        playwright.expect(page.locator(".library .sample")).to_be_hidden()
        page.click(".library [data-do=back]")
        page.locator(".turn .mark").first.click()  # of a library that is no longer asked
        playwright.expect(page.locator(".source .gone")).to_be_visible()
        page.click(".panel [data-do=close]")
        answer = ask(page, "How many passengers does the night ferry Petrel carry?")
        playwright.expect(answer.locator(".short")).to_contain_text("1,240")


def test_five_kinds_of_files_are_added_and_listed(visit: Callable[..., Any], home: Path, models: Models) -> None:
    with served(home / "upload", lambda: models) as running:
        page = visit(running)
        ready(page)
        page.click(".side [data-do=library]")
        page.set_input_files('input[type="file"]', [places.sample_documents() / name for name in FIVE])
        playwright.expect(page.locator(".report .added")).to_have_count(5)
        playwright.expect(page.locator(".entry")).to_have_count(5)
        for entry in page.locator(".entry").all():
            playwright.expect(entry.locator(".original")).to_have_text("up to date")
            playwright.expect(entry.locator(".what")).to_contain_text(re.compile(r"[\d,]+ characters · \d+ passages?"))
        page.fill('[data-find="shelf"]', "guangdong pdf")
        playwright.expect(page.locator(".entry:visible")).to_have_count(1)
        playwright.expect(page.locator(".entry:visible")).to_contain_text("January 2024")
        page.locator(".entry:visible .title").click()
        playwright.expect(page.locator(".source .text")).to_contain_text("130 000")
        assert not list((home / "sent").rglob("*.pdf"))  # what was sent lies in the library alone


def test_a_marker_opens_the_exact_quote(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    answer = ask(page, "How many applications have been approved?")
    playwright.expect(answer.locator(".short")).to_have_text(re.compile("260 000"))
    playwright.expect(answer.locator(".facts")).to_contain_text(re.compile(r"right \(\d+%\)|check the source"))
    mark = answer.locator(".sentence .mark").first
    quote = answer.locator(".sentence q bdi").first.text_content()
    mark.hover()
    playwright.expect(page.locator(".pop .quote")).to_have_text(quote)
    mark.click()
    highlighted = page.locator("mark.current")
    playwright.expect(highlighted.first).to_be_in_viewport()
    assert "".join(highlighted.all_text_contents()) == quote
    playwright.expect(page.locator(".source header")).to_contain_text("Two years of talent policy, step by step")
    playwright.expect(page.locator(".source header")).to_contain_text("16 December 2024")
    page.click("[data-do=next]")
    playwright.expect(page.locator(".panel .where")).to_have_text(re.compile("^2 of"))
    playwright.expect(page.locator(".panel:not(.loading) mark.current").first).not_to_have_text(quote)
    page.keyboard.press("Escape")
    playwright.expect(page.locator(".panel")).to_be_hidden()
    assert mark.evaluate("node => node === document.activeElement")


def test_a_series_is_drawn_and_its_points_open_their_sources(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    answer = ask(page, "How many applications have been approved?")
    points = answer.locator(".chart .point")
    assert points.count() >= 3
    assert points.count() == answer.locator(".series tbody tr").count()
    points.first.focus()
    page.keyboard.press("Enter")
    value = points.first.get_attribute("aria-label").split(",")[0]
    playwright.expect(page.locator("mark.current").first).to_be_visible()
    assert value.removeprefix("about ") in "".join(page.locator("mark.current").all_text_contents())


def test_as_of_a_day_only_what_was_known_answers(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    page.fill("[name=as_of]", "someday")
    page.keyboard.press("Tab")
    playwright.expect(page.locator(".composer .wrong")).to_contain_text("is not a date")
    page.fill("[name=as_of]", "January 2024")
    page.keyboard.press("Tab")
    playwright.expect(page.locator(".pill output").first).to_have_text("31 January 2024")
    answer = ask(page, "How many applications have been approved?")
    playwright.expect(answer.locator(".short")).to_have_text("130 000")
    playwright.expect(answer.locator(".facts")).to_contain_text("asked as of 31 January 2024")
    page.click("[data-clear=as_of]")
    playwright.expect(page.locator(".pill output").first).to_be_empty()
    answer = ask(page, "How many applications have been approved so far?")
    playwright.expect(answer.locator(".short")).to_have_text(re.compile("260 000"))


def test_values_that_differ_stand_side_by_side(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    answer = ask(page, "How many approvals had been granted by end-February 2024?")
    values = answer.locator(".conflict .value").all_text_contents()
    assert len(values) == 2
    assert values[0] != values[1]


def test_an_abstention_says_why_and_shows_the_nearest_passages(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    answer = ask(page, "What is the price of tea in Macau?")
    playwright.expect(answer.locator(".none")).to_contain_text("The documents don’t say")
    playwright.expect(answer.locator(".reason")).to_contain_text("tea")
    assert answer.locator(".mark").count() == 0
    answer.locator(".near").first.click()
    playwright.expect(page.locator("mark.current").first).to_be_visible()


def test_a_brief_is_told_with_figures_and_quotes_that_open(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    page.focus("textarea")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # the modes are one group, as radio buttons are
    playwright.expect(page.locator("[value=brief]")).to_be_checked()
    assert page.get_attribute("textarea", "placeholder").startswith("A topic")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("talent schemes")
    page.keyboard.press("Enter")
    brief = page.locator(".turn:not(.pending)")
    playwright.expect(brief.locator(".how")).to_have_text("Brief")
    playwright.expect(brief.locator(".figure").first).to_contain_text("250 000")
    assert brief.locator(".figure .point").count() >= 2
    quote = brief.locator(".said q bdi").first.text_content()
    brief.locator(".said .mark").first.click()
    playwright.expect(page.locator("mark.current").first).to_be_in_viewport()
    assert "".join(page.locator("mark.current").all_text_contents()) == quote
    page.keyboard.press("Escape")
    brief.locator(".menu summary").click()
    with page.expect_download() as download:
        brief.locator("[data-act=export][data-kind=markdown]").click()
    assert "### In the order of time" in Path(download.value.path()).read_text(encoding="utf-8")
    playwright.expect(ask(page, "airships", "brief").locator(".none")).to_contain_text("Nothing on this topic")
    page.reload()
    ready(page)
    playwright.expect(page.locator(".turn").first.locator(".how")).to_have_text("Brief")
    assert page.evaluate("document.querySelector('.vouch').scrollTop") == 0


def test_two_dates_or_two_documents_are_compared(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    found = ask(page, "talent schemes", "compare", first="2024-01-31", second="December 2024")
    received = found.locator(".facing tr", has_text="eceived")
    playwright.expect(received).to_contain_text("220 000")
    playwright.expect(received.locator(".badge")).to_have_text("Computed")
    playwright.expect(page.locator(".pair output").last).to_have_text("31 December 2024")
    found.locator("[data-act=edit]").click()
    assert page.input_value("[name=second]") == "2024-12-31"
    page.keyboard.press("Escape")
    titles = page.locator("#vouch-sides option").evaluate_all("all => all.map(one => one.value)")
    assert len(titles) == 5
    papers = ask(page, "talent", "compare", first=titles[0], second="global-talent-summit.html")
    playwright.expect(papers.locator(".facts")).to_contain_text("Global Talent Summit set for May")
    wrong = page.locator(".composer .wrong")
    for second, told in (
        ("someday", "“someday” is no date"),
        ("2024", "not one of each"),
        (titles[0], "Both sides are the same"),
        ("", "Name two dates or two documents"),
    ):
        page.fill("[name=second]", second)
        page.fill("textarea", "talent")
        page.focus("textarea")
        page.keyboard.press("Enter")
        playwright.expect(wrong).to_contain_text(told)
        playwright.expect(page.locator(".turn")).to_have_count(2)
        playwright.expect(page.locator("textarea")).to_have_value("talent")


def test_a_follow_up_is_understood_and_why_is_told(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    ask(page, "How many applications have been approved?")
    answer = ask(page, "What about end-February 2024?")
    playwright.expect(answer.locator(".short")).to_contain_text("160 000")
    answer.locator(".why summary").click()
    fates = answer.locator(".why .weighed .fate").all_text_contents()
    assert fates[0] == "in the answer"
    assert "dropped: of another time" in fates
    assert answer.locator(".why tbody tr").count() >= len(fates) + 3
    playwright.expect(answer.locator(".why .badge").first).to_be_visible()
    answer.locator(".why .weighed .left .plain").first.click()
    playwright.expect(page.locator("mark.current").first).to_be_visible()
    playwright.expect(answer.locator(".spent")).to_contain_text("reading")


def test_the_history_is_kept_searched_rated_and_deleted(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    answer = ask(page, "When did the physical office of HKTE open, please?")
    answer.locator("[data-act=up]").click()
    answer.locator("form.note input").fill("right & <b>short</b>")
    answer.locator("form.note button").click()
    playwright.expect(page.locator(".toast")).to_be_visible()
    page.reload()
    ready(page)
    again = page.locator(".turn").last
    playwright.expect(again.locator(".short")).to_contain_text("October 2023")
    playwright.expect(again.locator("[data-act=up]")).to_have_attribute("aria-pressed", "true")
    playwright.expect(again.locator("form.note input")).to_have_value("right & <b>short</b>")
    page.fill('[data-find="talks"]', "office please")
    playwright.expect(page.locator(".talk")).to_have_count(1)
    page.fill('[data-find="talks"]', "zeppelin")
    playwright.expect(page.locator(".talks .empty")).to_be_visible()
    page.fill('[data-find="talks"]', "office please")
    page.locator(".talks [data-forget]").click()
    page.click("dialog .danger")
    playwright.expect(page.locator(".welcome h1")).to_be_visible()
    page.reload()
    ready(page)
    playwright.expect(page.locator(".turn")).to_have_count(0)


def test_an_answer_is_copied_exported_edited_and_asked_again(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five, permissions=["clipboard-read", "clipboard-write"])
    ready(page)
    answer = ask(page, "What does HKTE stand for?")
    answer.locator("[data-act=copy]").click()
    playwright.expect(page.locator(".toast")).to_contain_text("Copied")
    assert "[1]" in page.evaluate("navigator.clipboard.readText()")
    for kind, words in (
        ("markdown", "**Hong Kong Talent Engage**"),
        ("html", "<blockquote>"),
        ("json", '"reader_sha256"'),
    ):
        answer.locator(".menu summary").click()
        with page.expect_download() as download:
            answer.locator(f"[data-act=export][data-kind={kind}]").click()
        assert words in Path(download.value.path()).read_text(encoding="utf-8")
    answer.locator(".menu summary").click()
    with page.expect_download() as download:
        answer.locator("[data-act=export_all][data-kind=json]").click()
    assert '"turns"' in Path(download.value.path()).read_text(encoding="utf-8")
    answer.locator("[data-act=edit]").click()
    playwright.expect(page.locator(".editing")).to_be_visible()
    page.keyboard.press("Escape")
    playwright.expect(page.locator(".editing")).to_be_hidden()
    answer.locator("[data-act=retry]").click()
    playwright.expect(page.locator(".turn:not(.pending) .short")).to_have_text("Hong Kong Talent Engage")
    playwright.expect(page.locator(".turn")).to_have_count(1)
    answer.locator("[data-act=edit]").click()
    assert page.input_value("textarea") == "What does HKTE stand for?"
    page.fill("textarea", "What is the price of tea in Macau?")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".turn .none")).to_be_visible()
    playwright.expect(page.locator(".turn")).to_have_count(1)


def test_a_stopped_question_is_not_kept(visit: Callable[..., Any], home: Path, models: Models) -> None:
    held = threading.Event()

    def slow() -> Models:
        held.wait(60)
        return models

    with served(home / "stop", slow) as running:
        page = visit(running)
        page.fill("textarea", "What does HKTE stand for?")
        page.keyboard.press("Enter")
        page.click(".stop")
        playwright.expect(page.locator(".turn")).to_have_count(0)
        assert page.input_value("textarea") == "What does HKTE stand for?"
        held.set()
        ready(page)
        answer = ask(page, "What does OASES stand for?")
        playwright.expect(answer.locator(".short")).to_contain_text("Office")
        assert [one.turns for one in running.conversations.recent()] == [1]


def test_a_deleted_document_answers_no_more(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path
) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    with served(home / "delete", lambda: models) as running:
        running.desk.add([_upload(tmp_path / "ferry.txt"), _upload(places.sample_documents() / FIVE[0])])
        page = visit(running)
        ready(page)
        question = "How many passengers does the night ferry Petrel carry?"
        playwright.expect(ask(page, question).locator(".short")).to_contain_text("1,240")
        page.click(".side [data-do=library]")
        page.locator(".entry", has_text="ferry.txt").locator("[data-act=delete]").click()
        playwright.expect(page.locator("dialog")).to_contain_text("Harbour note")
        page.click("dialog [value=no]")
        playwright.expect(page.locator(".entry")).to_have_count(2)
        page.locator(".entry", has_text="ferry.txt").locator("[data-act=delete]").click()
        page.click("dialog .danger")
        playwright.expect(page.locator(".entry")).to_have_count(1)
        page.click(".library [data-do=back]")
        playwright.expect(ask(page, question).locator(".none")).to_be_visible()
        page.locator(".turn").first.locator(".mark").first.click()
        playwright.expect(page.locator(".source .gone")).to_contain_text("no longer in the library")


def test_one_document_alone_is_asked(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    page.click(".side [data-do=library]")
    page.locator(".entry", has_text="guangdong-talent-mechanism.pdf").locator("[data-act=only]").click()
    answer = ask(page, "How many applications have been approved?")
    playwright.expect(answer.locator(".limits")).to_contain_text("guangdong-talent-mechanism.pdf")
    playwright.expect(answer.locator(".short")).to_have_text("130 000")
    page.click("[data-clear=source]")
    assert page.input_value("[name=source]") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit: Callable[..., Any], five: Served, scheme: str) -> None:
    page = visit(five, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    ready(page)
    ground = page.evaluate("getComputedStyle(document.querySelector('.vouch')).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
    assert (brightness < 80) == (scheme == "dark")
    answer = ask(page, "How many applications have been approved?")
    width = "[document.documentElement, ...document.querySelectorAll('.thread, .source .text, .library')]"
    fits = f"{width}.every(node => node.scrollWidth <= node.clientWidth + 1)"
    assert page.evaluate(fits)
    answer.locator(".sentence .mark").first.click()
    playwright.expect(page.locator("mark.current").first).to_be_in_viewport()
    assert page.evaluate(fits)
    page.click(".panel [data-do=close]")
    ask(page, "talent schemes", "compare", first="2024-01-31", second="2024")
    assert page.evaluate(fits)
    ask(page, "talent schemes", "brief")
    assert page.evaluate(fits)
    page.click(".top [data-do=side]")
    page.click(".side [data-do=library]")
    playwright.expect(page.locator(".entry").first).to_be_visible()
    assert page.evaluate(fits)


def test_questions_to_begin_with_are_answered(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    playwright.expect(page.locator(".try .example").nth(2)).to_be_visible()
    questions = page.locator(".try .example").all_text_contents()
    assert len({question.split()[0] for question in questions}) >= 2  # not all of one kind
    page.locator(".try .example").first.click()
    playwright.expect(page.locator(".turn .sentence")).to_be_visible()
    playwright.expect(page.locator(".turn .confidence")).not_to_have_class(re.compile("low"))


def test_what_may_be_asked_next_is_answered(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    first = ask(page, "How many applications have been approved?")
    following = first.locator(".next .example")
    playwright.expect(following.first).to_be_visible()
    questions = following.all_text_contents()
    assert 1 <= len(questions) <= 3
    assert "How many applications have been approved?" not in questions
    for count, question in enumerate(questions, 2):
        answer = ask(page, question)
        playwright.expect(page.locator(".turn")).to_have_count(count)
        assert answer.locator(".none").count() == 0
        playwright.expect(page.locator(".turn").first.locator(".next")).to_be_hidden()
    instead = ask(page, "What is the price of tea in Macau?").locator(".next")
    playwright.expect(instead).to_contain_text("What the documents do say")


def test_a_conversation_is_renamed(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    ask(page, "What does OASES stand for?")
    row = page.locator(".talks li").first
    row.hover()
    row.locator(".pen").click()
    page.keyboard.type("<b>Enterprises</b>")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".talk").first).to_contain_text("<b>Enterprises</b>")
    playwright.expect(page.locator(".talk").first).to_be_focused()
    page.locator(".talks .pen").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("nothing")
    page.keyboard.press("Escape")
    playwright.expect(page.locator(".talk").first).to_contain_text("<b>Enterprises</b>")
    page.reload()
    ready(page)
    playwright.expect(page.locator(".talk").first).to_contain_text("<b>Enterprises</b>")


def test_a_changed_file_is_told_and_read_again(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path
) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    (tmp_path / "scan.pdf").write_bytes(pdf("The pier of Skarn is 90 metres long.", "", "It was built in 1911."))
    with served(home / "again", lambda: models) as running:
        running.desk.add([_upload(tmp_path / "ferry.txt"), _upload(tmp_path / "scan.pdf")])
        kept = next(running.desk.library.rglob("ferry.txt"))
        kept.write_text(FERRY.replace("1,240", "1,305"))
        page = visit(running)
        ready(page)
        page.click(".side [data-do=library]")
        entry = page.locator(".entry", has_text="ferry.txt")
        playwright.expect(entry.locator(".original")).to_contain_text("has changed")
        entry.locator("[data-act=reindex]").click()
        playwright.expect(page.locator(".report .state")).to_have_text("new version")
        playwright.expect(entry.locator(".original")).to_have_text("up to date")
        scan = page.locator(".entry", has_text="scan.pdf")
        playwright.expect(scan.locator(".what")).to_contain_text("3 pages")
        scan.locator("summary").click()
        playwright.expect(scan.locator(".pages .none")).to_have_text("Page 2no text")
        page.click(".library [data-do=back]")
        answer = ask(page, "How many passengers does the night ferry Petrel carry?")
        playwright.expect(answer.locator(".short")).to_contain_text("1,305")


def dragged(page: Any, paths: list[Path]) -> None:
    """Files and folders of this machine, dragged from outside onto the page and let go, as a person does it."""
    browser = page.context.new_cdp_session(page)
    data = {"items": [], "files": list(map(str, paths)), "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "dragOver", "drop"):  # the library opens in between
        browser.send("Input.dispatchDragEvent", {"type": kind, "x": 700, "y": 200, "data": data})


def test_folders_are_dropped_and_addresses_given(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "fetch", lambda url: Fetched(WEB_PAGE % url.rsplit("/", 1)[-1].encode(), "text/html"))
    deep = tmp_path / "harbour" / "2022" / "march"
    deep.mkdir(parents=True)
    (deep / "ferry.txt").write_text(FERRY)
    (tmp_path / "harbour" / ".hidden").write_text("left by a system")
    (tmp_path / "harbour" / "pier.txt").write_text("The pier of Skarn is 90 metres long.\n")
    with served(home / "drop", lambda: models) as running:
        page = visit(running)
        ready(page)
        dragged(page, [tmp_path / "harbour"])  # onto the conversation: the library opens by itself
        playwright.expect(page.locator(".report .added")).to_have_count(2)
        playwright.expect(page.locator(".entry")).to_have_count(2)
        page.evaluate(
            """() => {
                const data = new DataTransfer();
                data.items.add(new File(["The lamp of Skarn burns oil."], "lamp.txt", { type: "text/plain" }));
                const made = { bubbles: true, cancelable: true, dataTransfer: data };
                document.querySelector(".drop").dispatchEvent(new DragEvent("drop", made));
            }"""
        )
        playwright.expect(page.locator(".report .added")).to_contain_text("lamp.txt")
        page.fill("[name=url]", "https://example.org/tide")
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".report .added")).to_contain_text("https://example.org/tide")
        page.evaluate(
            """() => {
                const data = new DataTransfer();
                data.setData("text/plain", "see https://example.org/moon ");
                const made = { bubbles: true, cancelable: true, clipboardData: data };
                document.querySelector(".library").dispatchEvent(new ClipboardEvent("paste", made));
            }"""
        )
        playwright.expect(page.locator(".report .added")).to_contain_text("https://example.org/moon")
        playwright.expect(page.locator(".entry")).to_have_count(5)
        web = page.locator(".entry", has_text="example.org/moon")
        playwright.expect(web.locator(".original")).to_have_text("from the web")
        web.locator(".title").click()
        link = page.locator(".source header a")
        assert link.get_attribute("href") == "https://example.org/moon"
        assert link.get_attribute("rel") == "noopener noreferrer"


# --- a model that writes ----------------------------------------------------------------------------------------

WRITTEN = (
    "The night ferry Petrel carries 1,240 passengers a day [1]. It was painted blue in 1987 [1]. "
    "Petrel is a night ferry to the island of Skarn [1]."
)


@contextmanager
def written_by(script: ModelServer, folder: Path, models: Models, tmp_path: Path) -> Iterator[Served]:
    """A server whose answers a model on a server of its own writes, over the note on the ferry."""
    (tmp_path / "ferry.txt").write_text(FERRY)
    with serving(script) as model:
        writing = replace(models, generator=ServerGenerator(model.url, "tiny:1b"))
        with served(folder, lambda: writing) as running:
            running.desk.add([_upload(tmp_path / "ferry.txt")])
            yield running


QUESTION = "How many passengers does the night ferry Petrel carry?"


def test_what_a_model_writes_comes_sentence_by_sentence_and_is_checked(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path
) -> None:
    script = ModelServer(WRITTEN)

    def in_two_parts(handler: Any) -> bool:
        handler.begin()
        cut = WRITTEN.index("It was painted") + 20  # the first sentence is whole, and the next has begun
        handler.event({"choices": [{"delta": {"content": WRITTEN[:cut]}}]})
        script.let.wait(30)
        handler.event({"choices": [{"delta": {"content": WRITTEN[cut:]}}]})
        handler.wfile.write(b"data: [DONE]\n\n")
        return True

    script.behave = in_two_parts
    with written_by(script, home / "written", models, tmp_path) as running:
        page = visit(running)
        page.add_init_script(SHIFTS)
        page.reload()
        ready(page)
        page.fill("textarea", QUESTION)
        page.keyboard.press("Enter")
        coming = page.locator(".pending .coming")
        playwright.expect(coming).to_contain_text("1,240 passengers a day")
        assert "blue" not in coming.text_content()
        script.let.set()
        answer = page.locator(".turn:not(.pending)")
        playwright.expect(answer.locator(".written")).to_contain_text("island of Skarn")
        playwright.expect(answer.locator(".facts .by")).to_have_text(
            "Written by tiny:1b, each sentence checked against the documents"
        )
        playwright.expect(answer.locator(".written")).not_to_contain_text("blue")
        playwright.expect(answer.locator(".written strong")).to_have_text("1,240")
        assert page.evaluate("window.shifted") < 0.05  # what has been read stays where it is
        playwright.expect(answer.locator(".removed s")).to_be_hidden()
        answer.locator(".removed summary").click()
        playwright.expect(answer.locator(".removed s")).to_contain_text("painted blue in 1987")
        answer.locator(".written .mark").first.click()
        playwright.expect(page.locator("mark.current").first).to_be_in_viewport()


def test_stop_stops_the_model(visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path) -> None:
    script = ModelServer(WRITTEN)

    def without_end(handler: Any) -> bool:
        handler.begin()
        try:
            handler.event({"choices": [{"delta": {"content": WRITTEN}}]})
            for _ in range(1000):
                handler.event({"choices": [{"delta": {"content": " and"}}]})
                time.sleep(0.02)
        except OSError:
            script.gone.set()
        return True

    script.behave = without_end
    with written_by(script, home / "stopped", models, tmp_path) as running:
        page = visit(running)
        ready(page)
        page.fill("textarea", QUESTION)
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".pending .coming")).to_contain_text("1,240")
        page.click(".stop")
        assert script.gone.wait(10)  # nobody reads what the model writes
        playwright.expect(page.locator(".turn")).to_have_count(0)
        assert page.input_value("textarea") == QUESTION
        assert running.conversations.recent() == ()


def test_a_model_that_fails_is_told_and_the_documents_own_words_stand(
    visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path
) -> None:
    script = ModelServer(WRITTEN)
    with written_by(script, home / "failing", models, tmp_path) as running:
        page = visit(running)
        ready(page)
        ask(page, QUESTION)
        script.behave = lambda handler: handler.reply(500, {"error": {"message": "out of <b>memory</b>"}})
        answer = ask(page, "Where does the night ferry Petrel go?")
        playwright.expect(answer.locator(".told")).to_contain_text("tiny:1b could not write the answer")
        playwright.expect(answer.locator(".sentence")).to_contain_text("Skarn")
        assert answer.locator(".by").count() == 0
        playwright.expect(page.locator(".turn")).to_have_count(2)
        brief = ask(page, "the night ferry Petrel", "brief")
        playwright.expect(brief.locator(".told")).to_contain_text("tiny:1b could not write the brief")
        playwright.expect(brief.locator(".said")).to_contain_text("carries 1,240 passengers")
        script.behave = lambda handler: False
        brief = ask(page, "the night ferry Petrel", "brief")
        playwright.expect(brief.locator(".written")).to_contain_text("1,240 passengers a day")
        playwright.expect(brief.locator(".removed summary")).to_have_text("1 sentence was removed")
        playwright.expect(brief.locator(".said")).to_be_hidden()  # the quotes are folded below
        page.reload()
        ready(page)
        playwright.expect(page.locator(".turn")).to_have_count(4)
        playwright.expect(page.locator(".turn").first.locator(".by")).to_contain_text("tiny:1b")


# --- for everybody ----------------------------------------------------------------------------------------------

FAINT = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const paint = (colors) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    for (const node of document.querySelectorAll(".vouch *")) {
        const words = [...node.childNodes].filter((n) => n.nodeType === 3 && n.textContent.trim());
        const box = node.getBoundingClientRect();
        const style = getComputedStyle(node);
        if (!words.length || !box.width || style.visibility === "hidden" || node.closest(".out, svg, option")) continue;
        const grounds = [];
        let through = 1;
        for (let at = node; at; at = at.parentElement) {
            grounds.unshift(getComputedStyle(at).backgroundColor);
            through *= Number(getComputedStyle(at).opacity);
        }
        if (through < 1) continue;
        const [over, under] = [light(paint([...grounds, style.color])), light(paint(grounds))].sort((a, b) => b - a);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        const contrast = (over + 0.05) / (under + 0.05);
        const told = `${contrast.toFixed(2)} ${node.className} ${words[0].textContent.trim().slice(0, 30)}`;
        if (contrast < (large ? 3 : 4.5)) faint.push(told);
    }
    return [...new Set(faint)];
}"""
UNNAMED = """() => [...document.querySelectorAll(".vouch :is(button, input, select, textarea, summary, [role=button])")]
    .filter((node) => !(node.ariaLabel || node.textContent.trim() || node.closest("label")?.textContent.trim()))
    .map((node) => node.outerHTML.slice(0, 120))"""


def test_nothing_on_the_page_jumps(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    page.add_init_script(SHIFTS)
    page.reload()
    ready(page)
    playwright.expect(page.locator(".try .example").first).to_be_visible()
    answer = ask(page, "How many applications have been approved?")
    playwright.expect(answer.locator(".next .example").first).to_be_visible()
    ask(page, "What is the price of tea in Macau?")
    page.click(".side [data-do=library]")
    playwright.expect(page.locator(".entry").first).to_be_visible()
    assert page.evaluate("window.shifted") < 0.05  # under 0.1 counts as good


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_and_every_control_has_a_name(
    visit: Callable[..., Any], five: Served, scheme: str
) -> None:
    page = visit(five, color_scheme=scheme, reduced_motion="reduce")
    ready(page)
    playwright.expect(page.locator(".try .example").first).to_be_visible()
    faint = page.evaluate(FAINT)
    answer = ask(page, "How many approvals had been granted by end-February 2024?")
    answer.locator(".why summary").click()
    answer.locator(".mark").first.click()
    playwright.expect(page.locator("mark.current").first).to_be_visible()
    ask(page, "What is the price of tea in Macau?")
    ask(page, "talent schemes", "brief")
    ask(page, "talent schemes", "compare", first="2024-01-31", second="2024")
    faint += page.evaluate(FAINT)
    page.click(".side [data-do=library]")
    faint += page.evaluate(FAINT)
    assert faint == []
    assert page.evaluate(UNNAMED) == []


def test_a_whole_session_by_keyboard(visit: Callable[..., Any], five: Served) -> None:
    page = visit(five)
    ready(page)
    press, focused = page.keyboard.press, "document.activeElement"

    def until(selector: str, key: str = "Tab") -> None:
        """Presses a key until what is wanted has the focus, which can be seen."""
        for _ in range(250):
            if page.evaluate(f"{focused}.matches({selector!r})"):
                ring = page.evaluate(f"getComputedStyle({focused}).outlineStyle")
                box = page.evaluate(f"{focused}.closest('.box, .pill') !== null")
                assert ring != "none" or box
                return
            press(key)
        raise AssertionError(f"no way to {selector} with {key}")

    assert page.evaluate(f"{focused}.name") == "question"  # where a session begins
    page.keyboard.type("How many applications have been approved?")
    press("Enter")
    playwright.expect(page.locator(".turn .short")).to_be_visible()
    until(".sentence .mark", "Shift+Tab")
    press("Enter")
    playwright.expect(page.locator("mark.current").first).to_be_visible()
    press("Alt+ArrowRight")
    playwright.expect(page.locator(".panel .where")).to_have_text(re.compile("^2 of"))
    press("Escape")
    assert page.evaluate(f"{focused}.matches('.mark')")
    until(".why summary")
    press("Enter")
    playwright.expect(page.locator(".why .weighed")).to_be_visible()
    until("[name=as_of]")
    page.keyboard.type("January 2024")
    until("textarea")
    page.keyboard.type("And how many applications were received?")
    press("Enter")
    playwright.expect(page.locator(".turn:not(.pending)")).to_have_count(2)
    until(".skip")  # round the end of the page to its beginning
    press("Enter")
    assert page.evaluate(f"{focused}.name") == "question"
    until(".side [data-do=library]")
    press("Enter")
    playwright.expect(page.locator(".entry").first).to_be_visible()
    until(".entry .title")
    press("Enter")
    playwright.expect(page.locator(".source .text")).to_be_visible()
    press("Escape")
    until(".library [data-do=back]", "Shift+Tab")
    press("Enter")
    assert page.evaluate(f"{focused}.name") == "question"


def test_hostile_documents_are_only_text(visit: Callable[..., Any], home: Path, models: Models, tmp_path: Path) -> None:
    name = "<img src=x onerror=window.hacked=9>.txt"
    (tmp_path / name).write_text(HOSTILE)
    with served(home / "hostile", lambda: models) as running:
        page = visit(running)
        ready(page)
        page.click(".side [data-do=library]")
        page.set_input_files('input[type="file"]', [tmp_path / name])
        playwright.expect(page.locator(".report .added")).to_have_count(1)
        page.click(".library [data-do=back]")
        for question in (
            "When was the lighthouse of Quillon built?",
            "Who is the keeper of Quillon?",
            "<img src=x onerror=window.hacked=7> Who sells \u202eeci\u202c to Quillon?",
        ):
            answer = ask(page, question)
            answer.locator(".why summary").click()
            answer.locator(".why .plain").first.click()
            playwright.expect(page.locator("mark.current").first).to_be_visible()
        playwright.expect(answer.locator(".question .odd")).to_have_text(["U+202E", "U+202C"])
        ask(page, "the lighthouse of Quillon", "brief")
        page.locator(".turn").last.locator(".mark").first.click()
        playwright.expect(page.locator("mark.current").first).to_be_visible()
        text = page.locator(".source .text")
        playwright.expect(text).to_contain_text('<img src=x onerror="window.hacked=2">')
        playwright.expect(text).to_contain_text("![seen](https://example.invalid/pixel.png)")
        playwright.expect(text).to_contain_text("${window.hacked=5}")
        page.reload()
        ready(page)
        made = ":is(.turns, .source, .shelf, .talks) :is(img, script, iframe, style, link, a, object, embed)"
        assert page.locator(made).count() == 0
        assert page.evaluate("window.hacked") is None
        assert page.evaluate(
            "document.querySelector('.thread').scrollWidth <= document.querySelector('.thread').clientWidth"
        )


def test_a_server_that_is_gone_is_told(browser: Any, home: Path, models: Models) -> None:
    with served(home / "gone", lambda: models) as running:
        page = browser.new_page()
        page.set_default_timeout(SECONDS)
        page.goto(running.url)
        ready(page)
    page.fill("textarea", "What does HKTE stand for?")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".composer .wrong")).to_contain_text("Vouch does not answer")
    assert page.input_value("textarea") == "What does HKTE stand for?"
    page.close()
