"""Values that many tests need: a document of a few chapters, people, places."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain import Conversation, Holding, Listener, Sender, Stage
from bot.handlers.policy import Policy
from pipeline.domain import (
    EDITION,
    FIRST_EXTRA,
    Chapter,
    Document,
    LeftOut,
    Narration,
    PageRun,
    Passage,
    Reason,
    Skipped,
    Takeaway,
    Track,
)
from pipeline.takeaways.tellings import telling_of
from pipeline.times import Cue, Span, Times

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
        edition=EDITION,
    )


REFERENCES, NOTES = FIRST_EXTRA + 1, FIRST_EXTRA + 1001  # extras of the document below


def an_extra(number: int, title: str, *, seconds: float = 90.0) -> Chapter:
    return replace(a_chapter(number, title, seconds=seconds), page=8, takeaway=Takeaway())


def with_left_out(document: Document) -> Document:
    """Nine references and long footnotes to be heard, citations to be told of only."""
    references = (an_extra(REFERENCES, "References"),)
    notes = (an_extra(NOTES, "Footnotes"), an_extra(NOTES + 1, "Footnotes (Part 2)"))
    left_out = (
        LeftOut(reason=Reason.REFERENCES, count=9, pages=(PageRun(8, 9),), extras=references),
        LeftOut(reason=Reason.FOOTNOTE, pages=(PageRun(2, 2), PageRun(4, 6)), extras=notes),
        LeftOut(reason=Reason.CITATION, count=12, pages=(PageRun(1, 1),)),
    )
    return replace(document, left_out=left_out)


def a_holding(document: Document, *, stage: Stage = Stage.READ) -> Holding:
    known = document if stage is Stage.READ else None
    return Holding(id=document.id, filename="bees.pdf", size=9, stage=stage, document=known)


def a_track(document: str, chapter: int, *, seconds: float = 60.0, size: int = 360_000) -> Track:
    return Track(document=document, chapter=chapter, narration=ENGLISH, seconds=seconds, size=size)


def a_timed_track(document: str, chapter: int, narration: Narration = ENGLISH) -> Track:
    """Of a chapter as above: its heading at once, its passage from 3:40 on."""
    made = a_document(document).chapters[chapter - 1]
    told = telling_of(made, narration.mode)
    heading, passage = (len(one.text) for one in told.passages)
    cues = (
        Cue(start_ms=250, end_ms=900, said=Span(passage=0, start=0, end=heading)),
        Cue(start_ms=220_000, end_ms=230_000, said=Span(passage=1, start=0, end=passage)),
    )
    times = Times.of(cues, told=told.mark)
    return replace(a_track(document, chapter), narration=narration, times=times)


def a_policy(**changes: Any) -> Policy:
    """What an operator who decides nothing gets."""
    return replace(Policy(narration=ENGLISH, max_pdf_mb=100), **changes)


def a_sender(account: str = "7", *, channel: str = "", platform: str = "memory") -> Sender:
    return Sender(
        listener=Listener(platform=platform, account=account, name=f"Listener {account}"),
        conversation=Conversation(platform=platform, channel=channel or account),
    )
