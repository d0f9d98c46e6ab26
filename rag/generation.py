"""Language models that write: one in this process, by ``transformers``, and any behind an OpenAI-compatible server.

Both write greedily, so that the same question gets the same words. Nothing is downloaded: a model that is not there
is named together with the command that fetches it.
"""

from __future__ import annotations

import ipaddress
import json
import re
import threading
import time
from collections.abc import Generator as Stream
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import ModelDamaged, ModelFailed, ModelNotFound, ModelRefused, ModelUnreachable
from rag.types import Message

if TYPE_CHECKING:
    import httpx

Json = dict[str, Any]


class TransformersGenerator:
    """A model in this process, from a folder or from the local cache of the hub."""

    def __init__(self, name: str) -> None:
        """Weights are read from safetensors alone, and no code of the model's is run.

        Raises ModelNotFound, and ModelDamaged for a folder that is there but holds no whole model.
        """
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils.logging import disable_progress_bar

        from embeddings.encoder import choose_numerics

        disable_progress_bar()  # type: ignore[no-untyped-call]
        numerics = choose_numerics()
        where: Json = {"trust_remote_code": False, "local_files_only": True}
        folder = str(Path(name).expanduser()) if name.startswith("~") else name
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, **where)
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder, use_safetensors=True, dtype=numerics.dtype, **where
            )
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, SafetensorError) as problem:
            raise _not_loaded(name, problem) from problem
        self._model = model.to(numerics.device).eval()
        self.name = name
        self.context = _context(model.config, self._tokenizer)
        kind = "bf16" if numerics.dtype is torch.bfloat16 else "fp32"
        self.path = f"{kind} on {numerics.device.upper()}, by transformers"
        self._one_at_a_time = threading.Lock()

    def count(self, text: str) -> int:
        """See :class:`rag.seams.Generator`."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def write(self, messages: Sequence[Message], *, most: int) -> Stream[str, None, None]:
        """See :class:`rag.seams.Generator`. The model writes in a thread of its own, one answer at a time."""
        from transformers import TextIteratorStreamer

        streamer: Any = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        stopped = threading.Event()
        failed: list[Exception] = []

        def work() -> None:
            try:
                while not self._one_at_a_time.acquire(timeout=0.1):
                    if stopped.is_set():
                        return
                try:
                    self._generate(messages, most, streamer, stopped)
                finally:
                    self._one_at_a_time.release()
            except Exception as problem:  # whoever reads is told, in their own thread
                failed.append(problem)
            finally:
                streamer.end()

        writing = threading.Thread(target=work, name="writing", daemon=True)
        writing.start()
        try:
            for piece in streamer:
                if piece:
                    yield piece
        finally:
            stopped.set()
            writing.join()
        if failed:
            raise ModelFailed(f"{self.name} stopped ({_short(failed[0])}): ask again, or choose a smaller model")

    def _generate(self, messages: Sequence[Message], most: int, streamer: Any, stopped: threading.Event) -> None:
        import torch
        from transformers import StoppingCriteriaList

        ids = torch.tensor([self._prompt(messages)], device=self._model.device)
        if ids.shape[1] + most > self.context:
            raise ModelFailed(f"the prompt has {ids.shape[1]:,} tokens, and the model takes {self.context:,}")
        with torch.inference_mode():
            self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=most,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
                streamer=streamer,
                stopping_criteria=StoppingCriteriaList([lambda *_, **__: stopped.is_set()]),
            )

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        """By the model's chat template; one that knows no system turn gets a single one; plainly without a template."""
        from jinja2 import TemplateError

        if not self._tokenizer.chat_template:
            plain = "\n\n".join(message.content for message in messages)
            return list(self._tokenizer(f"{plain}\n\nAnswer:")["input_ids"])
        whole = "\n\n".join(message.content for message in messages)
        try:
            return self._templated([{"role": one.role, "content": one.content} for one in messages])
        except TemplateError:
            return self._templated([{"role": "user", "content": whole}])

    def _templated(self, turns: list[dict[str, str]]) -> list[int]:
        text = self._tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, tokenize=False, enable_thinking=False
        )
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])


def _not_loaded(name: str, problem: Exception) -> ModelNotFound | ModelDamaged:
    if Path(name).expanduser().is_dir():
        return ModelDamaged(
            f"{name!r} cannot be loaded as a language model ({_short(problem)}): give the folder of a whole one, with "
            "its weights as safetensors"
        )
    if _is_folder(name):
        return ModelNotFound(f"there is no folder {name!r}: give the folder of a language model, or its hub name")
    return ModelNotFound(f"{name!r} is not on this machine: fetch it once with: {download(name)}")


def _is_folder(name: str) -> bool:
    return Path(name).is_absolute() or name.startswith((".", "~")) or name.count("/") > 1


def download(name: str) -> str:
    """The command that brings a model of the hub onto this machine."""
    return f"hf download {name}"


DEFAULT_CONTEXT = 4_096  # where a model does not tell; also what Ollama takes in unless it is told otherwise


def _context(config: Any, tokenizer: Any) -> int:
    """How many tokens a model was made for; a tokenizer without a limit names a huge number."""
    text = config.get_text_config()
    told = [getattr(text, "max_position_embeddings", None), tokenizer.model_max_length]
    return int(min((limit for limit in told if limit and limit < 10**9), default=DEFAULT_CONTEXT))


def _short(problem: BaseException) -> str:
    said = re.sub(r"\[Errno -?\d+\] ", "", " ".join(str(problem).split()))
    return said[:200] or type(problem).__name__


# --- a server --------------------------------------------------------------------------------------------------

EXAMPLE = "http://127.0.0.1:11434/v1"  # where Ollama listens
CONNECT_SECONDS = 5.0
PIECE_SECONDS = 120.0  # also for the first piece, before which a server may load the model
WHOLE_SECONDS = 600.0
BYTES_A_TOKEN = 3  # fewer than any usual tokenizer needs: the estimate is never too low by much
# How models are kept from thinking aloud: Ollama knows the one field, vLLM and llama.cpp the other, and a server that
# knows neither may refuse the request that has it.
_WITHOUT_THINKING: tuple[Json, ...] = (
    {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}},
    {"chat_template_kwargs": {"enable_thinking": False}},
    {},
)


class ServerGenerator:
    """A model on a server that speaks the OpenAI protocol: Ollama, llama.cpp, vLLM, LM Studio."""

    def __init__(
        self,
        url: str,
        model: str | None = None,
        *,
        key: str | None = None,
        allow_remote: bool = False,
        piece_seconds: float = PIECE_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        """Asks nothing yet: a server that is not there keeps nobody from starting.

        ``url`` is one such as ``EXAMPLE``; without ``model`` the server's only one is taken. An address off
        this machine is taken with ``allow_remote`` alone, as passages of the documents are sent there: raises
        ModelRefused.
        """
        if not url.startswith(("http://", "https://")):
            raise ModelRefused(f"{shown(url)!r} is no address of a model server: write it as {EXAMPLE}")
        if not (allow_remote or is_local(url)):
            raise ModelRefused(
                f"{shown(url)} is not on this machine, and passages of your documents would be sent there: "
                "add --allow-remote-model if that is what you want"
            )
        self.url = url.rstrip("/")
        self._key = key
        self._piece_seconds, self._whole_seconds = piece_seconds, whole_seconds
        self._manner = 0
        self._wanted = model
        self._served: tuple[str, int] | None = None

    @property
    def name(self) -> str:
        """What the server calls the model; the address until it has told."""
        return self._served[0] if self._served else self._wanted or f"the model at {shown(self.url)}"

    @property
    def context(self) -> int:
        """How many tokens it takes. Asks the server once; raises ModelError."""
        return self._model()[1]

    def _model(self) -> tuple[str, int]:
        """The model's name on the server, and its context."""
        if self._served is None:
            served = self.models()
            name = _chosen(self._wanted, list(served), shown(self.url))
            self._served = name, served[name] or DEFAULT_CONTEXT
        return self._served

    def count(self, text: str) -> int:
        """See :class:`rag.seams.Generator`; an estimate, by the bytes."""
        return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)

    def models(self) -> dict[str, int | None]:
        """The models the server has, with the tokens that each takes where the server tells. Raises ModelError."""
        with self._told(), self._client() as client:
            response = client.get(f"{self.url}/models")
            self._check(response)
            try:
                return {str(one["id"]): _limit(one) for one in response.json()["data"] or []}
            except (ValueError, KeyError, TypeError, AttributeError) as problem:
                raise ModelFailed(
                    f"{shown(self.url)} does not answer as a model server: does its address end in /v1?"
                ) from problem

    def write(self, messages: Sequence[Message], *, most: int) -> Stream[str, None, None]:
        """See :class:`rag.seams.Generator`."""
        asked: Json = {
            "model": self._model()[0],
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "max_tokens": most,
            "temperature": 0,
            "stream": True,
        }
        with self._told(), self._client() as client:
            while True:
                whole = {**asked, **_WITHOUT_THINKING[self._manner]}
                with client.stream("POST", f"{self.url}/chat/completions", json=whole) as response:
                    if response.status_code in (400, 422) and self._manner + 1 < len(_WITHOUT_THINKING):
                        self._manner += 1
                        continue
                    if response.status_code != 200:
                        response.read()
                    self._check(response)
                    yield from self._pieces(response)
                    return

    def _pieces(self, response: httpx.Response) -> Iterator[str]:
        """The text of a stream of events; of a whole answer, from a server that does not stream."""
        if "json" in response.headers.get("content-type", ""):
            response.read()
            yield _content(response.text, "message")
            return
        began = last = time.monotonic()
        wrote = ended = False
        for line in response.iter_lines():
            now = time.monotonic()
            if now - last > self._piece_seconds or now - began > self._whole_seconds:
                raise self._stalled()
            field, _, data = line.partition(":")
            data = data.strip()
            if field != "data" or not data:
                continue  # a comment that keeps the connection open
            if data == "[DONE]":
                ended = True
                break
            piece = _content(data, "delta")
            if piece:
                last, wrote = now, True
                yield piece
            ended = ended or _finished(data)
        if not ended:
            raise ModelFailed(f"{shown(self.url)} broke off in the middle of its answer: is it still running?")
        if not wrote:
            raise ModelFailed(f"{self.name} wrote nothing: if it thinks before it writes, choose one that need not")

    def _check(self, response: httpx.Response) -> None:
        status, where = response.status_code, shown(self.url)
        if status == 200:
            return
        said = f" ({_said(response)})" if _said(response) else ""
        if status in (401, 403):
            raise ModelRefused(f"{where} wants a key{said}: put it into the environment variable VOUCH_MODEL_KEY")
        if status == 404:
            raise ModelNotFound(f"{where} knows no such model or address{said}: `rag doctor` lists what it has")
        if status >= 500:
            raise ModelFailed(f"{where} failed with status {status}{said}: look at its log, and ask again")
        raise ModelRefused(f"{where} refused with status {status}{said}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong on the way, by our names."""
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as problem:
            raise ModelUnreachable(
                f"no model server answers at {shown(self.url)} ({_short(problem)}): start it, or check --model-url"
            ) from problem
        except httpx.TimeoutException as problem:
            raise self._stalled() from problem
        except httpx.HTTPError as problem:
            raise ModelFailed(
                f"{shown(self.url)} broke off in the middle of its answer ({_short(problem)}): is it still running?"
            ) from problem
        except (httpx.InvalidURL, UnicodeError) as problem:
            raise ModelRefused(f"{shown(self.url)!r} is no address of a model server ({_short(problem)})") from problem

    def _stalled(self) -> ModelFailed:
        return ModelFailed(
            f"{shown(self.url)} sent nothing for {self._piece_seconds:g} seconds, or never came to an end: "
            "a first question waits for the model to load, so ask again, or choose a smaller model"
        )

    def _client(self) -> httpx.Client:
        import httpx

        return httpx.Client(
            timeout=httpx.Timeout(self._piece_seconds, connect=CONNECT_SECONDS),
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            trust_env=not is_local(self.url),  # no proxy is asked about this machine
        )


def is_local(url: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(url: str) -> str:
    """An address without the name and password in it."""
    before, at, after = url.rpartition("@")
    return f"{before.split('//')[0]}//{after}" if at else url


def _chosen(model: str | None, served: Sequence[str], where: str) -> str:
    named = [name for name in served if model in (name, name.removesuffix(":latest"))] if model else list(served)
    if len(named) == 1:
        return named[0]
    if model:
        has = f"it has {', '.join(served[:8])}" if served else "it has none"
        raise ModelNotFound(f"{where} has no model {model!r}, {has}: with Ollama, fetch it with: ollama pull {model}")
    if not served:
        raise ModelNotFound(f"{where} has no model yet: with Ollama, fetch one with: ollama pull qwen3:4b")
    raise ModelNotFound(f"{where} has {len(served)} models: choose one with --model: {', '.join(served[:8])}")


def _limit(model: Json) -> int | None:
    """The context a server was started with: vLLM names it, llama.cpp where it tells of a loaded model."""
    told = model.get("max_model_len") or (model.get("meta") or {}).get("n_ctx")
    return int(told) if told else None


def _content(data: str, part: str) -> str:
    """The text in one event, or in a whole answer. Raises ModelFailed."""
    try:
        event = json.loads(data)
        if event.get("error"):
            raise ModelFailed(f"the model server reports: {_short(ValueError(_message(event['error'])))}")
        return "".join(str(choice[part].get("content") or "") for choice in event.get("choices") or [])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ModelFailed(f"the model server sent what is no answer ({data[:80]!r})") from problem


def _finished(data: str) -> bool:
    return any(choice.get("finish_reason") for choice in json.loads(data).get("choices") or [])


def _said(response: httpx.Response) -> str:
    """What a server says went wrong, in a line."""
    try:
        body = response.json()
        return _short(ValueError(_message(body.get("error") or body.get("detail") or body.get("message") or "")))
    except (ValueError, AttributeError):
        return ""


def _message(error: object) -> str:
    return str(error.get("message", error)) if isinstance(error, dict) else str(error)
