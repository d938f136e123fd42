"""What is left out of a document, by kind, and as chapters that can be heard after all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.words import messages
from pipeline.chapters.left_out import HEARD, TOLD, left_out_of
from pipeline.domain import (
    FIRST_EXTRA,
    Chapter,
    Document,
    LeftOut,
    Omission,
    Passage,
    PassageKind,
    Reason,
    Spot,
)
from pipeline.language.phrases import left_out_title
from tests.unit.chapters.test_account import with_everything
from tests.unit.drawn import read

ENTRY = "[{0}] K. Frisch. The language of bees and of those who dance. Press, 1951."


def line(
    reason: Reason, text: str, *, page: int = 1, y: int = 0, x: int = 1000, works: int = 0
) -> Omission:
    place = Spot(page=page, x=x, y=y, w=1500, h=100)
    words = len(text.split())
    return Omission(page=page, place=place, text=text, words=words, reason=reason, works=works)


def lines(reason: Reason, *texts: str, works: int = 1) -> list[Omission]:
    """One below the other on a page."""
    found = [line(reason, text, y=110 * place) for place, text in enumerate(texts)]
    return [replace(found[0], works=works), *found[1:]]


def document_of(*omissions: Omission, language: str = "en") -> Document:
    prose = Passage(text="A well-known bee came to the meadow, distillation and all.", page=1)
    chapters = (Chapter(number=1, title="Bees", level=1, page=1, passages=(prose,)),)
    return Document(
        id="ab" * 32,
        title="On Bees",
        pages=99,
        language=language,
        chapters=chapters,
        omissions=omissions,
    )


def kind(document: Document, reason: Reason) -> LeftOut:
    return next(one for one in left_out_of(document) if one.reason is reason)


def said(document: Document, reason: Reason) -> list[str]:
    return [p.text for extra in kind(document, reason).extras for p in extra.passages]


def test_everything_that_has_words_can_be_heard_by_its_kind(tmp_path: Path) -> None:
    document = read(with_everything(), tmp_path)
    found = {one.reason: one for one in left_out_of(document)}
    assert {reason for reason, one in found.items() if one.extras} == {
        Reason.REFERENCES, Reason.CAPTION, Reason.CODE, Reason.BACK_MATTER, Reason.NOTICE,
        Reason.FRONT_MATTER, Reason.RUNNING_HEAD, Reason.TURNED,
    }  # fmt: skip
    assert {reason for reason, one in found.items() if not one.extras} == {
        Reason.CITATION, Reason.ADDRESS, Reason.LABEL,
    }  # fmt: skip
    references = found[Reason.REFERENCES]
    assert (references.count, references.pages) == (4, ((2, 2),))
    (extra,) = references.extras
    assert (extra.title, extra.page, len(extra.passages)) == ("References", 2, 4)
    assert extra.passages[0].text == "[1] K. Frisch. The language of bees. Press, 1951."
    assert 10 < extra.seconds < 40
    closing = found[Reason.BACK_MATTER].extras[0].passages
    assert [(p.kind, p.text) for p in closing] == [
        (PassageKind.HEADING, "Acknowledgements"),
        (PassageKind.PARAGRAPH, "We thank the bees."),
    ]


def test_what_is_heard_knows_where_it_stands(tmp_path: Path) -> None:
    document = read(with_everything(), tmp_path)
    passages = [p for one in left_out_of(document) for e in one.extras for p in e.passages]
    assert passages
    standing = {omission.place for omission in document.omissions}
    for passage in passages:
        assert {stretch.place for stretch in passage.stretches} <= standing
        assert passage.places()[0].page == passage.page


def test_numbers_are_no_chapters_and_the_same_for_ever() -> None:
    """They stand in buttons that were sent and in the names of files."""
    references, heads = lines(Reason.REFERENCES, "[1] Frisch."), lines(Reason.RUNNING_HEAD, "Bees")
    (first,) = kind(document_of(*references, *heads), Reason.RUNNING_HEAD).extras
    (again,) = kind(document_of(*heads), Reason.RUNNING_HEAD).extras
    assert first.number == again.number == FIRST_EXTRA + 11_001
    assert kind(document_of(*references), Reason.REFERENCES).extras[0].number == FIRST_EXTRA + 1
    assert HEARD[:4] == (Reason.REFERENCES, Reason.FOOTNOTE, Reason.CAPTION, Reason.TABLE)


def test_broken_words_are_mended_and_compounds_kept() -> None:
    notes = lines(Reason.FOOTNOTE, "1 About distil-", "lation and a well-", "known bee.")
    assert said(document_of(*notes), Reason.FOOTNOTE) == [
        "1 About distillation and a well-known bee."
    ]
    (passage,) = kind(document_of(*notes), Reason.FOOTNOTE).extras[0].passages
    assert [stretch.place.y for stretch in passage.stretches] == [0, 110, 220]
    assert passage.text[passage.stretches[1].start :].startswith("lation")


def test_each_note_and_each_reference_is_one_passage() -> None:
    notes = [
        *lines(Reason.FOOTNOTE, "1 The first note", "goes on here."),
        *lines(Reason.FOOTNOTE, "2 The second."),
    ]
    assert said(document_of(*notes), Reason.FOOTNOTE) == [
        "1 The first note goes on here.",
        "2 The second.",
    ]
    marked = lines(
        Reason.REFERENCES,
        *("References", "[1] Frisch, K. Bees.", "Press.", "[2] Meyer.", "[3] Baker."),
        works=3,
    )  # fmt: skip
    assert said(document_of(*marked), Reason.REFERENCES) == [
        "[1] Frisch, K. Bees. Press.", "[2] Meyer.", "[3] Baker.",
    ]  # fmt: skip
    named = lines(
        Reason.REFERENCES,
        *("Baker, T. (1999). Honey in", "Winter. Press.", "Frisch, K. (1951). Bees."),
        works=2,
    )  # fmt: skip
    assert said(document_of(*named), Reason.REFERENCES) == [
        "Baker, T. (1999). Honey in Winter. Press.", "Frisch, K. (1951). Bees.",
    ]  # fmt: skip


def test_a_table_is_read_row_by_row() -> None:
    cells = [
        line(Reason.TABLE, "Hive", y=100, works=1),
        line(Reason.TABLE, "Honey", y=105, x=4000),
        line(Reason.TABLE, "North", y=300),
        line(Reason.TABLE, "9 kg", y=300, x=4000),
    ]
    assert said(document_of(*cells), Reason.TABLE) == ["Hive, Honey", "North, 9 kg"]


def test_contents_are_read_without_their_dots_and_formulas_without_what_nobody_can_read() -> None:
    contents = lines(Reason.CONTENTS, "1.2 The dance . . . . . . . 17", "1.3 Honey........... 18")
    assert said(document_of(*contents), Reason.CONTENTS) == ["1.2 The dance, 17", "1.3 Honey, 18"]
    formula = line(Reason.FORMULA, "\ufffdj exp(z)", works=1)
    assert said(document_of(formula), Reason.FORMULA) == ["j exp(z)"]


def test_a_running_head_is_said_once() -> None:
    heads = [
        line(Reason.RUNNING_HEAD, text, page=page)
        for page in (1, 2, 3)
        for text in ("Journal of Small Animals", f"Page {page}", str(page), "xiv")
    ]
    assert said(document_of(*heads), Reason.RUNNING_HEAD) == ["Journal of Small Animals", "Page 1"]


@pytest.mark.parametrize(
    "reason",
    [Reason.HIDDEN, Reason.TINY, Reason.WORDLESS, Reason.RECOGNISED, Reason.TITLE],
)
def test_what_nobody_sees_or_misses_is_not_told(reason: Reason) -> None:
    assert left_out_of(document_of(line(reason, "some words"))) == ()


def test_a_page_without_words_is_told_and_is_nothing_to_hear() -> None:
    page = Omission(page=4, reason=Reason.ILLEGIBLE, works=1)
    found = kind(document_of(page), Reason.ILLEGIBLE)
    assert (found.count, found.pages, found.extras) == (1, ((4, 4),), ())
    formula = line(Reason.FORMULA, "= ( )", works=1)
    assert kind(document_of(formula), Reason.FORMULA).extras == ()


def test_pages_are_told_in_runs() -> None:
    notes = [line(Reason.FOOTNOTE, "1 A note.", page=page) for page in (3, 4, 5, 9, 4)]
    assert kind(document_of(*notes), Reason.FOOTNOTE).pages == ((3, 5), (9, 9))


def test_a_long_list_is_cut_into_pieces_of_like_length() -> None:
    entries = [line(Reason.REFERENCES, ENTRY.format(number)) for number in range(500)]
    extras = kind(document_of(*entries, language="de"), Reason.REFERENCES).extras
    assert [extra.title for extra in extras] == [
        "Literatur", "Literatur (Teil 2)", "Literatur (Teil 3)", "Literatur (Teil 4)",
    ]  # fmt: skip
    assert [extra.number - FIRST_EXTRA for extra in extras] == [1, 2, 3, 4]
    lengths = [sum(len(p.text.split()) for p in extra.passages) for extra in extras]
    assert sum(lengths) == 14 * 500
    assert max(lengths) - min(lengths) < 30


def test_every_kind_that_is_told_has_a_name_for_listeners() -> None:
    assert set(messages.LEFT_OUT_KINDS) == {*HEARD, *TOLD}


def test_every_kind_has_a_title_in_every_language_that_we_say_titles_in() -> None:
    for language in ("en", "de", "fr", "es", "pt", "it", "ru", "ja", "zh"):
        titles = [left_out_title(language, reason) for reason in HEARD]
        assert len({*titles}) == len(HEARD)
        assert language == "en" or left_out_title(language, Reason.FOOTNOTE) != "Footnotes"
