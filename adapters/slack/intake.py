"""Slack's requests → what the inbox understands."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from adapters.slack.chat import SlackChat
from adapters.slack.claims import Claims
from adapters.slack.downloads import NotOurs, download, resolve
from adapters.slack.errors import in_our_errors
from adapters.slack.installs import Workspaces
from adapters.slack.members import Members
from adapters.slack.payloads import (
    BlockAction,
    Filled,
    HomeOpened,
    Interaction,
    Payload,
    Removed,
    Said,
    Shortcut,
    SlackFile,
    SlashCommand,
)
from adapters.slack.places import PLATFORM, place
from adapters.slack.rendering import COMMAND_MARK, home_of
from adapters.slack.windows import Trigger, answering, conversation_of
from adapters.slack.workspaces import Workspace
from bot.domain import Conversation, Listener, Sender
from bot.inlet import Arrival
from bot.patience import patiently
from bot.ports import ChatError, ChatUnavailable, Inbox
from bot.views import NoticeView
from bot.words import messages

log = structlog.get_logger()
FOLDER_PREFIX = "slack-"
EARLIER_EVENTS_S = 1.5  # a `file_shared` gives its `message`, which knows more, the first word


class Intake:
    """Messages of one channel are handled in their order, and what one member taps and commands in
    theirs; neither waits for anything else, so a tap never waits behind a download."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        chat: SlackChat,
        workspaces: Workspaces,
        folder: Path,
        has_many_workspaces: bool = False,
    ) -> None:
        self._inbox = inbox
        self._chat = chat
        self._workspaces = workspaces
        self._claims = Claims()
        self._folder = folder
        self._has_many = has_many_workspaces
        self._members = Members(workspaces.of)
        self._at_home: set[tuple[str, str]] = set()

    async def on_request(self, arrival: Arrival[Payload]) -> None:
        """Returns when all that was asked for is durable."""
        try:
            await patiently(lambda: self._handle(arrival))
        except ChatError as err:
            log.warning("request not answered", reason=type(err).__name__)

    async def _handle(self, arrival: Arrival[Payload]) -> None:
        match arrival.update:
            case Said() as said:
                if not said.ts:
                    await asyncio.sleep(EARLIER_EVENTS_S)
                async with arrival.turn(said.channel):
                    await self._on_said(arrival, said)
            case Shortcut() as shortcut:
                async with arrival.turn(shortcut.message.channel):
                    await self._on_shortcut(shortcut, arrival.key)
            case Removed() as removed:
                await self._workspaces.forget(removed.team)
            case interaction:
                work = self._answering(interaction, arrival.key)
                async with arrival.turn(interaction.user):
                    await work()

    def _answering(self, done: Interaction, cause: str) -> Callable[[], Awaitable[None]]:
        """To what somebody did, to be called in its turn; its trigger is running out already."""
        match done:
            case BlockAction():
                return partial(self._on_tap, done, _trigger_of(done), cause)
            case Filled():
                return partial(self._on_filled, done)
            case SlashCommand():
                return partial(self._on_command, done, Trigger.of(done.trigger), cause)
            case HomeOpened():
                return partial(self._on_home, done)

    # --- messages ---------------------------------------------------------------------------------

    async def _on_said(self, arrival: Arrival[Payload], said: Said) -> None:
        workspace = await self._workspaces.of(self._team(said.team))
        is_meant = said.is_direct or workspace.bot_user in said.mentions
        if not is_meant or said.user == workspace.bot_user:
            return
        if said.ts and not self._claims.is_first(arrival, said):
            return
        files = [file for file in said.files if self._claims.take(arrival, said, file)]
        if files:
            await self._on_files(workspace, said, files, arrival.key)
        elif not said.files:
            await self._on_text(workspace, said, arrival.key)

    async def _on_text(self, workspace: Workspace, said: Said, cause: str) -> None:
        """A word of ours is a command, since slash commands do not work in threads. A mention below
        somebody's PDF is about that PDF."""
        sender = await self._sender(said.team, said.user, self._place(said), cause)
        word, _, argument = said.text.lstrip("/").partition(" ")
        if any(command.name == word.lower() for command in self._inbox.commands):
            await self._inbox.on_command(sender, word.lower(), argument.strip())
            return
        if said.thread and not said.is_direct:
            files = [f for f in await self._files_above(workspace, said) if f.is_readable]
            if files:
                await self._on_files(workspace, said, files, cause)
                return
        await self._inbox.on_command(sender, "", said.text, said.ts)

    async def _files_above(self, workspace: Workspace, said: Said) -> list[SlackFile]:
        """The files of the message that the thread hangs on."""
        try:
            answer = await in_our_errors(
                workspace.client.conversations_replies(
                    channel=said.channel, ts=said.thread, limit=1
                )
            )
        except ChatError as err:
            log.info("thread not read", reason=type(err).__name__)
            return []
        first: dict[str, Any] = next(iter(answer.get("messages") or ()), {})
        return [SlackFile.of(file) for file in first.get("files") or ()]

    async def _on_shortcut(self, shortcut: Shortcut, cause: str) -> None:
        said = shortcut.message
        ours = await self._chat.direct_messages(self._team(said.team), shortcut.user)
        said = replace(said, is_direct=said.channel == ours)  # two members may talk directly, too
        workspace = await self._workspaces.of(self._team(said.team))
        if said.files:
            await self._on_files(workspace, said, said.files, cause)
        else:
            sender = await self._sender(said.team, said.user, self._place(said))
            await self._say(sender, messages.NO_PDF_THERE)

    # --- files ------------------------------------------------------------------------------------

    async def _on_files(
        self,
        workspace: Workspace,
        said: Said,
        files: list[SlackFile] | tuple[SlackFile, ...],
        cause: str,
    ) -> None:
        sender = await self._sender(said.team, said.user, self._place(said), cause)
        for file in files:
            await self._on_file(workspace, sender, file)

    async def _on_file(self, workspace: Workspace, sender: Sender, shared: SlackFile) -> None:
        file = shared
        try:
            file = await patiently(lambda: resolve(workspace, shared))
            refusal = self._inbox.refusal(sender, size=file.size, platform_limit=None)
            if refusal is None and not file.is_readable:
                await self._say(sender, messages.ONLY_BOOKS, name=file.name)
                return
            if refusal is not None:
                await self._show(sender, refusal)
                return
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=FOLDER_PREFIX) as folder:
                path = Path(folder) / "document.pdf"
                await download(workspace, file, path)
                await self._inbox.on_document(sender, path, file.name)
        except NotOurs as err:
            log.info("file not opened", reason=str(err))
            await self._say(sender, messages.NOT_SHARED_WITH_ME, name=file.name)
        except ChatUnavailable as err:
            log.warning("file not fetched", reason=str(err))
            await self._say(sender, messages.DOWNLOAD_FAILED, name=file.name)

    async def _say(self, sender: Sender, sentence: str, **facts: str) -> None:
        text = self._inbox.words_for(sender)(sentence, **facts)
        await self._show(sender, NoticeView(text=text))

    async def _show(self, sender: Sender, notice: NoticeView) -> None:
        try:
            await patiently(lambda: self._chat.show(sender.conversation, notice))
        except ChatError as err:
            log.warning("notice not shown", reason=type(err).__name__)

    # --- taps and commands ------------------------------------------------------------------------

    async def _on_tap(self, tap: BlockAction, trigger: Trigger, cause: str) -> None:
        sender = await self._sender(tap.team, tap.user, await self._where(tap), cause)
        with answering(trigger):
            if tap.value.startswith(COMMAND_MARK):
                await self._inbox.on_command(sender, tap.value.removeprefix(COMMAND_MARK), "")
            else:
                await self._inbox.on_tap(sender, tap.value, tap.window or tap.message)
        await self._refresh_home(tap.team, tap.user)

    async def _where(self, tap: BlockAction) -> Conversation:
        """Where to answer. What only one member sees stays theirs: a chapter or card that is asked
        for there goes to their direct messages."""
        team = self._team(tap.team)
        if tap.window:
            return conversation_of(tap.metadata)
        if not tap.channel or tap.is_ephemeral:
            return place(team, await self._chat.direct_messages(team, tap.user))
        if tap.channel.startswith("D"):
            return place(team, tap.channel, thread=tap.thread)
        return place(team, tap.channel, thread=tap.thread or tap.message, member=tap.user)

    async def _on_filled(self, filled: Filled) -> None:
        where = conversation_of(filled.metadata)
        sender = await self._sender(filled.team, filled.user, where)
        await self._inbox.on_command(sender, "", filled.text)
        await self._refresh_home(filled.team, filled.user)

    async def _on_command(self, command: SlashCommand, trigger: Trigger, cause: str) -> None:
        team = self._team(command.team)
        is_direct = command.channel == await self._chat.direct_messages(team, command.user)
        member = "" if is_direct else command.user
        where = place(team, command.channel, member=member)
        sender = await self._sender(command.team, command.user, where, cause)
        with answering(trigger):
            await self._inbox.on_command(sender, command.name, command.argument)
        await self._refresh_home(command.team, command.user)

    # --- the Home tab -----------------------------------------------------------------------------

    async def _on_home(self, opened: HomeOpened) -> None:
        self._at_home.add((opened.team, opened.user))
        await self._refresh_home(opened.team, opened.user)

    async def _refresh_home(self, team: str, user: str) -> None:
        """For whoever has opened it in this program's life; for others when they open it."""
        if (team, user) not in self._at_home:
            return
        sender = await self._sender(team, user, place(self._team(team), "", member=user))
        cards = await self._inbox.on_open(sender)
        home = home_of(self._inbox.words_for(sender), cards, self._inbox.commands)
        try:
            await self._chat.publish_home(self._team(team), user, home)
        except ChatError as err:
            log.warning("home not shown", reason=type(err).__name__)

    # --- who and where ----------------------------------------------------------------------------

    def _team(self, team: str) -> str:
        """A workspace is named only where there are several."""
        return team if self._has_many else ""

    async def _sender(self, team: str, user: str, where: Conversation, cause: str = "") -> Sender:
        account = f"{team}.{user}" if self._has_many else user
        language = await self._members.language_of(self._team(team), user)
        listener = Listener(platform=PLATFORM, account=account, language=language)
        return Sender(
            listener=listener,
            conversation=where,
            is_among_others=bool(where.seen_by),
            cause=cause,
        )

    def _place(self, said: Said) -> Conversation:
        """In the thread of the message; in direct messages only if it stands in one already."""
        team = self._team(said.team)
        if said.is_direct:
            return place(team, said.channel, thread=said.thread)
        return place(team, said.channel, thread=said.thread or said.ts, member=said.user)


def _trigger_of(tap: BlockAction) -> Trigger:
    if not tap.is_ephemeral:
        return Trigger.of(tap.trigger, tap.window)
    return Trigger.of(tap.trigger, whisper=tap.message, address=tap.response_url)
