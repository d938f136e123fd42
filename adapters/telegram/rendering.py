"""Views as Telegram shows them: HTML text within the limits, and an inline keyboard.

Telegram counts UTF-16 code units, as left when the markup is gone.
"""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.wording import cut, html, inline_html, isolated, one_line
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
    """HTML, at most 4096 units of text."""
    match view:
        case CardView():
            return _card(view)
        case ShelfView():
            return _shelf(view)
        case NoticeView():
            return html(view.text, TEXT_LIMIT)


def _card(view: CardView) -> str:
    """At most 300 + 900 + 200 + 613 + 300 units, and what separates them."""
    return _parts(
        f"<b>{html(view.title, 300)}</b>",
        html(view.summary, 900),
        html(view.facts, 200),
        _working(view),
        f"<i>{html(view.skipped, 300)}</i>" if view.skipped else "",
    )


def _parts(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _working(view: CardView) -> str:
    status = html(view.status, 600)
    return status if view.done is None else f"{bar(view.done)} {status}"


def bar(share: float) -> str:
    """`▓▓▓░░░`"""
    full = round(max(0.0, min(1.0, share)) * BAR_CELLS)
    return "▓" * full + "░" * (BAR_CELLS - full)


def _shelf(view: ShelfView) -> str:
    lines = (_shelf_line(number, line) for number, line in enumerate(view.lines, start=1))
    return _parts(f"<b>{html(view.heading, 100)}</b>", *lines)


def _shelf_line(number: int, line: ShelfLine) -> str:
    return (
        f"{number}. <b>{inline_html(line.title, 120)}</b>\n"
        f"{bar(line.percent / 100)} {line.percent} %\n{html(line.text, 200)}"
    )


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


def markup_of(buttons: Rows) -> InlineKeyboardMarkup | None:
    rows = _rows(buttons)
    return InlineKeyboardMarkup(rows) if rows else None


def _chapter(line: ChapterLine) -> InlineKeyboardButton:
    """`○ 3 · Distillation · 1:44`, sections below their chapter."""
    mark = "⚠" if line.has_failed else line.mark
    indent = INDENT * min(line.level - 1, 3)
    before, after = f"{mark} {indent}{line.number} · ", f" · {line.length}"
    title = isolated(cut(one_line(line.title), LABEL_LIMIT - len(before) - len(after)))
    return InlineKeyboardButton(before + title + after, callback_data=line.action.encoded())


def _shelf_row(number: int, line: ShelfLine) -> list[InlineKeyboardButton]:
    return [
        InlineKeyboardButton(f"{number}. {button.label}", callback_data=button.action.encoded())
        for button in line.buttons
    ]


def _rows(rows: Rows) -> list[list[InlineKeyboardButton]]:
    return [[_button(button) for button in row] for row in rows]


def _button(button: Button) -> InlineKeyboardButton:
    label = cut(one_line(button.label), LABEL_LIMIT)
    return InlineKeyboardButton(label, callback_data=button.action.encoded())


# --- voice notes ----------------------------------------------------------------------------------


def caption_of(note: NoteView) -> str:
    """Title, takeaway, `3 of 17 · album`: HTML, at most 1024 units of text."""
    return _parts(
        f"<b>{html(note.title, 200)}</b>",
        html(note.takeaway, 550),
        f"{html(note.position, 40)} · {inline_html(note.album, 200)}",
    )


def file_caption_of(text: str) -> str:
    """HTML, at most 1024 units of text."""
    return html(text, CAPTION_LIMIT)


def title_of(note: NoteView) -> str:
    """As a player shows it."""
    return cut(one_line(note.title), 120)


def credit_of(note: NoteView) -> str:
    """Who it is by, or else what it is from."""
    return cut(one_line(note.performer or note.album), 120)
