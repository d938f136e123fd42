"""The sentence that a chapter comes down to, without a model."""

from __future__ import annotations

from pipeline.domain import Chapter, Document, Passage
from pipeline.takeaways.extracts import with_takeaways

FOUND = (
    "We show that bees that dance in the dark find their way home by the sun as well as bees that "
    "have seen the whole way before them."
)
SAID = (
    "Bees that dance in the dark find their way home by the sun as well as bees that have seen the "
    "whole way before them."
)
ALSO = (
    "The dance of bees tells the others in which direction the flowers stand, how far away they "
    "are and how much honey is to be had there."
)
SETUP = "In this section we describe how we have marked the bees."
WEAK = "However, this was not what we had been told by those who kept them at the time."


def read(*chapters: tuple[str, tuple[Passage, ...]]) -> Document:
    made = tuple(
        Chapter(number=number, title=title, level=1, page=1, passages=passages)
        for number, (title, passages) in enumerate(chapters, start=1)
    )
    return with_takeaways(Document(id="be" * 32, title="Bees", pages=9, chapters=made))


def on(page: int, *sentences: str) -> Passage:
    return Passage(text=" ".join(sentences), page=page)


def test_it_is_what_was_found_without_who_says_it_and_knows_its_page() -> None:
    document = read(("Abstract", (on(1, ALSO),)), ("Dances", (on(3, SETUP, WEAK), on(4, FOUND))))
    takeaway = document.chapters[1].takeaway
    assert (takeaway.text, takeaway.page, takeaway.source) == (SAID, 4, "extract")


def test_the_card_says_nothing_twice_where_there_is_something_else_to_say() -> None:
    document = read(("Abstract", (on(1, FOUND, ALSO),)), ("Method", (on(2, SETUP, WEAK),)))
    assert {document.summary, document.chapters[0].takeaway.text} == {SAID, ALSO}
    for others in ((), (WEAK,)):
        alone = read(("Abstract", (on(1, FOUND, *others),)))
        assert alone.summary == alone.chapters[0].takeaway.text == SAID


def test_what_is_left_of_the_sentence_before_does_not_begin_it() -> None:
    document = read(("Dances", (on(1, "They came home (all of them. ) Bees dance on the comb."),)))
    assert not document.chapters[0].takeaway.text.startswith(")")


def test_a_chapter_without_sentences_has_none() -> None:
    document = read(("Dances", ()))
    assert document.chapters[0].takeaway.text == ""
    assert document.summary == ""
