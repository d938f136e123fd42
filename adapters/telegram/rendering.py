"""Views as Telegram shows them: HTML text within the limits, and an inline keyboard."""

from __future__ import annotations

import html
from collections.abc import Iterable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views import (
    Button,
    CardView,
    ChapterLine,
    NoteView,
    NoticeView,
    Rows,
    ShelfLine,
    ShelfView,
    View,
)

TEXT_LIMIT, CAPTION_LIMIT, LABEL_LIMIT = 4096, 1024, 60
BAR_CELLS = 12
INDENT = "\u2003"


def text_of(view: View) -> str:
    """HTML, at most 4096 characters of text."""
    match view:
        case CardView():
            return _card(view)
        case ShelfView():
            return _shelf(view)
        case NoticeView():
            return html.escape(_cut(view.text, TEXT_LIMIT), quote=False)


def _card(view: CardView) -> str:
    parts = [
        f"<b>{_safe(view.title, 300)}</b>",
        _safe(view.summary, 900),
        _safe(view.facts, 200),
        _working(view),
        f"<i>{_safe(view.skipped, 300)}</i>" if view.skipped else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _working(view: CardView) -> str:
    if view.done is None:
        return _safe(view.status, 600)
    return f"{bar(view.done)} {_safe(view.status, 200)}"


def bar(share: float) -> str:
    """`▓▓▓░░░`"""
    full = round(max(0.0, min(1.0, share)) * BAR_CELLS)
    return "▓" * full + "░" * (BAR_CELLS - full)


def _shelf(view: ShelfView) -> str:
    lines = [f"<b>{_safe(view.heading, 100)}</b>"]
    for number, line in enumerate(view.lines, start=1):
        lines.append(
            f"{number}. <b>{_safe(line.title, 120)}</b>\n"
            f"{bar(line.percent / 100)} {line.percent} %\n{_safe(line.text, 200)}"
        )
    return "\n\n".join(lines)


def keyboard_of(view: View) -> InlineKeyboardMarkup | None:
    match view:
        case CardView():
            rows = [[_chapter(line)] for line in view.chapters] + _rows(view.buttons)
        case ShelfView():
            rows = [_shelf_row(n, line) for n, line in enumerate(view.lines, start=1)]
            rows += _rows(view.buttons)
        case NoticeView():
            rows = _rows(view.buttons)
    return InlineKeyboardMarkup(rows) if rows else None


def note_keyboard(note: NoteView) -> InlineKeyboardMarkup | None:
    rows = _rows(note.buttons)
    return InlineKeyboardMarkup(rows) if rows else None


def _chapter(line: ChapterLine) -> InlineKeyboardButton:
    """`○ 3 · Distillation · 1:44`, sections below their chapter."""
    mark = "⚠" if line.has_failed else line.mark
    indent = INDENT * min(line.level - 1, 3)
    room = LABEL_LIMIT - len(indent) - len(line.length) - 10
    label = f"{mark} {indent}{line.number} · {_cut(line.title, room)} · {line.length}"
    return InlineKeyboardButton(label, callback_data=line.action.encoded())


def _shelf_row(number: int, line: ShelfLine) -> list[InlineKeyboardButton]:
    return [
        InlineKeyboardButton(f"{number}. {button.label}", callback_data=button.action.encoded())
        for button in line.buttons
    ]


def _rows(rows: Rows) -> list[list[InlineKeyboardButton]]:
    return [[_button(button) for button in row] for row in rows]


def _button(button: Button) -> InlineKeyboardButton:
    label = _cut(button.label, LABEL_LIMIT)
    return InlineKeyboardButton(label, callback_data=button.action.encoded())


def caption_of(note: NoteView) -> str:
    """Title, takeaway, `3 of 17 · album`: HTML, at most 1024 characters of text."""
    parts: Iterable[str] = (
        f"<b>{_safe(note.title, 200)}</b>",
        _safe(note.takeaway, 550),
        f"{_safe(note.position, 40)} · {_safe(note.album, 200)}",
    )
    return "\n\n".join(part for part in parts if part)


def _safe(text: str, limit: int) -> str:
    return html.escape(_cut(text, limit), quote=False)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
