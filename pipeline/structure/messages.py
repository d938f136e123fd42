"""The messages of printed mail as headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.structure.levels import Heading
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.mail import Message

DEEPEST = 6


def with_messages(headings: Sequence[Heading], messages: Sequence[Message]) -> list[Heading]:
    """Each message is a chapter; whatever else is a heading stands inside of one."""
    if not messages:
        return list(headings)
    first = messages[0].lines[0].number
    found = [
        Heading(group=LineGroup(message.lines), title=message.title, level=1, score=10.0)
        for message in messages
    ]
    taken = {line.number for message in messages for line in message.lines}
    inner = [
        replace(heading, level=min(heading.level + 1, DEEPEST))
        if heading.line.number > first
        else heading
        for heading in headings
        if not taken & {line.number for line in heading.group.lines}
    ]
    return sorted([*found, *inner], key=lambda heading: heading.line.number)
