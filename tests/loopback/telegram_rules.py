"""What Telegram refuses, as its Bot API documents it and as its server words it."""

from __future__ import annotations

import json
import math
import re
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.telegram_chats import Message
from tests.loopback.telegram_html import Refusal, bad, parsed_html, units

TEXT_LIMIT, CAPTION_LIMIT, TOAST_LIMIT = 4096, 1024, 200
DATA_BYTES, BUTTONS = 64, 100
DOWNLOAD_LIMIT, UPLOAD_LIMIT = 20 * 1024 * 1024, 50 * 1024 * 1024
THUMBNAIL_BYTES, THUMBNAIL_SIDE = 200 * 1024, 320
LANGUAGES = {"en", "de", "es", "fr", "ru", "pt", "it", "he", "ja"}  # two letters, not a guess
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip


def commands_of(params: Mapping[str, str]) -> list[dict[str, str]]:
    """A menu: at most a hundred names of lower-case letters, each with a description."""
    commands: list[dict[str, str]] = json.loads(params["commands"])
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if params.get("language_code", "en") not in LANGUAGES:
        raise bad("invalid language code specified")
    return commands


def may_delete(message: Message) -> bool:
    """Any message of a private chat; in a group only our own, as we are no admin there."""
    return message.is_ours or message.chat.kind == "private"


def words_of(params: Mapping[str, str], name: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """`text` or `caption`, parsed and measured."""
    given = params.get(name, "")
    mode = params.get("parse_mode", "")
    if mode not in ("", "HTML"):
        raise bad("unsupported parse_mode")
    plain, entities = parsed_html(given) if mode else (given.strip(), [])
    if name == "text" and not plain:
        raise bad("message text is empty")
    if units(plain) > limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return plain, entities


# --- keyboards, sounds ----------------------------------------------------------------------------


def keyboard_of(params: Mapping[str, str]) -> list[list[dict[str, Any]]]:
    if not params.get("reply_markup"):
        return []
    try:
        rows: list[list[dict[str, Any]]] = json.loads(params["reply_markup"])["inline_keyboard"]
    except (ValueError, KeyError, TypeError):
        raise bad("can't parse reply keyboard markup JSON object") from None
    if sum(map(len, rows)) > BUTTONS:
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button)
    return rows


def _check_button(button: Mapping[str, Any]) -> None:
    if not button.get("text", "").strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if "url" not in button and "callback_data" not in button:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(button.get("callback_data", "url").encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def sound_of(data: bytes) -> str | None:
    """What kind of sound these bytes are, for `sendVoice`: `ogg`, `mp3`, `m4a` or none of them."""
    if data.startswith(b"OggS"):
        return "ogg"
    if data[4:8] == b"ftyp":
        return "m4a"
    is_frame = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0
    return "mp3" if data.startswith(b"ID3") or is_frame else None


def check_thumbnail(data: bytes) -> None:
    """A JPEG of at most 200 kB whose sides do not exceed 320 pixels."""
    if not data.startswith(b"\xff\xd8") or len(data) > THUMBNAIL_BYTES:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    if max(_jpeg_sides(data)) > THUMBNAIL_SIDE:
        raise bad("PHOTO_INVALID_DIMENSIONS")


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data):
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            return int.from_bytes(data[at + 7 : at + 9], "big"), height
        at += 2 + size
    raise bad("IMAGE_PROCESS_FAILED")


# --- flood limits ---------------------------------------------------------------------------------


@dataclass(slots=True)
class FloodLimits:
    """About one message a second to a person with short bursts, 20 a minute to a group, 30 a
    second in all. Who runs into it is refused until `retry_after` is over."""

    burst: int = 5
    is_on: bool = True
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _until: dict[int, float] = field(default_factory=dict)
    _closing: int = 0

    def check(self, chat: int) -> None:
        if not self.is_on:
            return
        if self._closing:
            self.ban(0, self._closing)
            self._closing = 0
        now = time.monotonic()
        until = max(self._until.get(chat, 0.0), self._until.get(0, 0.0))
        if now < until:
            raise self._refusal(until - now)
        for key, count, span_s in (*self._limits(chat), (0, 30, 1.0)):
            sent = self._sent[key]
            recent = [at for at in sent if at > now - span_s]
            if len(recent) >= count:
                self.ban(chat, max(1, math.ceil(recent[-count] + span_s - now)))
                raise self._refusal(self._until[chat] - now)
        for key in (0, chat):
            self._sent[key].append(now)
            while self._sent[key][0] < now - 60:
                self._sent[key].popleft()

    def _limits(self, chat: int) -> list[tuple[int, int, float]]:
        if chat < 0:
            return [(chat, 20, 60.0)]
        return [(chat, self.burst + seconds, float(seconds)) for seconds in (1, 3, 10, 30)]

    def close_at_next(self, retry_after: int) -> None:
        """All chats, for so many seconds from the next message on."""
        self._closing = retry_after

    def ban(self, chat: int, retry_after: int) -> None:
        """`chat` 0: all of them."""
        self._until[chat] = time.monotonic() + retry_after

    @staticmethod
    def _refusal(wait_s: float) -> Refusal:
        wait = max(1, math.ceil(wait_s))
        return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
