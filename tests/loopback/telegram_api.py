"""What the Bot API does: chats, messages, files, updates. `tests.loopback.telegram` puts it on
HTTP."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from tests.loopback import telegram_rules as rules
from tests.loopback.telegram_chats import Button, Chat, Message, StoredFile
from tests.loopback.telegram_html import Refusal, bad
from tests.loopback.telegram_webhook import Hook, Postman, hook_of

BOT = {"id": 123456789, "is_bot": True, "first_name": "ListenDock", "username": "listendock_bot"}
COUNTED = {  # in the flood limits
    "sendMessage", "sendVoice", "sendAudio", "sendDocument", "editMessageText",
    "editMessageReplyMarkup",
}  # fmt: skip
MIMES = {"ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4"}
LOOK_S = 0.05
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
Files = Mapping[str, tuple[str, bytes]]  # parts of a request: name and bytes


@dataclass(slots=True)
class BotApi:
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    flood: rules.FloodLimits = field(default_factory=rules.FloodLimits)
    answered: dict[str, str] = field(default_factory=dict)  # callback queries, with their toast
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    hook: Hook | None = None
    postman: Postman = field(default_factory=Postman)
    is_down: bool = False
    local_folder: Path | None = None  # as a server with `--local`: files by path, of any size
    _queries: set[str] = field(default_factory=set)
    _updates: dict[int, dict[str, Any]] = field(default_factory=dict)
    _allowed: list[str] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(700_000_001))
    _file_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _waits: list[tuple[str, int]] = field(default_factory=list)
    _poll: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    # --- what tests and people ask for ------------------------------------------------------------

    def throttles(self, method: str, retry_after: int) -> None:
        """The next call of a method is refused, and its chat closed for so many seconds."""
        self._waits.append((method, retry_after))

    @property
    def pending(self) -> bool:
        """Whether an update waits that was not confirmed."""
        return bool(self._updates)

    def chat(self, chat: int, **about: Any) -> Chat:
        if chat not in self.chats:
            self.chats[chat] = Chat(id=chat, **about)
        return self.chats[chat]

    def store(
        self,
        kind: str,
        data: bytes,
        *,
        name: str,
        mime: str,
        size: int = 0,
        is_size_told: bool = True,
    ) -> StoredFile:
        number = next(self._file_ids)
        file = StoredFile(
            id=f"{kind}-{number}-AgAD",
            kind=kind,
            data=data,
            name=name,
            mime=mime,
            size=size or len(data),
            path=f"{kind}s/file_{number}",
            is_size_told=is_size_told,
        )
        self.files[file.id] = file
        return file

    def forget_files(self) -> None:
        """As if another bot had uploaded them."""
        self.files.clear()

    def deliver(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """An update for the bot; None of it is lost while nobody polls."""
        update = {"update_id": next(self._ids), kind: dict(body)}
        if not self._allowed or kind in self._allowed:
            self.deliver_again(update)
        return update

    def deliver_again(self, update: dict[str, Any]) -> None:
        self._updates[update["update_id"]] = update
        self.tell()

    def withdraw(self, update: dict[str, Any]) -> None:
        """Not to be delivered after all."""
        del self._updates[update["update_id"]]

    def open_query(self, query: str) -> None:
        self._queries.add(query)

    def tell(self) -> None:
        """Something changed: wake who waits."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _until(self, condition: Callable[[], object]) -> None:
        """However long it takes: a server waits for its bot for ever."""
        while not condition():
            with suppress(TimeoutError):  # what it asks need not be the server's own
                async with asyncio.timeout(LOOK_S):
                    await self._changed.wait()

    async def call(self, method: str, params: Mapping[str, str], files: Files) -> Any:
        """One method's result. Raises `Refusal`."""
        methods: dict[str, Callable[..., Awaitable[Any]]] = {
            "getMe": self._get_me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_commands,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "sendVoice": self._send_voice,
            "sendAudio": self._send_audio,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_action,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer,
            "getFile": self._get_file,
        }
        if method not in methods:
            raise Refusal(404, "Not Found: method not found")
        return await methods[method](params, files)

    # --- methods ----------------------------------------------------------------------------------

    async def _get_me(self, params: Mapping[str, str], files: Files) -> Any:
        return BOT

    async def _set_webhook(self, params: Mapping[str, str], files: Files) -> bool:
        self.hook = hook_of(params)
        if "allowed_updates" in params:
            self._allowed = json.loads(params["allowed_updates"])
        return True

    async def _delete_webhook(self, params: Mapping[str, str], files: Files) -> bool:
        self.hook = None
        return True

    async def deliver_by_webhook(self) -> None:
        """Until cancelled: each update until it is answered 200, the oldest first."""
        while True:
            await self._until(lambda: self.hook and self._updates and not self.is_down)
            number, hook = min(self._updates), self.hook
            assert hook is not None
            status = await self.postman.posts(hook, self._updates[number])
            if 200 <= status < 300:
                self._updates.pop(number, None)
                self.tell()
            else:
                await asyncio.sleep(LOOK_S)

    async def _set_commands(self, params: Mapping[str, str], files: Files) -> bool:
        """`commands` keeps them by scope (a chat's is its id) and language."""
        commands = rules.commands_of(params)
        scope = json.loads(params.get("scope") or '{"type": "default"}')
        if scope["type"] not in rules.SCOPES:
            raise bad("can't parse BotCommandScope: Unsupported type specified")
        if scope["type"] == "chat" and int(scope["chat_id"]) not in self.chats:
            raise bad("chat not found")
        name = str(scope.get("chat_id", scope["type"]))
        self.commands[name, params.get("language_code", "")] = commands
        return True

    async def _get_updates(self, params: Mapping[str, str], files: Files) -> Any:
        if self.hook is not None:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        self._poll += 1
        mine = self._poll
        self.tell()  # whoever polled before is told so
        if "allowed_updates" in params:
            self._allowed = json.loads(params["allowed_updates"])
        offset = int(params.get("offset", 0))
        for known in [known for known in self._updates if known < offset]:
            del self._updates[known]
        with suppress(TimeoutError):
            async with asyncio.timeout(float(params.get("timeout", 0)) + 0.01):
                await self._until(lambda: self._updates or self._poll != mine or self.is_down)
        if self._poll != mine:
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        limit = int(params.get("limit", 100))
        return [self._updates[key] for key in sorted(self._updates)][:limit]

    async def _send_message(self, params: Mapping[str, str], files: Files) -> Any:
        chat = self._open_chat("sendMessage", params)
        words, entities = rules.words_of(params, "text", rules.TEXT_LIMIT)
        message = self._new(chat, params, words, entities)
        return message.as_json()

    async def _send_voice(self, params: Mapping[str, str], files: Files) -> Any:
        chat = self._open_chat("sendVoice", params)
        if not chat.takes_voice:
            raise bad("VOICE_MESSAGES_FORBIDDEN")
        words, entities = rules.words_of(params, "caption", rules.CAPTION_LIMIT)
        file = self._file("voice", params, files)
        message = self._new(chat, params, words, entities)
        message.file, message.kind = file, file.kind
        message.seconds = int(params.get("duration", 0))
        return message.as_json()

    async def _send_audio(self, params: Mapping[str, str], files: Files) -> Any:
        chat = self._open_chat("sendAudio", params)
        words, entities = rules.words_of(params, "caption", rules.CAPTION_LIMIT)
        thumbnail = _attached(params.get("thumbnail", ""), files)
        if thumbnail:
            rules.check_thumbnail(thumbnail)
        file = self._file("audio", params, files)
        message = self._new(chat, params, words, entities)
        message.file, message.kind, message.thumbnail = file, file.kind, thumbnail
        message.seconds = int(params.get("duration", 0))
        message.title, message.performer = params.get("title", ""), params.get("performer", "")
        return message.as_json()

    async def _send_document(self, params: Mapping[str, str], files: Files) -> Any:
        chat = self._open_chat("sendDocument", params)
        words, entities = rules.words_of(params, "caption", rules.CAPTION_LIMIT)
        file = self._file("document", params, files)
        message = self._new(chat, params, words, entities)
        message.file, message.kind = file, "document"
        if rules.sound_of(file.data) and params.get("disable_content_type_detection") != "true":
            message.kind = "audio"
        return message.as_json()

    def _file(self, kind: str, params: Mapping[str, str], files: Files) -> StoredFile:
        """Sent as bytes, or known from before: then only as what it was."""
        if kind in files:
            name, data = files[kind]
            if not data:
                raise bad("file must be non-empty")
            if len(data) > rules.UPLOAD_LIMIT:
                raise Refusal(413, "Request Entity Too Large")
            sound = rules.sound_of(data)
            stored = kind if sound else "document"  # anything else arrives as a document
            mime = MIMES.get(sound or "", "application/octet-stream")
            file = self.store(stored, data, name=name, mime=mime)
            file.is_uploaded = True
            return file
        if self.local_folder is not None and params[kind].startswith("file://"):
            path = Path(unquote(urlparse(params[kind]).path))
            return self.store(kind, path.read_bytes(), name=path.name, mime=MIMES["mp3"])
        known = self.files.get(params.get(kind, ""))
        if known is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
        return known

    async def _send_action(self, params: Mapping[str, str], files: Files) -> bool:
        self._open_chat("sendChatAction", params)
        if params.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def _editable(self, method: str, params: Mapping[str, str]) -> Message:
        chat = self._open_chat(method, params)
        message = chat.messages.get(int(params["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if not message.is_ours:
            raise bad("message can't be edited")
        return message

    async def _edit_keyboard(self, params: Mapping[str, str], files: Files) -> Any:
        message, rows = self._editable("editMessageReplyMarkup", params), _rows(params)
        if rows == message.rows:
            raise bad(NOT_MODIFIED)
        message.rows = rows
        message.edited_at.append(time.monotonic())
        return message.as_json()

    async def _edit(self, params: Mapping[str, str], files: Files) -> Any:
        message = self._editable("editMessageText", params)
        if message.kind != "text":
            raise bad("there is no text in the message to edit")
        words, entities = rules.words_of(params, "text", rules.TEXT_LIMIT)
        rows = _rows(params)
        if (words, entities, rows) == (message.words, message.entities, message.rows):
            raise bad(NOT_MODIFIED)
        message.words, message.entities, message.rows = words, entities, rows
        message.edited_at.append(time.monotonic())
        return message.as_json()

    async def _delete(self, params: Mapping[str, str], files: Files) -> bool:
        chat = self._open_chat("deleteMessage", params)
        message = chat.messages.get(int(params["message_id"]))
        if message is None:
            raise bad("message to delete not found")
        if not rules.may_delete(message):
            raise bad("message can't be deleted")
        del chat.messages[message.id]
        return True

    async def _answer(self, params: Mapping[str, str], files: Files) -> bool:
        query, toast = params["callback_query_id"], params.get("text", "")
        if query not in self._queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(toast) > rules.TOAST_LIMIT:
            raise bad("MESSAGE_TOO_LONG")
        self._queries.discard(query)
        self.answered[query] = toast
        return True

    async def _get_file(self, params: Mapping[str, str], files: Files) -> Any:
        file = self.files.get(params["file_id"])
        if file is None:
            raise bad("invalid file_id")
        if self.local_folder is not None:
            path = self.local_folder / Path(file.path).name
            path.write_bytes(file.data)
            return file.as_json() | {"file_path": str(path)}
        if file.size > rules.DOWNLOAD_LIMIT:
            raise bad("file is too big")
        return file.as_json() | {"file_path": file.path}

    # --- what sending has in common ---------------------------------------------------------------

    def _open_chat(self, method: str, params: Mapping[str, str]) -> Chat:
        """The chat, if the bot may write to it, there and now."""
        chat = self.chats.get(int(params["chat_id"]))
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to is not None:
            text = "group chat was upgraded to a supergroup chat"
            raise Refusal(400, f"Bad Request: {text}", migrate_to_chat_id=chat.moved_to)
        if chat.closed:
            raise Refusal(403, f"Forbidden: {chat.closed}")
        thread = params.get("message_thread_id")
        if thread is not None and int(thread) not in chat.topics:
            raise bad("message thread not found")
        self._hold_back(method, chat.id)
        if method in COUNTED:
            self.flood.check(chat.id)
        return chat

    def _hold_back(self, method: str, chat: int) -> None:
        planned = next((wait for wait in self._waits if wait[0] == method), None)
        if planned is not None:
            self._waits.remove(planned)
            self.flood.ban(chat, planned[1])

    def _new(
        self, chat: Chat, params: Mapping[str, str], words: str, entities: list[dict[str, Any]]
    ) -> Message:
        thread = params.get("message_thread_id")
        message = Message(
            id=chat.next_id(),
            chat=chat,
            sender=BOT,
            words=words,
            entities=entities,
            rows=_rows(params),
            thread=int(thread) if thread is not None else None,
        )
        chat.messages[message.id] = message
        return message


def _rows(params: Mapping[str, str]) -> list[list[Button]]:
    rows = rules.keyboard_of(params)
    return [[Button(b["text"], b.get("callback_data", "")) for b in row] for row in rows]


def _attached(reference: str, files: Files) -> bytes:
    """`attach://part` → that part's bytes."""
    return files[reference.removeprefix("attach://")][1] if reference else b""
