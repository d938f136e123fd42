"""What Slack refuses in blocks, views and arguments, written after its reference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
MESSAGE_BLOCKS, VIEW_BLOCKS, MESSAGE_CHARACTERS = 50, 100, 12_000
VIEW_CHARACTERS = 250_000
BLOCK_KEYS = {
    "header": {"type", "block_id", "text"},
    "section": {"type", "block_id", "text", "fields", "accessory", "expand"},
    "context": {"type", "block_id", "elements"},
    "actions": {"type", "block_id", "elements"},
    "divider": {"type", "block_id"},
    "input": {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"},
}
ELEMENT_KEYS = {
    "button": {
        "type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label",
    },
    "static_select": {
        "type", "action_id", "options", "option_groups", "initial_option", "confirm",
        "focus_on_load", "placeholder",
    },
    "overflow": {"type", "action_id", "options", "confirm"},
    "plain_text_input": {
        "type", "action_id", "initial_value", "multiline", "min_length", "max_length",
        "dispatch_action_config", "focus_on_load", "placeholder",
    },
}  # fmt: skip
ARGUMENTS = {
    "auth.test": set(),
    "oauth.v2.access": {"code", "client_id", "client_secret", "redirect_uri", "grant_type"},
    "apps.connections.open": set(),
    "chat.postMessage": {
        "channel", "text", "blocks", "thread_ts", "unfurl_links", "unfurl_media", "mrkdwn",
        "reply_broadcast", "metadata", "attachments",
    },
    "chat.update": {"channel", "ts", "text", "blocks", "metadata", "attachments", "file_ids"},
    "chat.delete": {"channel", "ts"},
    "chat.postEphemeral": {"channel", "user", "text", "blocks", "thread_ts", "attachments"},
    "conversations.open": {"users", "channel", "return_im", "prevent_creation"},
    "conversations.replies": {"channel", "ts", "limit", "cursor", "latest", "oldest", "inclusive"},
    "conversations.history": {"channel", "limit", "cursor", "latest", "oldest", "inclusive"},
    "files.info": {"file", "cursor", "limit"},
    "files.getUploadURLExternal": {"filename", "length", "alt_txt", "snippet_type"},
    "files.completeUploadExternal": {
        "files", "channel_id", "thread_ts", "initial_comment", "channels", "blocks",
    },
    "users.info": {"user", "include_locale"},
    "views.publish": {"user_id", "view", "hash"},
    "views.open": {"view", "trigger_id", "interactivity_pointer"},
    "views.push": {"view", "trigger_id", "interactivity_pointer"},
    "views.update": {"view", "view_id", "external_id", "hash"},
}  # fmt: skip
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "conversations.replies": "channels:history",
    "conversations.history": "channels:history",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
}


class Refusal(Exception):
    """Slack's answer `{"ok": false, "error": …}`; `why` is for whoever reads the test's output."""

    def __init__(self, error: str, why: str = "") -> None:
        self.error = error
        self.why = why
        super().__init__(f"{error}: {why}")


def check_arguments(method: str, arguments: Mapping[str, Any]) -> None:
    if method not in ARGUMENTS:
        raise Refusal("unknown_method", method)
    unknown = set(arguments) - ARGUMENTS[method] - {"token"}
    if unknown:
        raise Refusal("invalid_arguments", f"{method} knows no {sorted(unknown)}")


def check_message(arguments: Mapping[str, Any], *, text_limit: int = 40_000) -> None:
    text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > text_limit:
        raise Refusal("msg_too_long", f"{len(text)} characters")
    if blocks:
        check_blocks(blocks, limit=MESSAGE_BLOCKS)
        size = len(json.dumps(blocks, ensure_ascii=False))
        if size > MESSAGE_CHARACTERS:
            raise Refusal("msg_blocks_too_long", f"{size} characters")


def check_home(view: Mapping[str, Any]) -> None:
    unknown = set(view) - {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    if view.get("type") != "home" or unknown:
        raise Refusal("invalid_arguments", f"view {sorted(view)}")
    check_blocks(view["blocks"], limit=VIEW_BLOCKS)


MODAL_KEYS = {
    "type", "title", "blocks", "submit", "close", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip


def check_modal(view: Mapping[str, Any]) -> None:
    if view.get("type") != "modal" or set(view) - MODAL_KEYS:
        raise Refusal("invalid_arguments", f"view {sorted(view)}")
    for name in ("title", "submit", "close"):
        if name in view or name == "title":
            _check_text(view.get(name), 24, kinds=("plain_text",))
    _check(len(view.get("private_metadata", "")) <= 3000, "private_metadata")
    check_blocks(view["blocks"], limit=VIEW_BLOCKS)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    _check("submit" in view or not has_input, "an input without submit")
    if len(json.dumps(view)) > VIEW_CHARACTERS:
        raise Refusal("view_too_large")


def check_blocks(blocks: Sequence[Block], *, limit: int) -> None:
    if len(blocks) > limit:
        raise Refusal("invalid_blocks", f"{len(blocks)} blocks")
    for block in blocks:
        _check_block(block)
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    action_ids = [e["action_id"] for block in blocks for e in _elements(block) if "action_id" in e]
    for ids in (block_ids, action_ids):
        if len(set(ids)) != len(ids):
            raise Refusal("invalid_blocks", f"the same id twice: {ids}")


def _check_block(block: Block) -> None:
    kind = block.get("type", "")
    _check_keys(block, BLOCK_KEYS.get(kind), kind)
    _check(len(block.get("block_id", "")) <= 255, "block_id")
    for text in _texts(block):
        _check_text(*text)
    for element in _elements(block):
        _check_element(element)
    if kind == "section":
        _check("text" in block or "fields" in block, "a section without text")
    if kind in ("actions", "context"):
        most = 25 if kind == "actions" else 10
        _check(1 <= len(block.get("elements", ())) <= most, f"{kind} elements")


def _texts(block: Block) -> list[tuple[Any, int, Sequence[str]]]:
    """What there is to read in a block, how long it may be, and of which kinds."""
    plain, any_kind = ("plain_text",), ("plain_text", "mrkdwn")
    match block.get("type"):
        case "header":
            return [(block.get("text"), 150, plain)]
        case "section" if "text" in block:
            return [(block["text"], 3000, any_kind)]
        case "context":
            return [(element, 3000, any_kind) for element in block.get("elements", ())]
        case "input":
            hint = [(block["hint"], 2000, plain)] if "hint" in block else []
            return [(block.get("label"), 2000, plain), *hint]
        case _:
            return []


def _check_element(element: Block) -> None:
    kind = element.get("type", "")
    _check_keys(element, ELEMENT_KEYS.get(kind), kind)
    _check(1 <= len(element.get("action_id", "x")) <= 255, "action_id")
    if kind == "plain_text_input":
        _check(1 <= element.get("max_length", 1) <= 3000, "max_length")
    if kind == "button":
        _check_text(element.get("text"), 75, kinds=("plain_text",))
        _check(len(element.get("value", "")) <= 2000, "value")
        _check(element.get("style", "primary") in ("primary", "danger"), "style")


def _check_text(text: Any, limit: int, kinds: Sequence[str] = ("plain_text", "mrkdwn")) -> None:
    _check(isinstance(text, Mapping) and text.get("type") in kinds, f"text {text}")
    allowed = {"type", "text", "emoji" if text["type"] == "plain_text" else "verbatim"}
    _check_keys(text, allowed, "text")
    _check(1 <= len(text.get("text", "")) <= limit, f"{len(text.get('text', ''))} characters")


def _check_keys(value: Block, allowed: set[str] | None, kind: str) -> None:
    _check(allowed is not None, f"no such type: {kind}")
    _check(set(value) <= (allowed or set()), f"{kind} knows no {sorted(set(value))}")


def _check(is_well: bool, what: str) -> None:
    if not is_well:
        raise Refusal("invalid_blocks", what)


def _elements(block: Block) -> list[Block]:
    single = [block[name] for name in ("accessory", "element") if name in block]
    return [*(block.get("elements", ()) if block["type"] == "actions" else ()), *single]
