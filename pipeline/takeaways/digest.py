"""What a document comes down to: the values that a summarizer answers with."""

from __future__ import annotations

from dataclasses import replace

from pipeline.domain import Chapter, Digest, Document
from pipeline.language.terms import tfidf


def with_digest(document: Document, digest: Digest) -> Document:
    """The document as it reads with what was written about it."""
    chapters = tuple(
        replace(
            chapter,
            takeaway=digest.takeaways.get(chapter.number, chapter.takeaway),
            telling_title=digest.titles.get(chapter.number, chapter.telling_title),
        )
        for chapter in document.chapters
    )
    return replace(
        document,
        title=digest.title or document.title,
        summary=digest.summary or document.summary,
        chapters=chapters,
    )


def page_of(sentence: str, chapter: Chapter) -> int:
    """The page that a sentence comes from, or that speaks of the same; 0 if nothing does."""
    bare = sentence.rstrip(".…")
    for passage in chapter.passages:
        if bare and bare in passage.text:
            return passage.page
    if not chapter.passages:
        return 0
    vectors = tfidf([*(passage.text for passage in chapter.passages), sentence])
    likeness = vectors[:-1] @ vectors[-1]
    return chapter.passages[int(likeness.argmax())].page if likeness.max() > 0 else 0
