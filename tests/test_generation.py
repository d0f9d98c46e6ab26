"""Both ways to a model: a tiny one in this process, and real HTTP to a server that works, or does not."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import TEXT, Handler, ModelServer, serving
from tiny import tiny_writer

from rag.errors import ModelDamaged, ModelError, ModelFailed, ModelNotFound, ModelRefused, ModelUnreachable
from rag.generation import ServerGenerator, TransformersGenerator, is_local, shown
from rag.models import load_generator
from rag.types import Message

ASKED = [Message("system", "the a of in"), Message("user", "when was the ferry opened ?")]


# --- in this process -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_writer(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def writer(folder: Path) -> TransformersGenerator:
    return TransformersGenerator(str(folder))


def test_a_model_streams_the_same_words_each_time(writer: TransformersGenerator) -> None:
    first, second = (list(writer.write(ASKED, most=20)) for _ in range(2))
    assert len(first) > 3 and first == second
    assert writer.context == 512 and writer.count("the ferry") == 2
    assert 1 <= writer.count("".join(writer.write(ASKED, most=5))) <= 8


def test_the_chat_template_frames_what_is_asked(writer: TransformersGenerator) -> None:
    words = writer._tokenizer.decode(writer._prompt(ASKED))
    assert words.startswith("<|system|> the a of in <|user|> when was") and words.endswith("<|assistant|>")


def test_a_model_without_a_template_is_asked_plainly(tmp_path: Path) -> None:
    writer = TransformersGenerator(str(tiny_writer(tmp_path, template=None)))
    assert "<|" not in (words := writer._tokenizer.decode(writer._prompt(ASKED))) and "when was the ferry" in words
    assert list(writer.write(ASKED, most=5))


def test_a_template_that_knows_no_system_turn_gets_one_turn(tmp_path: Path) -> None:
    template = "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}"
    template += "<|user|> {{ m['content'] }}{% endfor %}<|assistant|>"
    writer = TransformersGenerator(str(tiny_writer(tmp_path, template=template)))
    words = writer._tokenizer.decode(writer._prompt(ASKED))
    assert words.count("<|user|>") == 1 and "the a of in when was" in words


def test_closing_the_stream_stops_the_model(writer: TransformersGenerator) -> None:
    stream = writer.write(ASKED, most=120)
    next(stream)
    stream.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "writing"]
    assert list(writer.write(ASKED, most=3))  # and the next one is served


def test_answers_are_written_one_at_a_time(writer: TransformersGenerator) -> None:
    alone = list(writer.write(ASKED, most=12))
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(list(writer.write(ASKED, most=12)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 2


def test_what_does_not_fit_is_an_error_and_no_cut_prompt(writer: TransformersGenerator) -> None:
    with pytest.raises(ModelFailed, match="takes 512"):
        list(writer.write([Message("user", "the ferry " * 300)], most=10))


def test_models_that_are_not_there(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelNotFound, match="hf download Nobody/Nothing-1B"):
        TransformersGenerator("Nobody/Nothing-1B")
    with pytest.raises(ModelNotFound, match="no folder"):
        TransformersGenerator(str(tmp_path / "nowhere"))
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / "model.safetensors").write_bytes(b"\0" * 64)
    with pytest.raises(ModelDamaged, match="safetensors"):
        TransformersGenerator(str(broken))
    (broken / "model.safetensors").rename(broken / "pytorch_model.bin")
    with pytest.raises(ModelDamaged):
        TransformersGenerator(str(broken))


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path, folder: Path) -> None:
    import json

    shutil.copytree(folder, tmp_path / "sly")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "sly", "auto_map": {"AutoConfig": "sly.Config", "AutoModelForCausalLM": "sly.Model"}}
    (tmp_path / "sly/config.json").write_text(json.dumps(config))
    (tmp_path / "sly/sly.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    with pytest.raises(ModelDamaged):
        TransformersGenerator(str(tmp_path / "sly"))
    assert not (tmp_path / "ran").exists()


# --- on a server -----------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as script:
        yield script


def generator(server: ModelServer, **settings: object) -> ServerGenerator:
    return ServerGenerator(server.url, piece_seconds=0.4, **settings)  # type: ignore[arg-type]


def test_a_server_is_asked_over_http_and_streams(server: ModelServer) -> None:
    one = generator(server, key="secret")
    pieces = list(one.write(ASKED, most=77))
    assert "".join(pieces) == TEXT and len(pieces) > 5
    (asked,) = server.asked
    assert (asked["model"], asked["max_tokens"], asked["stream"], asked["temperature"]) == ("tiny:1b", 77, True, 0)
    assert asked["messages"][1] == {"role": "user", "content": "when was the ferry opened ?"}
    assert set(server.keys) == {"Bearer secret"}
    assert (one.name, one.context) == ("tiny:1b", 4096)


def test_a_text_is_never_counted_much_too_short(server: ModelServer) -> None:
    one = generator(server)
    assert one.count("The night ferry opened on 4 March 2022.") >= 12 and one.count("輸入人才計劃") >= 6
    assert one.count("") == 0


def test_a_server_that_tells_its_limit_is_believed() -> None:
    with serving(ModelServer(limit=8192)) as server:
        assert generator(server).context == 8192


def test_the_model_is_chosen_by_name() -> None:
    with serving(ModelServer(models=("qwen3:4b", "llama3:latest"))) as server:
        list(generator(server, model="llama3").write(ASKED, most=5))
        assert server.asked[-1]["model"] == "llama3:latest"
        with pytest.raises(ModelNotFound, match=r"ollama pull gemma:2b") as raised:
            _ = generator(server, model="gemma:2b").context
        assert "qwen3:4b" in str(raised.value)
        with pytest.raises(ModelNotFound, match="--model"):
            _ = generator(server).context
        server.models = ()
        with pytest.raises(ModelNotFound, match="ollama pull"):
            _ = generator(server).context


def test_fields_that_a_server_does_not_know_are_left_out(server: ModelServer) -> None:
    server.behave = lambda handler: "reasoning_effort" in handler.asked and handler.reply(400, {"error": "unknown"})
    one = generator(server)
    assert "".join(one.write(ASKED, most=9)) == "".join(one.write(ASKED, most=9)) == TEXT
    assert [("reasoning_effort" in asked, "chat_template_kwargs" in asked) for asked in server.asked] == [
        (True, True),
        (False, True),
        (False, True),
    ]


def test_a_server_that_does_not_stream_answers_at_once(server: ModelServer) -> None:
    server.behave = lambda handler: handler.reply(200, {"choices": [{"message": {"content": TEXT}}]})
    assert list(generator(server).write(ASKED, most=9)) == [TEXT]


def test_what_a_model_thinks_is_not_what_it_writes(server: ModelServer) -> None:
    def think(handler: Handler) -> bool:
        handler.begin()
        handler.event({"choices": [{"delta": {"reasoning": "Hmm."}}]})
        handler.event({"choices": [{"delta": {}, "finish_reason": "length"}]})
        return True

    server.behave = think
    with pytest.raises(ModelFailed, match="thinks"):
        list(generator(server).write(ASKED, most=9))


def _stall(handler: Handler) -> bool:
    handler.begin()
    handler.event({"choices": [{"delta": {"content": "The "}}]})
    handler.server.script.let.wait(20)
    return True


def _chatter(handler: Handler) -> bool:
    """Keeps the connection open, and says nothing."""
    handler.begin()
    with pytest.raises(OSError):
        while True:
            handler.wfile.write(b": still here\n\n")
            time.sleep(0.05)
    return True


def _kill(handler: Handler) -> bool:
    handler.begin()
    handler.event({"choices": [{"delta": {"content": "The "}}]})
    handler.cut()
    return True


def _stop(handler: Handler) -> bool:
    handler.begin()
    handler.event({"choices": [{"delta": {"content": "The "}}]})
    return True


def _sends(data: bytes) -> Callable[[Handler], bool]:
    def send(handler: Handler) -> bool:
        handler.begin()
        handler.wfile.write(data)
        return True

    return send


@pytest.mark.parametrize(
    ("behave", "error", "words"),
    [
        (lambda handler: handler.reply(401, {"error": {"message": "bad key"}}), ModelRefused, "VOUCH_MODEL_KEY"),
        (lambda handler: handler.reply(404, {"error": {"message": "no model"}}), ModelNotFound, "no model"),
        (lambda handler: handler.reply(500, b"<html>"), ModelFailed, "500"),
        (lambda handler: handler.reply(503, {"error": "loading"}), ModelFailed, "loading"),
        (lambda handler: handler.reply(418, {"detail": "teapot"}), ModelRefused, "418"),
        (lambda handler: handler.reply(301, {}), ModelRefused, "301"),
        (lambda handler: handler.reply(200, b"{not json"), ModelFailed, "no answer"),
        (lambda handler: handler.reply(200, [1, 2]), ModelFailed, "no answer"),
        (_sends(b"data: {not json\n\n"), ModelFailed, "no answer"),
        (_sends(b'data: "text"\n\n'), ModelFailed, "no answer"),
        (_sends(b'data: {"choices": [{"delta": null}]}\n\n'), ModelFailed, "no answer"),
        (_sends(b'data: {"error": {"message": "out of memory"}}\n\n'), ModelFailed, "out of memory"),
        (_sends(b"data: [DONE]\n\n"), ModelFailed, "wrote nothing"),
        (_sends(b""), ModelFailed, "broke off"),
        (_stall, ModelFailed, "nothing for 0.4 seconds"),
        (_chatter, ModelFailed, "nothing for 0.4 seconds"),
        (_kill, ModelFailed, "broke off"),
        (_stop, ModelFailed, "broke off"),
    ],
)
def test_what_goes_wrong_is_named(
    server: ModelServer, behave: Callable[[Handler], bool], error: type[ModelError], words: str
) -> None:
    server.behave = behave
    with pytest.raises(error, match=words):
        list(generator(server).write(ASKED, most=9))


def test_nothing_that_listens_is_unreachable() -> None:
    with pytest.raises(ModelUnreachable, match="start it"):
        list(ServerGenerator("http://127.0.0.1:9/v1").write(ASKED, most=9))


def test_a_page_that_is_no_model_server(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.reply(200, b"<html>"))
    with pytest.raises(ModelFailed, match="/v1"):
        _ = generator(server).context


def test_closing_the_stream_closes_the_connection(server: ModelServer) -> None:
    server.pieces = ["word "] * 100_000
    stream = generator(server).write(ASKED, most=9)
    next(stream)
    stream.close()
    assert server.gone.wait(10)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://localhost:8080/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://127.0.0.1@example.org/v1", False),
        ("http://192.168.1.7:8000/v1", False),
        ("https://api.example.org/v1", False),
        ("http://[bad/v1", False),
    ],
)
def test_passages_leave_this_machine_only_when_that_is_wanted(url: str, local: bool) -> None:
    assert is_local(url) == local
    if not local:
        with pytest.raises(ModelRefused, match="--allow-remote-model"):
            load_generator("m", url)
        assert load_generator("m", url, allow_remote=True)


@pytest.mark.parametrize("url", ["localhost:11434/v1", "ollama", "", "file:///etc/passwd"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ModelRefused, match="write it as http://127"):
        ServerGenerator(url, allow_remote=True)


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("http://me:secret@127.0.0.1:1/v1") == "http://127.0.0.1:1/v1"
    with pytest.raises(ModelUnreachable) as raised:
        list(ServerGenerator("http://me:secret@127.0.0.1:9/v1", "m").write(ASKED, most=9))
    assert "secret" not in str(raised.value)


def test_no_proxy_is_asked_about_this_machine(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert "".join(generator(server).write(ASKED, most=9)) == TEXT
