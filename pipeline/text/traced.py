"""A text whose every sign knows the line that it stands on: what changes it must go through here.

Words leave it only by `cut`, with a reason. `tidy` is for what holds no words: gaps, brackets that
were left empty. If words go that way all the same, they are told as unexplained, and a test fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.domain import Reason

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    new: str
    works: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs of the text, from `start` to the next piece, and where in a line they were."""

    start: int
    line: int  # its number in the document
    at: int  # the sign of the line's text with which it begins


@dataclass(frozen=True, slots=True)
class Cut:
    """Signs of a line that are not read. `works`: how many things of their kind begin with it."""

    line: int
    at: int
    text: str
    reason: Reason
    works: int = 0


class Traced:
    """Built line by line with `add`, changed in place, as `re.sub` would change its `text`."""

    __slots__ = ("cuts", "pieces", "text")

    def __init__(self, text: str = "", line: int = 0) -> None:
        self.text = text
        self.pieces = [Piece(0, line, 0)] if text else []
        self.cuts: list[Cut] = []

    def add(self, text: str, line: int, *, glue: str = "") -> None:
        """A line behind what is there."""
        self.text += glue
        self.pieces.append(Piece(len(self.text), line, 0))
        self.text += text

    def drop_last_sign(self) -> None:
        """The hyphen of a broken word."""
        self.text = self.text[:-1]

    def tidy(self, pattern: re.Pattern[str], new: Replacement) -> None:
        self.cut(pattern, new, Reason.UNEXPLAINED)

    def cut(
        self,
        pattern: re.Pattern[str],
        new: Replacement,
        reason: Reason,
        works: Callable[[re.Match[str]], int] = lambda _: 0,
    ) -> int:
        """What matches becomes `new`. Returns how many things went: `works` says it of a match."""
        edits = list(_edits(pattern, new, self.text, works))
        if edits:
            self._apply(edits, reason)
        return sum(edit.works for edit in edits)

    def strip(self) -> None:
        start = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        if end - start < len(self.text):
            self.pieces = _slice(self.pieces, start, max(start, end), 0)
            self.text = self.text.strip()

    def _apply(self, edits: list[_Change], reason: Reason) -> None:
        text, pieces, done = "", list[Piece](), 0
        for edit in edits:
            pieces += _slice(self.pieces, done, edit.start, len(text))
            text += self.text[done : edit.start]
            pieces += self._replaced(edit, len(text), reason)
            text += edit.new
            done = edit.end
        self.pieces = pieces + _slice(self.pieces, done, len(self.text), len(text))
        self.text = text + self.text[done:]

    def _replaced(self, edit: _Change, to: int, reason: Reason) -> list[Piece]:
        """Where the new signs stand: where they stood, if they are some of the old ones."""
        kept = self.text.find(edit.new, edit.start, edit.end)
        if kept < 0:
            self._note(edit.start, edit.end, reason, edit.works)
            return _slice(self.pieces, edit.start, edit.start + 1, to)
        until = kept + len(edit.new)
        is_first = self._note(edit.start, kept, reason, edit.works)
        self._note(until, edit.end, reason, 0 if is_first else edit.works)
        return _slice(self.pieces, kept, until, to)

    def _note(self, start: int, end: int, reason: Reason, works: int) -> bool:
        """Words that go, line by line; the first of them stands for the whole. Whether any do."""
        if not any(sign.isalnum() for sign in self.text[start:end]):
            return False
        pieces = _slice(self.pieces, start, end, start)
        ends = [piece.start for piece in pieces[1:]] + [end]
        for piece, stop in zip(pieces, ends, strict=True):
            gone = self.text[piece.start : stop]
            if not gone.isspace():  # the gap between two lines is no part of either
                self.cuts.append(Cut(piece.line, piece.at, gone, reason, works))
                works = 0
        return True


def _edits(
    pattern: re.Pattern[str], new: Replacement, text: str, works: Callable[[re.Match[str]], int]
) -> Iterator[_Change]:
    for match in pattern.finditer(text):
        put = new(match) if callable(new) else match.expand(new)
        if put != match.group():
            yield _Change(match.start(), match.end(), put, works(match))


def _slice(pieces: list[Piece], start: int, end: int, to: int) -> list[Piece]:
    """The pieces of the signs from `start` to `end`, moved so that they begin at `to`."""
    found: list[Piece] = []
    for piece, stop in zip(pieces, [p.start for p in pieces[1:]] + [end], strict=True):
        first = max(piece.start, start)
        if first < min(stop, end):
            found.append(Piece(first - start + to, piece.line, piece.at + first - piece.start))
    return found
