"""`bot.ports.ChatPlatform` on Slack: posting, editing, whispering, sharing chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.errors import Closed, SlackRefused, in_our_errors
from adapters.slack.log import QUIET
from adapters.slack.places import PLATFORM, place
from adapters.slack.rendering import (
    Content,
    content_of,
    marked_content,
    note_content,
    with_buttons,
    with_mark,
    with_our_commands,
)
from adapters.slack.said import has_mark, newest_of
from adapters.slack.shipments import Delivery, Shipment, Shipments
from adapters.slack.uploads import Parcel, send_parcel, share_file, since_of
from adapters.slack.windows import address_of, is_window, show_in_window
from adapters.slack.workspaces import Workspace, WorkspaceOf
from bot.commands import Command
from bot.domain import Conversation
from bot.ports import ChatError, ChatUnavailable, MessageGone, Sent, Throttled, Upload
from bot.views import CardView, NoteView, NoticeView, Rows, View

ELSEWHERE = ("channel_not_found", "not_in_channel", "user_not_in_channel")
NOT_OURS = "cant_delete_message"


class SlackChat:
    """Cards and chapters stand where everybody in a channel or thread sees them; everything else
    there is shown to the one member it answers."""

    name = PLATFORM
    carries_files = True
    menu_size = 10
    edit_interval_s = 3.0
    file_limit = 1024 * 1024 * 1024

    def __init__(
        self,
        workspace_of: WorkspaceOf,
        commands: Sequence[Command],
        shipments: Shipments,
    ) -> None:
        """`commands`: those that a notice may speak of."""
        self._workspace_of = workspace_of
        self._commands = commands
        self._direct: dict[tuple[str, str], str] = {}
        self._shipments = shipments

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        if isinstance(view, NoticeView):
            view = replace(view, text=with_our_commands(view.text, self._commands))
        is_shared = bool(conversation.seen_by and conversation.thread)
        content = content_of(view, is_shared=is_shared)
        if message and (address := address_of(message)):
            return await self._rewhisper(address, content, message)
        workspace = await self._workspace_of(conversation.workspace)
        if window := await show_in_window(workspace, conversation, view, message or ""):
            return window
        if message and is_window(message):  # closed by now
            message = None
        if conversation.seen_by and not isinstance(view, CardView) and not message:
            return await self._whisper(workspace, conversation, content)
        place = await self._readable(conversation)
        if message:
            return await self._edit(workspace, place, content, message)
        if isinstance(view, CardView):
            return await self._post_card(workspace, place, view, content)
        return await self._post(workspace, place, content)

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        workspace = await self._workspace_of(conversation.workspace)
        place = await self._readable(conversation)
        delivery = Delivery(
            conversation=conversation,
            document=note.document,
            chapter=note.chapter,
            size=note.size,
            name=note.delivery,
        )
        shipment = await self._shipments.of(delivery)
        if not shipment.message:
            keep = partial(self._shipments.keep, delivery, shipment)
            try:
                await share_file(workspace, place, note, audio, uploads, shipment, keep)
                content = with_mark(note_content(note), delivery.mark)
                shipment.message = await self._post_note(
                    workspace, place, content, shipment, delivery.mark
                )
            except (Throttled, ChatUnavailable):
                raise
            except ChatError:
                self._shipments.forget(delivery)
                raise
            await keep()
        self._shipments.forget(delivery)
        return Sent(message=shipment.message, upload=shipment.upload)

    async def _post_card(
        self, workspace: Workspace, place: Conversation, view: CardView, content: Content
    ) -> str:
        """Unless it was posted before and the answer was lost, or the program was killed."""
        delivery = Delivery(conversation=place, document=view.document, name=view.delivery)
        card = await self._shipments.of(delivery)
        if card.is_doubtful and not card.message:
            card.message = await _find_posted(workspace, place, delivery.mark, f"{card.since:.6f}")
        if not card.message:
            await self._shipments.keep(delivery, card)
            card.is_doubtful = bool(view.delivery)
            marked = with_mark(content, delivery.mark)
            card.message = await self._post(workspace, place, marked)
            await self._shipments.keep(delivery, card)
        self._shipments.forget(delivery)
        return card.message

    async def _post_note(
        self,
        workspace: Workspace,
        place: Conversation,
        content: Content,
        shipment: Shipment,
        mark: str,
    ) -> str:
        """The message with the buttons, unless it was posted before and the answer was lost, or
        the program was killed."""
        if shipment.is_doubtful:
            since = await since_of(workspace, place, shipment)
            if found := await _find_posted(workspace, place, mark, since):
                return found
        shipment.is_doubtful = True
        return await self._post(workspace, place, content)

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        """Send a file as a document, under its own name."""
        workspace = await self._workspace_of(conversation.workspace)
        place = await self._readable(conversation)
        parcel = Parcel(path=file, name=file.name, title=caption or file.name)
        await send_parcel(workspace, place, parcel, Shipment())

    def link(self, token: str) -> str | None:
        """Slack has no addresses that say something to a bot."""
        return None

    async def delete(self, conversation: Conversation, message: str) -> bool:
        """A member's own message stays: Slack lets a bot delete what it said itself."""
        if is_window(message) or address_of(message):
            return False
        workspace = await self._workspace_of(conversation.workspace)
        place = await self._readable(conversation)
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
        if address := address_of(message):
            await self._rewhisper(address, marked_content(noted, buttons), message)
            return
        place = conversation
        workspace = await self._workspace_of(place.workspace)
        if place.seen_by:
            await self._whisper(workspace, place, marked_content(noted, buttons))
            return
        try:
            content = await self._content_at(workspace, place, message)
            blocks = with_buttons(content.blocks, buttons)
            await self._edit(workspace, place, Content(text=content.text, blocks=blocks), message)
        except MessageGone:
            return

    async def _content_at(self, workspace: Workspace, place: Conversation, message: str) -> Content:
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

    async def _readable(self, conversation: Conversation) -> Conversation:
        """Where a card or a chapter goes: what a member asked for outside of any thread is theirs
        alone, so it goes to their direct messages."""
        return await self._direct_place(conversation) if conversation.is_private else conversation

    async def _direct_place(self, conversation: Conversation) -> Conversation:
        team = conversation.workspace
        return place(team, await self.direct_messages(team, conversation.seen_by))

    async def direct_messages(self, team: str, member: str) -> str:
        """The channel of our direct messages with a member."""
        if (team, member) not in self._direct:
            workspace = await self._workspace_of(team)
            answer = await in_our_errors(workspace.client.conversations_open(users=[member]))
            self._direct[team, member] = str(answer["channel"]["id"])
        return self._direct[team, member]

    # --- saying -----------------------------------------------------------------------------------

    async def _post(self, workspace: Workspace, place: Conversation, content: Content) -> str:
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
        self, workspace: Workspace, place: Conversation, content: Content, message: str
    ) -> str:
        await in_our_errors(
            workspace.client.chat_update(
                channel=place.channel, ts=message, text=content.text, blocks=content.blocks
            )
        )
        return message

    async def _whisper(self, workspace: Workspace, place: Conversation, content: Content) -> str:
        """To one member of a channel; to their direct messages if that channel is closed to us or
        the thread is gone."""
        try:
            await in_our_errors(
                workspace.client.chat_postEphemeral(
                    channel=place.channel,
                    user=place.seen_by,
                    thread_ts=place.thread or None,
                    text=content.text,
                    blocks=content.blocks,
                )
            )
        except (Closed, MessageGone) as err:
            if isinstance(err, Closed) and err.reason not in ELSEWHERE:
                raise
            return await self._post(workspace, await self._direct_place(place), content)
        return ""  # nobody can change it, but by a tap on it

    async def _rewhisper(self, url: str, content: Content, message: str) -> str:
        """Replace a message that only one member sees, by the address that came with their tap."""
        webhook = AsyncWebhookClient(url, logger=QUIET)
        body = {"replace_original": True, "text": content.text, "blocks": content.blocks}
        answer = await in_our_errors(webhook.send_dict(body))
        if answer.status_code >= 500:
            raise ChatUnavailable(f"HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise MessageGone
        return message


async def _find_posted(workspace: Workspace, place: Conversation, mark: str, since: str) -> str:
    return await newest_of(workspace, place, partial(has_mark, mark=mark), since=since)
