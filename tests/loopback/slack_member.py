"""A member of the loopback's workspace: shares, taps, commands, and what they see of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.loopback.slack import BOT, TEAM, File, LoopbackSlack, Message
from tests.loopback.slack_windows import Window
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Member:
    slack: LoopbackSlack
    id: str

    @property
    def direct(self) -> str:
        return self.slack.direct(self.id)

    # --- what they do -----------------------------------------------------------------------------

    async def shares(
        self,
        channel: str,
        data: bytes,
        *,
        text: str = "",
        name: str = "paper.pdf",
        thread: str = "",
        mimetype: str = "application/pdf",
        is_stub: bool = False,
        is_external: bool = False,
    ) -> Message:
        """A file with up to three events, as Slack makes of it."""
        file = File(
            id=self.slack.new_id("F"), name=name, title=name, user=self.id, data=data,
            mimetype=mimetype, is_external=is_external,
        )  # fmt: skip
        self.slack.files[file.id] = file
        message = self._says(channel, text, thread)
        message.files.append(file.id)
        file.shares[channel] = [message.ts]
        event = self.slack.as_event(message)
        if is_stub:
            event["files"] = [{"id": file.id, "file_access": "check_file_info"}]
        events = [
            event,
            {"type": "file_shared", "file_id": file.id, "user_id": self.id, "channel_id": channel,
             "file": {"id": file.id}},
        ]  # fmt: skip
        if f"<@{BOT}>" in text:
            events.append({**event, "type": "app_mention"})
        await asyncio.gather(
            *(self.slack.deliver(self.slack.event(event), "events_api") for event in events)
        )
        return message

    async def says(self, channel: str, text: str, thread: str = "") -> Message:
        message = self._says(channel, text, thread)
        event = self.slack.as_event(message)
        await self.slack.deliver(self.slack.event(event), "events_api")
        if f"<@{BOT}>" in text:
            mention = self.slack.event({**event, "type": "app_mention"})
            await self.slack.deliver(mention, "events_api")
        return message

    def _says(self, channel: str, text: str, thread: str) -> Message:
        message = Message(
            channel=channel, ts=self.slack.new_ts(), user=self.id, text=text, thread=thread
        )
        self.slack.messages.append(message)
        return message

    async def taps(self, message: Message, label: str) -> None:
        """The first button whose label begins so."""
        button = message.button(label)
        assert button is not None, f"no button {label!r} in\n{message.words}"
        await self.taps_button(message, button)

    async def taps_button(self, message: Message, button: dict[str, Any]) -> None:
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": bool(message.only_for),
        }
        shown: dict[str, Any] = {"ts": message.ts, "text": message.text, "blocks": message.blocks}
        if message.thread:
            container["thread_ts"] = shown["thread_ts"] = message.thread
        await self._acts(
            button,
            container=container,
            channel={"id": message.channel},
            message=shown,
            response_url=self.slack.response_url(message),
        )

    async def taps_at_home(self, label: str) -> None:
        home = Message(channel="", ts="", user=BOT, blocks=self.home["blocks"])
        button = next(b for b in home.buttons if b["text"]["text"].startswith(label))
        await self._acts(button, container={"type": "view", "view_id": "V1"}, view=self.home)

    async def taps_in_window(self, label: str) -> None:
        """The first button of the topmost window whose label begins so."""
        assert self.window is not None
        button = next(b for b in self.window.buttons if b["text"]["text"].startswith(label))
        view = {"id": self.window.id, **self.window.view}
        await self._acts(button, container={"type": "view", "view_id": view["id"]}, view=view)

    async def fills_in(self, text: str) -> None:
        """The field of the topmost window, which goes with that."""
        assert self.window is not None
        window, values = self.window, {"answer": {"type": "plain_text_input", "value": text}}
        self.closes_window()
        await self.slack.deliver(
            {
                "type": "view_submission",
                "team": {"id": TEAM},
                "user": {"id": self.id},
                "trigger_id": self.slack.windows.trigger(self.id),
                "view": {"id": window.id, **window.view, "state": {"values": {"answer": values}}},
            },
            "interactive",
        )

    def closes_window(self) -> None:
        self.slack.windows.open[self.id].pop()

    async def _acts(self, button: dict[str, Any], **payload: Any) -> None:
        await self.slack.deliver(
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": self.id, "team_id": TEAM},
                "trigger_id": self.slack.windows.trigger(self.id),
                "actions": [button],
                **payload,
            },
            "interactive",
        )

    async def commands(self, command: str, text: str = "", channel: str = "") -> None:
        await self.slack.deliver(
            {
                "command": command,
                "text": text,
                "team_id": TEAM,
                "user_id": self.id,
                "channel_id": channel or self.direct,
                "trigger_id": self.slack.windows.trigger(self.id),
                "response_url": f"{self.slack.url}/respond/none",
            },
            "slash_commands",
        )

    async def uses_shortcut(self, message: Message) -> None:
        await self.slack.deliver(
            {
                "type": "message_action",
                "callback_id": "make_chapters",
                "team": {"id": TEAM},
                "user": {"id": self.id},
                "channel": {"id": message.channel},
                "message": self.slack.as_event(message),
                "trigger_id": self.slack.windows.trigger(self.id),
                "response_url": f"{self.slack.url}/respond/none",
            },
            "interactive",
        )

    async def opens_home(self) -> None:
        event = {"type": "app_home_opened", "user": self.id, "tab": "home", "channel": self.direct}
        await self.slack.deliver(self.slack.event(event), "events_api")

    # --- what they see ----------------------------------------------------------------------------

    @property
    def home(self) -> dict[str, Any]:
        return self.slack.homes[self.id]

    @property
    def window(self) -> Window | None:
        """The topmost."""
        return next(reversed(self.slack.windows.open.get(self.id, ())), None)

    async def awaits_window(self, *words: str) -> Window:
        def found() -> Window | None:
            window = self.window
            return window if window and all(word in window.words for word in words) else None

        def what() -> str:
            seen = self.window.words if self.window else "nothing"
            return f"a window with {words}; seen:\n{seen}"

        return await until(found, what)

    def sees(self, channel: str) -> list[Message]:
        """What the bot said there, as far as this member may read it."""
        return [m for m in self.slack.seen_in(channel, self.id) if m.user == BOT]

    def audio_in(self, channel: str) -> list[File]:
        return [self.slack.files[file] for m in self.sees(channel) for file in m.files]

    async def awaits(self, channel: str, is_it: Callable[[Message], bool]) -> Message:
        """The last message that is it."""
        return (await self._awaited(channel, 1, is_it))[-1]

    async def awaits_words(self, channel: str, *words: str) -> Message:
        return (await self._awaited(channel, 1, _with_all(words)))[-1]

    async def awaits_many(self, channel: str, count: int, *words: str) -> list[Message]:
        return await self._awaited(channel, count, _with_all(words))

    async def _awaited(
        self, channel: str, count: int, is_it: Callable[[Message], bool]
    ) -> list[Message]:
        def found() -> list[Message]:
            seen = [message for message in self.sees(channel) if is_it(message)]
            return seen if len(seen) >= count else []

        def what() -> str:
            seen = "\n---\n".join(m.words for m in self.sees(channel))
            return f"{count} of these in {channel}; seen:\n{seen}"

        return await until(found, what)


def _with_all(words: tuple[str, ...]) -> Callable[[Message], bool]:
    return lambda message: all(word in message.words for word in words)
