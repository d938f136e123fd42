"""The account: what became of every word, in figures that are counted from the omissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.chapters.guard import Verdict
from pipeline.chapters.rows import Row
from pipeline.domain import Account, Omission, Reason, Skipped
from pipeline.language.vocabulary import CAPTION_LINE, TABLE_CAPTION


def omissions_of(rows: Sequence[Row]) -> tuple[Omission, ...]:
    return tuple(omission for row in rows for omission in row.omissions)


def account_of(rows: Sequence[Row], verdict: Verdict) -> Account:
    left_out: Counter[Reason] = Counter()
    for omission in omissions_of(rows):
        left_out[omission.reason] += omission.words
    words = sum(len(row.text.split()) for row in rows)
    unexplained = left_out.pop(Reason.UNEXPLAINED, 0)
    return Account(
        words=words,
        spoken=words - left_out.total() - unexplained,
        left_out={reason: count for reason, count in left_out.most_common() if count},
        unexplained=unexplained,
        findings=verdict.findings,
        missing_pages=verdict.missing_pages,
    )


def skipped_of(omissions: Sequence[Omission]) -> Skipped:
    """How many things of each kind were left out. Where tables or figures have captions, these
    are counted, and not the pieces that they are in."""
    works: Counter[str] = Counter()
    pages = set()
    for omission in omissions:
        works[omission.reason.value] += omission.works
        if omission.reason is Reason.CAPTION:
            works[_captioned(omission.text)] += omission.works
        elif omission.reason is Reason.RUNNING_HEAD and omission.works:
            pages.add(omission.page)
    names = {name: works[name] for name in Skipped.__dataclass_fields__ if name != "other"}
    return replace(
        Skipped(**names),
        tables=works["captioned tables"] or works[Reason.TABLE.value],
        figures=works["captioned figures"] or works[Reason.FIGURE.value],
        running_heads=len(pages),
        other=works[Reason.BACK_MATTER.value] + works[Reason.CONTENTS.value],
    )


def _captioned(caption: str) -> str:
    if not CAPTION_LINE.match(caption):
        return ""
    return "captioned tables" if TABLE_CAPTION.match(caption) else "captioned figures"
