"""Views as Slack shows them: Block Kit within its limits, and a text for notifications."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands import Command
from bot.views import (
    Action,
    Button,
    CardView,
    ChapterLine,
    NoteView,
    NoticeView,
    Rows,
    ShelfLine,
    ShelfView,
    Verb,
    View,
)
from bot.words import Words, composed, messages, words_in

Block = dict[str, Any]
BLOCKS_LIMIT, HOME_BLOCKS_LIMIT = 50, 100
CHARACTERS_LIMIT = 12_000  # of a message's blocks together, as JSON: Slack refuses more, unwritten
SECTION_LIMIT, HEADER_LIMIT, LABEL_LIMIT, TEXT_LIMIT = 3000, 150, 75, 3000
TITLE_LIMIT = 24  # of a window, and of the button that sends what was filled in
PIECE = 2400  # characters of a section of running text: what escaping adds fits on top
ROW_LIMIT = 25  # elements in one `actions` block
ID_CHARACTERS = 50  # of an `action_id` with its name, which comes when all is known to fit
BAR_CELLS = 12
INDENT = "\u2003"
STYLES = {Verb.DELETE: "danger", Verb.CONTINUE: "primary"}
COMMAND_MARK = "/"  # what a button carries that stands for a command
OWN_COMMAND = "progress"  # Slack itself knows it; all others stand behind /listendock
HOME_COMMANDS = ("library", "settings", "help")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A message's content. `text` is what notifications and screen readers get."""

    text: str
    blocks: Sequence[Block]


def content_of(view: View, *, is_shared: bool = False) -> Content:
    """`is_shared`: many people read it, so a card gets a way to one's own progress."""
    match view:
        case CardView():
            return Content(text=_card_text(view), blocks=_card(view, is_shared=is_shared))
        case ShelfView():
            return Content(text=_shelf_text(view), blocks=_numbered(_fitting(_shelf(view))))
        case NoticeView():
            rows = _rows(view.buttons)
            fitting = _fitting([*map(_section, _pieces(view.text)), *rows], kept=len(rows))
            return Content(text=safe(view.text, TEXT_LIMIT), blocks=_numbered(fitting))


# --- a card ---------------------------------------------------------------------------------------


def _card(view: CardView, *, is_shared: bool) -> list[Block]:
    """With each chapter's takeaway where that fits into a message, without where it does not."""
    mine = [_progress_row(words_in(view.language))] if is_shared else []
    rows = [*_rows(view.buttons), *mine]
    for has_takeaways in (True, False):
        lines = [_chapter(line, has_takeaway=has_takeaways) for line in view.chapters]
        blocks = [*_card_head(view), *lines, *rows]
        if _fits(blocks):
            return _numbered(blocks)
    return _numbered(_fitting(blocks, kept=len(rows)))


def _card_head(view: CardView) -> list[Block]:
    working = f"{bar(view.done)} {view.status}" if view.done is not None else view.status
    facts = [text for text in (view.facts, view.skipped) if text]
    return [
        block
        for block in (
            _header(view.title),
            _section(safe(view.summary, 1200)) if view.summary else None,
            _context(facts) if facts else None,
            _section(safe(working, 600)) if working else None,
        )
        if block
    ]


def _chapter(line: ChapterLine, *, has_takeaway: bool) -> Block:
    """`○ 3 · *Distillation*` with its takeaway below and its length on the button that plays it."""
    mark = "⚠" if line.has_failed else line.mark
    indent = INDENT * min(max(line.level - 1, 0), 3)
    text = f"{indent}{mark}  {line.number} · *{safe(line.title, 150)}*"
    if has_takeaway and line.takeaway:
        text += f"\n{indent}{safe(line.takeaway, 180)}"
    play = Button(label=f"▶ {line.length}", action=line.action)
    return {**_section(text), "accessory": _button(play)}


def _progress_row(words: Words) -> Block:
    """Slash commands do not work in threads, and the marks of a card are of who shared it."""
    mine = command_button(words(messages.BUTTON_MINE), OWN_COMMAND)
    return {"type": "actions", "elements": [mine]}


def _card_text(view: CardView) -> str:
    return _cut(" – ".join(safe(t, 400) for t in (view.title, view.status or view.facts) if t), 900)


# --- a shelf --------------------------------------------------------------------------------------


def _shelf(view: ShelfView) -> list[Block]:
    blocks = [_header(view.heading)]
    for line in view.lines:
        blocks += [_shelf_line(line), *_rows((line.buttons,))]
    return [*blocks, *_rows(view.buttons)]


def _shelf_line(line: ShelfLine) -> Block:
    return _section(
        f"*{safe(line.title, 200)}*\n{bar(line.percent / 100)} {line.percent} %\n"
        f"{safe(line.text, 300)}"
    )


def _shelf_text(view: ShelfView) -> str:
    lines = [f"{line.title}: {line.percent} %" for line in view.lines]
    return _cut("\n".join(safe(text, 200) for text in (view.heading, *lines)), TEXT_LIMIT)


def bar(share: float) -> str:
    """`▓▓▓░░░`"""
    full = round(max(0.0, min(1.0, share)) * BAR_CELLS)
    return "▓" * full + "░" * (BAR_CELLS - full)


# --- a note ---------------------------------------------------------------------------------------


def note_content(note: NoteView) -> Content:
    """What stands below the file: title, takeaway, `3 of 17 · album`, buttons. A file's own message
    can carry no buttons."""
    title = f"*{safe(note.title, 200)}*"
    body = f"{title}\n{safe(note.takeaway, 600)}" if note.takeaway else title
    where = _context([f"{note.position} · {note.album}"])
    blocks = _fitting([_section(body), where, *_rows(note.buttons)])
    return Content(text=safe(f"{note.title} – {note.position}", 400), blocks=_numbered(blocks))


def with_buttons(blocks: Sequence[Block], rows: Rows) -> list[Block]:
    """A message's blocks as Slack returned them, with other buttons."""
    kept = [block for block in blocks if block.get("type") != "actions"]
    return _numbered([*kept, *_rows(rows)])


def with_mark(content: Content, mark: str) -> Content:
    """By which it is known again, among all that was said: an id of its first block."""
    first, *rest = content.blocks
    return Content(text=content.text, blocks=[{**first, "block_id": mark}, *rest])


def marked_content(noted: str, rows: Rows) -> Content:
    """Tells one member of many that their tap has been noted, with what they can do about it."""
    blocks = _fitting([_section(safe(noted, SECTION_LIMIT)), *_rows(rows)])
    return Content(text=noted, blocks=_numbered(blocks))


# --- the Home tab ---------------------------------------------------------------------------------


def home_of(words: Words, cards: Sequence[CardView], commands: Sequence[Command]) -> dict[str, Any]:
    """A member's library with their progress; a welcome where nothing is yet."""
    heading = messages.LIBRARY_HEADING if cards else messages.HOME_WELCOME
    blocks: list[Block] = [_header(words(heading))]
    if not cards:
        welcome = with_our_commands(composed.welcome(words, commands), commands)
        blocks += map(_section, _pieces(welcome))
    for card in cards:
        entry = _home_entry(words, card)
        if len(blocks) + len(entry) + 1 > HOME_BLOCKS_LIMIT:
            break
        blocks += entry
    labels = {command.name: command.label for command in commands}
    buttons = [command_button(words(labels[name]), name) for name in HOME_COMMANDS]
    blocks.append({"type": "actions", "elements": buttons})
    return {"type": "home", "blocks": _numbered(blocks)}


def _home_entry(words: Words, card: CardView) -> list[Block]:
    reference = card.document[:16]
    open_ = Button(label=words(Verb.OPEN.label), action=Action(verb=Verb.OPEN, document=reference))
    mine = [
        button
        for row in card.buttons
        for button in row
        if button.action.document == reference and button.action.verb is not Verb.PAGE
    ]
    text = f"*{safe(card.title, 200)}*\n{safe(card.facts or card.status, 400)}"
    return [_section(text), *_rows(((*mine[:4], open_),)), {"type": "divider"}]


# --- blocks ---------------------------------------------------------------------------------------


def _header(text: str) -> Block:
    shown = _cut(text.strip() or "…", HEADER_LIMIT)
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def _section(text: str) -> Block:
    shown = _cut(text, SECTION_LIMIT) or "…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}


def _context(texts: Sequence[str]) -> Block:
    elements = [{"type": "mrkdwn", "text": safe(text, 400)} for text in texts[:10]]
    return {"type": "context", "elements": elements}


def _rows(rows: Rows) -> list[Block]:
    """An `actions` block a row; a row of more buttons than Slack takes goes on in the next."""
    return [
        {
            "type": "actions",
            "elements": [_button(button) for button in row[start : start + ROW_LIMIT]],
        }
        for row in rows
        for start in range(0, len(row), ROW_LIMIT)
    ]


def _button(button: Button) -> Block:
    element = _plain_button(button.label, button.action.encoded())
    if style := STYLES.get(button.action.verb):
        element["style"] = style
    return element


def command_button(label: str, command: str) -> Block:
    return _plain_button(label, COMMAND_MARK + command)


def _plain_button(label: str, value: str) -> Block:
    return {"type": "button", "text": plain_text(label, LABEL_LIMIT), "value": value}


def plain_text(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": _cut(text, limit) or "…", "emoji": True}


def _numbered(blocks: Sequence[Block]) -> list[Block]:
    """With an `action_id` for each button: two may do the same, but not be the same."""
    count = 0
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory", {})]:
            if element.get("type") == "button":
                element["action_id"] = f"{count}.{element['value']}"
                count += 1
    return list(blocks)


def _fits(blocks: Sequence[Block]) -> bool:
    ids = sum(
        ID_CHARACTERS
        for block in blocks
        for _ in (*block.get("elements", ()), block.get("accessory"))
    )  # what has no button counts as one: room for the mark
    size = len(json.dumps(blocks, ensure_ascii=False)) + ids
    return len(blocks) <= BLOCKS_LIMIT and size <= CHARACTERS_LIMIT


def _fitting(blocks: Sequence[Block], *, kept: int = 0) -> list[Block]:
    """As many as a message takes: what is over goes from the end, the last `kept` after all but
    the first."""
    head, tail = list(blocks[: len(blocks) - kept]), list(blocks[len(blocks) - kept :])
    while not _fits([*head, *tail]) and (len(head) > 1 or tail):
        (head if len(head) > 1 else tail).pop()
    return [*head, *tail]


# --- text -----------------------------------------------------------------------------------------


def with_our_commands(text: str, commands: Iterable[Command]) -> str:
    """`/library` is `/listendock library` here: a workspace has one name for a command."""
    names = "|".join(command.name for command in commands if command.name != OWN_COMMAND)
    return re.sub(rf"(?<![\w/])/({names})\b", r"/listendock \1", text)


def _pieces(text: str) -> list[str]:
    """A long text as sections, cut between paragraphs or words, safe for `mrkdwn`."""
    pieces, rest = [], text.strip()
    while len(rest) > PIECE:
        end = max(rest.rfind("\n", 1, PIECE), rest.rfind(" ", PIECE - 200, PIECE))
        end = end if end > 0 else PIECE
        pieces.append(safe(rest[:end], PIECE))
        rest = rest[end:].lstrip()
    return [*pieces, safe(rest, PIECE)]


_LOOKALIKES = str.maketrans({"*": "∗", "`": "ʼ", "~": "∼"})  # would switch formatting on and off
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")


def safe(text: str, limit: int) -> str:
    """Plain text for `mrkdwn`, cut to `limit` characters before it is escaped."""
    plain = _cut(text, limit).translate(_LOOKALIKES)
    plain = _EDGE_UNDERSCORE.sub("＿", plain)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
