"""What came of a series, as a table: a line for each pair of a database and a chat."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from tests.killing.series import CHATS, Series
from tests.killing.stories import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A line of the table."""

    database: str
    chat: str
    instants: int
    documents: int
    lost: int
    twice: int
    twice_though_recorded: int
    seconds: float
    steps: Counter[Step]


def pairs(series: Series, database: str, began: float) -> list[Pair]:
    found = []
    for chat in CHATS:
        stories = [story for story in series.stories if story.chat == chat]
        found.append(
            Pair(
                database=database,
                chat=chat,
                instants=series.instants(chat),
                documents=len(stories),
                lost=sum(bool(story.lost) for story in stories),
                twice=sum(story.twice().total() for story in stories),
                twice_though_recorded=sum(s.twice_though_recorded().total() for s in stories),
                seconds=time.monotonic() - began,
                steps=series.steps(chat),
            )
        )
    return found
