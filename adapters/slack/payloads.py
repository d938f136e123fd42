"""What Slack sends, as values. Nothing behind this module sees Slack's own dictionaries.

One shared PDF arrives as up to three events: `message`, `file_shared`, and with a mention
`app_mention`. All three become values here; the intake acts on them once.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
BOOK_TYPES = ("application/pdf", "application/x-pdf", "application/epub+zip")
SPOKEN_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>")
_PERMALINK = re.compile(r"https?://[^\s/]+/files/[UW][A-Z0-9]+/(F[A-Z0-9]+)")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFile:
    """`is_stub`: Slack Connect tells no more than the id; the rest must be asked for."""

    id: str
    name: str
    type: str
    size: int | None
    url: str
    is_external: bool
    is_stub: bool

    @property
    def is_readable(self) -> bool:
        """A PDF or an EPUB, as far as its name and type tell."""
        return self.type in BOOK_TYPES or self.name.lower().endswith((".pdf", ".epub"))

    @classmethod
    def of(cls, file: Body) -> SlackFile:
        size = file.get("size")
        url = file.get("url_private_download") or file.get("url_private") or ""
        return cls(
            id=str(file.get("id", "")),
            name=str(file.get("name") or file.get("title") or "document.pdf"),
            type=str(file.get("mimetype", "")),
            size=size if isinstance(size, int) and size > 0 else None,
            url=str(url),
            is_external=bool(file.get("is_external")) or file.get("mode") == "external",
            is_stub=file.get("file_access") == "check_file_info",
        )

    @classmethod
    def stub(cls, file: str) -> SlackFile:
        return cls.of({"id": file, "file_access": "check_file_info"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that somebody wrote. `ts` is empty if only a file of it is known."""

    team: str
    channel: str
    user: str
    ts: str = ""
    thread: str = ""
    text: str = ""
    mentions: frozenset[str] = frozenset()
    files: tuple[SlackFile, ...] = ()
    is_direct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """Somebody chose "Make chapters" on a message, maybe of somebody else."""

    user: str
    message: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAction:
    """`channel` is empty on the Home tab. `response_url` edits a message that only `user` sees.
    `trigger` opens a window; `window` is the one that was tapped in, with its `metadata`."""

    team: str
    user: str
    channel: str
    thread: str
    message: str
    value: str
    is_ephemeral: bool
    response_url: str
    trigger: str = ""
    window: str = ""
    metadata: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Somebody has answered in words in a window."""

    team: str
    user: str
    text: str
    metadata: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand:
    team: str
    user: str
    channel: str
    name: str
    argument: str
    trigger: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    team: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A workspace has removed the app."""

    team: str


Interaction = BlockAction | Filled | SlashCommand | HomeOpened
Payload = Said | Shortcut | Removed | Interaction


def key_of(body: Body) -> str:
    """The same for a redelivery."""
    for name in ("event_id", "trigger_id"):
        if body.get(name):
            return f"{name}:{body[name]}"
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def read(body: Body) -> Payload | None:
    """None for what is nothing to us: what people say in channels to each other is not even written
    down. Raises whatever a body that is not as Slack's reference has it makes it raise."""
    payload = _payload(body)
    is_said_to_others = isinstance(payload, Said) and not (payload.is_direct or payload.mentions)
    return None if is_said_to_others else payload


def _payload(body: Body) -> Payload | None:
    if body.get("command"):
        return _command(body)
    match body.get("type"):
        case "event_callback":
            return _event(str(body.get("team_id", "")), body.get("event") or {})
        case "block_actions":
            return _tap(body)
        case "view_submission":
            return _filled(body)
        case "message_action":
            return _shortcut(body)
        case _:
            return None


def _event(team: str, event: Body) -> Payload | None:
    match event.get("type"):
        case "message" | "app_mention":
            return _said(team, event)
        case "file_shared":
            return _file_shared(team, event)
        case "app_uninstalled":
            return Removed(team=team)
        case "app_home_opened" if event.get("tab") == "home":
            return HomeOpened(team=team, user=str(event.get("user", "")))
        case _:
            return None


def _said(team: str, event: Body) -> Said | None:
    """None for edits, joins and the like, and for whatever a bot says."""
    user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
    if event.get("subtype") not in SPOKEN_SUBTYPES or event.get("bot_id") or not user:
        return None
    text = str(event.get("text") or "")
    return Said(
        team=team,
        channel=channel,
        user=user,
        ts=str(event.get("ts") or ""),
        thread=str(event.get("thread_ts") or ""),
        text=plain(text),
        mentions=frozenset(_MENTION.findall(text)),
        files=_files_of(event),
        is_direct=event.get("channel_type") == "im" or channel.startswith("D"),
    )


def _files_of(message: Body) -> tuple[SlackFile, ...]:
    """Its own files, those of a message that it forwards, and those whose address it holds."""
    forwarded = [a for a in message.get("attachments") or () if a.get("is_share")]
    known = {
        str(file.get("id", "")): SlackFile.of(file)
        for holder in (message, *forwarded)
        for file in holder.get("files") or ()
    }
    for file in _PERMALINK.findall(str(message.get("text") or "")):
        known.setdefault(file, SlackFile.stub(file))
    return tuple(known.values())


def _file_shared(team: str, event: Body) -> Said:
    file = str(event.get("file_id") or (event.get("file") or {}).get("id") or "")
    channel = str(event.get("channel_id") or "")
    return Said(
        team=team,
        channel=channel,
        user=str(event.get("user_id") or ""),
        files=(SlackFile.stub(file),),
        is_direct=channel.startswith("D"),
    )


def _shortcut(body: Body) -> Shortcut | None:
    team, channel = _id(body, "team"), _id(body, "channel")
    message = body.get("message") or {}
    user = _id(body, "user")
    # who wrote the message does not matter, and it may be a bot
    said = _said(team, {**message, "channel": channel, "user": user, "bot_id": "", "subtype": None})
    return Shortcut(user=user, message=said) if said else None


def _tap(body: Body) -> BlockAction | None:
    actions = body.get("actions") or [{}]
    option = actions[0].get("selected_option") or {}
    value = str(actions[0].get("value") or option.get("value") or "")
    if not value:  # a link
        return None
    container, message = body.get("container") or {}, body.get("message") or {}
    view = body.get("view") or {}
    is_window = view.get("type") == "modal"
    ts = str(container.get("message_ts") or message.get("ts") or "")
    return BlockAction(
        team=_id(body, "team"),
        user=_id(body, "user"),
        channel=str(container.get("channel_id") or _id(body, "channel")),
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        message=ts,
        value=value,
        is_ephemeral=bool(container.get("is_ephemeral")),
        response_url=str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
        window=str(view.get("id") or "") if is_window else "",
        metadata=str(view.get("private_metadata") or "") if is_window else "",
    )


def _filled(body: Body) -> Filled:
    """A window of ours has one field at most."""
    view = body["view"]
    fields = (field for block in view["state"]["values"].values() for field in block.values())
    return Filled(
        team=_id(body, "team"),
        user=_id(body, "user"),
        text=next((str(field.get("value") or "") for field in fields), ""),
        metadata=str(view.get("private_metadata") or ""),
    )


def _command(body: Body) -> SlashCommand:
    """`/listendock library` is `/library`."""
    name, argument = str(body["command"]).lstrip("/"), str(body.get("text") or "").strip()
    if name == "listendock":
        name, _, argument = argument.partition(" ")
    return SlashCommand(
        team=str(body.get("team_id", "")),
        user=str(body.get("user_id", "")),
        channel=str(body.get("channel_id", "")),
        name=name.lstrip("/").lower() or "help",
        argument=argument.strip(),
        trigger=str(body.get("trigger_id") or ""),
    )


def _id(body: Body, name: str) -> str:
    return str((body.get(name) or {}).get("id") or "")


def plain(text: str) -> str:
    """What was typed: without mentions, links as they are, no entities."""
    return html.unescape(_LINK.sub(r"\1", _MENTION.sub("", text))).strip()
