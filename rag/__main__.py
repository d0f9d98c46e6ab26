"""The command line: ``rag index``, ``ask``, ``timeline``, ``brief``, ``compare``, ``chat``, ``list``, ``show``,
``remove``, ``doctor``, ``eval``.

Heavy packages load only in the command that needs them, so that ``rag --help`` answers at once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rag import __version__, places
from rag.errors import DateError, RagError
from rag.types import PartialDate


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 some files failed, 2 an error."""
    options = _parser().parse_args(arguments)
    for parser in ("pypdf", "trafilatura"):  # what they say of odd files on standard error helps no user; the report
        logging.getLogger(parser).addHandler(logging.NullHandler())  # says what was not read, and what to do about it
    warnings.filterwarnings("ignore", module="openpyxl")
    with suppress(AttributeError):  # a terminal that lacks a letter shows a mark instead of failing
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        return int(options.command(options))
    except RagError as error:
        from rag.rendering import plain

        print(f"rag: {plain(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("rag: interrupted; the library is as before, and what was read is taken up next time", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `rag show 3 | head`
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rag", description="Ask your documents a question; get the exact words it rests on, or an honest no."
    )
    parser.add_argument("--version", action="version", version=f"vouch {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=run)
        added.add_argument("--library", type=Path, metavar="DIR", help="the library's folder (default: your own)")
        added.add_argument("--json", action="store_true", help="print JSON")
        added.add_argument("--embedder", metavar="MODEL", help="embedding model: a folder or a hub name")
        return added

    index = command("index", _index, "bring a library up to date with files, folders, patterns and URLs")
    index.add_argument("paths", nargs="+", metavar="PATH")
    _asking(command)
    chat = command("chat", _chat, "open the chat page in the browser, and serve REST and MCP beside it")
    _add_where_it_listens(chat)
    chat.add_argument("--reader", metavar="MODEL", help="question-answering model: a folder or a hub name")
    _writing(chat)
    chat.add_argument("--no-browser", action="store_true", help="open no browser window")
    command("list", _list, "list the documents of a library")
    show = command("show", _show, "show a document: what is known of it, and its stored text")
    show.add_argument("document", metavar="DOC", help="its number, or its file name")
    show.add_argument("--span", metavar="START:END", help="only these characters of its text, as an answer cites them")
    remove = command("remove", _remove, "forget documents, every word of them")
    remove.add_argument("documents", nargs="+", metavar="DOC")
    _writing(command("doctor", _doctor, "check models, processor, OCR and the library"))
    scoring = commands.add_parser("eval", help=_EVAL, add_help=False, prefix_chars="\0")  # its options are eval's own
    scoring.add_argument("arguments", nargs="*")
    scoring.set_defaults(command=_eval)
    return parser


Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def _asking(command: Command) -> None:
    """What is asked of a library: a question, a series, a brief, a comparison."""
    ask = command("ask", _ask, "answer a question, with the words it rests on")
    ask.add_argument("question")
    ask.add_argument("--as-of", metavar="DATE", help="only what had been published by then, e.g. 2024-01-31")
    ask.add_argument("--from", dest="published_from", metavar="DATE", help="only what was published on DATE or later")
    ask.add_argument("--min-confidence", type=_share, metavar="P", help="abstain below this (default 0.2)")
    ask.add_argument("--reader", metavar="MODEL", help="question-answering model: a folder or a hub name")
    _writing_checked(ask)
    ask.add_argument("--source", metavar="TEXT", help="only documents whose path or URL contains TEXT")
    timeline = command("timeline", _timeline, "show how a value changed: the series behind a question")
    timeline.add_argument("question")
    timeline.add_argument("--as-of", metavar="DATE", help="only what had been published by then")
    timeline.add_argument("--plot", type=Path, metavar="FILE", help="draw it as PNG or SVG")
    brief = command("brief", _brief, "what the documents say about a topic, in the order of time")
    brief.add_argument("topic")
    brief.add_argument("--as-of", metavar="DATE", help="only what had been published by then")
    brief.add_argument("--most", type=_count, metavar="N", help="statements at most (default 8)")
    _writing_checked(brief)
    compare = command("compare", _compare, "what two days, or two documents, say about a topic")
    compare.add_argument("topic")
    compare.add_argument("first", metavar="A", help="a date such as 2024-01-31, or a document's number or file name")
    compare.add_argument("second", metavar="B", help="another of the same kind")
    compare.add_argument("--most", type=_count, metavar="N", help="statements of a kind at most (default 6)")
    _writing_checked(compare)


def _writing_checked(added: argparse.ArgumentParser) -> None:
    """What chooses a model that writes, and whether what it wrote in vain is listed."""
    _writing(added)
    added.add_argument("--show-removed", action="store_true", help="list what a model wrote that is not shown")


def _writing(added: argparse.ArgumentParser) -> None:
    """What chooses a model that writes; the environment may name it once for all."""
    environment = os.environ
    added.add_argument("--model", default=environment.get("VOUCH_MODEL"), metavar="MODEL",
                       help="a language model that writes the answer: a folder or a hub name; with --model-url, "
                       "its name on that server (default: $VOUCH_MODEL)")  # fmt: skip
    added.add_argument("--model-url", default=environment.get("VOUCH_MODEL_URL"), metavar="URL",
                       help="a server that speaks the OpenAI protocol, e.g. http://127.0.0.1:11434/v1 for Ollama "
                       "(default: $VOUCH_MODEL_URL)")  # fmt: skip
    added.add_argument("--allow-remote-model", action="store_true",
                       help="send passages of the documents to a server that is not on this machine")  # fmt: skip


def _add_where_it_listens(chat: argparse.ArgumentParser) -> None:
    chat.add_argument("--port", type=int, default=7860, metavar="N", help="default 7860; 0 takes any that is free")
    chat.add_argument("--host", default="127.0.0.1", metavar="H", help="default 127.0.0.1: this machine alone")
    chat.add_argument(
        "--allow-host",
        action="append",
        default=[],
        type=_host,
        metavar="NAME",
        help="a name by which a proxy in front asks for the page, such as vouch.example.org; may be repeated",
    )
    chat.add_argument("--auth", metavar="USER:PASSWORD", help="ask for a user and a password, on every face")


def _host(name: str) -> str:
    if not re.fullmatch(r"[\w.-]+", name):
        raise argparse.ArgumentTypeError(f"{name} is not a name such as vouch.example.org, without http:// and port")
    return name


_EVAL = "score the shipped questions, or your own: figures with intervals, and a report to look at"


def _index(options: argparse.Namespace) -> int:
    from rag.indexing import index
    from rag.rendering import report_text

    with _progress() as progress:
        report = index(options.paths, options.library, embedder=_embedder(options), progress=progress)
    _print(options, report, report_text)
    return 1 if report.failed else 0


def _ask(options: argparse.Namespace) -> int:
    from rag.models import load_reader
    from rag.rendering import answer_text

    least = {} if options.min_confidence is None else {"min_confidence": options.min_confidence}
    assistant = _assistant(options, reader=load_reader(options.reader), **least)
    since = _first_day(options.published_from) if options.published_from else None
    stream = assistant.stream(options.question, options.as_of, source=options.source, published_from=since)
    return _printed(options, stream, answer_text)


def _printed(options: argparse.Namespace, stream: Iterator[Any], as_text: Callable[..., str]) -> int:
    """What a stream ends with; what a model writes is printed as it comes."""
    told = bool(options.model or options.model_url) and not options.json
    if told and sys.stderr.isatty():
        print("rag: a model writes; each sentence appears once it is checked", file=sys.stderr)
    found, printed = _last(stream, _tell if told else lambda piece: None)
    _print(options, found, lambda whole: as_text(whole, told=told and printed, removed=options.show_removed))
    return 0


def _last(stream: Iterator[Any], tell: Callable[[str], None]) -> tuple[Any, bool]:
    """What stands at the end of a stream, whose pieces are told as they come, and whether there were any."""
    told = False
    for part in stream:
        if isinstance(part, str):
            tell(part)
            told = True
        else:
            found = part
    if told:
        tell("\n\n")
    return found, told


def _tell(piece: str) -> None:
    from rag.rendering import streamed

    print(streamed(piece) if piece.strip() else piece, end="", flush=True)


def _timeline(options: argparse.Namespace) -> int:
    from rag.answering import Assistant
    from rag.rendering import answer_text

    assistant = Assistant(options.library, embedder=_embedder(options))
    answer = assistant.ask(options.question, options.as_of)
    if not answer.timeline:
        print("rag: the documents give no series of values for this; this is what they say", file=sys.stderr)
    _print(options, answer, answer_text)
    if options.plot:
        from rag.plotting import plot_timeline

        sys.stdout.flush()  # the answer stands, whatever becomes of its picture
        plot_timeline(options.question, answer.timeline, options.plot)
    return 0


def _brief(options: argparse.Namespace) -> int:
    from rag.briefing import MOST
    from rag.memo import brief_text

    stream = _assistant(options).stream_brief(options.topic, options.as_of, most=options.most or MOST)
    return _printed(options, stream, brief_text)


def _compare(options: argparse.Namespace) -> int:
    from rag.contrasting import MOST
    from rag.memo import comparison_text

    most = options.most or MOST
    stream = _assistant(options).stream_comparison(options.topic, options.first, options.second, most=most)
    return _printed(options, stream, comparison_text)


def _assistant(options: argparse.Namespace, **parts: Any) -> Any:
    """Over the library named, your own or the sample; with the model that writes, where one is named."""
    from rag.answering import Assistant
    from rag.indexing import library_to_ask

    embedder = _embedder(options)
    if options.library is None and not places.default_library().exists():
        print("rag: you have no library yet, so this asks the sample library", file=sys.stderr)
    with _progress() as progress:
        library = library_to_ask(options.library, embedder, progress)
    return Assistant(library, embedder=embedder, generator=_generator(options), **parts)


def _chat(options: argparse.Namespace) -> int:
    import webbrowser

    from ui import page
    from ui.conversations import Conversations, file_beside
    from ui.desk import QUESTION_SECONDS, WRITING_SECONDS, Desk, load_models
    from ui.guard import Credentials
    from ui.server import is_loopback, serve

    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    library = options.library or places.default_library()
    served = _generator(options) if options.model_url else None  # what is wrong with an address is said at once
    desk = Desk(
        library,
        models=lambda: load_models(options.embedder, options.reader, lambda: served or _generator(options)),
        seconds=WRITING_SECONDS if options.model or served else QUESTION_SECONDS,
    )
    conversations = Conversations(file_beside(library))

    def started(url: str) -> None:
        print(f"Vouch is at {url} - stop it with Ctrl-C", file=sys.stderr, flush=True)
        if not options.no_browser:
            webbrowser.open(url)

    serve(
        desk,
        conversations,
        lambda: page.build(desk, conversations, shared=bool(options.allow_host) or not is_loopback(options.host)),
        host=options.host,
        port=options.port,
        hosts=options.allow_host,
        auth=Credentials.parse(options.auth) if options.auth else None,
        page_options=page.options(),
        waiting=page.waiting(),
        started=started,
    )
    return 0


def _list(options: argparse.Namespace) -> int:
    from rag.rendering import document_line
    from rag.store import reading

    with reading(_existing(options)) as view:
        documents = [(document, view.count_passages(document.id)) for document in view.documents()]
    if options.json:
        _print_json([{**_facts(document), "passages": count} for document, count in documents])
    else:
        print("\n".join(document_line(*entry) for entry in documents) or "the library is empty")
    return 0


def _show(options: argparse.Namespace) -> int:
    from rag.rendering import document_text, plain
    from rag.store import reading

    with reading(_existing(options)) as view:
        document = view.find(options.document)
        current = view.live().get(document.source, (document.id, ""))[0]
    if current != document.id:
        print(f"rag: this is an earlier version; the current one is document {current}", file=sys.stderr)
    if options.span:
        start, end = _offsets(options.span, len(document.text))
        print(json.dumps(document.text[start:end]) if options.json else plain(document.text[start:end]))
    else:
        _print(options, document, document_text)
    return 0


def _remove(options: argparse.Namespace) -> int:
    from rag.indexing import remove
    from rag.rendering import line

    removed = remove(options.documents, _existing(options))
    _print(options, removed, lambda sources: "\n".join(f"removed {line(source)}" for source in sources))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from rag.doctor import Writer, examine

    writer = Writer(options.model, options.model_url, options.allow_remote_model)
    findings = examine(options.library or places.default_library(), options.embedder, writer)
    _print(options, findings, lambda found: "\n".join(map(str, found)))
    return 0 if all(finding.well for finding in findings) else 1


def _eval(options: argparse.Namespace) -> int:
    from eval.__main__ import main as score

    return score(options.arguments, "rag eval")


def _generator(options: argparse.Namespace) -> Any:
    from rag.models import load_generator

    url = options.model_url
    generator = load_generator(options.model, url, allow_remote=options.allow_remote_model)
    if url and options.allow_remote_model:
        from rag.generation import is_local, shown

        if not is_local(url):
            print(f"rag: passages of your documents are sent to {shown(url)}", file=sys.stderr)
    return generator


def _embedder(options: argparse.Namespace) -> Any:
    from rag.models import load_embedder

    return load_embedder(options.embedder)


def _existing(options: argparse.Namespace) -> Path:
    """The library named, or what ``rag ask`` would ask; no model is loaded where there is one."""
    if options.library or places.default_library().exists():
        return Path(options.library or places.default_library())
    from rag.indexing import library_to_ask

    return library_to_ask(None, _embedder(options))


def _first_day(text: str) -> dt.date | None:
    try:
        return PartialDate.fromisoformat(text).first()
    except ValueError:
        raise DateError(f"--from takes a date such as 2024-01-31, 2024-01 or 2024, not {text!r}") from None


def _offsets(span: str, length: int) -> tuple[int, int]:
    start, _, end = span.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= length):
        raise RagError(f"--span takes two offsets within 0:{length}, such as 120:260, not {span!r}")
    return int(start), int(end)


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError("it lies between 1 and 100")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("it lies between 0 and 1")
    return value


def _facts(document: Any) -> dict[str, Any]:
    from rag.rendering import to_json

    return {name: value for name, value in to_json(document).items() if name not in ("text", "blocks")}


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """A bar on standard error, where that is a terminal."""
    from tqdm import tqdm

    with tqdm(unit=" files", disable=not sys.stderr.isatty(), leave=False, desc="indexing") as bar:

        def progress(done: int, total: int, source: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _print(options: argparse.Namespace, value: Any, as_text: Callable[[Any], str]) -> None:
    from rag.rendering import plain, to_json

    if options.json:
        _print_json(to_json(value))
    else:
        print(plain(as_text(value)))


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2))  # ASCII: no terminal or pipe can stumble over it


if __name__ == "__main__":
    sys.exit(main())
