"""A server that answers without end brings no more into memory than such an answer may be."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import openai
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from adapters.compatible import ServerUnreachable, open_client, patiently
from tests.loopback.openai import KEY, OpenAiServer, running
from tests.summaries import MODEL, a_desk, a_document

MEGABYTE = 1024 * 1024
FLOOD = 300 * MEGABYTE
ON_THE_WAY = 16 * MEGABYTE  # what systems hold between two programs that both run here


@dataclass(slots=True)
class PouringServer(OpenAiServer):
    """`status`, `is_promised`: how it answers; `poured`: what it got rid of."""

    status: int = 200
    is_promised: bool = False
    is_packed: bool = False
    poured: int = 0

    async def _on_chat(self, request: Request) -> Response:
        return await self._pour(request)

    async def _on_speech(self, request: Request) -> Response:
        return await self._pour(request)

    async def _pour(self, request: Request) -> Response:
        await self._recorded(request)
        if self.is_packed:
            packed = gzip.compress(b" " * 8 * MEGABYTE)
            return Response(packed, self.status, {"content-encoding": "gzip"})
        headers = {"content-length": str(FLOOD)} if self.is_promised else {}
        return StreamingResponse(self._flood(request), self.status, headers)

    async def _flood(self, request: Request) -> AsyncIterator[bytes]:
        yield b'{"choices": [{"message": {"content": "'
        while self.poured < FLOOD - MEGABYTE and not await request.is_disconnected():
            self.poured += 65536
            yield b"x" * 65536


def chat(client: openai.AsyncOpenAI) -> Awaitable[Any]:
    return client.chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "Bees?"}]
    )


def speech(client: openai.AsyncOpenAI) -> Awaitable[Any]:
    return client.audio.speech.create(input="Bees.", model=MODEL, voice="alloy")


@pytest.mark.parametrize("call", [chat, speech])
@pytest.mark.parametrize(
    "manner",
    [{}, {"is_promised": True}, {"is_packed": True}, {"status": 500}, {"status": 400}],
    ids=str,
)
async def test_an_endless_answer_is_left_and_not_asked_for_again(
    manner: dict[str, Any], call: Callable[[openai.AsyncOpenAI], Awaitable[Any]]
) -> None:
    async with (
        running(PouringServer(**manner)) as server,
        open_client(server.url, KEY, most_bytes=MEGABYTE) as client,
    ):
        with pytest.raises(ServerUnreachable, match="too large"):
            await patiently(lambda: call(client), first_pause_s=0.01)
    assert server.poured < ON_THE_WAY
    assert len(server.calls) == 1


async def test_takeaways_stay_extracts_where_the_model_pours() -> None:
    async with running(PouringServer()) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    assert digest.is_partial
    assert not digest.takeaways
    assert server.poured < ON_THE_WAY
