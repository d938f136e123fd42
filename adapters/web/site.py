"""The page's addresses: what a browser asks for, in the words of the inbox."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import structlog
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.web.audio import track_response
from adapters.web.chat import ALL, Tab, TooManyTabs, WebChat
from adapters.web.page import STATIC, page_in
from adapters.web.rendering import as_json
from adapters.web.uploads import UploadRefused, receive, safe_name
from adapters.web.visitors import Visitor, Visitors
from bot.domain import Sender
from bot.ports import FileStore, Inbox, LibraryAway
from bot.views import Action, CaptionForm, NoticeView, Verb
from bot.words import messages
from pipeline.domain import FIRST_EXTRA, WHOLE_PAGE

log = structlog.get_logger()
Form = TypeVar("Form", bound=BaseModel)
HEARTBEAT_S = 15.0
LOOK_AGAIN_S = 2.0  # while the library is away
LARGEST_FORM = 16 * 1024
NOT_CACHED = {"cache-control": "no-store", "x-accel-buffering": "no"}
FRESH = {"cache-control": "no-cache"}
NOTHING = 204
MOST_PAGES = 999_999
MOST_CHAPTERS = 2 * FIRST_EXTRA  # with the numbers of extras
LONGEST_TRACK_S = 24 * 3600.0
_FORMS = {form.value: form for form in CaptionForm}


class TapRequest(BaseModel):
    data: str = Field(max_length=64)
    message: str = Field(default="", max_length=64)


class PlaceRequest(BaseModel):
    document: str = Field(max_length=64, pattern="^[0-9a-f]+$")
    number: int = Field(ge=1, le=MOST_CHAPTERS)
    seconds: float = Field(ge=0, le=LONGEST_TRACK_S, allow_inf_nan=False)


class Spotted(BaseModel):
    page: int = Field(ge=1, le=MOST_PAGES)
    x: int = Field(ge=0, le=WHOLE_PAGE)
    y: int = Field(ge=0, le=WHOLE_PAGE)


class Saying(BaseModel):
    text: str = Field(max_length=4000)


class Site:
    def __init__(
        self,
        *,
        chat: WebChat,
        inbox: Inbox,
        files: FileStore,
        folder: Path,
        visitors: Visitors,
        max_pdf_mb: int,
    ) -> None:
        self._chat = chat
        self._inbox = inbox
        self._files = files
        self._folder = folder
        self._visitors = visitors
        self._max_pdf_mb = max_pdf_mb
        self.app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/api/events", self._events),
                Route("/api/refusal", self._refusal),
                Route("/api/documents", self._document, methods=["POST"]),
                Route("/api/tap", self._tap, methods=["POST"]),
                Route("/api/place", self._place, methods=["POST"]),
                Route("/api/at/{document}/{page:int}", self._at),
                Route("/api/say", self._say, methods=["POST"]),
                Route("/api/messages/{message}", self._dismiss, methods=["DELETE"]),
                Route("/audio/{document}/{chapter:int}/{filename}", self._audio),
                Route("/covers/{document}", self._cover),
                Mount("/static", _FreshFiles(directory=STATIC)),
            ],
            exception_handlers={LibraryAway: _on_away},
        )

    async def _page(self, request: Request) -> Response:
        words = await self._inbox.words_of(_visitor(request).sender)
        page = await asyncio.to_thread(page_in, words, tuple(self._inbox.commands))
        return HTMLResponse(page, headers=FRESH | {"vary": "accept-language, cookie"})

    # --- what is to be seen -----------------------------------------------------------------------

    async def _events(self, request: Request) -> Response:
        """Server-sent events: first everything, then what changes."""
        if not self._chat.has_room(_visitor(request).sender.conversation):
            return Response(status_code=429, headers={"retry-after": "10"})
        return StreamingResponse(
            self._stream(request), media_type="text/event-stream", headers=NOT_CACHED
        )

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        """It ends when whoever opened it is nobody any more; at once, if of several that came
        together it is one too many."""
        sender = _visitor(request).sender
        with suppress(TooManyTabs), self._chat.opened_tab(sender.conversation) as tab:
            yield "retry: 1000\n\n"
            while not tab.is_closed and await self._is_still_known(request):
                async for text in self._news(sender, tab):
                    yield text

    async def _is_still_known(self, request: Request) -> bool:
        try:
            return await self._visitors.recognise(request) is not None
        except LibraryAway:  # nobody can tell; the stream tells that it waits
            return True

    async def _news(self, sender: Sender, tab: Tab) -> AsyncIterator[str]:
        events = await tab.news(HEARTBEAT_S)
        if self._inbox.is_waiting:
            yield self._away(sender)
            tab.put(ALL)  # when it is back, what was said of it goes, and what changed comes
            await asyncio.sleep(LOOK_AGAIN_S)
            return
        if not events:
            yield ": still here\n\n"
        for event in events:
            try:
                body = event.body if event.body else await self._state(sender)
            except LibraryAway:  # nobody had noticed: the next round tells
                tab.put(ALL)
            else:
                yield _sse(event.kind, body)

    def _away(self, sender: Sender) -> str:
        text = self._inbox.words_for(sender)(messages.LIBRARY_AWAY_PAGE)
        return _sse("message", as_json(NoticeView(text=text), "away"))

    async def _state(self, sender: Sender) -> dict[str, object]:
        cards = await self._inbox.on_open(sender)
        self._chat.showed(sender.conversation, [card.document for card in cards])
        return {
            "cards": [as_json(card, card.document) for card in cards],
            "messages": self._chat.messages(sender.conversation),
            "verbs": {verb.name.lower(): verb.value for verb in Verb},
            "limit_mb": self._max_pdf_mb,
        }

    # --- what is sent -----------------------------------------------------------------------------

    async def _refusal(self, request: Request) -> Response:
        """What would be said to a file of this size; the page asks before it sends one."""
        size = request.query_params.get("size", "")
        is_size = size.isdecimal() and len(size) < 16
        answer = self._refused(_visitor(request), int(size)) if is_size else None
        return JSONResponse({"text": answer.text if answer else ""}, headers=NOT_CACHED)

    def _refused(self, visitor: Visitor, size: int) -> NoticeView | None:
        if not visitor.may_bring:
            return NoticeView(text=self._inbox.words_for(visitor.sender)(messages.BRING_NOTHING))
        return self._inbox.refusal(visitor.sender, size=size, platform_limit=None)

    async def _document(self, request: Request) -> Response:
        """A PDF as the request's body; its name comes in a header, percent-encoded."""
        visitor = _visitor(request)
        name = safe_name(unquote(request.headers.get("x-filename", "")))
        promised = request.headers.get("content-length", "0")
        try:
            if promised.isdecimal() and (answer := self._refused(visitor, int(promised))):
                raise UploadRefused(answer)
            refused = partial(self._refused, visitor)
            async with receive(request.stream(), self._folder, refused) as pdf:
                await self._inbox.on_document(visitor.sender, pdf, name)
        except UploadRefused as err:
            return _said(err.answer.text, 413 if visitor.may_bring else 403)
        except ClientDisconnect:
            return Response(status_code=499)
        except OSError as err:
            if err.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            log.error("no room for an upload")
            return _said(self._inbox.words_for(visitor.sender)(messages.DISK_FULL), 507)
        return Response(status_code=NOTHING)

    async def _tap(self, request: Request) -> Response:
        sender = _visitor(request).sender
        tap = await _form(request, TapRequest)
        await self._inbox.on_tap(sender, tap.data, tap.message)
        action = Action.decoded(tap.data)
        if action is not None and action.verb is Verb.DELETE:
            self._chat.renew(sender.conversation)
        return Response(status_code=NOTHING)

    async def _place(self, request: Request) -> Response:
        """How far a player has come."""
        at = await _form(request, PlaceRequest)
        sender = _visitor(request).sender
        await self._inbox.on_place(sender, at.document, at.number, at.seconds)
        return Response(status_code=NOTHING)

    async def _at(self, request: Request) -> Response:
        """What is read at `?x=&y=` of a page, in 1/10,000 of it, and when; null: nothing."""
        place, asked = request.path_params, request.query_params
        try:
            spot = Spotted.model_validate({**asked, "page": place["page"]})
        except ValidationError:
            raise HTTPException(422) from None
        sender = _visitor(request).sender
        found = await self._inbox.what_is_at(sender, place["document"], spot.page, spot.x, spot.y)
        return JSONResponse(asdict(found) if found is not None else None, headers=NOT_CACHED)

    async def _say(self, request: Request) -> Response:
        visitor = _visitor(request)
        sender = visitor.sender
        if not visitor.may_bring:
            return _said(self._inbox.words_for(sender)(messages.BRING_NOTHING), 403)
        text = (await _form(request, Saying)).text.strip()
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            await self._inbox.on_command(sender, name, argument.strip())
        else:
            await self._inbox.on_command(sender, "", text)
        return Response(status_code=NOTHING)

    async def _dismiss(self, request: Request) -> Response:
        sender = _visitor(request).sender
        self._chat.dismiss(sender.conversation, request.path_params["message"])
        return Response(status_code=NOTHING)

    # --- files ------------------------------------------------------------------------------------

    async def _audio(self, request: Request) -> Response:
        """A chapter; with `?keep` to be kept under the name in the address."""
        sender = _visitor(request).sender
        place = request.path_params
        form = _FORMS.get(place["filename"].rpartition(".")[2])
        if form is not None and place["chapter"] <= MOST_CHAPTERS:
            return await self._captions(request, form)
        track = None
        if place["chapter"] <= MOST_CHAPTERS:
            track = await self._inbox.track_of(sender, place["document"], place["chapter"])
        if track is None:
            raise HTTPException(404)
        name = safe_name(place["filename"]) if "keep" in request.query_params else ""
        return await track_response(track, self._files, request.headers, attachment=name)

    async def _captions(self, request: Request, form: CaptionForm) -> Response:
        """What the chapter says and when, for whoever may hear it."""
        place = request.path_params
        audio = quote(f"{place['filename'].rpartition('.')[0]}.mp3")
        text = await self._inbox.captions_of(
            _visitor(request).sender, place["document"], place["chapter"], form, audio
        )
        if text is None:
            raise HTTPException(404)
        headers = {"cache-control": "private, no-cache"}
        return Response(text, media_type=form.media_type, headers=headers)

    async def _cover(self, request: Request) -> Response:
        """The picture of a document's first page, if it stands on the asker's page."""
        sender, document = _visitor(request).sender, request.path_params["document"]
        if not self._chat.is_showing(sender.conversation, document):
            raise HTTPException(404)
        picture = await self._inbox.cover_of(sender, document)
        if picture is None:
            raise HTTPException(404)
        headers = {"cache-control": "private, max-age=86400"}
        return Response(picture, media_type="image/jpeg", headers=headers)


class _FreshFiles(StaticFiles):
    """Asked for anew each time (a short "not modified"), so that a new version is seen at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(FRESH)
        return response


def _visitor(request: Request) -> Visitor:
    """Whom the guard has let in."""
    visitor: Visitor = request.scope["visitor"]
    return visitor


async def _form(request: Request, kind: type[Form]) -> Form:
    """A small JSON body. 413 or 422 for anything else."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(400) from None
    try:
        return kind.model_validate_json(bytes(body))
    except ValidationError:
        raise HTTPException(422) from None


async def _on_away(request: Request, err: Exception) -> Response:
    """A player asks again by itself."""
    return Response(status_code=503, headers={"retry-after": str(round(LOOK_AGAIN_S))})


def _said(text: str, status: int) -> Response:
    return JSONResponse({"text": text}, status)


def _sse(kind: str, body: object) -> str:
    """JSON has no line breaks, so it is one `data` line."""
    return f"event: {kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
