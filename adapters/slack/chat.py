"""`bot.ports.ChatPlatform` on Slack: posting, editing, whispering, sharing chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.errors import Closed, SlackRefused, in_our_errors
from adapters.slack.log import QUIET
from adapters.slack.places import PLATFORM, Place
from adapters.slack.rendering import (
    Content,
    content_of,
    marked_content,
    note_content,
    with_buttons,
    with_our_commands,
)
from adapters.slack.uploads import Parcel, Shipment, send_parcel, share_file
from adapters.slack.windows import is_window, show_in_window
from adapters.slack.workspaces import Workspace, WorkspaceOf
from bot.commands import Command
from bot.domain import Conversation
from bot.ports import ChatError, ChatUnavailable, MessageGone, Sent, Throttled, Upload
from bot.views import CardView, NoteView, NoticeView, Rows, View

WHISPERED = "whisper"  # the id of a message that only one member saw and nobody can edit
ELSEWHERE = ("channel_not_found", "not_in_channel", "user_not_in_channel")
MAX_SHIPMENTS = 1000
NOT_OURS = "cant_delete_message"


class SlackChat:
    """Cards and chapters stand where everybody in a channel or thread sees them; everything else
    there is shown to the one member it answers."""

    name = PLATFORM
    carries_files = True
    menu_size = 10
    edit_interval_s = 3.0
    file_limit = 1024 * 1024 * 1024

    def __init__(self, workspace_of: WorkspaceOf, commands: Sequence[Command]) -> None:
        """`commands`: those that a notice may speak of."""
        self._workspace_of = workspace_of
        self._commands = commands
        self._direct: dict[tuple[str, str], str] = {}
        self._shipments: dict[tuple[Conversation, str, int, int], Shipment] = {}

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        place = Place.of(conversation)
        if isinstance(view, NoticeView):
            view = replace(view, text=with_our_commands(view.text, self._commands))
        content = content_of(view, is_shared=bool(place.member and place.thread))
        if message and _is_address(message):
            return await self._rewhisper(message, content)
        workspace = await self._workspace_of(place.team)
        if window := await show_in_window(workspace, conversation, view, message or ""):
            return window
        if message and not _is_posted(message):
            message = None
        if place.member and not isinstance(view, CardView) and not message:
            return await self._whisper(workspace, place, content)
        place = await self._readable(workspace, place)
        if message:
            return await self._edit(workspace, place, content, message)
        return await self._post(workspace, place, content)

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        place = Place.of(conversation)
        workspace = await self._workspace_of(place.team)
        place = await self._readable(workspace, place)
        key = (conversation, note.document, note.chapter, note.size)
        shipment = self._shipments.setdefault(key, Shipment())
        try:
            await share_file(workspace, place, note, audio, uploads, shipment)
            message = await self._post(workspace, place, note_content(note))
        except (Throttled, ChatUnavailable):
            self._forget_oldest()
            raise
        except ChatError:
            del self._shipments[key]
            raise
        del self._shipments[key]
        return Sent(message=message, upload=shipment.upload)

    def _forget_oldest(self) -> None:
        while len(self._shipments) > MAX_SHIPMENTS:
            self._shipments.pop(next(iter(self._shipments)))

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        """Send a file as a document, under its own name."""
        place = Place.of(conversation)
        workspace = await self._workspace_of(place.team)
        place = await self._readable(workspace, place)
        parcel = Parcel(path=file, name=file.name, title=caption or file.name)
        await send_parcel(workspace, place, parcel, Shipment())

    def link(self, token: str) -> str | None:
        """Slack has no addresses that say something to a bot."""
        return None

    async def delete(self, conversation: Conversation, message: str) -> bool:
        """A member's own message stays: Slack lets a bot delete what it said itself."""
        if not _is_posted(message):
            return False
        place = Place.of(conversation)
        workspace = await self._workspace_of(place.team)
        place = await self._readable(workspace, place)
        try:
            await in_our_errors(workspace.client.chat_delete(channel=place.channel, ts=message))
        except MessageGone:
            return True
        except SlackRefused as err:
            if err.reason != NOT_OURS:
                raise
            return False
        return True

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        """Exchange the buttons below a chapter that was sent. Gone is no error. Where many read it,
        the buttons stay, and whoever tapped is told alone."""
        if _is_address(message):
            await self._rewhisper(message, marked_content(noted, buttons))
            return
        place = Place.of(conversation)
        workspace = await self._workspace_of(place.team)
        if place.member:
            await self._whisper(workspace, place, marked_content(noted, buttons))
            return
        try:
            content = await self._content_at(workspace, place, message)
            blocks = with_buttons(content.blocks, buttons)
            await self._edit(workspace, place, Content(text=content.text, blocks=blocks), message)
        except MessageGone:
            return

    async def _content_at(self, workspace: Workspace, place: Place, message: str) -> Content:
        answer = await in_our_errors(
            workspace.client.conversations_replies(
                channel=place.channel, ts=message, oldest=message, inclusive=True, limit=1
            )
        )
        found: dict[str, Any] = next(iter(answer.get("messages") or ()), {})
        if found.get("ts") != message:
            raise MessageGone
        return Content(text=str(found.get("text") or "…"), blocks=found.get("blocks") or [])

    async def publish_home(self, team: str, member: str, view: dict[str, Any]) -> None:
        workspace = await self._workspace_of(team)
        await in_our_errors(workspace.client.views_publish(user_id=member, view=view))

    # --- where ------------------------------------------------------------------------------------

    async def _readable(self, workspace: Workspace, place: Place) -> Place:
        """Where a card or a chapter goes: what a member asked for outside of any thread is theirs
        alone, so it goes to their direct messages."""
        if not place.member or place.thread:
            return place
        return Place(channel=await self.direct_messages(place.team, place.member))

    async def direct_messages(self, team: str, member: str) -> str:
        """The channel of our direct messages with a member."""
        if (team, member) not in self._direct:
            workspace = await self._workspace_of(team)
            answer = await in_our_errors(workspace.client.conversations_open(users=[member]))
            self._direct[team, member] = str(answer["channel"]["id"])
        return self._direct[team, member]

    # --- saying -----------------------------------------------------------------------------------

    async def _post(self, workspace: Workspace, place: Place, content: Content) -> str:
        answer = await in_our_errors(
            workspace.client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                text=content.text,
                blocks=content.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def _edit(
        self, workspace: Workspace, place: Place, content: Content, message: str
    ) -> str:
        await in_our_errors(
            workspace.client.chat_update(
                channel=place.channel, ts=message, text=content.text, blocks=content.blocks
            )
        )
        return message

    async def _whisper(self, workspace: Workspace, place: Place, content: Content) -> str:
        """To one member of a channel; to their direct messages if that channel is closed to us or
        the thread is gone."""
        try:
            await in_our_errors(
                workspace.client.chat_postEphemeral(
                    channel=place.channel,
                    user=place.member,
                    thread_ts=place.thread or None,
                    text=content.text,
                    blocks=content.blocks,
                )
            )
        except (Closed, MessageGone) as err:
            if isinstance(err, Closed) and err.reason not in ELSEWHERE:
                raise
            channel = await self.direct_messages(place.team, place.member)
            return await self._post(workspace, Place(channel=channel), content)
        return WHISPERED

    async def _rewhisper(self, url: str, content: Content) -> str:
        """Replace a message that only one member sees, by the address that came with their tap."""
        webhook = AsyncWebhookClient(url, logger=QUIET)
        body = {"replace_original": True, "text": content.text, "blocks": content.blocks}
        answer = await in_our_errors(webhook.send_dict(body))
        if answer.status_code >= 500:
            raise ChatUnavailable(f"HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise MessageGone
        return WHISPERED


def _is_posted(message: str) -> bool:
    """Whether this is the ts of a message that stands in a channel."""
    return message != WHISPERED and not _is_address(message) and not is_window(message)


def _is_address(message: str) -> bool:
    """Whether this is no message's ts but the address that edits what only one member sees."""
    return message.startswith(("https://", "http://"))
