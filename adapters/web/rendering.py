"""Views as JSON for the page. Text stays text: the page never makes markup of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from bot.views import Action, CardView, NoteView, NoticeView, ShelfView, Verb, View

_KINDS: dict[type, str] = {
    CardView: "card",
    NoticeView: "notice",
    ShelfView: "shelf",
    NoteView: "note",
}


def as_json(view: View | NoteView) -> dict[str, Any]:
    """A view's fields, with what kind it is; actions in the form that comes back with a tap."""
    plain: dict[str, Any] = _plain(view)
    return {"kind": _KINDS[type(view)], **plain}


def _plain(value: object) -> Any:
    if isinstance(value, Action):
        return value.encoded()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value


def card_id(document: str) -> str:
    return f"card-{document[:16]}"


def verbs() -> dict[str, str]:
    """What the page writes into an action of its own: marking what was heard."""
    return {verb.name.lower(): verb.value for verb in Verb}
