"""Views as the page's script takes them: plain JSON, every string to be inserted as text."""

from __future__ import annotations

from typing import Any

from bot.views import Button, CardView, ChapterLine, NoteView, NoticeView, Rows, ShelfView, View

Json = dict[str, Any]


def as_json(view: View, message: str) -> Json:
    match view:
        case CardView():
            return _card(view)
        case ShelfView():
            return {"id": message, **_shelf(view)}
        case NoticeView():
            return {"id": message, "text": view.text, "buttons": _rows(view.buttons)}


def _card(view: CardView) -> Json:
    return {
        "document": view.document,
        "title": view.title,
        "written_in": view.written_in,
        "summary": view.summary,
        "facts": view.facts,
        "status": view.status,
        "done": view.done,
        "skipped": view.skipped,
        "chapters": [_chapter(line) for line in view.chapters],
        "left_out": [
            {"title": kind.title, "text": kind.text, "extras": list(map(_chapter, kind.extras))}
            for kind in view.left_out
        ],
        "resumes": {
            "number": view.resumes_in,
            "seconds": view.resumes_at_s,
            "until": view.resumes_until_s,
        },
        "buttons": _rows(view.buttons),
    }


def _chapter(line: ChapterLine) -> Json:
    return {
        "number": line.number,
        "title": line.title,
        "level": line.level,
        "length": line.length,
        "state": line.state,
        "mark": line.mark,
        "ready": line.is_ready,
        "failed": line.has_failed,
        "takeaway": line.takeaway,
        "filename": line.filename,
    }


def _shelf(view: ShelfView) -> Json:
    return {
        "heading": view.heading,
        "lines": [
            {
                "document": line.document,
                "title": line.title,
                "percent": line.percent,
                "text": line.text,
                "buttons": [_button(button) for button in line.buttons],
            }
            for line in view.lines
        ],
        "buttons": _rows(view.buttons),
    }


def note_json(note: NoteView) -> Json:
    """A chapter that somebody asked for and that can be played now."""
    return {
        "document": note.document,
        "number": note.chapter,
        "title": note.title,
        "album": note.album,
        "position": note.position,
        "takeaway": note.takeaway,
        "filename": note.filename,
    }


def _rows(rows: Rows) -> list[list[Json]]:
    return [[_button(button) for button in row] for row in rows]


def _button(button: Button) -> Json:
    return {
        "label": button.label,
        "verb": button.action.verb.name.lower(),
        "number": button.action.number,
        "data": button.action.encoded(),
    }
