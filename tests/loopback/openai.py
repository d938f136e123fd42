"""An OpenAI-compatible server on this machine, in the ways such servers differ.

It reads what it is sent like a model that has no idea who wrote what: with `obeys` it does what a
text asks for. `calls` is all that arrived.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.waiting import leap, until

Json = dict[str, Any]
KEY = "sk-loopback-0123456789abcdef"
CONTEXT_CHARACTERS = 3_000
SPEECH_RATE = 24_000
_PIECE = re.compile(
    r'<piece-(?P<mark>\w+)(?: id="(?P<id>\d+)")?(?: wants-title="(?P<wants>\w+)")?'
    r'(?: kind="(?P<kind>\w+)")?>\n'
    r"(?P<text>.*?)\n</piece-(?P=mark)>",
    re.S,
)


class Behaviour(StrEnum):
    STRICT = "strict schema"  # OpenAI
    OBJECT_ONLY = "json_object only"  # many proxies
    PLAIN = "plain text"  # small servers; LM Studio refuses json_object
    PICKY = "refuses unknown parameters"
    CUTTING = "silent truncation"  # Ollama with its usual context


class Trouble(StrEnum):
    """What can be put into `troubles`, one for each call to come."""

    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NO_QUOTA = "429 insufficient_quota"
    BUSY = "429"
    BROKEN = "500"
    LENGTH = "length"
    CONTEXT = "context"
    HANG = "hang"
    HTML = "garbage"
    PROSE = "an answer that is no JSON"
    THINKING = "no room left for the answer"
    EMPTY = "a completion without choices"
    REDIRECT = "another address"


_COMPLAINTS = {
    Trouble.UNAUTHORIZED: (401, f"Incorrect API key provided: {KEY}.", "invalid_api_key"),
    Trouble.FORBIDDEN: (403, "Country not supported.", "unsupported_country"),
    Trouble.NO_QUOTA: (429, "You exceeded your current quota.", "insufficient_quota"),
    Trouble.BUSY: (429, "Slow down.", "rate_limit_exceeded"),
    Trouble.BROKEN: (500, "The server had an error.", "server_error"),
    Trouble.CONTEXT: (400, "Maximum context length is 4096 tokens.", "context_length_exceeded"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    path: str
    body: Json
    authorization: str

    @property
    def text(self) -> str:
        """Everything that a model would read."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))


@dataclass(slots=True)
class OpenAiServer:
    behaviour: Behaviour = Behaviour.STRICT
    write: Callable[[str], str] = lambda text: first_sentence(text)
    shorten: Callable[[str], str] = lambda text: first_sentences(text)
    describe: Callable[[str], str] = lambda table: caption(table)
    translate: Callable[[str], str] = lambda text: in_german(text)
    forgets: set[int] = field(default_factory=set)  # ids of pieces that it never answers
    obeys: tuple[str, str] | None = None  # what is looked for in the text, what is answered then
    troubles: list[Trouble] = field(default_factory=list)
    is_always: Trouble | None = None
    calls: list[Call] = field(default_factory=list)
    said: set[str] = field(default_factory=set)  # all takeaways
    made: set[str] = field(default_factory=set)  # all briefs and translated passages
    url: str = ""
    # speech
    formats: tuple[str, ...] = ("wav", "pcm")
    rate: int = SPEECH_RATE
    is_silent: bool = False
    heard_share: float = 1.0  # of what should be heard
    cut_from: int = 99  # the call from which on only a part is heard
    hangs_s: float = 0.0  # how much time seems to pass over each call that hangs
    most_at_once: int = 0
    _at_once: int = 0

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._on_chat, methods=["POST"]),
                Route("/v1/audio/speech", self._on_speech, methods=["POST"]),
            ]
        )

    async def _on_chat(self, request: Request) -> Response:
        body = await self._recorded(request)
        trouble = self._next_trouble()
        if trouble is not None:
            return await self._troubled(trouble, body)
        return self._refusal(body) or self._answer(body)

    async def _recorded(self, request: Request) -> Json:
        body: Json = await request.json()
        self.calls.append(
            Call(
                path=request.url.path,
                body=body,
                authorization=request.headers.get("authorization", ""),
            )
        )
        return body

    def _next_trouble(self) -> Trouble | None:
        return self.troubles.pop(0) if self.troubles else self.is_always

    async def _troubled(self, trouble: Trouble, body: Json) -> Response:
        if trouble in _COMPLAINTS:
            status, message, code = _COMPLAINTS[trouble]
            headers = {"retry-after": "0.2"} if trouble is Trouble.BUSY else None
            return complaint(status, message, code, headers)
        match trouble:
            case Trouble.HANG:
                leap(self.hangs_s)
                with suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()
            case Trouble.HTML:
                return HTMLResponse("<html><body>Bad gateway</body></html>")
            case Trouble.REDIRECT:
                return Response(status_code=307, headers={"location": f"{self.url}/elsewhere"})
            case Trouble.LENGTH:
                return completion('{"chapters": [{"id": 1, "tit', body, finish="length")
            case Trouble.THINKING:
                return completion("", body, finish="length", thoughts=500)
            case Trouble.PROSE:
                return completion("I would rather not answer in JSON today.", body)
        return JSONResponse({"error": {"message": "upstream failed", "code": 502}})

    # --- what it refuses ------------------------------------------------------------------------

    def _refusal(self, body: Json) -> Response | None:
        form = body.get("response_format")
        kind = form["type"] if form else "text"
        match self.behaviour:
            case Behaviour.STRICT:
                return _strict_refusal(body)
            case Behaviour.OBJECT_ONLY if kind == "json_schema":
                return complaint(400, "response_format must be text or json_object", None)
            case Behaviour.OBJECT_ONLY if "max_completion_tokens" in body:
                return complaint(400, "Unrecognized argument: max_completion_tokens", None)
            case Behaviour.PLAIN if kind != "text":
                return complaint(400, "'response_format.type' is not supported", None)
            case Behaviour.PICKY:
                unknown = set(body) - {"model", "messages", "max_tokens"}
                if unknown:
                    return complaint(422, "Extra inputs are not permitted", None)
        return None

    # --- what it answers ------------------------------------------------------------------------

    def _answer(self, body: Json) -> Response:
        material = body["messages"][-1]["content"]
        if self.behaviour is Behaviour.CUTTING:
            material = material[:CONTEXT_CHARACTERS]
        answer = json.dumps(self._written(material, body["messages"][0]["content"]))
        if self.behaviour in (Behaviour.PLAIN, Behaviour.PICKY):
            answer = f"Sure! Here {{you}} go:\n```json\n{answer}\n```\nAnything else?"
        return completion(answer, body, seen=len(material))

    def _written(self, material: str, rules: str) -> Json:
        payload = self.obeys[1] if self.obeys and self.obeys[0] in material else None
        pieces = [match.groupdict() for match in _PIECE.finditer(material)]
        if '"pieces"' in rules:
            return {"pieces": self._made(pieces, rules, payload)}
        if '"summary"' in rules:
            text = pieces[0]["text"] if pieces else ""
            title = text.split("\n", 1)[0]
            return {"title": title, "summary": payload or self._told(_opening(text), rules)}
        entries = [
            {
                "id": int(piece["id"]),
                "title": (payload or title_of(piece["text"])) if piece["wants"] == "yes" else "",
                "takeaway": payload or self._told(self.write(piece["text"]), rules),
            }
            for piece in pieces
        ]
        self.said |= {str(entry["takeaway"]) for entry in entries}
        return {"chapters": entries}

    def _told(self, sentence: str, rules: str) -> str:
        """In the language that is asked for; German is the only other one that it knows."""
        return in_german(sentence) if "ISO 639-1 code de" in rules else sentence

    def _made(self, pieces: list[Json], rules: str, payload: str | None) -> list[Json]:
        make = self.translate if "translate" in rules else self.shorten
        entries = [
            {
                "id": int(piece["id"]),
                "text": payload
                or (self.describe(piece["text"]) if piece["kind"] else make(piece["text"])),
            }
            for piece in pieces
            if int(piece["id"]) not in self.forgets
        ]
        self.made |= {str(entry["text"]) for entry in entries}
        return entries

    # --- speech ---------------------------------------------------------------------------------

    async def _on_speech(self, request: Request) -> Response:
        body = await self._recorded(request)
        trouble = self._next_trouble()
        if trouble is not None:
            return await self._troubled(trouble, body)
        if body["response_format"] not in self.formats:
            return complaint(400, f"response_format must be one of {self.formats}", None)
        if len(body["input"]) > 4096:
            return complaint(400, "string_too_long: at most 4096 characters", None)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0.01)
        self._at_once -= 1
        share = 0.4 if len(self.calls) >= self.cut_from else self.heard_share
        samples = spoken(body["input"], share, is_silent=self.is_silent)
        if body["response_format"] == "pcm":
            return Response(samples.tobytes(), media_type="audio/pcm")
        return Response(wav(samples, self.rate), media_type="audio/wav")


def _strict_refusal(body: Json) -> Response | None:
    """As OpenAI's own: the newer name of the limit, and schemas that name every field."""
    if "max_tokens" in body:
        return complaint(
            400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", None
        )
    form = body.get("response_format")
    if form and form["type"] == "json_schema":
        schema = form["json_schema"]
        is_strict = schema.get("strict") is True and _is_closed(schema["schema"])
        return None if is_strict else complaint(400, "Invalid schema for response_format", None)
    return None


def _is_closed(schema: Json) -> bool:
    objects = [schema, *schema.get("$defs", {}).values()]
    return all(
        part.get("additionalProperties") is False
        and set(part["required"]) == set(part["properties"])
        for part in objects
    )


def complaint(
    status: int, message: str, code: str | None, headers: dict[str, str] | None = None
) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def completion(
    content: str,
    body: Json,
    *,
    seen: int | None = None,
    finish: str = "stop",
    thoughts: int = 0,
) -> Response:
    sent = sum(len(message["content"]) for message in body["messages"])
    read = sent if seen is None else seen + len(body["messages"][0]["content"])
    return JSONResponse(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content},
                }
            ],
            "usage": {
                "prompt_tokens": math.ceil(read / 4),
                "completion_tokens": math.ceil(len(content) / 4),
                "total_tokens": math.ceil((read + len(content)) / 4),
                "completion_tokens_details": {"reasoning_tokens": thoughts},
            },
        }
    )


def first_sentence(text: str) -> str:
    """What an honest model says: the first sentence of some length."""
    body = text.split("\n\n", 1)[-1]
    sentences = re.split(r"(?<=[.!?])\s+", body)
    return next((s for s in sentences if 8 <= len(s.split()) <= 45), sentences[0])


def first_sentences(text: str, count: int = 4) -> str:
    """What an honest model says in brief."""
    return " ".join(re.split(r"(?<=[.!?])\s+", text.split("\n\n", 1)[-1])[:count])


def caption(text: str) -> str:
    """What an honest model says of a table: its caption, as a sentence."""
    return first_sentence(text.split("\n", 1)[0].partition(":")[2].strip().rstrip(".") + ".")


_GERMAN = (
    "a", "an", "und", "oder", "etwas", "werden", "zwischen", "einfache", "beobachten", "langsamen",
    "veränderung", "wissenschaft", "beobachtungen", "veröffentlicht",
)  # fmt: skip


_GERMAN_FOR = {
    "not": "nicht", "no": "kein", "never": "nie", "nobody": "niemand", "nothing": "nichts",
    "neither": "weder", "nor": "weder", "cannot": "kann nicht", "without": "ohne", "none": "keine",
    "twenty": "zwanzig", "thirty": "dreißig", "forty": "vierzig", "hundred": "hundert",
    "thousand": "tausend", "million": "Million",
}  # fmt: skip


def in_german(text: str) -> str:
    """Words of German in the place of all others, about as long; numbers, signs and what is
    denied stay."""

    def word(match: re.Match[str]) -> str:
        if match.group().lower() in _GERMAN_FOR:
            return _GERMAN_FOR[match.group().lower()]
        german = _GERMAN[min(len(match.group()), len(_GERMAN)) - 1]
        return german.capitalize() if match.group()[0].isupper() else german

    return re.sub(r"[^\W\d_]+", word, text)


def _opening(text: str) -> str:
    """The first sentence behind the title."""
    return first_sentence(text.replace("\n", "\n\n", 1))


def title_of(text: str) -> str:
    """What an honest model calls a piece: its first words."""
    return " ".join(first_sentence(text).rstrip(".").split()[:5])


def spoken(text: str, share: float, *, is_silent: bool) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Something that has the length and loudness of the text spoken: tones, a syllable each. Other
    words sound otherwise."""
    seconds = max(0.3, 0.068 * len(text)) * share
    time = np.arange(int(seconds * SPEECH_RATE)) / SPEECH_RATE
    pitch = 170 + zlib.crc32(text.encode()) % 20
    wave = np.sin(2 * np.pi * pitch * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
    return np.asarray(wave * (0 if is_silent else 0.25) * 32767, dtype="<i2")


def wav(samples: np.ndarray[Any, np.dtype[np.int16]], rate: int) -> bytes:
    """As servers stream it: with sizes that are not known yet."""
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    data = samples.tobytes()
    unknown = 0xFFFFFFFF
    return (b"RIFF" + struct.pack("<I", unknown) + b"WAVEfmt " + struct.pack("<I", 16) + form) + (
        b"data" + struct.pack("<I", unknown) + data
    )


@asynccontextmanager
async def running(server: OpenAiServer) -> AsyncIterator[OpenAiServer]:
    """The server on a free port of this machine; `url` is set."""
    config = uvicorn.Config(
        server.app(), host="127.0.0.1", port=0, log_level="critical", lifespan="off"
    )
    listener = uvicorn.Server(config)
    serving = asyncio.create_task(listener.serve())
    await until(lambda: listener.started, "a server")
    port = listener.servers[0].sockets[0].getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        listener.should_exit = listener.force_exit = True
        await serving
