"""Values that many tests need: a document of a few chapters, people, places."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain import Conversation, Holding, Listener, Sender, Stage
from bot.handlers.policy import Policy
from pipeline.domain import Chapter, Document, Narration, Passage, Skipped, Takeaway, Track

ENGLISH = Narration(voice="hibari:heart")


def a_chapter(number: int, title: str, *, level: int = 1, seconds: float = 60.0) -> Chapter:
    return Chapter(
        number=number,
        title=title,
        level=level,
        page=number,
        passages=(Passage(text=f"{title} is what this chapter tells about.", page=number),),
        takeaway=Takeaway(text=f"{title} in one sentence."),
        seconds=seconds,
    )


def a_document(document: str, *titles: str, title: str = "On Bees") -> Document:
    names = titles or ("Abstract", "Introduction", "Discussion")
    return Document(
        id=document,
        title=title,
        authors=("Ada Meyer",),
        pages=9,
        summary="Bees find their way home.",
        chapters=tuple(a_chapter(n, name) for n, name in enumerate(names, start=1)),
        skipped=Skipped(references=9, tables=1),
    )


def a_holding(document: Document, *, stage: Stage = Stage.READ) -> Holding:
    known = document if stage is Stage.READ else None
    return Holding(id=document.id, filename="bees.pdf", size=9, stage=stage, document=known)


def a_track(document: str, chapter: int, *, seconds: float = 60.0, size: int = 360_000) -> Track:
    return Track(document=document, chapter=chapter, narration=ENGLISH, seconds=seconds, size=size)


def a_policy(**changes: Any) -> Policy:
    """What an operator who decides nothing gets."""
    return replace(Policy(narration=ENGLISH, max_pdf_mb=100), **changes)


def a_sender(account: str = "7", *, channel: str = "", platform: str = "memory") -> Sender:
    return Sender(
        listener=Listener(platform=platform, account=account, name=f"Listener {account}"),
        conversation=Conversation(platform=platform, channel=channel or account),
    )
