"""The page itself, in the language of whoever looks at it."""

from __future__ import annotations

import html
import json
import re
from functools import lru_cache
from pathlib import Path

from bot.commands import Command
from bot.words import Words, messages

SHOWN = ("progress", "library", "help")  # commands with a button at the top; all can be written
STATIC = Path(__file__).parent / "static"
_GAP = re.compile(r"\{\{(.+?)\}\}")


@lru_cache(maxsize=16)
def page_in(words: Words, commands: tuple[Command, ...]) -> str:
    """HTML. `{{…}}` in `index.html` is a sentence; scripts find all others in the page."""
    source = (STATIC / "index.html").read_text(encoding="utf-8")
    return _GAP.sub(lambda gap: _filled(gap[1], words, commands), source)


def _filled(name: str, words: Words, commands: tuple[Command, ...]) -> str:
    if name == "language":
        return words.language
    if name == "commands":
        labels = {command.name: words(command.label) for command in commands}
        return "".join(_button(name, labels[name]) for name in SHOWN)
    if name == "words":
        known = {sentence: words.unfilled(sentence) for sentence in messages.PAGE}
        return json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    return html.escape(words.unfilled(name))


def _button(command: str, label: str) -> str:
    return f'<button type="button" data-command="/{command}">{html.escape(label)}</button>'
