"""Telegram's HTML, read as strictly as its documentation puts it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "span": "spoiler", "tg-emoji": "custom_emoji",
}  # fmt: skip
_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9-]*)(?:\s[^<>]*)?>|&(?P<name>#x[0-9a-f]+|#\d+|[a-z]+);"
    r"|(?P<stray>[<>&])|(?P<words>[^<>&]+)",
    re.I,
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class Refusal(Exception):
    """An answer that is none: HTTP status, description, and what else Telegram tells."""

    def __init__(self, code: int, text: str, **parameters: int) -> None:
        self.code = code
        self.text = text
        self.parameters = parameters
        super().__init__(text)


def bad(text: str) -> Refusal:
    return Refusal(400, f"Bad Request: {text}")


def units(text: str) -> int:
    """UTF-16 code units: how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def parsed_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that is left, and its entities. Refuses whatever the documentation excludes."""
    reader = _Reader()
    for token in _TOKEN.finditer(text):
        at = len(text[: token.start()].encode())
        if token["words"]:
            reader.plain += token["words"]
        elif token["name"]:
            reader.plain += _character(token["name"].lower(), at)
        elif token["tag"]:
            reader.on_tag(token["tag"].lower(), at, is_end=bool(token["end"]))
        else:
            raise _unparsable(f"Unescaped {token['stray']} at byte offset {at}")
    return reader.read()


@dataclass(slots=True)
class _Reader:
    plain: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    open_tags: list[tuple[str, int]] = field(default_factory=list)

    def on_tag(self, name: str, at: int, *, is_end: bool) -> None:
        if name not in _TAGS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {at}')
        if not is_end:
            self.open_tags.append((name, units(self.plain)))
            return
        if not self.open_tags:
            raise _unparsable(f"Unexpected end tag at byte offset {at}")
        opened, start = self.open_tags.pop()
        if opened != name:
            raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{opened}>"')
        length = units(self.plain) - start
        if length:
            self.entities.append({"type": _TAGS[name], "offset": start, "length": length})

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        if self.open_tags:
            name = self.open_tags[-1][0]
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.plain.strip(), self.entities


def _character(name: str, at: int) -> str:
    if name.startswith("#"):
        return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
    if name not in _NAMED:
        raise _unparsable(f'Unsupported entity "&{name};" at byte offset {at}')
    return _NAMED[name]


def _unparsable(text: str) -> Refusal:
    return bad(f"can't parse entities: {text}")
