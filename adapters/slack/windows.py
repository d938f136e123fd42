"""Windows, Slack's modals: what one member looks at and puts away, and what they are asked.

A window opens only in answer to what a member did, and only while the trigger that came with it
lives. Whoever handles that says so (`answering`), and whatever is shown meanwhile may open one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.slack.errors import SlackRefused, in_our_errors
from adapters.slack.places import place, unpacked
from adapters.slack.rendering import TITLE_LIMIT, Block, content_of, plain_text
from adapters.slack.workspaces import Workspace
from bot.domain import Conversation
from bot.views import CardView, Field, NoticeView, View

log = structlog.get_logger()
TRIGGER_S = 2.5  # Slack gives three seconds, and the way there takes a part of them
TITLE, SUBMIT = "ListenDock", "OK"
ANSWER = "answer"  # the block and the element that somebody fills
ANSWER_LIMIT = 500
WRITTEN = ("workspace", "channel", "thread", "seen_by")  # of a conversation, into a window


@dataclass(slots=True, kw_only=True)
class Trigger:
    """What a member did: it opens one window. `window`: the one that was tapped in; empty: none.
    `whisper`: the message that only they see and tapped, which can be changed at `address`."""

    id: str
    until: float
    window: str = ""
    whisper: str = ""
    address: str = ""

    @classmethod
    def of(cls, trigger: str, window: str = "", *, whisper: str = "", address: str = "") -> Trigger:
        until = time.monotonic() + TRIGGER_S
        return cls(id=trigger, until=until, window=window, whisper=whisper, address=address)

    def take(self) -> str:
        """Its id, once and in time; else nothing."""
        taken = self.id if time.monotonic() < self.until else ""
        self.id = ""
        return taken


_answered: ContextVar[Trigger | None] = ContextVar("answered", default=None)


@contextmanager
def answering(trigger: Trigger) -> Iterator[None]:
    """What is shown inside answers the trigger's member."""
    token = _answered.set(trigger)
    try:
        yield
    finally:
        _answered.reset(token)


def is_window(message: str) -> bool:
    """Whether this is the id of a view, as Slack gives it, and no message's ts."""
    return message.startswith("V")


def address_of(message: str) -> str:
    """Where the message can be changed that only one member sees, while their tap on it is
    answered; nothing for any other."""
    trigger = _answered.get()
    return trigger.address if trigger is not None and trigger.whisper == message else ""


async def show_in_window(
    workspace: Workspace, conversation: Conversation, view: View, message: str
) -> str:
    """Open a window, or change the one that `message` is. Returns its id as a message's; nothing
    where there is none to be had, or it is closed. Raises `ChatError`s."""
    if isinstance(view, CardView):  # it is kept up to date where everybody finds it again
        return ""
    modal = modal_of(view, conversation)
    if is_window(message):
        return await _call(workspace, "views.update", view=modal, view_id=message)
    trigger = _answered.get()
    if trigger is None or not (trigger.window or _is_for_windows(view)):
        return ""
    if not (taken := trigger.take()):
        return ""
    if not trigger.window:
        return await _call(workspace, "views.open", view=modal, trigger_id=taken)
    return await _call(workspace, "views.push", view=modal, trigger_id=taken) or await _call(
        workspace, "views.update", view=modal, view_id=trigger.window
    )


def _is_for_windows(view: View) -> bool:
    return isinstance(view, NoticeView) and (view.is_aside or view.field is not None)


async def _call(workspace: Workspace, method: str, **arguments: Any) -> str:
    try:
        answer = await in_our_errors(workspace.client.api_call(method, json=arguments))
    except SlackRefused as err:  # closed by now, too late, too many on one another
        log.info("no window", method=method, reason=err.reason)
        return ""
    return str(answer["view"]["id"])


def modal_of(view: View, conversation: Conversation) -> dict[str, Any]:
    """`private_metadata` says where to answer what is done in it."""
    field = view.field if isinstance(view, NoticeView) else None
    modal: dict[str, Any] = {
        "type": "modal",
        "title": plain_text(TITLE, TITLE_LIMIT),
        "private_metadata": json.dumps(_written(conversation)),
        "blocks": [_input(field)] if field else list(content_of(view).blocks),
    }
    return modal | {"submit": plain_text(SUBMIT, TITLE_LIMIT)} if field else modal


def conversation_of(metadata: str) -> Conversation:
    """Where the window was opened from, maybe by the program before. Raises `ValueError`."""
    written = json.loads(metadata)
    if isinstance(written, list):
        channel, thread = map(str, written)
        return unpacked(channel, thread)
    team, channel, thread, member = (str(written[name]) for name in WRITTEN)
    return place(team, channel, thread=thread, member=member)


def _written(conversation: Conversation) -> dict[str, str]:
    return {name: getattr(conversation, name) for name in WRITTEN}


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": ANSWER,
        "label": plain_text(field.label, 2000),
        "element": {
            "type": "plain_text_input",
            "action_id": ANSWER,
            "max_length": ANSWER_LIMIT,
            "focus_on_load": True,
        },
    }
    return block | {"hint": plain_text(field.hint, 2000)} if field.hint else block
