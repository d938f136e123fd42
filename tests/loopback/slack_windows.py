"""Slack's modals on loopback: what opens them, how they lie on one another, what they may hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.slack_rules import Refusal, check_modal

TRIGGER_S = 3600.0  # Slack says three seconds; nobody is hurried here
STACK = 3


@dataclass(slots=True)
class Window:
    """As its member sees it."""

    id: str
    view: dict[str, Any]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        elements = [e for block in self.view["blocks"] for e in block.get("elements", ())]
        accessories = [b["accessory"] for b in self.view["blocks"] if "accessory" in b]
        return [e for e in [*accessories, *elements] if e.get("type") == "button"]

    @property
    def words(self) -> str:
        texts = [b.get("text") or b.get("label") for b in self.view["blocks"]]
        return "\n".join(text["text"] for text in texts if text)


@dataclass(slots=True)
class Windows:
    """`open`: each member's, the topmost last."""

    new_id: Callable[[str], str]
    open: dict[str, list[Window]] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)

    def trigger(self, user: str) -> str:
        trigger = self.new_id("trigger")
        self._triggers[trigger] = (user, time.monotonic())
        return trigger

    def on_open(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        user = self._user_of(arguments)
        self.open[user] = []
        return self._put(user, arguments)

    def on_push(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        user = self._user_of(arguments)
        if len(self.open.get(user, ())) >= STACK:
            raise Refusal("push_limit_reached")
        if not self.open.get(user):
            raise Refusal("invalid_arguments", "nothing to push onto")
        return self._put(user, arguments)

    def on_update(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        check_modal(arguments["view"])
        for windows in self.open.values():
            for window in windows:
                if window.id == arguments["view_id"]:
                    window.view = arguments["view"]
                    return {"view": {"id": window.id}}
        raise Refusal("not_found")

    def _put(self, user: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        check_modal(arguments["view"])
        window = Window(self.new_id("V"), arguments["view"])
        self.open[user].append(window)
        return {"view": {"id": window.id}}

    def _user_of(self, arguments: Mapping[str, Any]) -> str:
        trigger = arguments["trigger_id"]
        if trigger in self._spent:
            raise Refusal("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise Refusal("invalid_trigger_id")
        user, since = self._triggers[trigger]
        if time.monotonic() - since > TRIGGER_S:
            raise Refusal("expired_trigger_id")
        self._spent.add(trigger)
        return user
