"""What became of a document's words, page by page, for a person at a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain import Document, Omission, Reason

SIGNS = 60  # of what is left out, that are told beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAccount:
    """What became of one page's words: what is read, and what is left out in its order."""

    page: int
    spoken: int
    left_out: tuple[tuple[Reason, int, str], ...]  # reason, words, how it begins


def page_accounts(document: Document) -> list[PageAccount]:
    spoken: dict[int, int] = defaultdict(int)
    for page, words in _spoken(document):
        spoken[page] += words
    left_out: dict[int, list[Omission]] = defaultdict(list)
    for omission in document.omissions:
        left_out[omission.page].append(omission)
    return [
        PageAccount(page=page, spoken=spoken[page], left_out=tuple(_runs(left_out[page])))
        for page in range(1, document.pages + 1)
    ]


def _spoken(document: Document) -> Iterator[tuple[int, int]]:
    """Pages and words of each stretch of text on them."""
    for chapter in document.chapters:
        if chapter.places:
            yield chapter.page, len(chapter.title.split())
        for passage in chapter.passages:
            starts = [stretch.start for stretch in passage.stretches] + [len(passage.text)]
            for stretch, start, end in zip(passage.stretches, starts, starts[1:], strict=False):
                yield stretch.place.page, len(passage.text[start:end].split())


def _runs(omissions: list[Omission]) -> Iterator[tuple[Reason, int, str]]:
    """What follows each other for one reason, as one."""
    reason: Reason | None = None
    words, text = 0, ""
    for omission in omissions:
        if omission.reason is not reason:
            if reason is not None:
                yield reason, words, text
            reason, words, text = omission.reason, 0, ""
        words += omission.words
        text = f"{text} {omission.text}".strip()[:SIGNS]
    if reason is not None:
        yield reason, words, text


def account_text(document: Document) -> str:
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    account = document.account
    share = account.spoken / account.words if account.words else 0.0
    yield document.title
    yield f"  {_words(account.words)}: {share:.0%} read, {account.unexplained:,} unexplained"
    for reason, words in account.left_out.items():
        yield f"  {words:8,} {_named(reason)}"
    for page in page_accounts(document):
        yield from _page(page)
    for finding in account.findings:
        yield (
            f"page {finding.page}: left out as {_named(finding.reason)}, which may be wrong: "
            f"{_words(finding.words)}, {finding.text}"
        )


def _page(page: PageAccount) -> Iterator[str]:
    yield f"page {page.page}: {_words(page.spoken)} read"
    for reason, words, text in page.left_out:
        yield f"  {words:8,} {_named(reason):18} {text}".rstrip()


def _words(count: int) -> str:
    return f"{count:,} word" if count == 1 else f"{count:,} words"


def _named(reason: Reason) -> str:
    return reason.value.replace("_", " ")
